"""What may be asked of the dossiers. A town hall only ever asks for its own place (I-8)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from procuration.domain.law import ControlRegime, Law
from procuration.domain.people import Place, PlaceType, fold_name
from procuration.domain.status import Standing, Status, status_at
from procuration.errors import RuleViolated
from server.config.centre import Tables
from server.dossiers.holders import MAY_STILL_STAND
from server.dossiers.listing import ANSWER_AWAITED
from server.dossiers.models import Procuration
from server.pages.places import zone_of_place

WAITING = (Status.ETABLIE, Status.TRANSMISE, Status.RECUE)
_SIDE_BY_SIDE_MAX = 100
NAME_TYPED_MAX: Final = 320
WORDS_MAX: Final = 12
"""What a search reads of what was typed: as long as the longest mandant."""


def place_of(procuration: Procuration) -> Place:
    """Where the mandant is enrolled."""
    return Place(
        code=procuration.place_code,
        type=PlaceType(procuration.place_type),
        cog_year=procuration.place_cog_year,
    )


def zone_of(procuration: Procuration, tables: Tables) -> ZoneInfo:
    """The clock of the commune of vote; Paris when the table does not know the place (a consulate)."""
    return zone_of_place(tables, procuration.place_code, procuration.place_type)


def shown_status(procuration: Procuration, law: Law, now: datetime) -> Status:
    """The status at an instant: EXPIREE and ECHUE are the fold at a date, no column holds them."""
    standing = Standing(status=Status(procuration.status), filed_at=procuration.filed_at)
    try:
        months = law.number("request_expiry_months", place_of(procuration), procuration.filed_at.date())
    except RuleViolated:
        return standing.status  # the law table of that day says nothing: nothing expires by itself
    return status_at(standing, now, months, procuration.last_closing)


def of_place(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """The procurations of the electors of one place, the most recent first."""
    mine = Procuration.objects.filter(place_code=place_code, place_type=place_type)
    return mine.order_by("-established_at", "-filed_at", "rid")


def waiting(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """What the town hall of one place has to decide: the nearest closing first, then the order of
    establishment.
    """
    mine = Procuration.objects.filter(place_code=place_code, place_type=place_type)
    undecided = mine.filter(status__in=WAITING, regime=ControlRegime.MAIRIE, decided_at=None)
    return undecided.order_by("first_closing", "established_at", "rid")


def get(rid: str, place_code: str, place_type: int) -> Procuration:
    """One procuration of one place. Raises: Procuration.DoesNotExist, also when it is another town hall's."""
    return Procuration.objects.get(rid=rid, place_code=place_code, place_type=place_type)


def of_mandataires(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """The procurations about which the town hall of one place is asked, because their mandataires are its
    electors and their mandants are not (R-72)."""
    mine = Procuration.objects.filter(mandataire_place_code=place_code, mandataire_place_type=place_type)
    return mine.exclude(answer="")


def asked_of(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """Those that still wait for its answer: the nearest closing first."""
    asked = of_mandataires(place_code, place_type).filter(answer=ANSWER_AWAITED, status__in=MAY_STILL_STAND)
    return asked.order_by("first_closing", "established_at", "rid")


def answered_by(place_code: str, place_type: int) -> QuerySet[Procuration]:
    """Those that it answered, the last established first."""
    answered = of_mandataires(place_code, place_type).filter(answer="DONNEE")
    return answered.order_by("-established_at", "rid")


def held_by_the_same_mandataire(procuration: Procuration) -> list[Procuration]:
    """This procuration and the others of its mandataire that serve one of its rounds, in the order in which
    they were drawn up (L. 73); those that do not count are left out (R-45)."""
    others = Procuration.objects.filter(mandataire_key=procuration.mandataire_key or "")
    nearest = others.exclude(rid=procuration.rid).order_by("established_at", "rid")[:_SIDE_BY_SIDE_MAX]
    served = _rounds_of(procuration)
    return sorted([procuration, *(one for one in nearest if served & _rounds_of(one))], key=_place_in_order)


def holds(at_least: int) -> Q:
    """The condition that the mandataire of a row holds at least so many procurations, two or three, wherever
    the mandants vote, that stand or may still stand (R-45)."""
    unknown = Q(mandataire_held__isnull=True, mandataire_key__isnull=False)
    return Q(mandataire_held__gte=at_least) | unknown & Q(_looked_up(at_least))


def held_of_row() -> Combinable:
    """One, two, or three and more, as a column."""
    known = Case(When(mandataire_held__gte=1, then=F("mandataire_held")), default=Value(1))
    return Case(
        When(Q(mandataire_held__isnull=False) | Q(mandataire_key__isnull=True), then=known),
        When(_looked_up(3), then=Value(3)),
        When(_looked_up(2), then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )


def _looked_up(at_least: int) -> Exists:
    """The same of a row that an earlier version wrote: it says nothing, its key is looked up."""
    held = Procuration.objects.filter(mandataire_key=OuterRef("mandataire_key"), status__in=MAY_STILL_STAND)
    return Exists(held.order_by()[at_least - 1 :])


def held_counts(rows: Collection[Procuration]) -> dict[str, int]:
    """For each row, how many procurations of its mandataire stand or may still stand: one question."""
    keys = {row.mandataire_key for row in rows if row.mandataire_key is not None}
    held = Procuration.objects.filter(mandataire_key__in=keys, status__in=MAY_STILL_STAND).order_by()
    counts = dict(held.values_list("mandataire_key").annotate(n=Count("pk")))
    return {row.rid: counts.get(row.mandataire_key, 0) for row in rows}


def named_like(place_code: str, place_type: int, typed: str, limit: int) -> list[Procuration]:
    """Procurations of the electors of one place whose mandant bears every word typed, in whatever order and
    spelling (`fold_name`), or the beginning of it; the most recent first, at most `limit`. No word: none.

    Two questions: an index holds the names of a place in this order, the rows are read for those found.
    """
    words = fold_name(typed[:NAME_TYPED_MAX]).split()[:WORDS_MAX]
    found = of_place(place_code, place_type) if words else Procuration.objects.none()
    for word in words:
        found = found.filter(Q(mandant_folded__startswith=word) | Q(mandant_folded__contains=f" {word}"))
    return rows_in_order(found.values_list("rid", flat=True)[:limit])


def rows_in_order(rids: Iterable[str]) -> list[Procuration]:
    """These rows, in this order; one question."""
    wanted = list(rids)
    found = Procuration.objects.in_bulk(wanted)
    return [found[rid] for rid in wanted if rid in found]


def _place_in_order(procuration: Procuration) -> tuple[object, ...]:
    """By the claimed second, then by the place in one log, which is certain (R-39)."""
    own = procuration.own or {"log": "", "seq": 0}
    unknown = procuration.established_at is None
    return unknown, procuration.established_at, own["log"], own["seq"], procuration.rid


def _rounds_of(procuration: Procuration) -> set[tuple[str, int]]:
    return {(effect["ballot"], effect["round"]) for effect in procuration.effects}
