"""What the centre has for one device: the entries of a `down` bundle (SECURITY-DESIGN 8).

Numbered entries are applied once each, in order. Receipts, checkpoints, the server's time and the word that a
log is stopped carry number 0 and may repeat.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final

from procuration.domain.events import Kind
from procuration.domain.identifiers import Kid, Rid
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.checkpoint import CHECKPOINT_BYTES_MAX
from procuration.record.contents import read_reference
from procuration.record.event import EventPair, pair_value, read_pair
from procuration.record.limits import DOWN_ENTRIES_BYTES_MAX
from procuration.record.locked_copy import LockedCopy, copy_value, read_copy
from procuration.record.merkle import HASH_BYTES
from procuration.record.ranks import RANKS_MAX, RoundRank, rank_value, read_rank
from procuration.record.receipt import Level, Receipt
from procuration.record.sealed import X25519_BYTES, SealingPrivateKey, SuiteId
from procuration.record.shape import (
    SECONDS_MAX,
    instant,
    integer,
    number_of,
    octets,
    optional,
    seconds,
    sequence,
    text,
)

UNNUMBERED: Final = 0
LEASE_LENGTH_MAX: Final = 1_000
FILE_EVENTS_MAX: Final = 48
"""Events of one procuration that travel beside its act; the largest still fits one answer."""
PATH_LENGTH_MAX: Final = 64
"""Hashes of a consistency proof: one for each bit of a size, and one."""
TYPE_MAX: Final = 255


class EntryType(IntEnum):
    """Type of an entry. Any other: see `LaterEntry`."""

    RECEIPT = 1
    REQUEST = 2
    EPOCH_KEY = 3
    LEASE = 4
    SERVER_TIME = 5
    STATE = 6
    LOCKED_COPY = 7
    OFFICER_REVOKED = 8
    TOWN_HALL_FILE = 9
    CONSISTENCY = 10
    LOG_STOPPED = 13


_UNNUMBERED_TYPES: Final = frozenset(
    {EntryType.RECEIPT, EntryType.SERVER_TIME, EntryType.CONSISTENCY, EntryType.LOG_STOPPED}
)


class StopReason(IntEnum):
    """Why a log grows no more at the centre."""

    FORKED = 1
    RETIRED = 2


@dataclass(frozen=True, slots=True)
class Request:
    """Type 2. A filed event in the clear, only for a unit that asked by a look-up event."""

    pair: EventPair = field(repr=False)


@dataclass(frozen=True, slots=True)
class EpochKey:
    """Type 3. The private part of a QR epoch, only for brigade tablets."""

    number: int
    key: SealingPrivateKey
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """Type 4. A lot of references that only this device may give."""

    lot: int
    references: tuple[Reference, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ServerTime:
    """Type 5. The centre's clock when it answered, in milliseconds since 1970."""

    unix_ms: int


@dataclass(frozen=True, slots=True)
class State:
    """Type 6. Where a procuration that this device filed or decided stands at the centre."""

    rid: Rid
    status: Status
    code: RefusalCode | None


@dataclass(frozen=True, slots=True)
class OfficerRevoked:
    """Type 8. An officer key stopped counting at an instant."""

    kid: Kid
    at: datetime


KINDS_ABOUT_IT: Final = (
    Kind.ACT,
    Kind.DECISION,
    Kind.TAKEN_IN,
    Kind.REFERENCE_GIVEN,
    Kind.FACT,
    Kind.RULING,
    Kind.MANDATAIRE_TOWN_HALL,
    Kind.FACT_WITHDRAWN,
)
"""Events under the request of a file for a town hall, besides the habilitations of its officers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TownHallFile:
    """Type 9. An established procuration, for the town hall that decides it or writes its register: what it
    needs to check everything by itself. A new one about the same request replaces the one before.

    Attributes:
        act: the event of kind 2 that establishes it; the request is inside.
        ranks: what the centre knows of its rank (L. 73), for each round that it serves.
        others: what else is signed about it: the habilitation of each officer (kind 19), other acts, what
            was taken in, decided, answered, ruled or recorded.
    """

    act: EventPair = field(repr=False)
    ranks: tuple[RoundRank, ...]
    others: tuple[EventPair, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Consistency:
    """Type 10. The newest checkpoint, and what shows that its tree begins with the one that the device named
    (manifest key 8). Nothing is shown from a size of 0, nor when the tree has not grown to that size.

    Attributes:
        checkpoint: the signed note; prove both with `merkle.verify_consistency` before believing them.
    """

    old_size: int
    checkpoint: bytes
    path: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogStopped:
    """Type 13. The device must sign nothing more with this log (SECURITY-DESIGN 6). What the answered bundle
    brought is kept, in the log of a retired device, apart from one with two histories, and so need not be
    sent again.

    Attributes:
        from_seq: the first place that has two histories; when retired, the place after the last accepted.
    """

    reason: StopReason
    from_seq: int


@dataclass(frozen=True, slots=True)
class LaterEntry:
    """A type that only later versions read, as it came: the centre may be newer than a tablet that was off
    for months, and what this one does not know must not keep the rest from it.

    Attributes:
        value: its encoded value.
    """

    type: int
    value: bytes = field(repr=False)


EntryContent = (
    Receipt
    | Request
    | EpochKey
    | Lease
    | ServerTime
    | State
    | LockedCopy
    | OfficerRevoked
    | TownHallFile
    | Consistency
    | LogStopped
    | LaterEntry
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry and its number in the inbox; 0 for the types of `_UNNUMBERED_TYPES`."""

    number: int
    content: EntryContent


