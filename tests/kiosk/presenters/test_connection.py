"""The first page and the page of the reference say how the tablet is connected, and wait for nothing."""

from datetime import timedelta

import pytest

from kiosk_app.presenters.connection import LOOK_EVERY_SECONDS
from kiosk_app.presenters.wording import Language
from tests.kiosk.presenters.fakes import NOW, RIGHT_CODE, Stock
from tests.kiosk.presenters.walk import answer_until

OFFLINE = "Hors connexion – tout est gardé sur cette tablette"


def said(tablet):
    return [one.replace("\u00a0", " ") for one in tablet.view.page.paragraphs]


@pytest.fixture
def opened(tablet, presenter):
    presenter.act("unlock", {"code": RIGHT_CODE})
    return tablet


def test_an_elector_reads_that_everything_is_kept_here(opened):
    assert OFFLINE in said(opened)


def test_a_recent_contact_is_said_with_its_hour_in_the_language_spoken(opened, presenter):
    opened.stock = Stock(last_contact=NOW - timedelta(minutes=5))
    presenter.act("language.en", {})
    assert any(one.startswith("Connected – last contact at ") for one in said(opened))


def test_a_tablet_that_never_heard_of_the_centre_is_offline(opened, presenter):
    opened.stock = Stock(last_contact=None)
    presenter.act(f"language.{Language.FRENCH}", {})
    assert OFFLINE in said(opened)


def test_the_first_page_follows_the_connection_while_it_stands(opened):
    opened.stock = Stock(last_contact=NOW)
    opened.time.pass_seconds(LOOK_EVERY_SECONDS)
    assert any(one.startswith("Connecté – dernier contact à ") for one in said(opened))


def test_nothing_moves_under_the_hand_of_somebody_who_began(opened, presenter):
    presenter.act("display", {})
    shown = len(opened.view.pages)
    opened.stock = Stock(last_contact=NOW)
    opened.time.pass_seconds(2 * LOOK_EVERY_SECONDS)
    assert len(opened.view.pages) == shown


def test_the_same_words_are_not_drawn_again(opened):
    shown = len(opened.view.pages)
    opened.time.pass_seconds(5 * LOOK_EVERY_SECONDS)
    assert len(opened.view.pages) == shown


def test_beside_the_reference_stands_where_the_request_is_kept(tablet, presenter):
    answer_until(presenter, "")
    presenter.act("validate", {})
    assert tablet.view.page.connection == OFFLINE
