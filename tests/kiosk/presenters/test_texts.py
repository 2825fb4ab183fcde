"""The catalogue: every key that the code uses, the typography of French, short sentences."""

import re
from pathlib import Path

import pytest

from kiosk_app import texts_fr
from kiosk_app.languages import wording
from kiosk_app.receipt import validity_in_words
from kiosk_app.texts_fr import SENTENCES
from kiosk_app.typesetting import french
from procuration.domain.refusal import OFFICER_CODES
from procuration.domain.validity import OneScrutin, Rounds
from procuration.errors import RuleViolated
from procuration.record.tables import read_calendar, read_table

ROOT = Path(__file__).resolve().parents[3] / "kiosk_app"
USED = re.compile(r'(?:say|counted|_sentence)\(\s*"([a-z_0-9]+(?:\.[A-Za-z_0-9]+)+|yes|no)"')


def used_keys():
    for source in [*ROOT.glob("presenters/*.py"), *ROOT.glob("screens/**/*.py")]:
        yield from USED.findall(source.read_text(encoding="utf-8"))


def test_every_key_used_in_the_code_has_its_sentence():
    missing = {key for key in used_keys() if key not in SENTENCES and f"{key}.one" not in SENTENCES}
    assert missing == set()


def test_every_reason_of_refusal_has_its_sentence():
    assert all(f"refusal.{code}" in SENTENCES for code in OFFICER_CODES)


def test_no_key_stands_twice_in_the_catalogue():
    blocks = [block for name, block in vars(texts_fr).items() if name.startswith("_") and name.isupper()]
    assert sum(map(len, blocks)) == len(SENTENCES)


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_follows_the_typography_of_french(key):
    sentence = SENTENCES[key]
    assert "'" not in sentence
    assert not re.search(r" [;!?:»]|« ", sentence)
    assert not re.search(r"\w[;!?]", sentence.replace("{x}", "x"))


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_never_uses_a_word_of_the_administration(key):
    assert not re.search(
        r"veuillez|invalide|obligatoire", SENTENCES[key].replace("invalidité", ""), re.IGNORECASE
    )


def test_every_election_of_the_shipped_calendar_has_its_words_on_screen_and_paper():
    table = read_table((ROOT.parent / "provisioning/reference_data/calendar-demo.cbor").read_bytes())
    for scrutin in read_calendar(table):
        title = validity_in_words(OneScrutin(scrutin_id=scrutin.id, rounds=Rounds.FIRST), scrutin)[0]
        assert all(SENTENCES[f"scrutin.{code}"] in title for code in scrutin.elections)


def test_zero_and_one_are_singular():
    say = wording()
    assert say.counted("errors", 1) == french("Il y a {n} réponse à corriger").format(n=1)
    assert say.counted("errors", 2) == french("Il y a {n} réponses à corriger").format(n=2)


def test_an_error_without_a_sentence_still_calls_for_help_with_its_code():
    assert "Rien n’est perdu" in wording().of_error(RuleViolated("NEVER_SEEN"))
