"""The trust list `directory.cbor`: which keys exist, what each may do, until when (SECURITY-DESIGN 4).

It arrives as a verified TUF target; this module reads it and answers questions. Officers are not in it:
the server holds their
enrolments, a tablet those made on it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from procuration.domain.identifiers import Kid, LogId
from procuration.errors import RecordRejected, RuleViolated
from procuration.record import canonical
from procuration.record.cose_key import VerifyingKey, kid_of
from procuration.record.limits import DIRECTORY_BYTES_MAX, DIRECTORY_ITEMS_MAX
from procuration.record.sealed import SUITE2_PUBLIC_BYTES, X25519_BYTES, SealingPublicKey, SuiteId
from procuration.record.shape import (
    fields,
    instant,
    integer,
    number_of,
    octets,
    optional,
    seconds,
    sequence,
    text,
)

FRESHNESS_WARNING: Final = timedelta(days=7)
FRESHNESS_LIMIT: Final = timedelta(days=14)
"""No new officer act with an older directory; the policy table may shorten it."""
FRESHNESS_CEILING: Final = timedelta(days=21)
"""Whatever the policy says, no act beyond."""
ENTRIES_MAX: Final = 50_000


class Role(IntEnum):
    """What a key may do. Officers (3) occur in enrolments only; 7 is added to the first list for
    checkpoints."""

    KIOSK = 1
    BRIGADE = 2
    OFFICER = 3
    TOWN_HALL = 4
    SERVER = 5
    SUPERVISOR = 6
    CHECKPOINT = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One key of the list.

    Attributes:
        unit: which unit or département it belongs to.
        revoked_at: when it stopped counting before its term.
        log_id: the log that only this key writes; 8 zero bytes for keys without a log.
    """

    cose_key: bytes
    role: Role
    unit: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    log_id: LogId

    @property
    def kid(self) -> Kid:
        """Of the COSE_Key."""
        return kid_of(self.cose_key)


