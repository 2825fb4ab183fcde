"""Requests of the département that this brigade holds and cannot read: who knows a reference and the birth
date opens one (SECURITY-DESIGN 9). The rows name nobody, and nothing here says which request is whose.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from kiosk_app.store.connection import Connection
from kiosk_app.store.settings import Setting, Settings
from procuration.record.locked_copy import LockedCopy
from procuration.record.shape import integer, octets

COPIES_MAX: Final = 100_000
"""Three times what the largest département has in the months before a ballot; 250 MB at the longest."""
LIFE_MAX: Final = timedelta(days=62)
"""Two months (R-64), whatever the centre says."""
_GONE: Final = b"\x01"


class LockedCopies:
    """Table `locked_copy`."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._connection, self._settings = connection, settings

    @property
    def count(self) -> int:
        row = self._connection.row("SELECT count(*) FROM locked_copy")
        assert row is not None, "an aggregate always has a row"
        return integer(row[0])

    def keep(self, copies: Sequence[LockedCopy], proved: datetime) -> int:
        """Keeps these copies, a newer one in the place of the one of its tag, and deletes what is withdrawn.

        Args:
            proved: proved time: what is over by it is not kept.
        Returns: how many were refused, because too many are held already.
        """
        room, latest, refused = COPIES_MAX - self.count, proved + LIFE_MAX, 0
        for copy in copies:
            if not copy.ciphertext:
                self._withdraw(copy.tag)
            elif copy.delete_after <= proved:
                continue
            elif room <= 0:
                refused += 1
            else:
                until = min(copy.delete_after, latest)
                self._connection.write(
                    "INSERT OR REPLACE INTO locked_copy (tag, ct, delete_after) VALUES (?, ?, ?)",
                    (copy.tag, copy.ciphertext, int(until.timestamp())),
                )
                room -= 1
        return refused

    def find(self, tag: bytes, now: datetime) -> bytes | None:
        """The ciphertext of a tag, unless its day has come."""
        row = self._connection.row(
            "SELECT ct FROM locked_copy WHERE tag = ? AND delete_after > ?", (tag, int(now.timestamp()))
        )
        return octets(row[0]) if row else None

    def forget(self, tag: bytes) -> None:
        """Its request was acted on here."""
        self._withdraw(tag)

    def forget_over(self, now: datetime, limit: int) -> int:
        """Deletes copies whose day has come. Returns: how many; `limit` when more may be."""
        return self._connection.write(
            "DELETE FROM locked_copy WHERE rowid IN "
            "(SELECT rowid FROM locked_copy WHERE delete_after <= ? LIMIT ?)",
            (int(now.timestamp()), limit),
        )

    def move_to(self, other: "LockedCopies", limit: int) -> None:
        """The copies of a given-up store go on in the one that came after it, some at a time."""
        rows = self._connection.rows("SELECT tag, ct, delete_after FROM locked_copy LIMIT ?", (limit,))
        with other._connection.transaction():
            for row in rows:
                other._connection.write("INSERT OR IGNORE INTO locked_copy VALUES (?, ?, ?)", row)
        with self._connection.transaction():
            for tag, _, _ in rows:
                self._connection.write("DELETE FROM locked_copy WHERE tag = ?", (tag,))

    def take_gone(self) -> bool:
        """Whether copies were withdrawn since this was last asked: old pages may still hold them."""
        gone = self._settings.find(Setting.COPIES_GONE) is not None
        if gone:
            self._settings.forget(Setting.COPIES_GONE)
        return gone

    def _withdraw(self, tag: bytes) -> None:
        if self._connection.write("DELETE FROM locked_copy WHERE tag = ?", (tag,)):
            self._settings.put(Setting.COPIES_GONE, _GONE)
