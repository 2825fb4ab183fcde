"""Single values the tablet keeps: who it is, its private keys, and the last things it was proved."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from kiosk_app.store.connection import Connection
from procuration.errors import RecordRejected
from procuration.record.shape import octets

ANY_NUMBER: Final = -1
"""In place of the last number applied, as long as a restored centre has numbered nothing for this tablet."""


class Setting(StrEnum):
    """Name of each value."""

    REALM = "realm"
    LOG_ID = "log_id"
    SIGNING_KEY = "signing_key"  # Ed25519 seed, 32 B
    SEALING_KEY = "sealing_key"  # suite 2, 96 B
    FIRST_ROOT = "first_root"
    ENROLMENT = "enrolment"  # signed by a supervisor
    FLOOR = "floor"  # SECURITY-DESIGN 7: only from verified receipts and directories
    CHECKPOINT = "checkpoint"
    TREE_SIZE = "tree_size"
    TREE_ROOT = "tree_root"
    INBOX_NUMBER = "inbox_number"
    LEDGER_EPOCH = "ledger_epoch"
    ASKS_WHAT_IS_LEFT = "asks_what_is_left"  # the centre was restored: nothing is sealed before it has said
    LAST_CONTACT = "last_contact"
    OFFSET_MS = "offset_ms"
    SYNC_POINT_AT = "sync_point_at"
    CHAIN_VERIFIED_AT = "chain_verified_at"
    PROVED_TIME = "proved_time"  # `ProvedTime`
    COPIES_GONE = "copies_gone"  # locked copies were withdrawn since the last sweep
    SCRUB_DUE = "scrub_due"  # something was deleted, and the files still hold old pages
    HIGH_WATER_KEY = "high_water_key"  # 32 B, of the marks outside the database
    STOPPED = "stopped"  # why this log signs no more, for ever; absent while it may
    STOPPED_SEQ = "stopped_seq"  # where it was seen, -1 when nowhere
    KEPT_APART = "kept_apart"  # last event of a stopped log that the centre has answered
    OLD_LOGS = "old_logs"  # given up, not yet wholly at the centre
    ALL_ANSWERED_AT = "all_answered_at"  # in an old store: when the centre had answered for all of it
    CARRIED_OVER = "carried_over"  # in an old store: today's has taken what officers need
    ACTS_LISTED = "acts_listed"  # in an old store: its acts to confirm stand in today's
    APART_FROM = "apart_from"  # from here on the centre gives this log no effect by itself
    CENTRE_REFUSAL = "centre_refusal"  # last code the centre refused a bundle with, until one passes


class Settings:
    """Table `setting`. A value written inside a transaction belongs to it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: Setting) -> bytes | None:
        found = self._connection.row("SELECT value FROM setting WHERE name = ?", (name,))
        if found is None:
            return None
        return octets(found[0])

    def get(self, name: Setting) -> bytes:
        """Raises: RecordRejected POSTE_NON_INSTALLE, when the installation has not written it yet."""
        value = self.find(name)
        if value is None:
            raise RecordRejected("POSTE_NON_INSTALLE", missing=name.value)
        return value

    def put(self, name: Setting, value: bytes) -> None:
        self._connection.write("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def forget(self, name: Setting) -> None:
        self._connection.write("DELETE FROM setting WHERE name = ?", (name,))

    def number(self, name: Setting, default: int = 0) -> int:
        value = self.find(name)
        return default if value is None else int.from_bytes(value, "big", signed=True)

    def put_number(self, name: Setting, value: int) -> None:
        self.put(name, value.to_bytes(8, "big", signed=True))

    def instant(self, name: Setting) -> datetime | None:
        value = self.find(name)
        return None if value is None else datetime.fromtimestamp(self.number(name), UTC)

    def put_instant(self, name: Setting, at: datetime) -> None:
        self.put_number(name, int(at.timestamp()))

    @property
    def inbox_number(self) -> int:
        """Of the last entry applied in the ledger of today, 0 for none."""
        return max(0, self.number(Setting.INBOX_NUMBER))

    @property
    def ledger_epoch(self) -> bytes:
        """Of the ledger that this tablet talks to; empty before the first answer."""
        return self.find(Setting.LEDGER_EPOCH) or b""

    @property
    def floor(self) -> datetime:
        """Largest time proved to this tablet; 1970 before the first proof."""
        return self.instant(Setting.FLOOR) or datetime.fromtimestamp(0, UTC)

    def raise_floor(self, proved: datetime) -> None:
        """The floor never goes down, and never comes from the wall clock."""
        if proved > self.floor:
            self.put_instant(Setting.FLOOR, proved)
