"""One file of the centre's sealed archive: events in the order in which they were accepted, readable with
the centre's sealing key only (SECURITY-DESIGN 8).

The file is a row of frames, `length (4 B) || bytes || CRC-32 (4 B)`, numbers big-endian. The first frame is a
seal (purpose `archive`) of the key of this file; the others are encrypted under it, each bound to its number.
A file has one writer and is only ever appended to: what a power cut leaves of its last frame is recognised.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procuration.domain.identifiers import Kid, LogId, Realm
from procuration.errors import RecordRejected
from procuration.ports import RandomBytes
from procuration.record import canonical
from procuration.record.event import EventPair
from procuration.record.limits import BODY_BYTES_MAX, BUNDLE_EVENTS_MAX, ENROLMENT_BYTES_MAX, SIGN1_BYTES_MAX
from procuration.record.sealed import Purpose, SealingPrivateKey, SealingPublicKey, open_seal, seal
from procuration.record.shape import integer, octets, sequence

VERSION: Final = 1
KEY_BYTES: Final = 32
ID_BYTES: Final = 16
NUMBER_BYTES: Final = 4
FRAME_BYTES_MAX: Final = 16 * 1024 * 1024
"""A thousand events of the greatest size and their enrolment."""
_HEADER_BYTES_MAX: Final = 4 * 1024
_NONCE_BYTES: Final = 12
_ZEROS_AT_ONCE: Final = 65_536
_ITEMS_MAX: Final = 4 * BUNDLE_EVENTS_MAX + 8


@dataclass(frozen=True, slots=True)
class ArchivedEvent:
    """An event as the ledger had it.

    Attributes:
        pair: its body in plain form where the centre could open it; None when it was purged already.
        received_us: when the centre stored it, in microseconds since 1970.
    """

    pair: EventPair = field(repr=False)
    received_us: int


@dataclass(frozen=True, slots=True)
class ArchivedEvents:
    """Events of one log that follow each other.

    Attributes:
        written_us: when they were written here; orders the records of several files.
        enrolment: of the device, as its supervisor signed it; in the first record of each log in a file.
    """

    log_id: LogId
    first_seq: int
    written_us: int
    enrolment: bytes | None
    events: tuple[ArchivedEvent, ...]


@dataclass(frozen=True, slots=True)
class FileKey:
    """What opens one file, and which archive it belongs to."""

    realm: Realm
    archive_id: bytes
    key: bytes = field(repr=False)

    def _additional(self, number: int) -> bytes:
        return canonical.encode(["procu/archive/1", self.realm, self.archive_id, number])

    def encrypt(self, number: int, plaintext: bytes) -> bytes:
        """One frame's bytes. A number is used once: the file has one writer, which leaves it after a failed
        write."""
        nonce = number.to_bytes(_NONCE_BYTES, "big")
        return AESGCM(self.key).encrypt(nonce, plaintext, self._additional(number))

    def decrypt(self, number: int, ciphertext: bytes) -> bytes:
        """Raises: RecordRejected ARCHIVE_UNREADABLE."""
        nonce = number.to_bytes(_NONCE_BYTES, "big")
        try:
            return AESGCM(self.key).decrypt(nonce, ciphertext, self._additional(number))
        except InvalidTag as error:
            raise RecordRejected("ARCHIVE_UNREADABLE", number=number) from error


def new_file_key(realm: Realm, archive_id: bytes, random: RandomBytes) -> FileKey:
    """A key for one new file."""
    return FileKey(realm, archive_id, random(KEY_BYTES))


def frame(data: bytes) -> bytes:
    """What stands in the file for one record."""
    return len(data).to_bytes(NUMBER_BYTES, "big") + data + zlib.crc32(data).to_bytes(NUMBER_BYTES, "big")


def header(key: FileKey, recipient: SealingPublicKey) -> bytes:
    """The bytes of the first frame: the key of the file, sealed to the centre."""
    return seal(canonical.encode([VERSION, key.archive_id, key.key]), recipient, Purpose.ARCHIVE, key.realm)


def open_header(sealed: bytes, keys: Mapping[Kid, SealingPrivateKey], realm: Realm) -> FileKey:
    """Raises: RecordRejected ARCHIVE_FORM, or a code of `sealed`."""
    plaintext = open_seal(sealed, keys, Purpose.ARCHIVE, realm, max_bytes=_HEADER_BYTES_MAX)
    version, archive_id, key = sequence(canonical.decode(plaintext, max_bytes=_HEADER_BYTES_MAX), 3)
    if integer(version) != VERSION:
        raise RecordRejected("ARCHIVE_FORM")
    return FileKey(realm, octets(archive_id, length=ID_BYTES), octets(key, length=KEY_BYTES))


def encode_events(record: ArchivedEvents) -> bytes:
    """`cbor([log id, first seq, written, enrolment or null, [[sign1, body or null, received], ...]])`."""
    events = [[one.pair.sign1, one.pair.body, one.received_us] for one in record.events]
    return canonical.encode([record.log_id, record.first_seq, record.written_us, record.enrolment, events])


def read_events(plaintext: bytes) -> ArchivedEvents:
    """Raises: RecordRejected, a code of `canonical` or `shape`."""
    value = canonical.decode(plaintext, max_bytes=FRAME_BYTES_MAX, max_items=_ITEMS_MAX)
    log_id, first_seq, written, enrolment, events = sequence(value, 5)
    return ArchivedEvents(
        log_id=LogId(octets(log_id, length=8)),
        first_seq=integer(first_seq),
        written_us=integer(written),
        enrolment=None if enrolment is None else octets(enrolment, maximum=ENROLMENT_BYTES_MAX),
        events=tuple(_read_event(one) for one in sequence(events, maximum=BUNDLE_EVENTS_MAX)),
    )


def _read_event(value: object) -> ArchivedEvent:
    sign1, body, received = sequence(value, 3)
    plain = None if body is None else octets(body, maximum=2 * BODY_BYTES_MAX)
    return ArchivedEvent(EventPair(octets(sign1, maximum=SIGN1_BYTES_MAX), plain), integer(received))


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a file, its checksum right, and where it begins."""

    offset: int
    data: bytes = field(repr=False)


def read_frames(read: Callable[[int], bytes]) -> Iterator[Frame]:
    """The whole frames of a file, from its beginning.

    A last frame cut short, or whose checksum is wrong, is what a power cut leaves: nothing was said of it,
    and it is passed over.

    Args:
        read: the next bytes of the file, at most as many as asked, fewer only at its end.
    Raises: RecordRejected ARCHIVE_DAMAGED (ids: offset) when a frame that is not the last is wrong.
    """
    offset = 0
    while len(head := read(NUMBER_BYTES)) == NUMBER_BYTES:
        length = int.from_bytes(head, "big")
        if length == 0 and _only_zeros(read):
            return  # room that the file system had given and that a power cut left empty
        if not 0 < length <= FRAME_BYTES_MAX:
            raise RecordRejected("ARCHIVE_DAMAGED", offset=offset)
        rest = read(length + NUMBER_BYTES)
        if len(rest) < length + NUMBER_BYTES:
            return
        data = rest[:length]
        if zlib.crc32(data).to_bytes(NUMBER_BYTES, "big") != rest[length:]:
            if read(1):
                raise RecordRejected("ARCHIVE_DAMAGED", offset=offset)
            return
        yield Frame(offset, data)
        offset += len(head) + len(rest)


def _only_zeros(read: Callable[[int], bytes]) -> bool:
    """Whether nothing but zeros stands between here and the end."""
    while part := read(_ZEROS_AT_ONCE):
        if part.count(0) != len(part):
            return False
    return True
