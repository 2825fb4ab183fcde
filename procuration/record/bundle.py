"""Records that travel together, the same over HTTPS and USB key (SECURITY-DESIGN 8).

Plaintext `cbor([manifest, [[sign1, body], ...], padding])`, sealed with suite 2. The manifest signature is
the only
authentication there is: no session, cookie or token. Reading an `up` gives
parts of events within their sizes; whether they are events, signed and in order, is checked one by one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from procuration.domain.identifiers import Kid, LogId, Realm
from procuration.errors import RecordRejected
from procuration.ports import Signer
from procuration.record import canonical
from procuration.record.backlog import Backlog, backlog_value, read_backlog
from procuration.record.canonical import NULL, byte_string_head, list_head
from procuration.record.cose_key import VerifyingKey
from procuration.record.event import EventPair, pair_value, read_pair
from procuration.record.inbox import Entry, entry_value, read_entry
from procuration.record.limits import (
    BUNDLE_BYTES_MAX,
    BUNDLE_EVENTS_MAX,
    BUNDLE_ITEMS_MAX,
    DOWN_ITEMS_MAX,
    EVENT_BYTES_MAX,
    PAD_LARGE_BYTES,
    PAD_SMALL_BYTES,
    SIGN1_BYTES_MAX,
)
from procuration.record.shape import fields, integer, octets, sequence
from procuration.record.signed import Signed, Typ, parse_signed, sign, verify

UP: Final = 1
DOWN: Final = 2
NOTHING_ANSWERED: Final = b""
NONCE_BYTES: Final = 16
_UP_FIELDS: Final = 11
_DOWN_FIELDS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class UpManifest:
    """What a device says of the bundle it sends.

    Attributes:
        first_seq, count: of the events carried; count 0 is a poll.
        nonce: 16 random bytes.
        checkpoint_size: tree size of the last checkpoint that the device verified.
        inbox_number: last numbered entry applied.
        directory_version: of the trust list in force on the device.
        backlog: what else it holds; None when it does not say.
    """

    log_id: LogId
    first_seq: int
    count: int
    nonce: bytes
    checkpoint_size: int
    inbox_number: int
    directory_version: int
    backlog: Backlog | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DownManifest:
    """What the centre answers to one `up` bundle.

    Attributes:
        answered: SHA-256 of the sealed bundle answered.
        ledger_epoch: 16 bytes drawn when a ledger is created or restored.
        more: whether the device should poll again at once.
    """

    log_id: LogId
    answered: bytes
    nonce: bytes
    checkpoint_size: int
    inbox_number: int
    directory_version: int
    entries: tuple[Entry, ...]
    ledger_epoch: bytes
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedUp:
    """An `up` bundle whose manifest signature waits for the key that `kid` names.

    Attributes:
        list_hash: SHA-256 of the encoded event list, as it came: what the manifest must say of it.
    """

    kid: Kid
    signed: Signed
    pairs: tuple[EventPair, ...]
    list_hash: bytes


def bundle_digest(sealed: bytes) -> bytes:
    """What answers name: SHA-256 of a sealed bundle."""
    return hashlib.sha256(sealed).digest()


def encode_up(manifest: UpManifest, pairs: tuple[EventPair, ...], signer: Signer, realm: Realm) -> bytes:
    """The plaintext of an `up` bundle. Raises: RecordRejected BUNDLE_SIZE, BUNDLE_COUNT, BUNDLE_TOO_MANY."""
    if manifest.count != len(pairs):
        raise RecordRejected("BUNDLE_COUNT")
    if len(pairs) > BUNDLE_EVENTS_MAX:
        raise RecordRejected("BUNDLE_TOO_MANY")
    events = [pair_value(pair) for pair in pairs]
    value: dict[int, object] = {
        0: 1,
        1: UP,
        2: manifest.log_id,
        3: manifest.first_seq,
        4: manifest.count,
        5: _list_hash(pairs),
        6: NOTHING_ANSWERED,
        7: manifest.nonce,
        8: manifest.checkpoint_size,
        9: manifest.inbox_number,
        10: manifest.directory_version,
    }
    if manifest.backlog is not None:
        value[11] = backlog_value(manifest.backlog)
    return _pad(sign(canonical.encode(value), Typ.BUNDLE, signer, realm), events)


def encode_down(manifest: DownManifest, signer: Signer, realm: Realm) -> bytes:
    """The plaintext of a `down` bundle. Raises: RecordRejected BUNDLE_SIZE."""
    value = {
        0: 1,
        1: DOWN,
        2: manifest.log_id,
        3: 0,
        4: 0,
        5: _list_hash(()),
        6: manifest.answered,
        7: manifest.nonce,
        8: manifest.checkpoint_size,
        9: manifest.inbox_number,
        10: manifest.directory_version,
        11: [entry_value(entry) for entry in manifest.entries],
        12: manifest.ledger_epoch,
        13: 1 if manifest.more else 0,
    }
    return _pad(sign(canonical.encode(value), Typ.BUNDLE, signer, realm), [])


def _list_hash(pairs: Sequence[EventPair]) -> bytes:
    """SHA-256 of the encoded event list; written out: the general encoder takes longer than the hash."""
    digest = hashlib.sha256(list_head(len(pairs)))
    for pair in pairs:
        digest.update(list_head(2) + byte_string_head(len(pair.sign1)) + pair.sign1)
        digest.update(NULL if pair.body is None else byte_string_head(len(pair.body)) + pair.body)
    return digest.digest()


def _pad(manifest: bytes, events: list[list[object]]) -> bytes:
    bare = len(canonical.encode([manifest, events, b""]))
    step = PAD_SMALL_BYTES if bare <= PAD_LARGE_BYTES else PAD_LARGE_BYTES
    target = -(-bare // step) * step
    plaintext = _padded_to(target, bare, manifest, events) or _padded_to(
        target + step, bare, manifest, events
    )
    assert plaintext is not None, "one of two multiples can be reached"
    if len(plaintext) > BUNDLE_BYTES_MAX:
        raise RecordRejected("BUNDLE_SIZE", bytes=len(plaintext), maximum=BUNDLE_BYTES_MAX)
    return plaintext


def _padded_to(target: int, bare: int, manifest: bytes, events: list[list[object]]) -> bytes | None:
    """The bundle at exactly this length; None where the length header of the padding steps over it."""
    for header_growth in range(3):
        padding = target - bare - header_growth
        if padding >= 0:
            plaintext = canonical.encode([manifest, events, bytes(padding)])
            if len(plaintext) == target:
                return plaintext
    return None


def read_up(plaintext: bytes) -> UnverifiedUp:
    """The parts of an `up` bundle, sizes and counts checked.

    Raises: RecordRejected BUNDLE_SIZE, BUNDLE_EVENT_SIZE, BUNDLE_PADDING, or a code of a
    lower layer.
    """
    signed, events, list_hash = _read(plaintext, manifest_bytes_max=SIGN1_BYTES_MAX)
    pairs = tuple(read_pair(value) for value in sequence(events, maximum=BUNDLE_EVENTS_MAX))
    for pair in pairs:
        if len(pair.sign1) + len(pair.body or b"") > EVENT_BYTES_MAX:
            raise RecordRejected("BUNDLE_EVENT_SIZE")
    return UnverifiedUp(kid=signed.kid, signed=signed, pairs=pairs, list_hash=list_hash)


def _read(plaintext: bytes, *, manifest_bytes_max: int) -> tuple[Signed, object, bytes]:
    """The manifest, the events, and the hash of their encoding."""
    if len(plaintext) > BUNDLE_BYTES_MAX:
        raise RecordRejected("BUNDLE_SIZE", bytes=len(plaintext), maximum=BUNDLE_BYTES_MAX)
    value = canonical.decode(plaintext, max_bytes=BUNDLE_BYTES_MAX, max_items=BUNDLE_ITEMS_MAX)
    manifest, events, padding = sequence(value, 3)
    if any(octets(padding, maximum=2 * PAD_LARGE_BYTES)):
        raise RecordRejected("BUNDLE_PADDING")
    signed = parse_signed(octets(manifest), max_bytes=manifest_bytes_max)
    if signed.typ is not Typ.BUNDLE:
        raise RecordRejected("SIGN1_TYPE")
    # A value has one encoding: what stands between manifest and padding is that of the events.
    start = len(list_head(3)) + _string_length(octets(manifest))
    end = len(plaintext) - _string_length(octets(padding))
    return signed, events, hashlib.sha256(plaintext[start:end]).digest()


def _string_length(value: bytes) -> int:
    return len(byte_string_head(len(value))) + len(value)


def verify_up(up: UnverifiedUp, device: VerifyingKey, realm: Realm) -> UpManifest:
    """The manifest, once signed by this device and true of the events it came with.

    Raises: RecordRejected BUNDLE_DIRECTION, BUNDLE_COUNT, BUNDLE_HASH, BUNDLE_BACKLOG, or a code of `signed`
    or `shape`.
    """
    return read_up_manifest(verify(up.signed, device, Typ.BUNDLE, realm), up)


def read_up_manifest(payload: bytes, up: UnverifiedUp) -> UpManifest:
    """The manifest of a payload whose signature the caller checks. Raises: as `verify_up`."""
    value = fields(canonical.decode(payload, max_bytes=BUNDLE_BYTES_MAX), _UP_FIELDS, optional=1)
    if integer(value[1]) != UP or value[6] != NOTHING_ANSWERED:
        raise RecordRejected("BUNDLE_DIRECTION")
    if integer(value[4]) != len(up.pairs):
        raise RecordRejected("BUNDLE_COUNT")
    if octets(value[5], length=32) != up.list_hash:
        raise RecordRejected("BUNDLE_HASH")
    first_seq = integer(value[3])
    return UpManifest(
        log_id=LogId(octets(value[2], length=8)),
        first_seq=first_seq,
        count=len(up.pairs),
        nonce=octets(value[7], length=NONCE_BYTES),
        checkpoint_size=integer(value[8]),
        inbox_number=integer(value[9]),
        directory_version=integer(value[10]),
        backlog=read_backlog(value[11], carried=first_seq + len(up.pairs)) if 11 in value else None,
    )


def down_kid(plaintext: bytes) -> Kid:
    """Which server key signed a `down` bundle. Raises: RecordRejected."""
    return _read(plaintext, manifest_bytes_max=BUNDLE_BYTES_MAX)[0].kid


def read_down(plaintext: bytes, server: VerifyingKey, realm: Realm) -> DownManifest:
    """The answer of the centre, once signed by this server key.

    Raises: RecordRejected BUNDLE_DIRECTION, BUNDLE_EVENTS, or a code of a lower layer.
    """
    signed, events, list_hash = _read(plaintext, manifest_bytes_max=BUNDLE_BYTES_MAX)
    return read_down_manifest(verify(signed, server, Typ.BUNDLE, realm), events, list_hash)


def read_down_manifest(payload: bytes, events: object, list_hash: bytes) -> DownManifest:
    """The manifest of a payload whose signature the caller checks. Raises: as `read_down`."""
    value = fields(
        canonical.decode(payload, max_bytes=BUNDLE_BYTES_MAX, max_items=DOWN_ITEMS_MAX), _DOWN_FIELDS
    )
    if integer(value[1]) != DOWN:
        raise RecordRejected("BUNDLE_DIRECTION")
    if sequence(events) or integer(value[3]) or integer(value[4]) or value[5] != list_hash:
        raise RecordRejected("BUNDLE_EVENTS")
    return DownManifest(
        log_id=LogId(octets(value[2], length=8)),
        answered=octets(value[6], length=32),
        nonce=octets(value[7], length=NONCE_BYTES),
        checkpoint_size=integer(value[8]),
        inbox_number=integer(value[9]),
        directory_version=integer(value[10]),
        entries=tuple(read_entry(entry) for entry in sequence(value[11])),
        ledger_epoch=octets(value[12], length=16),
        more=bool(integer(value[13], maximum=1)),
    )
