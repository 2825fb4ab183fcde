"""An elector who prefers their own telephone is shown where to go, and nothing else happens here."""

import argparse

import pytest

from kiosk_app.web_option import add_web_option
from tests.kiosk.presenters.fakes import Accueil
from tests.screens.states import open_post

ADDRESS = "https://procuration.exemple.nc/demande/"


def keys(page) -> list[str]:
    return [command.key for command in page.commands]


def test_the_welcome_offers_the_telephone_where_an_address_is_configured():
    tablet = Accueil(web=ADDRESS)
    open_post(tablet.presenter())
    assert keys(tablet.view.page) == ["start"]
    assert [command.key for command in tablet.view.page.extra] == ["web"]


def test_without_an_address_nothing_is_offered_and_nothing_answers():
    tablet = Accueil()
    presenter = tablet.presenter()
    open_post(presenter)
    assert tablet.view.page.extra == ()
    presenter.act("web", {})
    assert tablet.view.page.name == "K0-welcome"


def test_the_page_shows_the_plain_address_as_a_code_and_in_words():
    tablet = Accueil(web=ADDRESS)
    presenter = tablet.presenter()
    open_post(presenter)
    presenter.act("web", {})
    page = tablet.view.page
    assert page.qr_text == ADDRESS
    assert "procuration.\nexemple.nc/demande" in page.paragraphs
    presenter.act("start", {})
    assert tablet.view.page.name == "K1-data"


def test_a_page_that_nobody_touches_goes_back_to_the_welcome():
    tablet = Accueil(web=ADDRESS)
    presenter = tablet.presenter()
    open_post(presenter)
    presenter.act("web", {})
    tablet.time.pass_seconds(180 + 40 + 1)
    assert tablet.view.page.name == "K0-welcome"
    assert not tablet.filed


def options(*given: str, **environment: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_web_option(parser, environment, "PROCURATION_KIOSK_")
    return parser.parse_args(given)


def test_the_address_comes_from_the_command_line_or_the_environment():
    assert options().web == ""
    assert options("--web", ADDRESS).web == ADDRESS
    assert options(PROCURATION_KIOSK_WEB=ADDRESS).web == ADDRESS


@pytest.mark.parametrize(
    "typed",
    [
        "http://procuration.exemple.nc/", "procuration.exemple.nc", "https://", "https://a b/", "https://é.nc/",
        "https://moi:secret@exemple.nc/", "https://exemple.nc/?ref=XBQ7V3", "https://exemple.nc/#x",
        "https://exemple.nc/" + "a" * 200, "javascript:alert(1)", "https://exemple.nc:port/",
    ],
)  # fmt: skip
def test_only_a_plain_https_address_is_shown(typed):
    with pytest.raises(argparse.ArgumentError):
        options("--web", typed)
