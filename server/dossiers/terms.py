"""Until which day the centre keeps what it knows of one procuration, and for which article (R-62 to R-64).

Pure: rows and tables in, a term out. The days come from `domain.retention`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from procuration.domain.law import Law
from procuration.domain.people import Place, PlaceType
from procuration.domain.purge import ARTICLE_LENGTH_MAX, PurgeReason
from procuration.domain.retention import Kept, deletable_on
from procuration.domain.status import Status, add_months
from server.config.centre import Tables
from server.dossiers.own import place_of_row

COLUMNS: Final = (
    "rid", "status", "filed_at", "established_at", "scrutin_id", "rounds", "period_first", "period_last",
    "polling_days", "last_closing", "place_code", "place_type", "place_cog_year", "aside", "own",
    "mandant_key", "mandataire_key", "moment_key",
)  # fmt: skip
_NEVER_ESTABLISHED: Final = frozenset({Status.DEMANDE, Status.RECUEILLIE, Status.REFUSEE})
_ANYWHERE: Final = Place(code="75056", type=PlaceType.COMMUNE, cog_year=2026)
"""For what belongs to no commune: the law as it is where no territory has its own."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Term:
    """When something is deleted.

    Attributes:
        first_day: the first day on which it may be.
        last_day: beyond which nothing holds it back (R. 76: two years).
    """

    first_day: date
    last_day: date
    reason: PurgeReason
    article: str

    def is_over(self, today: date) -> bool:
        """Whether it may be deleted."""
        return today >= self.first_day


def term_of(row: Row, requested: date, tables: Tables) -> Term:
    """The term of one procuration.

    What an officer established, and what waits for a person or was set aside, is kept as a procuration is.

    Args:
        row: the columns `COLUMNS` of its dossier.
        requested: day of the request, as far as it is proved.
    Raises: RuleViolated LOI_INCONNUE, CONSERVATION_HORS_LIMITES.
    """
    place, law = place_of_row(dict(row)), tables.law
    if row["status"] in _NEVER_ESTABLISHED and row["established_at"] is None and not row["aside"]:
        day = deletable_on(Kept.REQUEST, requested, place, law)
        assert day is not None, "R-64 says when"
        article = _article(law, "request_retention_months", place, requested)
        return Term(day, day, PurgeReason.NOT_ESTABLISHED, article)
    ends = _end_of_validity(row, requested, place, law)
    day = deletable_on(Kept.TELEPROCEDURE_DATA, ends, place, law)
    assert day is not None, "R-63 says when"
    latest = _months_after(ends, law.number("body_retention_months_max", place, ends))
    article = _article(law, "body_retention_months", place, ends)
    return Term(day, max(day, latest), PurgeReason.ESTABLISHED, article)


def _end_of_validity(row: Row, requested: date, place: Place, law: Law) -> date:
    """The last polling day served, or the last day of the period; for a ballot that no calendar knows, the
    longest that a procuration lasts."""
    days = [date.fromisoformat(day) for day in row["polling_days"]]
    if row["period_last"] is not None:
        days.append(row["period_last"])
    if row["last_closing"] is not None:
        days.append(row["last_closing"].date())
    if days:
        return max(*days, requested)  # an invented validity in the past shortens nothing
    begins = requested if row["established_at"] is None else row["established_at"].date()
    return _months_after(begins, 12 * law.period_years_max(place, begins))


def request_cutoff(now: datetime, law: Law) -> datetime:
    """What came before this instant and belongs to no procuration goes with the requests of its day."""
    return add_months(now, -law.number("request_retention_months", _ANYWHERE, now.date()))


def longest_cutoff(now: datetime, law: Law) -> datetime:
    """What came before this instant can concern no procuration whose data are kept: none is valid longer than
    the longest period, none kept longer than two years after (R. 74, R. 76)."""
    months = law.number("body_retention_months_max", _ANYWHERE, now.date())
    years = law.number("validity_max_years_consular", _ANYWHERE, now.date())
    return add_months(now, -(months + 12 * years))


def ended_cutoff(now: datetime, law: Law) -> datetime:
    """What ended before this instant is kept no longer (R. 76: at most two years)."""
    return add_months(now, -law.number("body_retention_months_max", _ANYWHERE, now.date()))


def article_of_requests(now: datetime, law: Law) -> str:
    """Where the term of a request is written."""
    return _article(law, "request_retention_months", _ANYWHERE, now.date())


def article_of_procurations(now: datetime, law: Law) -> str:
    """Where the term of a procuration is written."""
    return _article(law, "body_retention_months_max", _ANYWHERE, now.date())


def _article(law: Law, name: str, place: Place, day: date) -> str:
    return law.find(name, place, day).article[:ARTICLE_LENGTH_MAX]


def _months_after(day: date, months: int) -> date:
    return add_months(datetime.combine(day, time(), UTC), months).date()
