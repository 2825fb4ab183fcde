"""How long each paper and datum is kept (Code électoral, R. 73, R. 76; R-62 to R-67).

Durations are parameters of the law table; the day that chooses them is the one they count from.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from procuration.domain.law import Law
from procuration.domain.people import Place
from procuration.domain.purge import PurgeReason
from procuration.domain.status import add_months
from procuration.errors import RuleViolated


class Kept(StrEnum):
    """What is kept, and from which day its time runs."""

    PAPER_FORM = "FORMULAIRE"
    """At the town hall; from the end of validity (R-62, before 2022 R-67)."""
    TELEPROCEDURE_DATA = "DONNEES_TELEPROCEDURE"
    """From the end of validity (R-63)."""
    REQUEST = "DEMANDE_NON_ETABLIE"
    """From the day of the request (R-64)."""
    HOME_VISIT_PAPERS = "PIECES_DE_DOMICILE"
    """Kept by the forces; from the end of validity (R-65)."""
    SPECIAL_REGISTER = "REGISTRE_SPECIAL"
    """No text read says how long (R-66): it has no day of deletion."""


_MONTHS: Final = {
    Kept.PAPER_FORM: "paper_retention_months",
    Kept.TELEPROCEDURE_DATA: "body_retention_months",
    Kept.REQUEST: "request_retention_months",
    Kept.HOME_VISIT_PAPERS: "home_visit_papers_retention_months",
}


def deletable_on(kept: Kept, starts: date, place: Place, law: Law) -> date | None:
    """The first day on which it may be deleted; None while no text says when (R-66).

    Args:
        starts: last day of validity (the last polling day served, or the end of the period), or the day of
            the request, as `Kept` says.
        place: where the mandant votes.
    Raises: RuleViolated CONSERVATION_HORS_LIMITES, LOI_INCONNUE.
    """
    if kept is Kept.SPECIAL_REGISTER:
        return None
    if kept is Kept.TELEPROCEDURE_DATA:
        check_bounds(starts, place, law)
    months = law.number(_MONTHS[kept], place, starts)
    if kept is Kept.PAPER_FORM:
        # Before 2022 the months run from the end of the time for a challenge.
        starts = _add_days(starts, law.number("paper_retention_challenge_days", place, starts))
    return _add_days(add_months(datetime.combine(starts, time(), UTC), months).date(), 1)


@dataclass(frozen=True, slots=True)
class Term:
    """How long a copy stays on a tablet once the centre holds it for certain, and where that is written."""

    length: timedelta
    article: str


_ON_TABLETS: Final = {
    PurgeReason.KIOSK_COPY: ("kiosk_body_retention_hours", 24),
    PurgeReason.BRIGADE_COPY: ("brigade_body_retention_hours", 48),
}


def tablet_term(copy: PurgeReason, place: Place, day: date, law: Law) -> Term:
    """The term of a kiosk's or a brigade's copies (SECURITY-DESIGN 12); 24 and 48 hours while the table says
    nothing."""
    name, hours = _ON_TABLETS[copy]
    try:
        return Term(timedelta(hours=law.number(name, place, day)), law.find(name, place, day).article)
    except RuleViolated:
        return Term(timedelta(hours=hours), "")


def locked_copy_until(requested: datetime, place: Place, last_closing: datetime | None, law: Law) -> datetime:
    """When the locked copies of a request go from the brigades: with the request itself (R-64), and no later
    than the ballot that it is for. To the day: the very second of filing would tell the copies of a stolen
    tablet apart.

    Args:
        requested: when it was filed, as far as that is proved.
        place: where the mandant votes.
        last_closing: of the only scrutin asked for; None for a period, or a ballot that no calendar knows.
    Raises: RuleViolated LOI_INCONNUE.
    """
    months = law.number(_MONTHS[Kept.REQUEST], place, requested.date())
    until = datetime.combine(add_months(requested, months).date(), time(), UTC)
    return until if last_closing is None else min(until, last_closing)


def check_bounds(day: date, place: Place, law: Law) -> None:
    """The order keeps télé-procédure data no less than the paper and at most two years (R. 76; R-63).

    Raises: RuleViolated CONSERVATION_HORS_LIMITES (ids: months), LOI_INCONNUE.
    """
    months = law.number("body_retention_months", place, day)
    paper = law.number("paper_retention_months", place, day)
    if not paper <= months <= law.number("body_retention_months_max", place, day):
        raise RuleViolated("CONSERVATION_HORS_LIMITES", months=months)


def _add_days(day: date, days: int) -> date:
    """Some days later; nothing lies after the last representable day."""
    return day + timedelta(days=min(days, (date.max - day).days))
