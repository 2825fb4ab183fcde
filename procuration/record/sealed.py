"""A message for one recipient: HPKE single shot (RFC 9180), all context in `info` (SECURITY-DESIGN 2).

Suite 2 (hybrid ML-KEM-768 and X25519) for whatever travels: it may be recorded today and attacked later.
Suite 1 (X25519) for
the paper only: it is held physically and must fit a QR code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from procuration.domain.identifiers import Kid, Realm
from procuration.errors import RecordRejected
from procuration.ports import RandomBytes
from procuration.record import canonical
from procuration.record.cose_key import kid_of
from procuration.record.shape import integer, octets, sequence

VERSION: Final = 1
_SEAL_ITEMS: Final = 5
"""The list and its four values."""
SEED_BYTES: Final = 64
X25519_BYTES: Final = 32
MLKEM_PUBLIC_BYTES: Final = 1184
SUITE2_PUBLIC_BYTES: Final = MLKEM_PUBLIC_BYTES + X25519_BYTES
SUITE2_PRIVATE_BYTES: Final = SEED_BYTES + X25519_BYTES


class SuiteId(IntEnum):
    """Which algorithms: HKDF-SHA256 and AES-256-GCM in both."""

    X25519 = 1
    MLKEM768_X25519 = 2


class Purpose(StrEnum):
    """What a sealed message is for; a message opened for another purpose is refused."""

    UP = "up"
    DOWN = "down"
    QR = "qr"
    ENROL = "enrol"
    BODY = "body"
    ARCHIVE = "archive"


_SUITES: Final = {
    SuiteId.X25519: Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    SuiteId.MLKEM768_X25519: Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}


def suite_for(purpose: Purpose) -> SuiteId:
    """The only suite of a purpose: the small one for the paper, the hybrid one for all that travels."""
    return SuiteId.X25519 if purpose is Purpose.QR else SuiteId.MLKEM768_X25519


@dataclass(frozen=True, slots=True)
class SealingPublicKey:
    """To whom one seals: suite and public bytes (32, or 1 184 + 32)."""

    suite: SuiteId
    public: bytes

    @property
    def kid(self) -> Kid:
        """First 8 bytes of SHA-256 of the public bytes."""
        return kid_of(self.public)


@dataclass(frozen=True, slots=True)
class SealingPrivateKey:
    """Who opens: suite and private bytes (32, or ML-KEM seed 64 + X25519 32)."""

    suite: SuiteId
    private: bytes = field(repr=False)

    @classmethod
    def generate(cls, suite: SuiteId, random: RandomBytes) -> "SealingPrivateKey":
        """A new key."""
        return cls(suite, random(X25519_BYTES if suite is SuiteId.X25519 else SUITE2_PRIVATE_BYTES))

    @property
    def public(self) -> SealingPublicKey:
        """Its public part. Raises: RecordRejected KEY_LENGTH."""
        if self.suite is SuiteId.X25519:
            return SealingPublicKey(self.suite, _raw_x25519(_x25519(self.private)))
        mlkem, x25519 = _suite2_parts(self.private)
        return SealingPublicKey(self.suite, mlkem.public_key().public_bytes_raw() + _raw_x25519(x25519))

    @property
    def kid(self) -> Kid:
        """Of its public part."""
        return self.public.kid


def _x25519(private: bytes) -> X25519PrivateKey:
    if len(private) != X25519_BYTES:
        raise RecordRejected("KEY_LENGTH")
    return X25519PrivateKey.from_private_bytes(private)


def _raw_x25519(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _suite2_parts(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != SUITE2_PRIVATE_BYTES:
        raise RecordRejected("KEY_LENGTH")
    return MLKEM768PrivateKey.from_seed_bytes(private[:SEED_BYTES]), _x25519(private[SEED_BYTES:])


@lru_cache(maxsize=16)
def _private_key(key: SealingPrivateKey) -> X25519PrivateKey | MLKEM768X25519PrivateKey:
    if key.suite is SuiteId.X25519:
        return _x25519(key.private)
    return MLKEM768X25519PrivateKey(*_suite2_parts(key.private))


def _public_key(key: SealingPublicKey) -> X25519PublicKey | MLKEM768X25519PublicKey:
    length = X25519_BYTES if key.suite is SuiteId.X25519 else SUITE2_PUBLIC_BYTES
    if len(key.public) != length:
        raise RecordRejected("KEY_LENGTH")
    try:
        if key.suite is SuiteId.X25519:
            return X25519PublicKey.from_public_bytes(key.public)
        mlkem = MLKEM768PublicKey.from_public_bytes(key.public[:MLKEM_PUBLIC_BYTES])
        return MLKEM768X25519PublicKey(
            mlkem, X25519PublicKey.from_public_bytes(key.public[MLKEM_PUBLIC_BYTES:])
        )
    except ValueError as error:
        raise RecordRejected("KEY_FORM") from error


def _info(realm: Realm, purpose: Purpose, suite: SuiteId, kid: Kid) -> bytes:
    return canonical.encode(["procu/seal/1", realm, purpose.value, suite.value, kid])


def seal(plaintext: bytes, recipient: SealingPublicKey, purpose: Purpose, realm: Realm) -> bytes:
    """`cbor([1, suite, kid, ct])`. Raises: RecordRejected SEAL_SUITE, KEY_LENGTH, KEY_FORM."""
    if recipient.suite is not suite_for(purpose):
        raise RecordRejected("SEAL_SUITE")
    kid = recipient.kid
    info = _info(realm, purpose, recipient.suite, kid)
    try:
        ciphertext = _SUITES[recipient.suite].encrypt(plaintext, _public_key(recipient), info)
    except (
        ValueError
    ) as error:  # an X25519 point of small order, in the enrolment request of a hostile tablet
        raise RecordRejected("KEY_FORM") from error
    return canonical.encode([VERSION, recipient.suite.value, kid, ciphertext])


def seal_kid(sealed: bytes, *, purpose: Purpose, max_bytes: int) -> tuple[Kid, bytes]:
    """Whom a sealed message is for, and its ciphertext.

    Raises: RecordRejected SEAL_FORM, SEAL_SUITE, or a code of `canonical` or `shape`.
    """
    value = canonical.decode(sealed, max_bytes=max_bytes, max_items=_SEAL_ITEMS)
    version, suite, kid, ciphertext = sequence(value, 4)
    if integer(version) != VERSION:
        raise RecordRejected("SEAL_FORM")
    if integer(suite) != suite_for(purpose):
        raise RecordRejected("SEAL_SUITE")
    return Kid(octets(kid, length=8)), octets(ciphertext)


def open_seal(
    sealed: bytes, keys: Mapping[Kid, SealingPrivateKey], purpose: Purpose, realm: Realm, *, max_bytes: int
) -> bytes:
    """The plaintext of a message sealed to one of our keys.

    Raises: RecordRejected SEAL_KEY (not for us), SEAL_UNREADABLE (damaged, or another realm or purpose),
    or a code of `seal_kid`.
    """
    kid, ciphertext = seal_kid(sealed, purpose=purpose, max_bytes=max_bytes)
    key = keys.get(kid)
    if key is None or key.suite is not suite_for(purpose):
        raise RecordRejected("SEAL_KEY", kid=kid.hex())
    try:
        return _SUITES[key.suite].decrypt(
            ciphertext, _private_key(key), _info(realm, purpose, key.suite, kid)
        )
    except (InvalidTag, ValueError) as error:
        raise RecordRejected("SEAL_UNREADABLE") from error
