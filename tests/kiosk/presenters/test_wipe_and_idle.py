"""Nothing of an elector stays: at the end, on « Quitter », and when nobody answers."""

import gc

import pytest

from kiosk_app.presenters.draft import Draft
from tests.kiosk.presenters.walk import answer_until, first_question, to_the_review


def test_after_180_seconds_the_tablet_asks_and_after_40_more_it_wipes(tablet, presenter):
    answer_until(presenter, "mandant.sex")
    tablet.time.pass_seconds(179)
    assert tablet.view.dialog is None
    tablet.time.pass_seconds(1)
    assert tablet.view.dialog.name == "X1-idle"
    assert "40\u00a0secondes" in tablet.view.dialog.text
    tablet.time.pass_seconds(39)
    assert "1\u00a0seconde." in tablet.view.dialog.text
    tablet.time.pass_seconds(1)
    assert tablet.view.page.name == "K0-welcome"
    assert presenter.draft == Draft()


def test_any_sign_of_life_during_the_warning_is_an_answer_and_there_is_no_limit(tablet, presenter):
    first_question(presenter)
    for _ in range(5):
        tablet.time.pass_seconds(200)
        assert tablet.view.dialog is not None
        presenter.activity()
        assert tablet.view.dialog is None
    assert tablet.view.page.name == "K2-birth_name"


def test_touching_the_screen_starts_the_delay_again(tablet, presenter):
    first_question(presenter)
    for _ in range(4):
        tablet.time.pass_seconds(170)
        presenter.activity()
    assert tablet.view.dialog is None


def test_on_the_page_of_the_reference_60_seconds_are_enough(tablet, presenter):
    to_the_review(presenter)
    presenter.act("validate", {})
    tablet.time.pass_seconds(60)
    assert tablet.view.dialog.name == "X1-idle"
    tablet.time.pass_seconds(40)
    assert tablet.view.page.name == "K0-welcome"


def test_nothing_runs_on_the_welcome_page(tablet, presenter):
    first_question(presenter)
    presenter.act("quit.wipe", {})
    wipes = tablet.view.wipes
    tablet.time.pass_seconds(1000)
    assert tablet.view.wipes == wipes


@pytest.mark.parametrize("way", ["quit.wipe", "idle.wipe", "end"])
def test_every_way_out_forgets_the_elector(tablet, presenter, way):
    to_the_review(presenter)
    presenter.act(way, {})
    assert presenter.draft == Draft()
    assert [page.name for page in tablet.view.pages] == ["K0-welcome"]


def test_no_answer_is_left_anywhere_in_the_presenter(tablet, presenter):
    to_the_review(presenter, {"mandant.birth_name": {"name": "Marquesienne-Unique"}})
    presenter.act("validate", {})
    tablet.filed.clear()
    presenter.act("end", {})
    gc.collect()
    left = [
        thing
        for thing in gc.get_objects()
        if str(type(thing).__module__).startswith(("kiosk_app", "procuration"))
        and "Marquesienne-Unique" in [getattr(thing, name, None) for name in getattr(thing, "__slots__", ())]
    ]
    assert left == []


def test_quitting_asks_first_and_staying_loses_nothing(tablet, presenter):
    answer_until(presenter, "mandant.given_names")
    presenter.act("quit", {"names": "Angela", "none": False})
    assert tablet.view.dialog.name == "X2-quit"
    presenter.act("quit.stay", {"names": "Angela", "none": False})
    assert tablet.view.dialog is None
    assert presenter.draft.mandant.given_names == "Angela"


def test_the_display_page_acts_at_once_comes_back_to_the_same_page_and_is_reset_for_the_next_person(
    tablet, presenter
):
    first_question(presenter)
    presenter.act("display", {"name": "Dub"})
    presenter.touched("size", {"size": "1.75", "contrast": "strong"})
    assert tablet.view.look == (True, 1.75)
    presenter.act("display.done", {})
    assert tablet.view.page.asked[0].value == "Dub"
    presenter.act("quit.wipe", {})
    assert tablet.view.look == (False, 1.0)
