"""One person's language lasts until the wipe, as their size of type does."""

import pytest

from kiosk_app.languages import wording
from kiosk_app.presenters.pages import DisplayPage
from kiosk_app.presenters.wording import Catalogue, Language, Wording
from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, Brigade


@pytest.fixture
def tablet():
    return Accueil()


@pytest.fixture
def presenter(tablet):
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    return presenter


def test_the_first_page_offers_each_language_in_its_own_words(tablet, presenter):
    assert [one.text for one in tablet.view.page.languages] == ["Français", "English", "Facile à lire"]


def test_a_language_is_spoken_at_once_and_the_wipe_goes_back_to_french(tablet, presenter):
    presenter.act("language.en", {})
    assert presenter._say.language is Language.ENGLISH
    assert tablet.view.named_again == 1
    presenter.act("start", {})
    presenter.act("quit.wipe", {})
    assert presenter._say.language is Language.FRENCH
    assert tablet.view.named_again == 2


def test_the_page_of_the_display_is_written_again_in_the_language_chosen_there(tablet, presenter):
    presenter.act("display", {})
    presenter.touched("language", {"size": "1", "contrast": "normal", "language": "falc"})
    page = tablet.view.page
    assert isinstance(page, DisplayPage)
    assert (page.language.chosen, presenter._say.language) == ("falc", Language.EASY)


def test_an_unknown_language_changes_nothing(tablet, presenter):
    presenter.act("display", {})
    presenter.touched("language", {"size": "1", "contrast": "normal", "language": "xx"})
    assert presenter._say.language is Language.FRENCH


def test_the_officer_chooses_a_language_too_and_the_lock_forgets_it():
    station = Brigade()
    presenter = station.presenter()
    presenter.start()
    presenter.act("display", {})
    presenter.touched("language", {"size": "1", "contrast": "normal", "language": "en"})
    assert presenter._say.language is Language.ENGLISH
    presenter.act("lock", {})
    assert presenter._say.language is Language.FRENCH


def test_nothing_is_singular_in_french_and_plural_in_english():
    sentences = {"left.one": "one", "left.many": "many"}
    catalogues = {
        Language.FRENCH: Catalogue(sentences),
        Language.ENGLISH: Catalogue(sentences, zero_is_plural=True),
    }
    said = Wording(catalogues)
    assert [said.counted("left", n) for n in (0, 1, 2)] == ["one", "one", "many"]
    said.speak(Language.ENGLISH)
    assert [said.counted("left", n) for n in (0, 1, 2)] == ["many", "one", "many"]


def test_the_three_catalogues_are_spoken():
    assert wording().languages == (Language.FRENCH, Language.ENGLISH, Language.EASY)
