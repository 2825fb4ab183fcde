"""Acts of a given-up log that count nowhere until their officer meets the person again.

An act is bound to its log and place: it cannot be written into another log, and nobody may choose between two
histories (SECURITY-DESIGN 5, 6). What can be done again is listed, by reference.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from kiosk_app.store.connection import Connection
from procuration.domain.events import Kind
from procuration.domain.identifiers import Rid
from procuration.domain.reference import Reference
from procuration.record.contents import read_reference
from procuration.record.shape import integer, octets, optional

LISTED_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ActToConfirm:
    """An act to do again, with the person there. `at`: when it was signed, aware UTC."""

    rid: Rid
    reference: Reference | None = field(repr=False)
    at: datetime


class ActsToConfirm:
    """Table `act_to_confirm`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, act: ActToConfirm) -> None:
        """Listed once."""
        self._connection.write(
            "INSERT OR IGNORE INTO act_to_confirm (rid, reference, at) VALUES (?, ?, ?)",
            (act.rid, act.reference, int(act.at.timestamp())),
        )

    def listed(self) -> tuple[ActToConfirm, ...]:
        """Those not done again in today's log, the oldest first."""
        rows = self._connection.rows(
            "SELECT rid, reference, at FROM act_to_confirm AS listed WHERE NOT EXISTS "
            "(SELECT 1 FROM event WHERE event.rid = listed.rid AND kind = ?) ORDER BY at LIMIT ?",
            (Kind.ACT.value, LISTED_MAX),
        )
        return tuple(
            ActToConfirm(
                rid=Rid(octets(rid)),
                reference=optional(reference, read_reference),
                at=datetime.fromtimestamp(integer(at), UTC),
            )
            for rid, reference, at in rows
        )
