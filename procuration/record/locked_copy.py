"""The copy of a request that brigades of a département hold and cannot read (SECURITY-DESIGN 9).

Only who names its reference and the mandant's birth date opens it, one request at a time: neither a list of
names nor the means to make one is on the tablet.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from procuration.domain.identifiers import Realm
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.errors import RecordRejected
from procuration.ports import RandomBytes
from procuration.record import canonical
from procuration.record.event import EventPair, pair_value, read_pair
from procuration.record.limits import LOCKED_COPY_BYTES_MAX
from procuration.record.shape import instant, octets, seconds, sequence

TAG_BYTES: Final = 16
NONCE_BYTES: Final = 12
MEMORY_KIB: Final = 64 * 1024
PASSES: Final = 3
LANES: Final = 4
_KEY_BYTES: Final = 32
_CONTEXT: Final = "procu/locked-copy/1"


@dataclass(frozen=True, slots=True)
class CopyKeys:
    """What a reference and a birth date give: where the copy stands, and what opens it."""

    tag: bytes = field(repr=False)
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LockedCopy:
    """Type 7 of an inbox.

    Attributes:
        ciphertext: empty when the copy of that tag is withdrawn: its request was decided or is gone.
        delete_after: when it goes by itself; two months after filing at most (R-64).
    """

    tag: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)
    delete_after: datetime


def derive(reference: Reference, birth_date: PartialDate, realm: Realm) -> CopyKeys:
    """64 MiB and about 0.2 s of one core: what a thief pays for each guess, and an officer once."""
    born = f"{birth_date.year:04d}{birth_date.month:02d}{birth_date.day:02d}"
    stretched = Argon2id(
        salt=realm, length=_KEY_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
    ).derive(f"{reference}{born}".encode("ascii"))
    return CopyKeys(
        tag=HKDF(SHA256(), TAG_BYTES, salt=None, info=b"tag").derive(stretched),
        key=HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"key").derive(stretched),
    )


def lock(pair: EventPair, keys: CopyKeys, realm: Realm, random: RandomBytes) -> bytes:
    """A filed event with its plain body, as it stands in a copy. Raises: RecordRejected COPY_LENGTH."""
    nonce = random(NONCE_BYTES)
    plaintext = canonical.encode(pair_value(pair))
    ciphertext = nonce + AESGCM(keys.key).encrypt(nonce, plaintext, _context(keys.tag, realm))
    if len(ciphertext) > LOCKED_COPY_BYTES_MAX:
        raise RecordRejected("COPY_LENGTH")
    return ciphertext


def unlock(ciphertext: bytes, keys: CopyKeys, realm: Realm) -> EventPair:
    """The filed event of a copy; its signature is still to be checked.

    Raises: RecordRejected COPY_LENGTH, COPY_UNREADABLE (damaged, or of another realm or tag), COPY_FORM, or
        a code of `canonical` and `read_pair`.
    """
    if len(ciphertext) > LOCKED_COPY_BYTES_MAX:
        raise RecordRejected("COPY_LENGTH")
    nonce, sealed = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
    try:
        plaintext = AESGCM(keys.key).decrypt(nonce, sealed, _context(keys.tag, realm))
    except (InvalidTag, ValueError) as error:
        raise RecordRejected("COPY_UNREADABLE") from error
    pair = read_pair(canonical.decode(plaintext, max_bytes=LOCKED_COPY_BYTES_MAX))
    if pair.body is None:
        raise RecordRejected("COPY_FORM")
    return pair


def copy_value(copy: LockedCopy) -> list[object]:
    """`[tag, ct, delete after]`."""
    return [copy.tag, copy.ciphertext, seconds(copy.delete_after)]


def read_copy(value: object) -> LockedCopy:
    """Raises: RecordRejected, a code of `shape`."""
    tag, ciphertext, delete_after = sequence(value, 3)
    return LockedCopy(
        octets(tag, length=TAG_BYTES),
        octets(ciphertext, maximum=LOCKED_COPY_BYTES_MAX),
        instant(delete_after),
    )


def _context(tag: bytes, realm: Realm) -> bytes:
    return canonical.encode([_CONTEXT, realm, tag])
