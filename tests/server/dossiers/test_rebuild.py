"""The dossiers are a fold of the ledger: rebuilt from it alone, they are the same rows."""

import pytest

from procuration.domain.people import PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.services import Account, decide, taken_in_by_town_hall
from server.ledger.models import SetAside
from server.ledger.verifying import verify_ledger
from tests import builders
from tests.builders import LAON, rid

TOWN_HALL = Account(
    pseudonym="agent-1", role="agent", place_code="98818", place_type=PlaceType.COMMUNE, place_cog_year=2026
)


def rows() -> dict[str, dict[str, object]]:
    return {row["rid"]: row for row in Procuration.objects.values()}


def asides() -> set[tuple[object, ...]]:
    return set(SetAside.objects.values_list("device_id", "seq", "rid", "code"))


@pytest.fixture
def busy_day(world, kiosk, brigade, officer):
    """One of each: validated, invalidated, refused by the officer, waiting, filed only, set aside, at Laon
    under the REU.
    """
    kiosk.starts_hiding_bodies()
    requests = [kiosk.files(number) for number in range(1, 7)]
    kiosk.files(7, vote_place=LAON)
    world.hears(kiosk)
    for number in (1, 2, 4):
        brigade.acts(requests[number - 1], officer, number)
    brigade.refuses(requests[2], officer, RefusalCode.MANDANT_ABSENT, 3)
    brigade.acts(requests[4], builders.key("nobody"), 5)
    world.hears(brigade)
    decide(rid(1).hex(), TOWN_HALL, accepted=True, code=None)
    taken_in_by_town_hall(rid(2).hex(), TOWN_HALL)
    decide(rid(2).hex(), TOWN_HALL, accepted=False, code=RefusalCode.PLAFOND_DEPASSE)
    return world


def test_every_state_of_the_day_is_what_its_story_says(busy_day):
    expected = [
        Status.VALIDEE,
        Status.INVALIDEE,
        Status.REFUSEE,
        Status.TRANSMISE,
        Status.DEMANDE,
        Status.DEMANDE,
    ]
    assert [Status(rows()[rid(number).hex()]["status"]) for number in range(1, 7)] == expected


def test_rebuilt_dossiers_are_the_live_ones(busy_day):
    live, live_asides = rows(), asides()
    result = rebuild_all(busy_day.centre, lambda _: None)
    assert (result.dossiers, result.differed) == (7, 0)
    assert rows() == live
    assert asides() == live_asides


def test_dossiers_come_back_when_their_table_is_lost(busy_day):
    live, live_asides = rows(), asides()
    Procuration.objects.all().delete()
    SetAside.objects.all().delete()
    rebuild_all(busy_day.centre, lambda _: None)
    assert rows() == live
    assert asides() == live_asides


def test_a_row_that_somebody_wrote_by_hand_is_found_and_mended(busy_day):
    live = rows()
    Procuration.objects.filter(rid=rid(6).hex()).update(status=Status.VALIDEE)
    Procuration.objects.create(**{**live[rid(1).hex()], "rid": "00" * 16})
    assert rebuild_all(busy_day.centre, lambda _: None).differed == 2
    assert rows() == live


def test_the_whole_ledger_verifies_after_a_busy_day(busy_day):
    audit = verify_ledger(busy_day.centre, lambda _: None)
    assert audit.faults == []
    assert audit.events == 20
    assert audit.leaves >= 3


def test_what_is_set_aside_stands_in_an_order_that_does_not_come_from_its_arrival(world, kiosk, brigade):
    request = kiosk.files()
    world.hears(kiosk)
    acts = [brigade.acts(request, builders.key(nobody)) for nobody in ("nobody", "nobody else")]
    world.hears(brigade)
    (row,) = rows().values()
    assert row["aside"] == [["AGENT_INCONNU", hash_] for hash_ in sorted(act.hash.hex() for act in acts)]
