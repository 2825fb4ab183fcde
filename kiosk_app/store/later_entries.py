"""News of the centre of a type that this version of the program does not know: kept for the one that does."""

from datetime import datetime
from typing import Final

from kiosk_app.store.connection import Connection
from procuration.record.inbox import LaterEntry
from procuration.record.shape import integer

KEPT_BYTES_MAX: Final = 32 * 1024 * 1024


class LaterEntries:
    """Table `later_entry`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, number: int, entry: LaterEntry, at: datetime) -> bool:
        """Keeps an entry as it came; says no when too much is kept already."""
        if self.kept_bytes + len(entry.value) > KEPT_BYTES_MAX:
            return False
        self._connection.write(
            "INSERT INTO later_entry (number, type, value, got_at) VALUES (?, ?, ?, ?)",
            (number, entry.type, entry.value, int(at.timestamp())),
        )
        return True

    @property
    def kept_bytes(self) -> int:
        row = self._connection.row("SELECT coalesce(sum(length(value)), 0) FROM later_entry")
        assert row is not None, "an aggregate always has a row"
        return integer(row[0])
