"""Where an officer may act: at the unit, at home, or in a place of the préfet's list while it is open
(R-16).
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from procuration.domain.acts import (
    REQUIRED_AT_HOME,
    REQUIRED_TO_ESTABLISH,
    ActPlace,
    ActPlaceKind,
    Declarations,
    missing_to_establish,
)
from procuration.domain.sites import Opening, PublicPlace, check_place, open_on
from procuration.errors import RuleViolated

OPENS = datetime(2027, 4, 1, 21, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=6)
DAY = date(2027, 4, 2)  # in Nouméa
ANNEXE = PublicPlace(
    id="988-1",
    name="Mairie annexe",
    insee_code="98818",
    openings=(Opening(day=DAY, opens_at=OPENS, closes_at=CLOSES),),
)


def listed(site_id: str | None = "988-1", insee_code: str = "98818") -> ActPlace:
    return ActPlace(kind=ActPlaceKind.LISTED_PUBLIC_PLACE, site_id=site_id, insee_code=insee_code)


@pytest.mark.parametrize("at", [OPENS, OPENS + timedelta(hours=1), CLOSES])
def test_a_listed_place_is_good_while_it_is_open(at):
    check_place(listed(), (ANNEXE,), at)


@pytest.mark.parametrize(
    ("place", "at"),
    [
        (listed(), OPENS - timedelta(seconds=1)),
        (listed(), CLOSES + timedelta(seconds=1)),
        (listed("988-2"), OPENS),
        (listed(None), OPENS),
        (listed(insee_code="98805"), OPENS),
        (ActPlace(kind=ActPlaceKind.UNIT, site_id="988-1", insee_code="98818"), OPENS),
    ],
)
def test_any_other_place_commune_or_hour_is_not(place, at):
    with pytest.raises(RuleViolated, match="LIEU_NON_AUTORISE"):
        check_place(place, (ANNEXE,), at)


def test_without_a_list_there_is_no_listed_place():
    with pytest.raises(RuleViolated, match="LIEU_NON_AUTORISE"):
        check_place(listed(), (), OPENS)


@pytest.mark.parametrize("kind", [ActPlaceKind.UNIT, ActPlaceKind.HOME])
def test_the_unit_and_a_home_need_no_list(kind):
    check_place(ActPlace(kind=kind, site_id=None, insee_code="98818"), (), OPENS)


def test_the_places_of_a_day_are_those_that_open_on_it():
    assert open_on(DAY, (ANNEXE,)) == (ANNEXE,)
    assert open_on(DAY - timedelta(days=1), (ANNEXE,)) == ()


@pytest.mark.parametrize(
    ("declared", "place", "missing"),
    [
        (REQUIRED_TO_ESTABLISH, ActPlaceKind.UNIT, Declarations(0)),
        (REQUIRED_TO_ESTABLISH & ~Declarations.PHOTO, ActPlaceKind.UNIT, Declarations.PHOTO),
        (REQUIRED_TO_ESTABLISH, ActPlaceKind.HOME, REQUIRED_AT_HOME),
        (REQUIRED_TO_ESTABLISH | REQUIRED_AT_HOME, ActPlaceKind.HOME, Declarations(0)),
    ],
)
def test_what_is_missing_to_establish_depends_on_the_place(declared, place, missing):
    assert missing_to_establish(declared, place) == missing
