"""Where to go with a reference: which places are near, and whether they are open."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from procuration.domain.places import (
    Hours,
    PlaceKind,
    Point,
    ReceptionPlace,
    Standing,
    metres_between,
    nearest,
    shore_of,
    standing_at,
)

DAY = (Hours(480, 720), Hours(840, 1080))
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
BRIGADE = ReceptionPlace(
    id="1",
    kind=PlaceKind.GENDARMERIE,
    name="Brigade de Laon",
    address=("1 rue Inventée", "02000 Laon"),
    commune="02408",
    point=Point(49_56410, 3_61990),
    week=(DAY, DAY, DAY, DAY, DAY, (), ()),
    closures=((date(2026, 12, 25), date(2026, 12, 25)),),
    phone="",
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
)


@pytest.mark.parametrize(
    ("story", "at", "expected"),
    [
        ("in the morning", (27, 10, 0), Standing(open_until=720)),
        ("the minute it opens", (27, 8, 0), Standing(open_until=720)),
        ("the minute it closes", (27, 12, 0), Standing(opens_on=date(2026, 11, 27), opens_at=840)),
        ("before it opens", (27, 7, 59), Standing(opens_on=date(2026, 11, 27), opens_at=480)),
        ("at night", (27, 18, 0), Standing(opens_on=date(2026, 11, 30), opens_at=480)),
        ("on Sunday", (29, 12, 0), Standing(opens_on=date(2026, 11, 30), opens_at=480)),
    ],
)
def test_a_place_is_open_or_says_when_it_opens(story, at, expected):
    assert standing_at(BRIGADE, datetime(2026, 11, *at, tzinfo=UTC)) == expected


def test_an_exceptional_closure_shuts_its_days_and_no_other():
    assert BRIGADE.hours_on(date(2026, 12, 25)) == ()
    assert BRIGADE.hours_on(date(2026, 12, 24)) == DAY
    before = datetime(2026, 12, 24, 20, 0, tzinfo=UTC)
    assert standing_at(BRIGADE, before) == Standing(opens_on=date(2026, 12, 28), opens_at=480)


def test_out_of_service_a_place_never_opens():
    assert standing_at(BRIGADE, datetime(2026, 12, 31, 10, 0, tzinfo=UTC)) == Standing(open_until=720)
    assert standing_at(BRIGADE, datetime(2027, 1, 1, 10, 0, tzinfo=UTC)) == Standing()
    assert standing_at(replace(BRIGADE, first_day=date(2027, 1, 1), last_day=None), FRIDAY).opens_on is None


def test_distance_on_the_sphere_is_that_of_the_maps():
    laon, soissons = Point(49_56410, 3_61990), Point(49_38100, 3_32300)
    assert metres_between(laon, soissons) == pytest.approx(29_600, abs=300)
    assert metres_between(laon, laon) == 0
    assert metres_between(Point(0, 179_99900), Point(0, -179_99900)) < 300


def names(found):
    return [near.place.name for near in found]


def at(name, commune, point, **changes):
    return replace(BRIGADE, id=name, name=name, commune=commune, point=point, **changes)


HERE = at("here", "02408", Point(49_56410, 3_61990))
FAR = at("far", "02722", Point(49_38100, 3_32300))
NEXT = at("next", "51454", Point(49_25000, 4_03000))
UNPLACED = at("unplaced", "02408", None)
UNPLACED_AWAY = at("unplaced away", "02722", None)
ISLAND = at("island", "98818", Point(-22_27000, 166_44200))


def nearest_names(commune, *places, count=5, **options):
    return names(nearest(commune, places, lambda place: FRIDAY, count, **options))


@pytest.mark.parametrize(
    ("story", "places", "expected"),
    [
        ("by distance, whatever the département", (NEXT, FAR, HERE), ["here", "far", "next"]),
        ("without a point, here comes first", (FAR, HERE, UNPLACED), ["here", "unplaced", "far"]),
        ("and one of elsewhere last", (UNPLACED_AWAY, NEXT, HERE), ["here", "next", "unplaced away"]),
        ("without any point, commune, département, shore", (
            replace(NEXT, point=None), UNPLACED_AWAY, UNPLACED), ["unplaced", "unplaced away", "next"]),
        ("never across the sea when there is one here", (ISLAND, FAR), ["far"]),
        ("across the sea when there is none here", (ISLAND,), ["island"]),
    ],
)  # fmt: skip
def test_the_nearest_places_of_a_commune(story, places, expected):
    assert nearest_names("02408", *places) == expected
    assert nearest_names("02408", *reversed(places)) == expected


def test_ties_are_told_apart_by_name():
    twins = [at(name, "02408", HERE.point) for name in ("b", "a", "c")]
    assert nearest_names("02408", *twins) == ["a", "b", "c"]
    assert nearest_names("02408", *twins, count=2) == ["a", "b"]


def test_only_places_that_establish_and_that_will_open():
    desk = replace(HERE, kind=PlaceKind.POINT_ACCUEIL, name="desk")
    shut = replace(HERE, closures=((date(2026, 11, 1), date(2026, 12, 31)),), name="shut")
    unknown = replace(HERE, week=((),) * 7, name="unknown")
    over = replace(unknown, last_day=date(2026, 11, 26), name="over")
    assert nearest_names("02408", desk, shut, unknown, over) == ["unknown"]
    assert nearest_names("02408", desk, kinds={PlaceKind.POINT_ACCUEIL}) == ["desk"]


@pytest.mark.parametrize(
    ("commune", "shore"),
    [("02408", "continent"), ("75056", "continent"), ("2A004", "corse"), ("2B033", "corse"), ("98818", "988"),
     ("97105", "971"), ("97801", "978")],
)  # fmt: skip
def test_every_territory_overseas_and_corse_have_their_own_shore(commune, shore):
    assert shore_of(commune) == shore
