"""Requests this tablet may show an officer, what the centre says of them, and the keys that open receipts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Final

from kiosk_app.store.connection import Connection, Row
from procuration.domain.events import Filed, Kind
from procuration.domain.identifiers import Kid, LogId, Realm, Rid
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Directory, Entry, Role
from procuration.record.event import EventPair, open_body, parse_event, verify_event
from procuration.record.inbox import EpochKey, State
from procuration.record.sealed import SealingPrivateKey, SuiteId
from procuration.record.shape import integer, number_of, octets, text

EPOCH_KEY_KEPT: Final = timedelta(days=84)
"""From the first day of the epoch: its 28 days, and 56 more in which its papers are read."""


class Source(IntEnum):
    """How a request came to this tablet."""

    FILED_HERE = 1
    CENTRE = 2
    RECEIPT = 3
    LOCKED_COPY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRequest:
    """A filed event in the clear, its device signature already verified.

    Attributes:
        copy_tag: of the locked copy that it came out of.
    """

    rid: Rid
    filed: Filed
    filed_at: datetime
    pair: EventPair
    source: Source
    copy_tag: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreState:
    """Where the centre says that a request stands."""

    status: Status
    code: RefusalCode | None
    at: datetime

    @property
    def set_aside(self) -> bool:
        """Whether the act made here does not count: its author might not act any more (R-14)."""
        return self.status is Status.DEMANDE and self.code is RefusalCode.HABILITATION_INVALIDE


class Requests:
    """Tables `request`, `request_state` and `epoch_key`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, pair: EventPair, source: Source, at: datetime) -> HeldRequest:
        """Keeps a request whose signature the caller has verified.

        Raises: RecordRejected, when the body is not what the envelope commits to, or names nobody's request.
        """
        held = read_request(pair, source)
        self._connection.write(
            "INSERT OR IGNORE INTO request (rid, reference, sign1, body, source, got_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (held.rid, held.filed.reference, pair.sign1, pair.body, source.value, int(at.timestamp())),
        )
        return held

    def find(self, rid: Rid) -> HeldRequest | None:
        row = self._connection.row("SELECT sign1, body, source FROM request WHERE rid = ?", (rid,))
        return _held(row) if row else None

    def of_reference(self, reference: Reference) -> list[HeldRequest]:
        rows = self._connection.rows(
            "SELECT sign1, body, source FROM request WHERE reference = ?", (reference,)
        )
        return [_held(row) for row in rows]

    def filed_here_undecided(self) -> list[HeldRequest]:
        """Requests filed on this tablet on which nobody has acted here, the newest first."""
        rows = self._connection.rows(
            "SELECT sign1, body, source FROM request WHERE source = ? AND rid NOT IN "
            "(SELECT rid FROM event WHERE rid IS NOT NULL AND kind = ?) ORDER BY got_at DESC",
            (Source.FILED_HERE.value, Kind.ACT.value),
        )
        return [_held(row) for row in rows]

    def forget_undecided(self) -> int:
        """The session is over: what an officer saw and did not decide goes (SECURITY-DESIGN 12). What was
        filed here stays as long as the log has its body, 48 h after `durable`: with no network it can be
        found nowhere else, and the elector may still be there. Returns: how many."""
        return self._connection.write(
            "DELETE FROM request WHERE rid NOT IN "
            "(SELECT rid FROM event WHERE rid IS NOT NULL AND kind IN (?, ?) AND body IS NOT NULL)",
            (Kind.ACT.value, Kind.FILED.value),
        )

    def put_state(self, state: State, at: datetime) -> None:
        self._connection.write(
            "INSERT OR REPLACE INTO request_state (rid, state, code, at) VALUES (?, ?, ?, ?)",
            (state.rid, state.status.value, state.code, int(at.timestamp())),
        )

    def state(self, rid: Rid) -> CentreState | None:
        row = self._connection.row("SELECT state, code, at FROM request_state WHERE rid = ?", (rid,))
        if row is None:
            return None
        status, code, at = row
        return CentreState(
            status=number_of(Status, status),
            code=RefusalCode(code) if isinstance(code, str) else None,
            at=datetime.fromtimestamp(integer(at), UTC),
        )

    def count_in(self, statuses: Iterable[Status]) -> int:
        """How many requests the centre says to be in one of these states."""
        numbers = [status.value for status in statuses]
        marks = ", ".join("?" for _ in numbers)
        row = self._connection.row(
            f"SELECT count(*) FROM request_state WHERE state IN ({marks})",  # noqa: S608  question marks only
            numbers,
        )
        return integer(row[0]) if row else 0

    def set_aside(self) -> tuple[Reference | None, ...]:
        """References of the requests that wait for another act, because the one made here does not count;
        None for one that has none, or is not held here any more."""
        rows = self._connection.rows(
            "SELECT reference FROM request_state LEFT JOIN request USING (rid) "
            "WHERE state = ? AND code = ? AND NOT EXISTS (SELECT 1 FROM event "
            "WHERE event.rid = request_state.rid AND kind = ? AND wall > request_state.at) ORDER BY at",
            (Status.DEMANDE.value, RefusalCode.HABILITATION_INVALIDE.value, Kind.ACT.value),
        )
        return tuple(None if one is None else Reference(text(one)) for (one,) in rows)

    def add_epoch_key(self, epoch: EpochKey) -> None:
        self._connection.write(
            "INSERT OR REPLACE INTO epoch_key (kid, number, private, first, last) VALUES (?, ?, ?, ?, ?)",
            (
                epoch.key.kid,
                epoch.number,
                epoch.key.private,
                int(epoch.first.timestamp()),
                int(epoch.last.timestamp()),
            ),
        )

    def forget_epoch_keys(self, proved: datetime) -> None:
        """Deletes what opens receipts older than 84 days of proved time: a wrong wall clock deletes nothing.

        A paper found in a drawer, or copied, stays closed for good.
        """
        self._connection.write(
            "DELETE FROM epoch_key WHERE first < ?", (int((proved - EPOCH_KEY_KEPT).timestamp()),)
        )

    def epoch_keys(self, proved: datetime | None = None) -> dict[Kid, SealingPrivateKey]:
        """Every key of receipts still held, by key id; with a proved time, those that may still be used then,
        though no news of the centre came to delete the others."""
        oldest = int((proved - EPOCH_KEY_KEPT).timestamp()) if proved else 0
        rows = self._connection.rows("SELECT kid, private FROM epoch_key WHERE first >= ?", (oldest,))
        return {Kid(octets(kid)): SealingPrivateKey(SuiteId.X25519, octets(private)) for kid, private in rows}


