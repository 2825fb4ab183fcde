"""Who may act on this tablet, until when, and what keeps the others from it. For the people at the tablet."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk_app.station import Station
from kiosk_app.store.officers import OfficerRow
from procuration.domain.identifiers import Kid
from procuration.domain.term import ENDING_DAYS, days_left
from procuration.errors import RuleViolated
from procuration.record.enrolment import Designation, Enrolment, read_enrolment
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.signed import parse_signed


class Standing(StrEnum):
    """What an officer of this tablet can do today."""

    IN_OFFICE = "EN_FONCTION"
    ENDING = "BIENTOT_TERMINEE"
    FUTURE = "FUTURE"
    ENDED = "TERMINEE"
    WITHDRAWN = "RETIREE"
    BLOCKED = "CODE_BLOQUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSeen:
    """One officer of the list."""

    kid: Kid
    nom: str = field(repr=False)
    prenoms: str = field(repr=False)
    qualite: str
    not_after: datetime
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is at the screen.

    Attributes:
        is_officer: their code also signs acts.
        not_after: the end of their habilitation, None without one.
        days_left: of it; 0 on the last day, negative afterwards.
    """

    is_officer: bool
    not_after: datetime | None = None
    days_left: int | None = None


class ListOfficers:
    """Asked by the screen and by the command."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def __call__(self) -> list[OfficerSeen]:
        """Those whose names are still kept, by name. Raises: RuleViolated POSTE_FERME."""
        blocked = frozenset(self._station.attempts.blocked())
        rows = self._station.store.officers.listed()
        seen = [self._seen(row, blocked) for row in rows if row.enrolment is not None]
        return sorted(seen, key=lambda one: (one.nom, one.prenoms, one.not_after))

    def signed_in(self) -> SignedIn:
        """Raises: RuleViolated POSTE_FERME, SESSION_FERMEE."""
        session = self._station.session
        if session is None:
            raise RuleViolated("SESSION_FERMEE")
        if session.kid is None or session.enrolment is None:
            return SignedIn(is_officer=False)
        end = session.enrolment.not_after
        left = days_left(end, self._station.clock.now(), self._station.store.zone)
        return SignedIn(is_officer=True, not_after=end, days_left=left)

    def _seen(self, row: OfficerRow, blocked: frozenset[bytes]) -> OfficerSeen:
        enrolment, named = enrolled(row)
        return OfficerSeen(
            kid=row.kid,
            nom=named.nom,
            prenoms=named.prenoms,
            qualite=named.qualite,
            not_after=enrolment.not_after if row.revoked_at is None else row.revoked_at,
            standing=self._standing(row, enrolment, blocked),
        )

    def _standing(self, row: OfficerRow, enrolment: Enrolment, blocked: frozenset[bytes]) -> Standing:
        now = self._station.clock.now()
        if row.revoked_at is not None and now >= row.revoked_at:
            return Standing.WITHDRAWN
        if now > enrolment.not_after:
            return Standing.ENDED
        if row.slot_id in blocked:
            return Standing.BLOCKED
        if now < enrolment.not_before:
            return Standing.FUTURE
        left = days_left(enrolment.not_after, now, self._station.store.zone)
        return Standing.ENDING if left <= ENDING_DAYS else Standing.IN_OFFICE


def find_officer(station: Station, kid: Kid) -> OfficerRow:
    """An officer who was not withdrawn. Raises: RuleViolated AGENT_INCONNU, HABILITATION_RETIREE."""
    row = station.store.officers.find(kid)
    if row is None:
        raise RuleViolated("AGENT_INCONNU")
    if row.revoked_at is not None and station.proved_now() >= row.revoked_at:
        raise RuleViolated("HABILITATION_RETIREE")
    return row


def enrolled(row: OfficerRow) -> tuple[Enrolment, Designation]:
    """What their supervisor signed last; it was verified when it came in. Raises: RuleViolated
    AGENT_INCONNU, once the names are forgotten."""
    if row.enrolment is None:
        raise RuleViolated("AGENT_INCONNU")
    enrolment = read_enrolment(parse_signed(row.enrolment, max_bytes=ENROLMENT_BYTES_MAX).payload)
    assert enrolment.designation is not None, "an officer's enrolment"
    return enrolment, enrolment.designation
