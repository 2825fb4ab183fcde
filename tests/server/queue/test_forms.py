"""Two paper forms of one day without an hour: a person reads both and says which came first (R-43)."""

import re

import pytest

from procuration.domain.status import Doubt, Status
from tests.server.dossiers.test_paper_forms import a_form, keyed
from tests.server.queue.stories import Doubts, row
from tests.server.queue.test_pages import LIST, decides, plain
from tests.server.townhall import administrator


@pytest.mark.parametrize("wanted", ["order-A-B", "order-B-A"])
def test_r_43_the_order_of_two_forms_is_read_and_decided_whichever_was_keyed_in_first(doubts: Doubts, wanted):
    first, second = keyed(a_form(7)), keyed(a_form(8))
    assert row(first).code == Doubt.ORDRE_INCERTAIN
    browser = administrator("claire")
    page = plain(browser.get(f"{LIST}{first}/"))
    assert "Élise WAMYTAN" in page
    assert "Tribunal de première instance de Nouméa" in page
    assert wanted in re.findall(r'name="choice" value="([^"]+)"', page)
    answer = decides(browser, doubts, first, wanted)
    assert "Décision enregistrée" in plain(answer)
    assert Status.EN_ATTENTE_HUMAINE not in (row(first).status, row(second).status)
