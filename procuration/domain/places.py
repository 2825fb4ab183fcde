"""Where a procuration is established or prepared, and when: brigades, commissariats, consulates, points
d'accueil numériques. Decides which are nearest to a commune and whether one is open; leaves to `sites` the
préfet's list of public places, which the law wants for an act (R. 72-1 III).

Nothing here allows or forbids an act: these places help people to find their way.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from heapq import nsmallest
from math import asin, cos, inf, radians, sin, sqrt
from typing import Final

UNITS_PER_DEGREE: Final = 100_000
"""Coordinates are whole 1e-5 degrees: about one metre."""
MINUTES_PER_DAY: Final = 24 * 60
LOOK_AHEAD_DAYS: Final = 14
"""A place that does not open within a fortnight is no place to send somebody to."""
_EARTH_METRES: Final = 6_371_000
_CORSE: Final = frozenset({"2A", "2B"})


class PlaceKind(IntEnum):
    """Who receives people there."""

    GENDARMERIE = 1
    COMMISSARIAT = 2
    CONSULAT = 3
    POINT_ACCUEIL = 4


ESTABLISHING: Final = frozenset({PlaceKind.GENDARMERIE, PlaceKind.COMMISSARIAT})
"""Where any elector may go with a reference, whatever their commune."""


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """From one minute of the local day to another: 8 h to 12 h 30 is (480, 750)."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Point:
    """Latitude and longitude in 1e-5 degrees, north and east positive."""

    latitude: int
    longitude: int


Week = tuple[tuple[Hours, ...], ...]
"""Seven days from Monday; each from its first hour. Seven empty days: the hours are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionPlace:
    """One place that receives people.

    Attributes:
        commune: INSEE code of the commune or arrondissement municipal where it stands; of a consulate, its
        own. closures: first and last local day of each exceptional closure, both included.
        first_day, last_day: when it is in service, both included; None without an end.
    """

    id: str
    kind: PlaceKind
    name: str
    address: tuple[str, ...]
    commune: str
    point: Point | None
    week: Week
    closures: tuple[tuple[date, date], ...]
    phone: str
    first_day: date
    last_day: date | None

    @property
    def hours_known(self) -> bool:
        return any(self.week)

    def in_service(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """Its hours on a local day, from the first; none when it is closed."""
        shut = any(first <= day <= last for first, last in self.closures)
        return () if shut or not self.in_service(day) else self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a place is open: until which minute of today, or from which minute of which day; neither when
    it stays closed for a fortnight or its hours are not known."""

    open_until: int | None = None
    opens_on: date | None = None
    opens_at: int | None = None


def standing_at(place: ReceptionPlace, local: datetime) -> Standing:
    """Open or not at a local time of the place, the minute it closes excluded."""
    minute, today = local.hour * 60 + local.minute, local.date()
    hours = place.hours_on(today)
    now = next((one for one in hours if one.opens <= minute < one.closes), None)
    if now is not None:
        return Standing(open_until=now.closes)
    later = next((one for one in hours if one.opens > minute), None)
    if later is not None:
        return Standing(opens_on=today, opens_at=later.opens)
    for ahead in range(1, LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        if hours := place.hours_on(day):
            return Standing(opens_on=day, opens_at=hours[0].opens)
    return Standing()


def welcomes(place: ReceptionPlace, local: datetime) -> bool:
    """Whether it is worth going there: in service, and open within a fortnight as far as its hours are
    known."""
    if not place.hours_known:
        return place.in_service(local.date())
    return standing_at(place, local) != Standing()


def metres_between(one: Point, other: Point) -> int:
    """Distance on the sphere (haversine), for ordering and for a round number of kilometres."""
    north_1, north_2 = (radians(point.latitude / UNITS_PER_DEGREE) for point in (one, other))
    east = radians((other.longitude - one.longitude) / UNITS_PER_DEGREE)
    chord = sin((north_2 - north_1) / 2) ** 2 + cos(north_1) * cos(north_2) * sin(east / 2) ** 2
    return round(2 * _EARTH_METRES * asin(min(1.0, sqrt(chord))))


def departement_of(commune: str) -> str:
    """Code of the département or territory: three characters overseas, else two."""
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


def shore_of(commune: str) -> str:
    """What can be reached without crossing the sea, as far as codes tell: the continent, Corse, or one
    territory overseas. The islands of one territory share a shore here."""
    departement = departement_of(commune)
    if departement in _CORSE:
        return "corse"
    return departement if len(departement) > 2 else "continent"


def centre_of(commune: str, places: Iterable[ReceptionPlace]) -> Point | None:
    """Where a commune lies, as its own places tell: the middle of their points; None without any."""
    points = [one.point for one in places if one.commune == commune and one.point is not None]
    if not points:
        return None
    return Point(
        sum(point.latitude for point in points) // len(points),
        sum(point.longitude for point in points) // len(points),
    )


@dataclass(frozen=True, slots=True)
class Near:
    """A place, and how far it is; `metres` None when that is not known."""

    place: ReceptionPlace
    metres: int | None


def nearest(
    commune: str,
    places: Sequence[ReceptionPlace],
    local_of: Callable[[ReceptionPlace], datetime],
    count: int,
    kinds: Collection[PlaceKind] = ESTABLISHING,
) -> tuple[Near, ...]:
    """The places that somebody of a commune should go to, the nearest first, ties by name.

    Only those of the same shore when it has one. Without a point of the commune or of a place, its own
    commune comes before everything, then its département, then its shore.

    Args:
        local_of: the local time of a place, now.
    """
    welcoming = [one for one in places if one.kind in kinds and welcomes(one, local_of(one))]
    shore = shore_of(commune)
    same = [one for one in welcoming if shore_of(one.commune) == shore]
    origin = centre_of(commune, places)
    found = [Near(one, _metres(origin, one.point)) for one in same or welcoming]
    return tuple(nsmallest(count, found, key=lambda near: _rank(commune, near)))


def _metres(origin: Point | None, point: Point | None) -> int | None:
    return metres_between(origin, point) if origin is not None and point is not None else None


def _rank(commune: str, near: Near) -> tuple[float, bool, bool, str, str]:
    place, here = near.place, near.place.commune == commune
    elsewhere = departement_of(place.commune) != departement_of(commune)
    far = near.metres if near.metres is not None else (0 if here else inf)
    return (far, not here, elsewhere, place.name, place.id)
