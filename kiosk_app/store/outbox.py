"""What was sealed for the centre and what the centre proved to have: bundles, receipts, states of
transmission.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kiosk_app.store.connection import Connection, Row
from procuration.domain.events import Kind
from procuration.domain.status import Status
from procuration.record.limits import ANSWERED_BUNDLES_KEPT
from procuration.record.receipt import Level, Receipt
from procuration.record.shape import integer, octets, text

_ALL_SENT: Final = (
    "SELECT name, hash, first_seq, last_seq, bytes, sealed_ms, tree_size, epoch, answered FROM sent"
)
_EPOCH: Final = "coalesce((SELECT value FROM setting WHERE name = 'ledger_epoch'), x'')"
_OF_TODAY: Final = f" FROM receipt WHERE epoch = {_EPOCH}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBundle:
    """A sealed bundle handed to the agent. A poll carries no event: its last is one before its first.

    Attributes:
        name: of its file; hash: SHA-256 of its bytes, which answers name.
        sealed_ms: wall clock when it was sealed, milliseconds since 1970.
        tree_size: of the checkpoint that it names.
        epoch: of the ledger that this tablet knew then; empty before the first answer.
    """

    name: str
    hash: bytes
    first_seq: int
    last_seq: int
    size: int
    sealed_ms: int
    tree_size: int
    epoch: bytes
    answered: bool

    @property
    def is_poll(self) -> bool:
        return self.last_seq < self.first_seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The honest status, in counts: kept here, received by proof, decided (DESIGN, decision 9)."""

    kept: int
    received: int
    decided: int
    oldest_waiting: datetime | None


class Outbox:
    """Tables `sent` and `receipt`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, bundle: SentBundle) -> None:
        """Remembers a bundle, and forgets those too old to be answered."""
        with self._connection.transaction():
            self._connection.write(
                "INSERT INTO sent (name, hash, first_seq, last_seq, bytes, sealed_ms, tree_size, epoch) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    bundle.name,
                    bundle.hash,
                    bundle.first_seq,
                    bundle.last_seq,
                    bundle.size,
                    bundle.sealed_ms,
                    bundle.tree_size,
                    bundle.epoch,
                ),
            )
            self._connection.write(
                "DELETE FROM sent WHERE position <= (SELECT max(position) FROM sent) - ?",
                (ANSWERED_BUNDLES_KEPT,),
            )

    def bundles(self) -> list[SentBundle]:
        """The last bundles sealed, oldest first."""
        rows = self._connection.rows(_ALL_SENT + " ORDER BY position")
        return [_sent(row) for row in rows]

    def of_hash(self, digest: bytes) -> SentBundle | None:
        """The bundle an answer names, if it is one of the last ones."""
        row = self._connection.row(_ALL_SENT + " WHERE hash = ?", (digest,))
        return _sent(row) if row else None

    def mark_answered(self, name: str) -> None:
        self._connection.write("UPDATE sent SET answered = 1 WHERE name = ?", (name,))

    def add_receipt(self, seq: int, receipt: Receipt, at: datetime, proved: datetime | None = None) -> None:
        """A receipt already verified, of the ledger that the tablet knows now; the first proof of a head is
        kept.

        Args:
            proved: proved time when it came, None when its answer carried no time: it then starts no term.
        """
        self._connection.write(
            "INSERT INTO receipt (epoch, seq, level, checkpoint, proof, received_at, proved_at) SELECT "
            + _EPOCH
            + ", ?, ?, ?, ?, ?, ? WHERE true ON CONFLICT DO UPDATE "
            "SET proved_at = coalesce(proved_at, excluded.proved_at)",
            (
                seq,
                receipt.level.value,
                receipt.checkpoint,
                receipt.proof,
                int(at.timestamp()),
                None if proved is None else int(proved.timestamp()),
            ),
        )

    def receipted_seq(self, level: Level) -> int:
        """The last event proved to be in the ledger of today at this level or better; -1 when none is."""
        row = self._connection.row(
            "SELECT seq" + _OF_TODAY + " AND level >= ? ORDER BY seq DESC LIMIT 1",
            (level.value,),
        )
        return integer(row[0]) if row else -1

    def durable_seq(self, before: datetime) -> int:
        """The last event that the ledger of today proved durable no later than an instant of proved time; -1
        when none is. What a ledger lost since had proved is not there any more.
        """
        row = self._connection.row(
            "SELECT max(seq)" + _OF_TODAY + " AND level >= ? AND proved_at <= ?",
            (Level.DURABLE.value, int(before.timestamp())),
        )
        return -1 if row is None or row[0] is None else integer(row[0])

    def newest_receipt(self, level: Level) -> tuple[int, Receipt] | None:
        """The receipt of this very level that covers most, with the event it says it is for."""
        row = self._connection.row(
            "SELECT seq, checkpoint, proof FROM receipt WHERE level = ? ORDER BY seq DESC LIMIT 1",
            (level.value,),
        )
        return (integer(row[0]), Receipt(level, octets(row[1]), octets(row[2]))) if row else None

    def forget_receipt(self, seq: int, level: Level) -> None:
        """A row that proves nothing."""
        self._connection.write("DELETE FROM receipt WHERE seq = ? AND level = ?", (seq, level.value))

    def progress(self, kinds: Iterable[Kind], decided: Iterable[Status]) -> Progress:
        """How many events of some kinds are only here, proved to be at the centre, or decided there."""
        receipted = self.receipted_seq(Level.RECEIVED)
        numbers = ", ".join(str(status.value) for status in decided)
        counted = ", ".join(str(kind.value) for kind in kinds)
        row = self._connection.row(
            "SELECT coalesce(sum(event.seq > ?1), 0), count(*), "  # noqa: S608  numbers of an enumeration
            f"coalesce(sum(event.seq <= ?1 AND request_state.state IN ({numbers})), 0), "
            "min(CASE WHEN event.seq > ?1 THEN event.wall END) "
            f"FROM event LEFT JOIN request_state USING (rid) WHERE event.kind IN ({counted})",
            (receipted,),
        )
        assert row is not None, "an aggregate always has a row"
        kept, total, decided_count = (integer(value) for value in row[:3])
        oldest = None if row[3] is None else datetime.fromtimestamp(integer(row[3]), UTC)
        return Progress(
            kept=kept, received=total - kept - decided_count, decided=decided_count, oldest_waiting=oldest
        )

    def proved_at(self, seq: int) -> datetime | None:
        """When the first receipt of today's ledger that covers this event was verified here."""
        row = self._connection.row("SELECT min(received_at)" + _OF_TODAY + " AND seq >= ?", (seq,))
        return datetime.fromtimestamp(integer(row[0]), UTC) if row and row[0] is not None else None


def _sent(row: Row) -> SentBundle:
    name, digest, first_seq, last_seq, size, sealed_ms, tree_size, epoch, answered = row
    return SentBundle(
        name=text(name),
        hash=octets(digest),
        first_seq=integer(first_seq),
        last_seq=integer(last_seq, minimum=-1),
        size=integer(size),
        sealed_ms=integer(sealed_ms),
        tree_size=integer(tree_size),
        epoch=octets(epoch),
        answered=bool(answered),
    )
