"""What pages leave behind is collected once the next page stands, never in its change."""

import gc

import pytest

from tests.kiosk.presenters.fakes import Accueil
from tests.screens.states import ANSWERS, answer_until


@pytest.fixture
def collected():
    """How often the old generation was gone through."""
    seen = []

    def note(phase, info):
        if phase == "start" and info["generation"] == 2:
            seen.append(info)

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


def at_the_given_names(tablet):
    """After the pause that empties what the page of the code left."""
    tablet.start(Accueil())
    answer_until(tablet.presenter, "mandant.given_names")
    tablet.driver.seconds(5)


def test_a_page_that_changes_waits_for_no_collection_and_one_follows_once_it_stands(tablet, collected):
    from kiosk_app.screens.stage import TIDY_SECONDS  # at the top it would load Kivy before its settings

    at_the_given_names(tablet)
    collected.clear()
    for key in ("mandant.given_names", "mandant.sex"):
        tablet.presenter.act("continue", ANSWERS[key])
        tablet.driver.frames(10)
        assert collected == []
    tablet.driver.seconds(TIDY_SECONDS + 1)
    assert len(collected) == 1
    tablet.driver.seconds(10)
    assert len(collected) == 1