def entry_value(entry: Entry) -> list[object]:
    """`[number, type, value]`."""
    match entry.content:
        case Receipt(level=level, checkpoint=checkpoint, proof=proof):
            return [entry.number, EntryType.RECEIPT.value, [level.value, checkpoint, proof]]
        case Request(pair=pair):
            return [entry.number, EntryType.REQUEST.value, pair_value(pair)]
        case EpochKey(number=number, key=key, first=first, last=last):
            value = [number, key.kid, key.private, seconds(first), seconds(last)]
            return [entry.number, EntryType.EPOCH_KEY.value, value]
        case Lease(lot=lot, references=references):
            return [entry.number, EntryType.LEASE.value, [lot, list(references)]]
        case ServerTime(unix_ms=unix_ms):
            return [entry.number, EntryType.SERVER_TIME.value, unix_ms]
        case State(rid=rid, status=status, code=code):
            state = [rid, status.value, None if code is None else code.value]
            return [entry.number, EntryType.STATE.value, state]
        case LockedCopy():
            return [entry.number, EntryType.LOCKED_COPY.value, copy_value(entry.content)]
        case OfficerRevoked(kid=kid, at=at):
            return [entry.number, EntryType.OFFICER_REVOKED.value, [kid, seconds(at)]]
        case TownHallFile(act=act, ranks=ranks, others=others):
            told = [pair_value(act), [rank_value(one) for one in ranks], [pair_value(one) for one in others]]
            return [entry.number, EntryType.TOWN_HALL_FILE.value, told]
        case Consistency(old_size=old_size, checkpoint=checkpoint, path=path):
            return [entry.number, EntryType.CONSISTENCY.value, [old_size, checkpoint, list(path)]]
        case LogStopped(reason=reason, from_seq=from_seq):
            return [entry.number, EntryType.LOG_STOPPED.value, [reason.value, from_seq]]
        case LaterEntry(type=type_, value=encoded):
            return [entry.number, type_, canonical.decode(encoded, max_bytes=DOWN_ENTRIES_BYTES_MAX)]


def read_entry(value: object) -> Entry:
    """An unknown type is kept as it came, numbered or not. Raises: RecordRejected ENTRY_NUMBER, or a code of
    the value."""
    number, type_, content = sequence(value, 3)
    place, known = integer(number), integer(type_, minimum=1, maximum=TYPE_MAX)
    if known not in EntryType._value2member_map_:
        return Entry(place, LaterEntry(known, canonical.encode(content)))
    kind = EntryType(known)
    if (place == UNNUMBERED) != (kind in _UNNUMBERED_TYPES):
        raise RecordRejected("ENTRY_NUMBER")
    return Entry(place, _read_content(kind, content))


def _read_content(kind: EntryType, value: object) -> EntryContent:
    match kind:
        case EntryType.RECEIPT:
            level, checkpoint, proof = sequence(value, 3)
            return Receipt(
                number_of(Level, level), octets(checkpoint, maximum=4096), octets(proof, maximum=8192)
            )
        case EntryType.REQUEST:
            return Request(read_pair(value))
        case EntryType.EPOCH_KEY:
            return _read_epoch_key(value)
        case EntryType.LEASE:
            lot, references = sequence(value, 2)
            listed = sequence(references, maximum=LEASE_LENGTH_MAX)
            return Lease(integer(lot), tuple(read_reference(one) for one in listed))
        case EntryType.SERVER_TIME:
            return ServerTime(integer(value, maximum=1000 * SECONDS_MAX))
        case EntryType.STATE:
            rid, status, code = sequence(value, 3)
            return State(Rid(octets(rid, length=16)), number_of(Status, status), optional(code, _read_code))
        case EntryType.LOCKED_COPY:
            return read_copy(value)
        case EntryType.OFFICER_REVOKED:
            kid, at = sequence(value, 2)
            return OfficerRevoked(Kid(octets(kid, length=8)), instant(at))
        case EntryType.TOWN_HALL_FILE:
            return _read_town_hall_file(value)
        case EntryType.CONSISTENCY:
            old_size, checkpoint, path = sequence(value, 3)
            nodes = tuple(octets(one, length=HASH_BYTES) for one in sequence(path, maximum=PATH_LENGTH_MAX))
            return Consistency(integer(old_size), octets(checkpoint, maximum=CHECKPOINT_BYTES_MAX), nodes)
        case EntryType.LOG_STOPPED:
            reason, from_seq = sequence(value, 2)
            return LogStopped(number_of(StopReason, reason), integer(from_seq))


def _read_epoch_key(value: object) -> EpochKey:
    number, kid, private, first, last = sequence(value, 5)
    key = SealingPrivateKey(SuiteId.X25519, octets(private, length=X25519_BYTES))
    if key.kid != octets(kid, length=8):
        raise RecordRejected("EPOCH_KEY")
    return EpochKey(integer(number), key, instant(first), instant(last))


def _read_town_hall_file(value: object) -> TownHallFile:
    act, ranks, others = sequence(value, 3)
    return TownHallFile(
        act=read_pair(act),
        ranks=tuple(read_rank(one) for one in sequence(ranks, maximum=RANKS_MAX)),
        others=tuple(read_pair(one) for one in sequence(others, maximum=FILE_EVENTS_MAX)),
    )


def _read_code(value: object) -> RefusalCode:
    code = text(value)
    if code not in tuple(RefusalCode):
        raise RecordRejected("STATE_CODE")
    return RefusalCode(code)
