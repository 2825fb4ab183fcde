"""One person's language lasts until the wipe, as their size of type does."""

import subprocess
import sys
from datetime import date

import pytest

from kiosk_app.languages import wording
from kiosk_app.presenters.formats import day_in_full
from kiosk_app.presenters.on_site_pages import alert_message
from kiosk_app.presenters.pages import DisplayPage, Message
from kiosk_app.presenters.said_again import said_again
from kiosk_app.presenters.wording import Catalogue, Language, Wording
from procuration.domain.alerts import Alert, AlertCode
from procuration.domain.reference import Reference
from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, Brigade, Status
from tests.kiosk.presenters.walk import answer_until


@pytest.fixture
def presenter(presenter):
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


ENGLISH_CHOSEN = {"size": "1", "contrast": "normal", "language": "en"}


def in_english(presenter):
    """« Affichage », English, back to the page."""
    presenter.act("display", {})
    presenter.touched("language", ENGLISH_CHOSEN)
    presenter.act("display.done", {})


@pytest.mark.parametrize("profile", [Accueil, Brigade])
def test_the_line_of_the_alarm_follows_the_language_and_comes_back_to_french(profile):
    tablet = profile(alarm=True)
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    assert tablet.view.alarmed.startswith("Alerte")
    in_english(presenter)
    assert tablet.view.alarmed.startswith("Alert: the centre’s history contradicts itself.")
    presenter.act("end" if profile is Accueil else "lock", {})
    assert tablet.view.alarmed.startswith("Alerte")


@pytest.mark.parametrize("profile", [Accueil, Brigade])
def test_without_an_alarm_another_language_says_none(profile):
    tablet = profile()
    presenter = tablet.presenter()
    presenter.start()
    in_english(presenter)
    assert tablet.view.alarmed == ""


@pytest.mark.parametrize("profile", [Accueil, Brigade])
def test_an_error_on_the_page_follows_the_language(profile):
    tablet = profile()
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("unlock", {"code": "111"})
    assert tablet.view.page.asked[0].error.startswith("Code incorrect.")
    in_english(presenter)
    assert tablet.view.page.asked[0].error.startswith("Wrong code.")


def test_the_errors_of_a_question_follow_the_language_and_what_is_typed_stays(tablet, presenter):
    presenter.act("start", {})
    presenter.act("understood", {})
    presenter.act("continue", {"name": "DUBOIS4"})
    assert "Le nom ne peut pas contenir" in tablet.view.page.asked[0].error
    presenter.act("display", {"name": "DUBOIS4"})
    presenter.touched("language", ENGLISH_CHOSEN)
    presenter.act("display.done", {})
    asked = tablet.view.page.asked[0]
    assert (asked.value, asked.error) == ("DUBOIS4", "The surname cannot contain “4”.")


def test_a_choice_that_is_missing_is_asked_for_again_in_the_language_of_now(tablet, presenter):
    reach_sex(presenter)
    presenter.act("continue", {})
    assert tablet.view.page.asked[0].error.endswith("Choisissez une réponse.")
    in_english(presenter)
    assert tablet.view.page.asked[0].error == "What is your legal sex? Choose an answer."


def reach_sex(presenter):
    presenter.act("start", {})
    presenter.act("understood", {})
    presenter.act("continue", {"name": "DUBOIS"})
    presenter.act("continue", {"names": "Angela", "none": False})


def test_a_sentence_is_said_again_with_the_sentences_inside_it():
    say = wording()
    day = date(2026, 8, 1)
    full, two = day_in_full(say, day), say("when.and", first=day_in_full(say, day), last="x")
    left = say.counted("error.CODE_INCORRECT", 0)
    page = Message(tone="info", title=full, text=two)
    assert "samedi 1er\u00a0août\u00a02026" in page.title
    say.speak(Language.ENGLISH)
    again = said_again(page)
    assert again == Message(
        tone="info",
        title="Saturday 1\u00a0August\u00a02026",
        text="Saturday 1\u00a0August\u00a02026 and x",
    )
    assert said_again((left, "typed")) == ("Wrong code. 0\u00a0tries left.", "typed")


def test_what_is_unusual_about_an_act_follows_the_language():
    say = wording()
    alerts = [Alert(code=AlertCode.ACTES_NOMBREUX, n=1), Alert(code=AlertCode.MANDATAIRE_REPETE, n=2)]
    message = alert_message(say, alerts)
    assert message.text.startswith("Vous avez déjà signé 1\u00a0procuration aujourd’hui.")
    say.speak(Language.ENGLISH)
    assert said_again(message) == alert_message(say, alerts)
    assert "You have already signed" in said_again(message).text
    say.speak(Language.FRENCH)
    assert said_again(said_again(message)) == message


def test_decisions_that_do_not_count_follow_the_language_on_the_page_of_the_search():
    station = Brigade(status=Status(set_aside=(Reference("XBQ7V3"),)))
    presenter = station.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    assert "Références" in station.view.page.message.text
    in_english(presenter)
    message = station.view.page.message
    assert message.title == "1\u00a0decision of this station does not count"
    assert message.text.endswith("sees the elector again and approves.\nReferences: XBQ\u00a07V3.")


def test_a_language_is_read_only_when_somebody_asks_for_it():
    asked = """
import sys
from kiosk_app.languages import wording
from kiosk_app.presenters.wording import Language
said = wording()
print("kiosk_app.texts_fr" in sys.modules, "kiosk_app.texts_en" in sys.modules)
said.speak(Language.ENGLISH)
print("kiosk_app.texts_en" in sys.modules, "kiosk_app.texts_falc" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "True", "False"]


@pytest.mark.parametrize("language", Language)
def test_the_receipt_is_asked_in_the_language_of_the_screen(tablet, presenter, language):
    answer_until(presenter, "")
    presenter.act("display", {})
    presenter.touched("language", {"size": "1", "contrast": "normal", "language": language.value})
    presenter.act("display.done", {})
    presenter.act("validate", {})
    assert tablet.filed_in is language
