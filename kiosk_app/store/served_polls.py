"""When the polls close that an act or a request recorded here serves: times only, no name (R-37, R-55).

Written with the event, because a kiosk cannot read its own past. Losing the table costs nothing but the order
in which bundles travel and the list of what is urgent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kiosk_app.store.connection import Connection
from procuration.domain.events import Kind
from procuration.domain.identifiers import Rid
from procuration.domain.reference import Reference
from procuration.domain.status import Status
from procuration.record.shape import integer, number_of, octets, optional, text

ACTS_LISTED_MAX: Final = 1_000
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS served_poll ("
    "seq INTEGER NOT NULL, closes_at INTEGER NOT NULL, reference TEXT, PRIMARY KEY (seq, closes_at)"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS served_poll_by_closing ON served_poll (closes_at)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingAct:
    """An act that established a procuration, as far as this tablet knows what became of it.

    Attributes:
        status: what the centre last said, ETABLIE before it said anything.
        closings: of the polls that it serves, those long over left out.
    """

    seq: int
    rid: Rid
    at: datetime
    reference: Reference | None
    status: Status
    closings: tuple[datetime, ...]


class ServedPolls:
    """Table `served_poll`; a store made by an earlier version gets it when it opens."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        for statement in _TABLES:
            connection.write(statement)

    def put(self, seq: int, closings: Iterable[datetime], reference: Reference | None = None) -> None:
        """What one event serves, in the place of what was said before of it."""
        with self._connection.transaction():
            self._connection.write("DELETE FROM served_poll WHERE seq = ?", (seq,))
            for closing in sorted(set(closings)):
                self._connection.write(
                    "INSERT INTO served_poll (seq, closes_at, reference) VALUES (?, ?, ?)",
                    (seq, int(closing.timestamp()), reference),
                )

    def nearest(self, first_seq: int, now: datetime) -> datetime | None:
        """The next closing that an event from `first_seq` on serves."""
        row = self._connection.row(
            "SELECT min(closes_at) FROM served_poll WHERE seq >= ? AND closes_at > ?",
            (first_seq, int(now.timestamp())),
        )
        return datetime.fromtimestamp(integer(row[0]), UTC) if row and row[0] is not None else None

    def acts(self, since: datetime, until: datetime, receipted_seq: int) -> list[ServingAct]:
        """The acts of which a poll closes between two instants: first those without proof at the centre."""
        rows = self._connection.rows(
            "SELECT event.seq, event.rid, event.wall, served_poll.reference, request_state.state, "
            "served_poll.closes_at FROM served_poll "
            "JOIN event USING (seq) LEFT JOIN request_state USING (rid) WHERE served_poll.seq IN ("
            "SELECT DISTINCT seq FROM served_poll JOIN event USING (seq) "
            "WHERE closes_at > ?1 AND closes_at <= ?2 AND event.kind = ?3 ORDER BY seq <= ?4, seq LIMIT ?5"
            ") ORDER BY event.seq <= ?4, event.seq, closes_at",
            (
                int(since.timestamp()),
                int(until.timestamp()),
                Kind.ACT.value,
                receipted_seq,
                ACTS_LISTED_MAX,
            ),
        )
        found: dict[int, ServingAct] = {}
        for seq, rid, wall, reference, state, closes_at in rows:
            number, known = integer(seq), found.get(integer(seq))
            closing = datetime.fromtimestamp(integer(closes_at), UTC)
            found[number] = ServingAct(
                seq=number,
                rid=Rid(octets(rid)),
                at=datetime.fromtimestamp(integer(wall), UTC),
                reference=optional(reference, lambda value: Reference(text(value))),
                status=Status.ETABLIE if state is None else number_of(Status, state),
                closings=(*(known.closings if known else ()), closing),
            )
        return list(found.values())

    def forget(self, before: datetime) -> None:
        """Drops what closed before an instant, of proved time: a wrong wall clock drops nothing."""
        self._connection.write("DELETE FROM served_poll WHERE closes_at < ?", (int(before.timestamp()),))
