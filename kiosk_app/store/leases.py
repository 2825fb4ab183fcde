"""References leased by the centre: each is given once, in the transaction that writes the request it
names.
"""

from kiosk_app.store.connection import Connection
from procuration.domain.reference import Reference
from procuration.record.contents import read_reference
from procuration.record.inbox import Lease
from procuration.record.shape import integer


class Leases:
    """Table `lease`: never invented here, never given twice."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, lease: Lease) -> None:
        """A part of a lot from the inbox; a reference already held is kept as it is."""
        with self._connection.transaction():
            for reference in lease.references:
                self._connection.write(
                    "INSERT OR IGNORE INTO lease (reference, lot) VALUES (?, ?)", (reference, lease.lot)
                )

    def next_free(self) -> Reference | None:
        """The oldest reference not given, or None: the request is then filed without one."""
        row = self._connection.row(
            "SELECT reference FROM lease WHERE taken_by IS NULL ORDER BY position LIMIT 1"
        )
        return read_reference(row[0]) if row else None

    def take(self, reference: Reference, seq: int) -> None:
        """Gives the reference to the event just written; call it in the same transaction."""
        taken = self._connection.write(
            "UPDATE lease SET taken_by = ? WHERE reference = ? AND taken_by IS NULL", (seq, reference)
        )
        assert taken == 1, "one writer: the reference was free a moment ago"

    def give_back(self) -> None:
        """Forgets those not given: a restored centre may not remember to whom it lent them."""
        self._connection.write("DELETE FROM lease WHERE taken_by IS NULL")

    @property
    def taken(self) -> int:
        row = self._connection.row("SELECT count(*) FROM lease WHERE taken_by IS NOT NULL")
        return integer(row[0]) if row else 0

    @property
    def left(self) -> int:
        row = self._connection.row("SELECT count(*) FROM lease WHERE taken_by IS NULL")
        return integer(row[0]) if row else 0
