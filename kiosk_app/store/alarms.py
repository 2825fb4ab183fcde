"""What must never be forgotten about the centre: histories that contradict each other, and restored ledgers.

Each row keeps the two statements that the centre signed; nothing here is ever changed or deleted.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from kiosk_app.store.connection import Connection
from procuration.record.contradiction import PROOFS_CARRIED_MAX, proofs_of
from procuration.record.growth import AlarmCode
from procuration.record.shape import integer, octets, text

ALARMS_KEPT_MAX: Final = 1_000
"""The first proof of a fault is the one that counts; a centre gone wild must not fill the disk."""
_PROOFS_READ: Final = 4 * PROOFS_CARRIED_MAX
"""Rows looked at for them: a few may be of restored ledgers, which prove nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One fact with its evidence.

    Attributes:
        epoch: of the ledger that `held` belongs to.
        held: the checkpoint that this tablet held, as signed; empty when it held none.
        shown: the checkpoint that contradicts it, empty when the centre said that its tree is smaller and
            showed none; for an epoch, its 16 bytes.
    """

    code: AlarmCode
    at: datetime
    epoch: bytes
    held: bytes = field(repr=False)
    shown: bytes = field(repr=False)


class Alarms:
    """Table `alarm`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, alarm: Alarm) -> None:
        """Writes a fact once; alone it is a transaction of its own."""
        row = (alarm.code.value, int(alarm.at.timestamp()), alarm.epoch, alarm.held, alarm.shown)
        self._connection.write(
            "INSERT INTO alarm (code, at, epoch, held, shown) SELECT ?1, ?2, ?3, ?4, ?5 "
            "WHERE (SELECT count(*) FROM alarm) < ?6 AND NOT EXISTS "
            "(SELECT 1 FROM alarm WHERE code = ?1 AND epoch = ?3 AND held = ?4 AND shown = ?5)",
            (*row, ALARMS_KEPT_MAX),
        )

    def all(self) -> list[Alarm]:
        """Every fact, oldest first."""
        return self._read("ORDER BY position")

    def proofs(self) -> list[bytes]:
        """What an administrator of the centre can file of them, whoever brings it: see
        `record.contradiction`."""
        found = self._read("WHERE held <> x'' AND shown <> x'' ORDER BY position LIMIT ?", _PROOFS_READ)
        return proofs_of((alarm.code, alarm.held, alarm.shown) for alarm in found)

    @property
    def standing(self) -> Alarm | None:
        """The first alarm, shown at every start for as long as this store exists."""
        found = self._read("WHERE code <> ? ORDER BY position LIMIT 1", AlarmCode.RESTORED)
        return found[0] if found else None

    @property
    def restored(self) -> Alarm | None:
        """The last time that the centre came back from a backup, as far as this tablet knows."""
        found = self._read("WHERE code = ? ORDER BY position DESC LIMIT 1", AlarmCode.RESTORED)
        return found[0] if found else None

    def _read(self, which: str, *values: str | int) -> list[Alarm]:
        rows = self._connection.rows(f"SELECT code, at, epoch, held, shown FROM alarm {which}", values)  # noqa: S608
        return [
            Alarm(
                code=AlarmCode(text(code)),
                at=datetime.fromtimestamp(integer(at), UTC),
                epoch=octets(epoch),
                held=octets(held),
                shown=octets(shown),
            )
            for code, at, epoch, held, shown in rows
        ]

    def has_left(self, epoch: bytes) -> bool:
        """Whether this tablet has followed the centre out of this ledger."""
        found = self._connection.row(
            "SELECT 1 FROM alarm WHERE code = ? AND epoch = ?", (AlarmCode.RESTORED.value, epoch)
        )
        return found is not None
