"""The log of this tablet: signed events in one chain, added one at a time, never changed.

An event is acknowledged to a person only after the transaction that wrote it came back: one flush per act.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from kiosk_app.store.connection import Connection, Row
from kiosk_app.store.settings import Setting, Settings
from procuration.domain.events import BootTime, Content, Envelope, Kind, SyncEvidence
from procuration.domain.identifiers import EventHash, LogId, Realm, Rid
from procuration.errors import RecordRejected
from procuration.ports import Clock, RandomBytes, Signer
from procuration.record.chain import Head, after_event
from procuration.record.contents import kind_of
from procuration.record.cose_key import VerifyingKey
from procuration.record.event import EventPair, body_hash, encode_body, sign_event, verify_event
from procuration.record.shape import integer, number_of, octets, optional

_VERIFY_BATCH: Final = 500
_ENTRIES: Final = frozenset({Kind.FILED, Kind.ACT, Kind.REVOCATION, Kind.LOOK_UP, Kind.ENROLMENT})
"""What people enter is refused below the reserve of the disk. What the tablet notes of itself goes on:
without its starts it would not open, without its purges it would never have room again."""


class BodyCipher(Protocol):
    """Encrypts the body of a filed event so that this tablet cannot read it again (SECURITY-DESIGN 10)."""

    @property
    def seq(self) -> int:
        """Where the key was logged, sealed to the centre."""

    def encrypt(self, body: bytes, rid: Rid) -> bytes:
        """The form in which the body is kept and sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """An event just added: its place, its signed part, and its plain body, which only memory holds.

    Attributes:
        at: its wall time, whole seconds.
    """

    seq: int
    hash: EventHash
    at: datetime
    sign1: bytes
    plain_body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """A row of the log."""

    seq: int
    kind: Kind
    rid: Rid | None
    at: int
    pair: EventPair


