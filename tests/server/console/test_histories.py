"""A stopped log in the console: both histories, place by place, and what to do."""

import pytest
from django.test import Client

from server.ledger.models import StrandedEvent
from tests.server.centre import Tablet
from tests.server.townhall import administrator, agent_of


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def forked(world, kiosk) -> Tablet:
    """A kiosk whose copy spoke too."""
    kiosk.files(1)
    kiosk.files(2)
    world.hears(kiosk)
    copy = Tablet(kiosk.name)
    copy.files(1)
    copy.files(9)
    copy.files(8)
    world.hears(copy, 1)
    return copy


def test_i_5_the_console_leads_from_the_frozen_tablet_to_both_its_histories(world, kiosk, forked):
    browser = administrator()
    address = f"/console/postes/{kiosk.log_id.hex()}/histoires/"
    assert address in plain(browser.get("/console/postes/"))
    page = plain(browser.get(address))
    for pair in (*kiosk.pairs[1:], *forked.pairs[1:]):
        assert pair.hash.hex()[:16] in page
    assert kiosk.pairs[0].hash.hex()[:16] not in page
    assert "avant le rang 1 est commun" in page
    assert StrandedEvent.objects.count() == 2


def test_the_page_of_a_log_shows_no_name_and_only_to_those_who_may(world, kiosk, forked):
    address = f"/console/postes/{kiosk.log_id.hex()}/histoires/"
    browser = administrator()
    page = plain(browser.get(address))
    assert "DUBOIS" not in page.upper()
    assert Client().get(address).status_code == 302
    assert agent_of().get(address).status_code == 403
    assert browser.get("/console/postes/0000000000000000/histoires/").status_code == 404