NO_LOG: Final = LogId(bytes(8))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSealingKey:
    """Where `up` bundles are sealed to between two instants."""

    key: SealingPublicKey
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """The public part of a QR epoch: kiosks seal the paper to the one in force."""

    number: int
    key: SealingPublicKey
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A version of the trust list.

    Attributes:
        issued: when the Directory keys signed it: the measure of freshness.
        min_suite: least suite accepted, by purpose.
    """

    version: int
    issued: datetime
    expires: datetime
    entries: tuple[Entry, ...]
    min_suite: tuple[tuple[str, int], ...]
    server_sealing_keys: tuple[ServerSealingKey, ...]
    epochs: tuple[Epoch, ...]

    def entry(self, kid: Kid, *roles: Role) -> Entry:
        """The entry of a key that has one of the roles.

        Raises: RecordRejected KEY_UNKNOWN, KEY_ROLE.
        """
        entry = next((one for one in self.entries if one.kid == kid), None)
        if entry is None:
            raise RecordRejected("KEY_UNKNOWN", kid=kid.hex())
        if entry.role not in roles:
            raise RecordRejected("KEY_ROLE", kid=kid.hex())
        return entry

    def valid_entry(self, kid: Kid, at: datetime, *roles: Role) -> Entry:
        """The same, when the key counts at an instant.

        Raises: RecordRejected KEY_UNKNOWN, KEY_ROLE, KEY_NOT_YET, KEY_ENDED, KEY_REVOKED.
        """
        entry = self.entry(kid, *roles)
        if at < entry.not_before:
            raise RecordRejected("KEY_NOT_YET", kid=kid.hex())
        if at > entry.not_after:
            raise RecordRejected("KEY_ENDED", kid=kid.hex())
        if entry.revoked_at is not None and at >= entry.revoked_at:
            raise RecordRejected("KEY_REVOKED", kid=kid.hex())
        return entry

    def keys(self, *roles: Role) -> tuple[Entry, ...]:
        """All entries of these roles, also those ended or revoked."""
        return tuple(entry for entry in self.entries if entry.role in roles)

    def centre(self, at: datetime) -> SealingPublicKey:
        """The server's sealing key in force, the newest when several are. Raises: RuleViolated
        ANNUAIRE_SANS_CLE."""
        valid = [key for key in self.server_sealing_keys if key.first <= at <= key.last]
        if not valid:
            raise RuleViolated("ANNUAIRE_SANS_CLE")
        return max(valid, key=lambda key: key.first).key

    def epoch(self, at: datetime) -> Epoch | None:
        """The QR epoch in force, None when the list has none for that instant: then the paper carries no
        QR."""
        valid = [epoch for epoch in self.epochs if epoch.first <= at <= epoch.last]
        return max(valid, key=lambda epoch: epoch.number) if valid else None


def encode_directory(directory: Directory) -> bytes:
    """The bytes of the target `directory.cbor`."""
    return canonical.encode(
        {
            0: 1,
            1: directory.version,
            2: seconds(directory.issued),
            3: seconds(directory.expires),
            4: [_entry_value(entry) for entry in directory.entries],
            5: [[purpose, suite] for purpose, suite in directory.min_suite],
            6: [
                [key.key.kid, key.key.public, seconds(key.first), seconds(key.last)]
                for key in directory.server_sealing_keys
            ],
            7: [
                [epoch.number, epoch.key.kid, epoch.key.public, seconds(epoch.first), seconds(epoch.last)]
                for epoch in directory.epochs
            ],
        }
    )


def read_directory(data: bytes) -> Directory:
    """Raises: RecordRejected DIRECTORY_ENTRY, DIRECTORY_KID (false, or twice there: one key has one use), or
    a code of a lower layer."""
    value = fields(canonical.decode(data, max_bytes=DIRECTORY_BYTES_MAX, max_items=DIRECTORY_ITEMS_MAX), 8)
    directory = Directory(
        version=integer(value[1]),
        issued=instant(value[2]),
        expires=instant(value[3]),
        entries=tuple(_read_entry(entry) for entry in sequence(value[4], maximum=ENTRIES_MAX)),
        min_suite=tuple(_read_min_suite(pair) for pair in sequence(value[5], maximum=16)),
        server_sealing_keys=tuple(_read_sealing_key(key) for key in sequence(value[6], maximum=16)),
        epochs=tuple(_read_epoch(epoch) for epoch in sequence(value[7], maximum=64)),
    )
    if len({entry.kid for entry in directory.entries}) != len(directory.entries):
        raise RecordRejected("DIRECTORY_KID")
    return directory


def _entry_value(entry: Entry) -> dict[int, object]:
    return {
        0: entry.kid,
        1: entry.cose_key,
        2: entry.role.value,
        3: entry.unit,
        4: seconds(entry.not_before),
        5: seconds(entry.not_after),
        6: None if entry.revoked_at is None else seconds(entry.revoked_at),
        7: entry.log_id,
    }


def _read_entry(value: object) -> Entry:
    if not isinstance(value, dict) or set(value) != set(range(8)):
        raise RecordRejected("DIRECTORY_ENTRY")
    cose_key = octets(value[1], maximum=128)
    VerifyingKey(cose_key)
    entry = Entry(
        cose_key=cose_key,
        role=number_of(Role, value[2]),
        unit=text(value[3]),
        not_before=instant(value[4]),
        not_after=instant(value[5]),
        revoked_at=optional(value[6], instant),
        log_id=LogId(octets(value[7], length=8)),
    )
    if entry.role is Role.OFFICER:
        raise RecordRejected("DIRECTORY_ENTRY")
    if entry.kid != value[0]:
        raise RecordRejected("DIRECTORY_KID")
    return entry


def _read_min_suite(value: object) -> tuple[str, int]:
    purpose, suite = sequence(value, 2)
    return text(purpose), number_of(SuiteId, suite).value


def _read_sealing_key(value: object) -> ServerSealingKey:
    kid, public, first, last = sequence(value, 4)
    key = SealingPublicKey(SuiteId.MLKEM768_X25519, octets(public, length=SUITE2_PUBLIC_BYTES))
    if key.kid != kid:
        raise RecordRejected("DIRECTORY_KID")
    return ServerSealingKey(key=key, first=instant(first), last=instant(last))


def _read_epoch(value: object) -> Epoch:
    number, kid, public, first, last = sequence(value, 5)
    key = SealingPublicKey(SuiteId.X25519, octets(public, length=X25519_BYTES))
    if key.kid != kid:
        raise RecordRejected("DIRECTORY_KID")
    return Epoch(number=integer(number), key=key, first=instant(first), last=instant(last))
