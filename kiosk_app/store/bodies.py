"""The bodies of the log that hold personal data, and their deletion. What is signed is never touched."""

from collections.abc import Sequence

from kiosk_app.store.connection import Connection
from procuration.record.shape import integer

# The kinds of `purged.NAMES_NOBODY`, written out for the partial index of the same words.
_WITH_BODY = "body IS NOT NULL AND kind NOT IN (6, 7, 8, 9, 10, 11, 13)"


class Bodies:
    """Column `body` of table `event`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, up_to_seq: int, limit: int) -> list[int]:
        """The oldest events up to a place that still have their body: their sequence numbers."""
        rows = self._connection.rows(
            f"SELECT seq FROM event WHERE {_WITH_BODY} AND seq <= ? ORDER BY seq LIMIT ?",  # noqa: S608
            (up_to_seq, limit),
        )
        return [integer(seq) for (seq,) in rows]

    def delete(self, seqs: Sequence[int]) -> None:
        """Deletes these bodies, salt included, and the requests that they are about.

        Call it in the transaction that logs it.
        """
        marks = ", ".join("?" for _ in seqs)
        self._connection.write(
            "DELETE FROM request WHERE rid IN "  # noqa: S608  question marks only
            f"(SELECT rid FROM event WHERE rid IS NOT NULL AND seq IN ({marks}))",
            seqs,
        )
        self._connection.write(f"UPDATE event SET body = NULL WHERE seq IN ({marks})", seqs)  # noqa: S608
