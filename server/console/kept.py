"""Counts over every procuration that waits, every message, every bundle, kept for a minute: on the eve of a
poll there are hundreds of thousands, and each look at the console would read them all.

The background job refreshes them (`following`). A page reads what is fresh; when nothing is, as at a centre
without its jobs, it counts for itself.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import Count

from procuration.domain.deadlines import Urgency
from procuration.domain.people import Place, PlaceType
from server.config.centre import Tables
from server.console.models import Kept
from server.dossiers import queue, urgency
from server.dossiers.urgency import PlaceUrgency
from server.ledger.models import Bundle
from server.notices.models import Notice
from server.register import answers

FRESH: Final = timedelta(minutes=3)
PLACES_KEPT: Final = 2_000
"""Of the places where something presses, the nearest closings: each look at the page fetches them all."""
REFRESHED: Final = {
    "urgent": timedelta(minutes=1),
    "presse": timedelta(minutes=1),
    "attend": timedelta(minutes=1),
    "inconnus": timedelta(minutes=10),
    "messages": timedelta(minutes=1),
    "lots": timedelta(minutes=1),
    "repertoire": timedelta(minutes=1),
}
_FRESH_OF: Final = {"inconnus": timedelta(minutes=30)}
UNKNOWN_SHOWN: Final = 200


def _fresh(name: str, now: datetime, count: Callable[[], Any]) -> Any:
    """What is kept under a name, or counted now when that is old."""
    row = Kept.objects.filter(name=name, at__gt=now - _FRESH_OF.get(name, FRESH), at__lte=now).first()
    return count() if row is None else row.value


def _keep(name: str, now: datetime, count: Callable[[], Any]) -> None:
    if Kept.objects.filter(name=name, at__gt=now - REFRESHED[name], at__lte=now).exists():
        return
    Kept.objects.update_or_create(name=name, defaults={"at": now, "value": count()})


def refresh(tables: Tables, now: datetime) -> None:
    """Count again what is due."""
    _keep("urgent", now, lambda: urgency.urgent_count(tables, now))
    _keep("presse", now, lambda: _pressing(tables, now))
    _keep("attend", now, lambda: _waiting(now))
    _keep("inconnus", now, _unknown)
    _keep("messages", now, _messages)
    _keep("lots", now, _bundles)
    _keep("repertoire", now, answers.counted)


def _pressing(tables: Tables, now: datetime) -> dict[str, Any]:
    return {
        "late": urgency.late(now),
        "places": [_written(one) for one in urgency.places_that_press(tables, now)[:PLACES_KEPT]],
    }


def _written(one: PlaceUrgency) -> list[Any]:
    place = [one.place.code, one.place.type.value, one.place.cog_year]
    counts = {str(level.value): number for level, number in one.counts.items()}
    return [*place, int(one.closing.timestamp()), one.level.value, counts, one.unreceived, one.undecided]


def _read(value: Sequence[Any]) -> PlaceUrgency:
    code, kind, year, closing, level, counts, unreceived, undecided = value
    return PlaceUrgency(
        place=Place(code=code, type=PlaceType(kind), cog_year=year),
        closing=datetime.fromtimestamp(closing, UTC),
        level=Urgency(level),
        counts={Urgency(int(one)): number for one, number in counts.items()},
        unreceived=unreceived,
        undecided=undecided,
    )


def urgent_count(tables: Tables, now: datetime) -> int:
    """How many procurations are urgent in all."""
    return int(_fresh("urgent", now, lambda: urgency.urgent_count(tables, now)))


def pressing(tables: Tables, now: datetime) -> tuple[list[Sequence[Any]], int]:
    """The places where something presses, as they are kept, and how many procurations came too late."""
    found = _fresh("presse", now, lambda: _pressing(tables, now))
    return [one for one in found["places"] if one[3] > now.timestamp()], int(found["late"])


def place_of(value: Sequence[Any]) -> PlaceUrgency:
    """One of them."""
    return _read(value)


def _waiting(now: datetime) -> list[Any]:
    from server.console.departements import waiting_now  # it asks this module for what is kept

    return [[code, count, int(closing.timestamp())] for code, count, closing in waiting_now(now)]


def waiting(now: datetime) -> list[tuple[str, int, datetime]]:
    """By département: how many lack something and still have a poll, and when the next one closes."""
    rows = _fresh("attend", now, lambda: _waiting(now))
    return [(code, count, datetime.fromtimestamp(closing, UTC)) for code, count, closing in rows]


def _unknown() -> dict[str, Any]:
    events = queue.unknown_requests()
    return {"count": events.count(), "ids": list(events.values_list("pk", flat=True)[:UNKNOWN_SHOWN])}


def unknown(now: datetime) -> tuple[int, list[int]]:
    """How many events are of requests that nobody brought, and the numbers of some."""
    found = _fresh("inconnus", now, _unknown)
    return int(found["count"]), [int(one) for one in found["ids"]]


def _messages() -> dict[str, int]:
    return dict(Notice.objects.order_by().values_list("state").annotate(n=Count("*")))


def messages(now: datetime) -> dict[str, int]:
    """How many messages to electors stand in each state; a state without any may be absent."""
    return {str(state): int(number) for state, number in _fresh("messages", now, _messages).items()}


def _bundles() -> dict[str, int]:
    return dict(Bundle.objects.order_by().values_list("outcome").annotate(n=Count("*")))


def bundles(now: datetime) -> dict[str, int]:
    """How many bundles had each outcome; one that no bundle had may be absent."""
    return {str(outcome): int(number) for outcome, number in _fresh("lots", now, _bundles).items()}


def register_answers(now: datetime) -> answers.Answers:
    """How many procurations the register answered about."""
    return answers.answers(_fresh("repertoire", now, answers.counted))