class EventLog:
    """Append-only, one writer.

    Attributes:
        directory_version: the one the tablet relies on at that moment.
        stopped: the code of why it signs no more (see `integrity`), None while it may.
    """

    def __init__(
        self,
        connection: Connection,
        settings: Settings,
        signer: Signer,
        clock: Clock,
        random: RandomBytes,
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._signer = signer
        self._clock = clock
        self._random = random
        self.log_id = LogId(settings.get(Setting.LOG_ID))
        self.realm = Realm(settings.get(Setting.REALM))
        self.directory_version = 0
        stopped = settings.find(Setting.STOPPED)
        self.stopped = None if stopped is None else stopped.decode("ascii", "replace")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written inside is on the disk when it ends, or not at all."""
        with self._connection.transaction():
            yield

    @property
    def head(self) -> Head:
        row = self._connection.row("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")
        if row is None:
            return Head.of_empty_log(self.log_id)
        seq, hash_ = row
        return Head(log_id=self.log_id, next_seq=integer(seq) + 1, hash=EventHash(octets(hash_)))

    def append(
        self,
        content: Content,
        *,
        rid: Rid | None = None,
        at: datetime | None = None,
        sync: SyncEvidence | None = None,
        cipher: BodyCipher | None = None,
    ) -> Appended:
        """Signs and writes one event; alone it is a transaction, inside `transaction()` it belongs to it.

        Raises: RuleViolated ESPACE_INSUFFISANT, for an entry while less than 200 MiB are free, for anything
            when the disk is full; RecordRejected with a code of `integrity.STOPPING`, BODY_SIZE.
        """
        if self.stopped is not None:
            raise RecordRejected(self.stopped)
        if kind_of(content) in _ENTRIES:
            self._connection.check_space()
        body = encode_body(content, self._random)
        with self._connection.transaction():
            envelope = self._envelope(content, body, at or self._clock.now(), rid, sync, cipher)
            pair = EventPair(
                sign_event(envelope, self._signer, self.realm),
                cipher.encrypt(body, rid) if cipher and rid else body,
            )
            self._insert(envelope, pair)
        return Appended(seq=envelope.seq, hash=pair.hash, at=envelope.wall, sign1=pair.sign1, plain_body=body)

    def events(self, first_seq: int, limit: int) -> list[StoredEvent]:
        """Events in their order, from a sequence number."""
        rows = self._connection.rows(
            "SELECT seq, kind, rid, wall, sign1, body FROM event WHERE seq >= ? ORDER BY seq LIMIT ?",
            (first_seq, limit),
        )
        return [_stored(row) for row in rows]

    def count_from(self, first_seq: int) -> int:
        row = self._connection.row("SELECT count(*) FROM event WHERE seq >= ?", (first_seq,))
        return integer(row[0]) if row else 0

    def of_request(self, rid: Rid) -> list[StoredEvent]:
        rows = self._connection.rows(
            "SELECT seq, kind, rid, wall, sign1, body FROM event WHERE rid = ? ORDER BY seq", (rid,)
        )
        return [_stored(row) for row in rows]

    def of_kind(self, kind: Kind) -> list[StoredEvent]:
        rows = self._connection.rows(
            "SELECT seq, kind, rid, wall, sign1, body FROM event WHERE kind = ? ORDER BY seq", (kind.value,)
        )
        return [_stored(row) for row in rows]

    def last_since(self, kinds: Iterable[Kind], wall: int, limit: int) -> list[StoredEvent]:
        """The last events of some kinds with a wall time not before this one, the newest first."""
        numbers = ", ".join(str(kind.value) for kind in kinds)
        rows = self._connection.rows(
            "SELECT seq, kind, rid, wall, sign1, body FROM event "  # noqa: S608  numbers of an enumeration
            f"WHERE kind IN ({numbers}) AND wall >= ? ORDER BY seq DESC LIMIT ?",
            (wall, limit),
        )
        return [_stored(row) for row in rows]

    def verify(self, from_seq: int) -> None:
        """Checks the chain and our own signatures from a sequence number to the end.

        Raises: RecordRejected CHAINE_ROMPUE (ids: seq): somebody replayed a page or a file under us.
        """
        key = VerifyingKey(self._signer.cose_key)
        head = self._head_before(from_seq)
        while batch := self.events(head.next_seq, _VERIFY_BATCH):
            for event in batch:
                try:
                    envelope = verify_event(event.pair.sign1, key, self.realm)
                    head = after_event(head, envelope, event.pair.hash)
                    _check_body(event.pair, envelope)
                except RecordRejected as error:
                    raise RecordRejected("CHAINE_ROMPUE", seq=event.seq) from error

    def _head_before(self, seq: int) -> Head:
        if seq == 0:
            return Head.of_empty_log(self.log_id)
        found = self.events(seq - 1, 1)
        if not found or found[0].seq != seq - 1:
            raise RecordRejected("CHAINE_ROMPUE", seq=seq - 1)
        return Head(log_id=self.log_id, next_seq=seq, hash=found[0].pair.hash)

    def _envelope(
        self,
        content: Content,
        body: bytes,
        at: datetime,
        rid: Rid | None,
        sync: SyncEvidence | None,
        cipher: BodyCipher | None,
    ) -> Envelope:
        head = self.head
        return Envelope(
            log_id=self.log_id,
            seq=head.next_seq,
            prev=head.hash,
            kind=kind_of(content),
            body_hash=body_hash(body),
            wall=at.replace(microsecond=0),
            boot=BootTime(
                boot_id=self._clock.boot_id,
                monotonic_ms=self._clock.monotonic_ms(),
                floor=self._settings.floor,
            ),
            directory_version=self.directory_version,
            sync=sync,
            rid=rid,
            body_key_seq=cipher.seq if cipher else None,
        )

    def _insert(self, envelope: Envelope, pair: EventPair) -> None:
        self._connection.write(
            "INSERT INTO event (seq, hash, kind, rid, wall, sign1, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                envelope.seq,
                pair.hash,
                envelope.kind.value,
                envelope.rid,
                int(envelope.wall.timestamp()),
                pair.sign1,
                pair.body,
            ),
        )


def _check_body(pair: EventPair, envelope: Envelope) -> None:
    """A long body has pages of its own. One that is purged, or encrypted under a key that memory has
    forgotten, cannot be compared."""
    if pair.body is not None and envelope.body_key_seq is None and body_hash(pair.body) != envelope.body_hash:
        raise RecordRejected("BODY_HASH")


def _stored(row: Row) -> StoredEvent:
    seq, kind, rid, wall, sign1, body = row
    return StoredEvent(
        seq=integer(seq),
        kind=number_of(Kind, kind),
        rid=None if rid is None else Rid(octets(rid)),
        at=integer(wall),
        pair=EventPair(octets(sign1), optional(body, octets)),
    )
