"""By ear and five keys, a whole request in the other languages of the tablet, chosen on the first page."""

import pytest

from kiosk_app.presenters.wording import Language
from tests.conftest import BUDGET
from tests.screens.five_keys import DOWN, SELECT, Listener
from tests.screens.test_five_keys import hearing  # noqa: F401 - a fixture

LANGUAGES = (Language.ENGLISH, Language.EASY) if BUDGET > 1 else (Language.ENGLISH,)


def _place(ear: Listener) -> None:
    ear.write("lao")
    ear.until("Laon (Aisne)")
    ear.press(SELECT)


def _date(*parts: str):
    return lambda ear: [ear.write(part) for part in parts]


def _pick(key: str):
    return lambda ear: ear.pick(ear.said(key))


def _choose(key: str):
    return lambda ear: ear.choose(ear.said(key))


ANSWER = {
    "data.title": _choose("data.understood"),
    "aloud.title": _choose("yes"),
    "mandant.birth_name": lambda ear: ear.write("dubois-zoé"),
    "mandant.given_names": lambda ear: ear.write("angèle"),
    "mandant.sex": _pick("sex.f"),
    "mandant.birth_date": _date("24", "8", "1962"),
    "email.question": lambda ear: ear.write("a@b.fr"),
    "place.question": _place,
    "mandataire.method": _pick("mandataire.by_name"),
    "mandataire.birth_name": lambda ear: ear.write("dupont"),
    "mandataire.given_names": lambda ear: ear.write("paul"),
    "mandataire.sex": _pick("sex.m"),
    "mandataire.birth_date": _date("22", "08", "1944"),
    "mandataire.place": _place,
    "election.kind": _pick("election.next"),
    "election.rounds": _pick("election.round.3"),
    "review.title": _choose("review.validate"),
}
"""What the person does when a page begins with the sentence of this key."""


def _asked(ear: Listener) -> str:
    return next(key for key in ANSWER if ear.said(key) in ear.heard)


@pytest.mark.property  # `make test-long` speaks every language
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_request_is_filed_with_five_keys_in_another_language(hearing, tablet, language):  # noqa: F811
    world, ear = hearing()
    ear.press(DOWN)
    ear.choose(ear.said(f"language.{language}"))
    assert tablet.say.language is language
    ear.choose(ear.said("welcome.start"))
    asked = []
    while not any(ear.said("filed.title") in piece for piece in ear.heard):
        asked.append(_asked(ear))
        assert asked.count(asked[-1]) < 3, f"{asked[-1]} comes again and again: {ear.heard}"
        ANSWER[asked[-1]](ear)
    (filed,) = world.filed
    assert (filed.mandant.birth_name, filed.mandataire.birth_name) == ("Dubois-Zoé", "Dupont")
    assert world.filed_in is language
    assert ear.said("reference.letter", letter="X", word="Xavier") in " ".join(ear.heard)
    ear.choose(ear.said("filed.end"))
    assert tablet.say.language is Language.FRENCH
