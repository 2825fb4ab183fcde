"""The order of `domain.deadlines` as the database sorts by it: a page of a long list reads the rows of that
page, not all of them.

Between two of many polls of a period only the calendar says which one comes next: it is asked for each place
of the list before the question is put.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When

from procuration.domain.deadlines import STANDING, Lack
from procuration.domain.people import Place, PlaceType
from procuration.domain.scrutin import scrutins_of
from procuration.domain.status import Status
from server.config.centre import Tables
from server.dossiers.listing import ANSWER_AWAITED
from server.dossiers.models import Procuration

_FIRST, _NO_POLL, _OVER, _COMPLETE = range(4)
"""The groups of `Deadline.order`: in the first one the closing ranks."""
_STANDING: Final = tuple(status.value for status in STANDING)
_UNRECEIVED: Final = (Status.ETABLIE.value, Status.TRANSMISE.value)


def most_urgent_rids(
    rows: QuerySet[Procuration], tables: Tables, now: datetime, places: Collection[Place] | None = None
) -> QuerySet[Procuration, str]:
    """The rids of some established procurations, the most urgent first (`Deadline.order`).

    Args:
        places: of vote of these rows, when they are known; else one more question asks for them.
    """
    established = rows.filter(established_at__isnull=False).order_by()
    known = _places_of(established, now) if places is None else places
    unknown = Q(first_closing__isnull=True) | Q(last_closing__isnull=True)
    ranked = established.annotate(
        next_closing=_next_closing(known, tables, now),
        group=Case(
            When(~Q(status__in=_STANDING), then=_COMPLETE),
            When(unknown, then=_NO_POLL),
            When(Q(next_closing__isnull=True) | Q(next_closing__lte=now), then=_OVER),
            default=_FIRST,
        ),
        lack=Case(
            When(~Q(status__in=_STANDING), then=0),
            When(to_take_in=True, then=Lack.TRANSMISSION.value),
            When(status__in=_UNRECEIVED, then=Lack.RECEPTION.value),
            When(answer=ANSWER_AWAITED, then=Lack.ANSWER.value),
            default=Lack.DECISION.value,
        ),
    )
    order = "group", F("next_closing").asc(nulls_first=True), "lack", "established_at", "rid"
    return ranked.order_by(*order).values_list("rid", flat=True)


def _between(now: datetime) -> Q:
    """Periods of which a poll has closed and another has not."""
    return Q(first_closing__lte=now, last_closing__gt=now, period_first__isnull=False)


def _places_of(rows: QuerySet[Procuration], now: datetime) -> list[Place]:
    found = rows.filter(_between(now)).values_list("place_code", "place_type").distinct()
    return [Place(code=code, type=PlaceType(kind), cog_year=now.year) for code, kind in found]


def _next_closing(places: Collection[Place], tables: Tables, now: datetime) -> Case:
    """Of a row: the first closing still to come; the last one when all have closed."""
    return Case(
        When(first_closing__gt=now, then=F("first_closing")),
        *_by_calendar(places, tables, now),
        default=F("last_closing"),
        output_field=DateTimeField(null=True),
    )


def _by_calendar(places: Collection[Place], tables: Tables, now: datetime) -> Iterator[When]:
    """For the periods between two polls: each poll to come of these places, the nearest first. Places that
    vote on the same days share one condition."""
    together: dict[tuple[tuple[object, datetime], ...], list[Place]] = {}
    for place in places:
        rounds = [one for held in scrutins_of(place, tables.calendar) for one in held.rounds]
        to_come = sorted((one.closes_at, one.day) for one in rounds if one.closes_at > now)
        together.setdefault(tuple((day, closing) for closing, day in to_come), []).append(place)
    for polls, voting in together.items():
        where = Q()
        for kind in {place.type for place in voting}:
            codes = sorted(place.code for place in voting if place.type is kind)
            where |= Q(place_code__in=codes, place_type=int(kind))
        for day, closing in polls:
            serves = Q(period_first__lte=day, period_last__gte=day)
            yield When(_between(now) & where & serves, then=Value(closing))
