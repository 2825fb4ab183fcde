"""A calendar that cannot be is refused whole, with a code."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procuration.domain.people import PlaceType
from procuration.domain.scrutin import Round, Scrutin, calendar_fault
from tests.domain.shipped import CALENDAR


def poll(day, opens=6, hours=10):
    """A polling day; hours UTC."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=opens)
    return Round(day=day, opens_at=at, closes_at=at + timedelta(hours=hours))


FIRST, SECOND = poll(date(2027, 4, 11)), poll(date(2027, 4, 25))
GOOD = Scrutin(
    id="2027-04/metropole",
    elections=("presidentielle",),
    places=("02", "75"),
    rounds=(FIRST, SECOND),
    zone="Europe/Paris",
    max_total=2,
    max_france=1,
    article="L. 73",
)
NOUMEA = replace(GOOD, id="2027-04/988", places=("988",), rounds=(poll(date(2027, 4, 11), opens=-3),))


def test_the_shipped_calendar_can_be():
    assert calendar_fault(CALENDAR) is None


def test_r_37_each_territory_has_its_own_hours():
    assert calendar_fault((GOOD, NOUMEA)) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"places": ()}, "CALENDAR_NO_PLACE"),
        ({"places": ("02", "02")}, "CALENDAR_TWICE"),
        ({"elections": ()}, "CALENDAR_NO_ELECTION"),
        ({"rounds": ()}, "CALENDAR_ROUNDS"),
        ({"rounds": (SECOND, FIRST)}, "CALENDAR_ROUNDS"),
        ({"rounds": (FIRST, FIRST)}, "CALENDAR_ROUNDS"),
        ({"rounds": (FIRST, SECOND, poll(date(2027, 5, 9)))}, "CALENDAR_ROUNDS"),
        ({"rounds": (poll(date(2027, 4, 11), 6, 0),)}, "CALENDAR_ROUNDS"),
        ({"rounds": (poll(date(2027, 4, 11), 6, -1),)}, "CALENDAR_ROUNDS"),
        ({"rounds": (poll(date(2027, 4, 11), 6, 25),)}, "CALENDAR_ROUNDS"),
        ({"rounds": (poll(date(2027, 4, 11), 20, 12), poll(date(2027, 4, 12), 6))}, "CALENDAR_ROUNDS"),
        ({"rounds": (poll(date(2027, 4, 11), opens=-15),)}, "CALENDAR_DAY"),
        ({"rounds": (poll(date(2027, 4, 11), opens=36),)}, "CALENDAR_DAY"),
        ({"max_total": 0, "max_france": 0}, "CALENDAR_CEILING"),
        ({"max_france": 3}, "CALENDAR_CEILING"),
    ],
    ids=[
        "held nowhere", "one place twice", "for nothing", "without a round", "rounds reversed",
        "one day twice", "three rounds", "no time to vote", "closes before it opens", "open more than a day",
        "rounds that overlap", "opens the day before", "opens the day after", "nobody may be mandataire",
        "more in France than in all",
    ],
)  # fmt: skip
def test_r_37_a_scrutin_that_cannot_be_has_a_code(changes, code):
    assert calendar_fault((NOUMEA, replace(GOOD, **changes))) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "CALENDAR_DUPLICATE"),
        ({"id": "2027-04/aisne", "places": ("02",)}, "CALENDAR_TWICE"),
        ({"id": "2027-04/laon", "places": (("02408", PlaceType.COMMUNE),)}, None),
        ({"id": "2027-06/metropole"}, None),
    ],
    ids=["the same id", "the same ballot in one place", "a place of its own", "another ballot"],
)
def test_r_31_a_place_has_one_scrutin_of_a_ballot(changes, code):
    assert calendar_fault((GOOD, replace(GOOD, **changes))) == code
