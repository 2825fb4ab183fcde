"""What is established and still lacks something before a poll closes: for one town hall, and for the centre.

The columns `first_closing` and `last_closing` bound the next closing; between two of many polls of a period
only the calendar says which comes next. Questions to the database are few and do not grow with the rows.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import nsmallest
from itertools import chain
from typing import Any, Final

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from procuration.domain.deadlines import (
    DEFAULT_POLICY,
    Deadline,
    Urgency,
    UrgencyPolicy,
    deadline_of,
    lacks_of,
    next_closing,
)
from procuration.domain.identifiers import Rid
from procuration.domain.people import Place, PlaceType
from procuration.domain.status import Status
from procuration.domain.validity import Period
from server.config.centre import Tables
from server.dossiers.listing import ANSWER_AWAITED
from server.dossiers.models import Procuration

LATE_SHOWN: Final = timedelta(days=7)
"""How long the console counts what nobody had received when its last poll closed."""
_UNRECEIVED: Final = (Status.ETABLIE.value, Status.TRANSMISE.value)
_LACKING: Final = (*_UNRECEIVED, Status.RECUE.value, Status.EN_ATTENTE_HUMAINE.value)
_PERIOD: Final = ("period_first", "period_last")
_PLACE: Final = ("place_code", "place_type", "place_cog_year")
_READ: Final = (
    "rid",
    "reference",
    "status",
    "regime",
    "established_at",
    *_PLACE,
    *_PERIOD,
    "first_closing",
    "last_closing",
    "answer",
    "to_take_in",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceUrgency:
    """What presses in one place: counts only.

    Attributes:
        place: as its first row names it.
        closing: the nearest one, aware UTC; level: of that one.
        counts: how many at each level.
        unreceived, undecided: how many lack their reception; how many have it and lack a decision.
    """

    place: Place
    closing: datetime
    level: Urgency
    counts: Mapping[Urgency, int]
    unreceived: int
    undecided: int

    @property
    def total(self) -> int:
        """How many procurations press."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """One procuration that presses: no name."""

    rid: str
    reference: str | None
    place: Place
    deadline: Deadline


def deadline_at(
    row: Procuration | Mapping[str, Any],
    tables: Tables,
    now: datetime,
    policy: UrgencyPolicy = DEFAULT_POLICY,
) -> Deadline:
    """The deadline of an established procuration, from its row: the centre has it, whatever else it lacks."""
    known = row if isinstance(row, Mapping) else {name: getattr(row, name) for name in _READ}
    assert known["established_at"] is not None, "only what an officer established has a deadline"
    lacks = lacks_of(
        Status(known["status"]),
        transmitted=not known["to_take_in"],
        answer_awaited=known["answer"] == ANSWER_AWAITED,
    )
    return deadline_of(
        Rid(bytes.fromhex(known["rid"])),
        known["established_at"],
        _closings(known, tables, now),
        lacks,
        now,
        policy,
    )


def _closings(known: Mapping[str, Any], tables: Tables, now: datetime) -> Collection[datetime]:
    """The first and the last, and those between when the next one is among them."""
    first, last = known["first_closing"], known["last_closing"]
    if first is None or last is None:
        return ()
    if known["period_first"] is None or not first <= now < last:
        return {first, last}
    return _closings_of_period(_place(known), known["period_first"], known["period_last"], tables)


def _closings_of_period(place: Place, first: date, last: date, tables: Tables) -> list[datetime]:
    rounds = tables.rounds(Period(first_day=first, last_day=last), place)
    return [round_.closes_at for round_ in rounds]


def _place(known: Mapping[str, Any]) -> Place:
    return Place(
        code=known["place_code"], type=PlaceType(known["place_type"]), cog_year=known["place_cog_year"]
    )


def places_that_press(
    tables: Tables, now: datetime, place_code: str = "", policy: UrgencyPolicy = DEFAULT_POLICY
) -> list[PlaceUrgency]:
    """Every place of which a poll closes within the longest threshold while something lacks, the nearest
    closing first. Two questions, however many procurations; of one place when its code is given.
    """
    found: dict[tuple[str, int], list[_Group]] = {}
    for group in _groups(tables, now, place_code, policy):
        found.setdefault((group.place.code, group.place.type), []).append(group)
    summed = (_summed(groups, now, policy) for groups in found.values())
    return sorted(summed, key=_rank)


def _rank(one: PlaceUrgency) -> tuple[datetime, int, int, str, int]:
    """The nearest closing, then most to receive, then most in all."""
    return one.closing, -one.unreceived, -one.total, one.place.code, one.place.type


def urgent_count(tables: Tables, now: datetime, policy: UrgencyPolicy = DEFAULT_POLICY) -> int:
    """How many are urgent in all: the console asks at each look, so no place is told from another."""
    within_a_day = replace(policy, soon=policy.urgent)
    exact, _ = _pressing_rows(now, "", within_a_day)
    between = _groups_between_polls(tables, now, "", within_a_day)
    return exact.count() + sum(group.count for group in between)


@dataclass(frozen=True, slots=True)
class _Group:
    """Procurations of one place that have the same closing and status."""

    place: Place
    closing: datetime
    status: int
    count: int


def _groups(tables: Tables, now: datetime, place_code: str, policy: UrgencyPolicy) -> Iterator[_Group]:
    exact, _ = _pressing_rows(now, place_code, policy)
    counted = exact.order_by().values_list(*_PLACE, "next_closing", "status").annotate(n=Count("pk"))
    for code, kind, year, closing, status, count in counted:
        yield _Group(Place(code=code, type=PlaceType(kind), cog_year=year), closing, status, count)
    yield from _groups_between_polls(tables, now, place_code, policy)


def _groups_between_polls(
    tables: Tables, now: datetime, place_code: str, policy: UrgencyPolicy
) -> Iterator[_Group]:
    """Of the periods of which a poll has closed and another has not: only the calendar knows the next."""
    _, between = _pressing_rows(now, place_code, policy)
    periods = between.order_by().values_list(*_PLACE, *_PERIOD, "status").annotate(n=Count("pk"))
    for code, kind, year, first, last, status, count in periods:
        place = Place(code=code, type=PlaceType(kind), cog_year=year)
        next_one = next_closing(_closings_of_period(place, first, last, tables), now)
        if next_one is not None and now < next_one <= now + policy.soon:
            yield _Group(place, next_one, status, count)


def _pressing_rows(
    now: datetime, place_code: str, policy: UrgencyPolicy
) -> tuple[QuerySet[Procuration], QuerySet[Procuration]]:
    """What lacks something and may close within the longest threshold: first the rows whose columns say their
    `next_closing`, then the periods of which a poll has closed and another has not."""
    rows = Procuration.objects.filter(
        status__in=_LACKING,
        established_at__isnull=False,
        last_closing__gt=now,
        first_closing__lte=now + policy.soon,
    )
    if place_code:
        rows = rows.filter(place_code=place_code)
    between = Q(first_closing__lte=now, period_first__isnull=False)
    exact = rows.exclude(between).annotate(next_closing=_next_closing(now))
    return exact.filter(next_closing__lte=now + policy.soon), rows.filter(between)


def _next_closing(now: datetime) -> Case:
    """Of a row whose next closing is its first or its last."""
    return Case(When(first_closing__gt=now, then=F("first_closing")), default=F("last_closing"))


def _summed(groups: list[_Group], now: datetime, policy: UrgencyPolicy) -> PlaceUrgency:
    closing = min(group.closing for group in groups)
    counts: dict[Urgency, int] = {}
    for group in groups:
        level = policy.level(group.closing - now)
        counts[level] = counts.get(level, 0) + group.count
    unreceived = sum(group.count for group in groups if group.status in _UNRECEIVED)
    return PlaceUrgency(
        place=groups[0].place,
        closing=closing,
        level=policy.level(closing - now),
        counts=counts,
        unreceived=unreceived,
        undecided=sum(counts.values()) - unreceived,
    )


def pressing(
    tables: Tables,
    now: datetime,
    limit: int,
    place_code: str = "",
    policy: UrgencyPolicy = DEFAULT_POLICY,
) -> list[Pressing]:
    """The procurations that press most, at most `limit` of them, the most urgent first."""
    exact, between = _pressing_rows(now, place_code, policy)
    received_last = Case(When(status__in=_UNRECEIVED, then=Value(0)), default=Value(1))
    first_ones = exact.order_by(_next_closing(now), received_last, "established_at", "rid").values(*_READ)[
        :limit
    ]
    later_ones = between.order_by().values(*_READ).iterator()
    found = (_listed(row, tables, now, policy) for row in chain(first_ones, later_ones))
    return nsmallest(
        limit,
        (one for one in found if one.deadline.level >= Urgency.SOON),
        key=lambda one: one.deadline.order,
    )


def _listed(row: Mapping[str, Any], tables: Tables, now: datetime, policy: UrgencyPolicy) -> Pressing:
    return Pressing(
        rid=row["rid"],
        reference=row["reference"],
        place=_place(row),
        deadline=deadline_at(row, tables, now, policy),
    )


def late(now: datetime, place_code: str = "") -> int:
    """How many served nothing: nobody had received them when their last poll closed, within the last days
    (R-54)."""
    rows = Procuration.objects.filter(
        status__in=_UNRECEIVED, last_closing__lte=now, last_closing__gt=now - LATE_SHOWN
    )
    return (rows.filter(place_code=place_code) if place_code else rows).count()
