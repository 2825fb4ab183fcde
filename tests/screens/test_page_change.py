"""A page that comes is drawn once, whole; and what its first visitor would wait for is there before."""

import gc
from functools import partial

import pytest

from kiosk_app.presenters.wording import Language
from procuration.record.enrolment import Profile
from tests.kiosk.presenters.fakes import Accueil
from tests.screens.states import ANSWERS, answer_until, first_question, open_post

LONGER = 12
"""Frames in which a second picture would come."""
EMPTIED_SECONDS = 2
"""What the wipe of the test before puts off draws once more."""


@pytest.fixture
def pictures(tablet):
    """How many there are, with the frames that go by."""
    from kivy.core.window import Window

    tablet.driver.seconds(EMPTIED_SECONDS)
    drawn = []
    note = lambda *_: drawn.append(1)  # noqa: E731 - to be unbound again
    Window.bind(on_flip=note)

    def count(act):
        drawn.clear()
        act()
        tablet.driver.frames(LONGER)
        return len(drawn)

    yield count
    Window.unbind(on_flip=note)


@pytest.fixture
def at_rest(tablet):
    """The work that the program does while nobody is there."""
    from kiosk_app.screens.at_rest import AHEAD, AtRest, preparing

    tablet.stage.keyboard.name_again()  # only the keys in sight stay
    tablet.start(Accueil())
    open_post(tablet.presenter)
    tablet.driver.frames(LONGER)
    work = AtRest(tablet.stage, partial(preparing, tablet.stage, AHEAD[Profile.ACCUEIL]))
    yield work
    work.close()


def keys():
    from kiosk_app.screens.kit.keyboard import Key

    return {id(thing) for thing in gc.get_objects() if type(thing) is Key}


@pytest.mark.parametrize(
    "question",
    ["mandant.given_names", "mandant.sex", "mandant.birth_date", "email.question", "mandataire.birth_name"],
)
def test_a_page_is_drawn_once(tablet, pictures, question):
    tablet.start(Accueil())
    answer_until(tablet.presenter, question)
    tablet.driver.frames(LONGER)
    assert pictures(lambda: tablet.presenter.act("continue", ANSWERS[question])) == 1


def test_a_page_with_mistakes_shows_the_list_of_them_in_its_first_pictures(tablet, pictures):
    tablet.start(Accueil())
    first_question(tablet.presenter)
    tablet.driver.frames(LONGER)
    assert pictures(lambda: tablet.presenter.act("continue", {"name": ""})) <= 2


def test_the_keys_are_built_while_nobody_is_there(tablet, at_rest):
    tablet.driver.seconds(8)
    built = keys()
    answer_until(tablet.presenter, "mandataire.birth_name")
    tablet.driver.frames(LONGER)
    assert tablet.stage.keyboard.target is not None
    assert keys() == built


def test_a_finger_comes_before_the_keys(tablet, at_rest):
    from kivy.core.window import Window

    tablet.driver.frames(LONGER)
    built = keys()
    for _ in range(5):  # somebody every second
        tablet.driver.seconds(1)
        Window.dispatch("on_key_down", 0, 0, None, [])
    assert keys() == built
    tablet.driver.seconds(8)
    assert len(keys()) > len(built) + 50


def test_keys_that_were_built_before_speak_the_language_and_have_the_size_of_the_person(tablet, at_rest):
    from kiosk_app.screens.tokens import look

    tablet.driver.seconds(8)
    tablet.start(Accueil(), language=Language.ENGLISH)
    tablet.stage.set_look(strong=False, scale=1.4)
    first_question(tablet.presenter)
    tablet.driver.frames(LONGER)
    faces = {key.text: key.font_size for line in tablet.stage.keyboard.children for key in line.children}
    assert "Next" in faces
    assert faces["A"] > look.body / 1.4


def test_the_tablet_looks_less_often_once_nobody_has_been_there_for_a_while(tablet, monkeypatch):
    """In virtual time nobody may wait: the clock is looked at between two frames only."""
    from kivy.clock import Clock
    from kivy.core.window import Window

    from kiosk_app.screens.at_rest import ASLEEP_SECONDS, LOOKS_ASLEEP, AtRest

    looks = []

    class Noted:
        _max_fps = 60.0
        create_trigger = staticmethod(Clock.create_trigger)

        def __setattr__(self, name, value):
            looks.append(value)

    tablet.start(Accueil())
    open_post(tablet.presenter)
    tablet.driver.frames(LONGER)
    monkeypatch.setattr("kiosk_app.screens.at_rest.Clock", Noted())
    work = AtRest(tablet.stage, lambda: iter(()))
    tablet.driver.seconds(ASLEEP_SECONDS - 1)
    assert set(looks) == {60.0}
    tablet.driver.seconds(2)
    assert looks[-1] == LOOKS_ASLEEP
    Window.dispatch("on_key_down", 0, 0, "", [])
    assert looks[-1] == 60.0
    work.close()
