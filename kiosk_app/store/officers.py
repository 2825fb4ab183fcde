"""Officers enrolled on this tablet: their keys, wrapped by their slot, and the look-ups that found
nothing.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk_app.store.connection import Connection, Row
from procuration.domain.identifiers import Kid
from procuration.record.enrolment import read_enrolment
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.shape import integer, octets, optional
from procuration.record.signed import parse_signed

MISSES_PER_HOUR_MAX: Final = 20
_COLUMNS: Final = "kid, slot_id, cose_key, wrapped, enrolment, revoked_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRow:
    """One officer of this tablet.

    Attributes:
        wrapped: the private key, which only their code opens.
        enrolment: signed by a supervisor; None before it arrived.
        revoked_at: as the centre told, or None.
    """

    kid: Kid
    slot_id: bytes
    cose_key: bytes
    wrapped: bytes = field(repr=False)
    enrolment: bytes | None
    revoked_at: datetime | None


class Officers:
    """Tables `officer` and `miss`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, officer: OfficerRow) -> None:
        self._connection.write(
            "INSERT INTO officer (kid, slot_id, cose_key, wrapped) VALUES (?, ?, ?, ?)",
            (officer.kid, officer.slot_id, officer.cose_key, officer.wrapped),
        )

    def put_enrolment(self, kid: Kid, enrolment: bytes) -> None:
        self._connection.write("UPDATE officer SET enrolment = ? WHERE kid = ?", (enrolment, kid))

    def end(self, kid: Kid, at: datetime, ended: bytes | None) -> None:
        """Withdrawn here: the private key is forgotten, the row stays because the log names its key.

        Args: ended: the enrolment signed again, ending at that instant; None when there never was one.
        """
        self.revoke(kid, at)
        self._connection.write("UPDATE officer SET wrapped = x'' WHERE kid = ?", (kid,))
        if ended is not None:
            self.put_enrolment(kid, ended)

    def listed(self) -> list[OfficerRow]:
        """Every officer that this tablet ever had, in no order that means anything."""
        return [_officer(row) for row in self._connection.rows(f"SELECT {_COLUMNS} FROM officer")]  # noqa: S608

    def revoke(self, kid: Kid, at: datetime) -> None:
        """The earliest withdrawal counts; an officer of another tablet changes nothing here."""
        self._connection.write(
            "UPDATE officer SET revoked_at = min(coalesce(revoked_at, ?1), ?1) WHERE kid = ?2",
            (int(at.timestamp()), kid),
        )

    def find(self, kid: Kid) -> OfficerRow | None:
        row = self._connection.row(f"SELECT {_COLUMNS} FROM officer WHERE kid = ?", (kid,))  # noqa: S608
        return _officer(row) if row else None

    def of_slot(self, slot_id: bytes) -> OfficerRow | None:
        row = self._connection.row(f"SELECT {_COLUMNS} FROM officer WHERE slot_id = ?", (slot_id,))  # noqa: S608
        return _officer(row) if row else None

    def forget_ended(self, before: datetime) -> int:
        """Drops the names of those whose habilitation ended before an instant of proved time; the row stays,
        since the log names its key. Returns: how many."""
        ended = []
        for kid, enrolment in self._connection.rows(
            "SELECT kid, enrolment FROM officer WHERE enrolment IS NOT NULL"
        ):
            signed = parse_signed(octets(enrolment), max_bytes=ENROLMENT_BYTES_MAX)
            if read_enrolment(signed.payload).not_after < before:
                ended.append(kid)
        for kid in ended:
            self._connection.write("UPDATE officer SET enrolment = NULL WHERE kid = ?", (kid,))
        return len(ended)

    def misses(self, kid: Kid, now: datetime) -> int:
        """Look-ups of this officer that found nothing, in the hour that ends now."""
        since = int((now - timedelta(hours=1)).timestamp())
        row = self._connection.row("SELECT count(*) FROM miss WHERE officer = ? AND at > ?", (kid, since))
        return integer(row[0]) if row else 0

    def add_miss(self, kid: Kid, now: datetime) -> None:
        with self._connection.transaction():
            old = int((now - timedelta(hours=2)).timestamp())
            self._connection.write("DELETE FROM miss WHERE at < ?", (old,))
            self._connection.write("INSERT INTO miss VALUES (?, ?)", (kid, int(now.timestamp())))


def _officer(row: Row) -> OfficerRow:
    kid, slot_id, cose_key, wrapped, enrolment, revoked_at = row
    return OfficerRow(
        kid=Kid(octets(kid)),
        slot_id=octets(slot_id),
        cose_key=octets(cose_key),
        wrapped=octets(wrapped),
        enrolment=optional(enrolment, octets),
        revoked_at=None if revoked_at is None else datetime.fromtimestamp(integer(revoked_at), UTC),
    )
