"""How a kiosk stores what it files so that it cannot read its own past (SECURITY-DESIGN 10).

The body key lives in memory only, at most 12 hours; its copy for the centre is logged as an event of kind 13.
"""

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procuration.domain.identifiers import Kid, Realm, Rid
from procuration.errors import RecordRejected
from procuration.ports import RandomBytes
from procuration.record import canonical
from procuration.record.limits import BODY_BYTES_MAX
from procuration.record.sealed import Purpose, SealingPrivateKey, SealingPublicKey, open_seal, seal
from procuration.record.shape import octets, sequence

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
LIFE_HOURS: Final = 12


def seal_body_key(body_key: bytes, centre: SealingPublicKey, realm: Realm) -> bytes:
    """The content of an event of kind 13."""
    return seal(body_key, centre, Purpose.BODY, realm)


def open_body_key(sealed_key: bytes, keys: dict[Kid, SealingPrivateKey], realm: Realm) -> bytes:
    """The key logged by a kiosk. Raises: RecordRejected."""
    return octets(
        open_seal(sealed_key, keys, Purpose.BODY, realm, max_bytes=BODY_BYTES_MAX), length=KEY_BYTES
    )


def encrypt_body(body: bytes, body_key: bytes, rid: Rid, random: RandomBytes) -> bytes:
    """`cbor([nonce, ciphertext])`, bound to the request by its rid."""
    nonce = random(NONCE_BYTES)
    return canonical.encode([nonce, AESGCM(body_key).encrypt(nonce, body, rid)])


def decrypt_body(encrypted: bytes, body_key: bytes, rid: Rid) -> bytes:
    """The plain body. Raises: RecordRejected BODY_ENCRYPTION, or a code of `canonical`."""
    nonce, ciphertext = sequence(canonical.decode(encrypted, max_bytes=BODY_BYTES_MAX), 2)
    try:
        return _reader(body_key).decrypt(octets(nonce, length=NONCE_BYTES), octets(ciphertext), rid)
    except (InvalidTag, ValueError) as error:
        raise RecordRejected("BODY_ENCRYPTION") from error


@lru_cache(maxsize=8)
def _reader(body_key: bytes) -> AESGCM:
    """Only the centre reads, one key for thousands of bodies; a kiosk writes and keeps nothing here."""
    return AESGCM(body_key)
