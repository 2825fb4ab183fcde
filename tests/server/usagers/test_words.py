"""The words of the electors' pages: those of the tablets, in two languages, complete."""

import re
from pathlib import Path
from string import Formatter

import pytest

import server
from kiosk_app import texts_en, texts_fr
from kiosk_app.presenters.questions_contact import MISSPELT_DOMAINS as OF_THE_TABLETS
from kiosk_app.typesetting import english, french
from procuration.domain.status import Status
from server.usagers.misspelt import MISSPELT_DOMAINS
from server.usagers.wording import CATALOGUES
from server.words.usagers_as_kiosk import AS_KIOSK
from server.words.usagers_as_kiosk_en import AS_KIOSK_EN

TEMPLATES = Path(server.__file__).parent / "templates" / "usagers"
RENAMED = {"scrutin.title.single": "scrutin.title.one"}


@pytest.mark.parametrize(
    ("ours", "theirs", "typeset"),
    [(AS_KIOSK, texts_fr.SENTENCES, french), (AS_KIOSK_EN, texts_en.SENTENCES, english)],
)
def test_the_web_says_it_in_the_words_of_the_tablets(ours, theirs, typeset):
    names = {key: key.removeprefix("usagers.") for key in ours}
    expected = {key: typeset(theirs[RENAMED.get(name, name)]) for key, name in names.items()}
    assert ours == expected


def test_both_languages_have_the_same_sentences_with_the_same_values():
    named = {
        language: {
            key: sorted({name for _, name, _, _ in Formatter().parse(said) if name})
            for key, said in texts.items()
        }
        for language, texts in CATALOGUES.items()
    }
    assert named["en"] == named["fr"]


def test_no_english_sentence_is_left_in_french():
    words = re.compile(r"\b(vous|votre|une|le|la|les|des|est|avec|pour)\b", re.IGNORECASE)
    left = {key: said for key, said in CATALOGUES["en"].items() if words.search(said)}
    assert left == {}


def test_every_state_that_a_request_can_have_is_said_with_what_comes_next():
    unsaid = {Status.INCONNUE, Status.PURGEE}
    for status in set(Status) - unsaid:
        for key in (f"usagers.state.{status:d}", f"usagers.state.{status:d}.next"):
            assert key in CATALOGUES["fr"], status


def test_templates_and_code_ask_only_for_sentences_that_exist():
    asked = {
        key
        for template in TEMPLATES.glob("*.html")
        for key in re.findall(r"\{% say(?:_by_count)? '([\w.]+)'", template.read_text("utf-8"))
    }
    assert asked
    known = CATALOGUES["fr"]
    assert [key for key in asked if f"usagers.{key}" not in known and f"usagers.{key}.one" not in known] == []


def test_sentences_are_short():
    for texts in CATALOGUES.values():
        for key, said in texts.items():
            if ".when." in key or key in AS_KIOSK:
                continue
            for sentence in re.split(r"(?<=[.?!])\s", said):
                assert len(re.findall(r"[\w’'-]+", sentence)) <= 16, (key, sentence)


def test_addresses_are_suggested_as_on_the_tablets():
    assert MISSPELT_DOMAINS == OF_THE_TABLETS
