"""One elector after the other: the tablet holds no more after the last than after the third. Each page is
drawn, and what the wipe puts off is done; the program with its store is weighed by `make bench`
(`kiosk_many`).
"""

import gc
from collections import Counter
from weakref import ReferenceType

import pytest

from tests.kiosk.presenters.fakes import Accueil
from tests.screens.states import ANSWERS, PLACE_TYPED, open_post

FIRST, MORE = 3, 4
EMPTIED_SECONDS = 2
"""The wipe gives memory back one second after it."""
KIVY_KEEPS = {ReferenceType, type(len)}
"""Kivy's list of what it has drawn, with what takes it out of the list, is tidied at some pictures only."""


@pytest.fixture
def world(tablet):
    """A tablet whose timers are those of the screen: nothing of the test remembers them."""
    from kiosk_app.screens.clockwork import KivyTimers

    class UntilTheEnd(KivyTimers):
        """What is still to come when the test ends does not come: it would ask the next test, which has the
        same window, whether anybody is there."""

        going_on = True

        def after(self, seconds, act):
            return super().after(seconds, lambda: act() if self.going_on else None)

    world, timers = Accueil(), UntilTheEnd()
    tablet.start(world)
    tablet.driver.app.presenter = world.presenter(timers=timers)
    tablet.stage.listen_with(tablet.presenter)
    tablet.presenter.start()
    open_post(tablet.presenter)
    yield world
    timers.going_on = False
    tablet.stage.wipe()


def file_requests(tablet, world, number):
    for _ in range(number):
        tablet.presenter.act("start", {})
        tablet.presenter.act("understood", {})
        answer(tablet)
        tablet.presenter.act("validate", {})
        tablet.driver.frames(2)
        assert tablet.stage.page.name == "K7-filed"
        tablet.presenter.act("end", {})
        tablet.driver.seconds(EMPTIED_SECONDS)
        world.filed.clear()


def answer(tablet):
    while (question := tablet.presenter.form.question) is not None:
        tablet.driver.frames(1)
        if question.key in PLACE_TYPED:
            tablet.presenter.typed("place", PLACE_TYPED[question.key])
            tablet.presenter.picked(0)
        else:
            tablet.presenter.act("continue", ANSWERS[question.key])
    tablet.driver.frames(1)


def held():
    gc.collect()
    return Counter(type(thing) for thing in gc.get_objects() if type(thing) not in KIVY_KEEPS)


def test_requests_in_a_row_leave_no_object_behind(tablet, world):
    """What grows by one for each request, twice in a row, is kept for ever."""
    file_requests(tablet, world, FIRST)
    weighed = [held()]
    for _ in range(2):
        file_requests(tablet, world, MORE)
        weighed.append(held())
    before, between, after = weighed
    left = {
        kind.__qualname__
        for kind in after
        if between[kind] - before[kind] >= MORE <= after[kind] - between[kind]
    }
    assert not left