def verify_request(pair: EventPair, directory: Directory, realm: Realm) -> None:
    """A filed event from elsewhere is signed by the device that writes the log it names, with a key nobody
    has revoked: who holds a revoked key may claim any time.

    Raises: RecordRejected KEY_LOG, KEY_REVOKED, or a code of `valid_entry` and `verify_event`.
    """
    signed, envelope = parse_event(pair.sign1)
    entry = directory.valid_entry(signed.kid, envelope.wall, Role.KIOSK, Role.BRIGADE, Role.SERVER)
    if entry.log_id != envelope.log_id and not _is_later_log_of_the_server(entry, envelope.log_id, directory):
        raise RecordRejected("KEY_LOG", kid=entry.kid.hex())
    verify_event(pair.sign1, VerifyingKey(entry.cose_key), realm)
    if entry.revoked_at is not None:
        raise RecordRejected("KEY_REVOKED", kid=entry.kid.hex())


def _is_later_log_of_the_server(entry: Entry, log_id: LogId, directory: Directory) -> bool:
    """A server restored from a backup writes a new log with its old key, before the directory knows; it may
    not write in anybody else's."""
    return entry.role is Role.SERVER and all(other.log_id != log_id for other in directory.entries)


def read_request(pair: EventPair, source: Source) -> HeldRequest:
    """A filed event with its plain body. Raises: RecordRejected DEMANDE_ILLISIBLE, or a code of the
    record.
    """
    _, envelope = parse_event(pair.sign1)
    if pair.body is None or envelope.rid is None:
        raise RecordRejected("DEMANDE_ILLISIBLE")
    content = open_body(envelope, pair.body)
    if not isinstance(content, Filed):
        raise RecordRejected("DEMANDE_ILLISIBLE")
    return HeldRequest(rid=envelope.rid, filed=content, filed_at=envelope.wall, pair=pair, source=source)


def _held(row: Row) -> HeldRequest:
    sign1, body, source = row
    return read_request(EventPair(octets(sign1), octets(body)), number_of(Source, source))
