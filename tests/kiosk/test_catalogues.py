"""The three catalogues say the same things: keys, values in place, plurals, lengths, signs."""

import ast
import re
import string
from collections import Counter
from pathlib import Path

import pytest

from kiosk_app import texts_en, texts_falc, texts_fr

CATALOGUES = {
    "fr": (texts_fr, texts_fr.SENTENCES),
    "en": (texts_en, texts_en.SENTENCES),
    "falc": (texts_falc, texts_falc.SENTENCES),
}
FRENCH, ENGLISH = texts_fr.SENTENCES, texts_en.SENTENCES
PRESENTERS = Path(texts_fr.__file__).parent / "presenters"
WORDS_MAX = 15
LONGER_FOR_A_REASON: dict[str, str] = {}
"""Key to the reason why a sentence is longer: none is."""

SAME_IN_ENGLISH = {
    # signs, letters and units
    "when.day", "when.day_month", "when.month", "when.full", "when.age.minutes", "when.age.hours",
    "places.km",
    "agents.detail", "key.left", "key.right", "key.back_to_letters", "key.digits", "key.accents",
    "key.letters",
    # names, and a word that both languages have
    "install.zone.Indian/Mayotte", "install.zone.America/Guadeloupe", "install.zone.America/Martinique",
    "language.fr", "language.en", "language.falc", "locked.code",
    "letters.sign.plus", "letters.sign.apostrophe", "letters.mark.0303", "letters.mark.0304",
    "letters.mark.030c", "letters.mark.0328", "spoken.role.image", "display.volume.normal",
}  # fmt: skip

of_each_catalogue = pytest.mark.parametrize("name", CATALOGUES)
of_each_translation = pytest.mark.parametrize("name", [name for name in CATALOGUES if name != "fr"])


def placeholders(sentence):
    return Counter(field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None)


def sentences_of(text):
    """Its sentences: until a point, a question or exclamation mark, an ellipsis, the colon of a list, or the
    end of a line. « R. 75 » and « L. 72-1 » end none.
    """
    return re.split(r"(?<!\b[RL])[.!?…](?=\s|$)|\s*:\s|\n", text)


def words_of(sentence):
    return [word for word in sentence.split() if re.search(r"\w", word)]


def keys_of_buttons():
    written = "\n".join(path.read_text() for path in sorted(PRESENTERS.glob("*.py")))
    return sorted(set(re.findall(r'Command\(\s*key=[^,()]+,\s*text=[\w.]*say\("([\w.]+)"\)', written)))


@of_each_translation
def test_a_catalogue_has_the_keys_of_the_french_one(name):
    assert CATALOGUES[name][1].keys() ^ FRENCH.keys() == set()


@of_each_translation
def test_every_sentence_takes_the_values_that_the_french_one_takes(name):
    said = CATALOGUES[name][1]
    assert {
        key: (placeholders(said[key]), placeholders(french))
        for key, french in FRENCH.items()
        if key in said and placeholders(said[key]) != placeholders(french)
    } == {}


@of_each_catalogue
def test_no_key_is_written_twice(name):
    tree = ast.parse(Path(CATALOGUES[name][0].__file__).read_text())
    written = Counter(
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    )
    assert [key for key, times in written.items() if times > 1] == []


@of_each_catalogue
def test_what_is_counted_has_its_singular_and_its_plural(name):
    said = CATALOGUES[name][1]
    written = "\n".join(path.read_text() for path in sorted(PRESENTERS.glob("*.py")))
    counted = set(re.findall(r'counted\(\s*"([\w.]+)"', written))
    counted |= {key.removesuffix(".many") for key in said if key.endswith(".many")}
    counted |= {key.removesuffix(".one") for key in said if key.endswith(".one") and "{n}" in said[key]}
    assert len(counted) > 15
    assert [key for key in sorted(counted) for form in ("one", "many") if f"{key}.{form}" not in said] == []


@of_each_catalogue
def test_no_sentence_has_more_than_fifteen_words(name):
    assert {
        key: sentence
        for key, text in CATALOGUES[name][1].items()
        if key not in LONGER_FOR_A_REASON
        for sentence in sentences_of(text)
        if len(words_of(sentence)) > WORDS_MAX
    } == {}


def test_a_point_in_the_number_of_an_article_ends_no_sentence():
    assert sentences_of("Selon R. 75 ou L. 72-1. Puis : oui ! Non") == [
        "Selon R. 75 ou L. 72-1", " Puis", "oui ", " Non",
    ]  # fmt: skip


@of_each_catalogue
def test_no_sentence_is_empty_or_starts_or_ends_with_a_space(name):
    assert [key for key, said in CATALOGUES[name][1].items() if not said or said != said.strip()] == []


@of_each_catalogue
def test_no_straight_quotation_mark_and_no_straight_apostrophe_is_left(name):
    assert {key: said for key, said in CATALOGUES[name][1].items() if re.search(r"""["'~`]""", said)} == {}


@pytest.mark.parametrize(("name", "foreign"), [("fr", "“”"), ("falc", "“”"), ("en", "«»\u202f")])
def test_signs_are_those_of_the_language(name, foreign):
    said = CATALOGUES[name][1]
    assert {key: text for key, text in said.items() if set(text) & set(foreign)} == {}


@pytest.mark.parametrize("name", ["fr", "falc"])
def test_french_has_its_spaces_before_high_signs(name):
    said = CATALOGUES[name][1]
    assert {
        key: text for key, text in said.items() if re.search(r"\w[;!?]|[^\u202f][;!?]| :|\w:", text)
    } == {}


def test_english_has_no_space_before_a_sign():
    assert {key: text for key, text in ENGLISH.items() if re.search(r"\s[;:!?.,]", text)} == {}


@pytest.mark.parametrize(
    ("name", "banned"),
    [("fr", r"veuillez|\binvalides?\b"), ("falc", r"veuillez|\binvalides?\b"), ("en", r"please|invalid\b")],
)
def test_words_that_scold_are_not_said(name, banned):
    said = CATALOGUES[name][1]
    assert {key: text for key, text in said.items() if re.search(banned, text, re.IGNORECASE)} == {}


def test_nothing_is_french_in_english_but_what_is_meant_to_be():
    same = {key for key, said in ENGLISH.items() if said == FRENCH[key]}
    assert same ^ SAME_IN_ENGLISH == set()


def test_accents_stand_in_english_only_in_french_names_between_quotation_marks():
    names = {"install.zone.America/Guadeloupe", "install.zone.Indian/Reunion", "language.fr", "language.falc"}
    names.add("key.accents")
    without = {key: re.sub("“[^”]*”", "", said) for key, said in ENGLISH.items() if key not in names}
    assert {key: said for key, said in without.items() if re.search("[à-ÿœ]", said)} == {}


@of_each_catalogue
def test_there_are_twelve_months_and_seven_days(name):
    said = CATALOGUES[name][1]
    assert (len(said["when.months"].split()), len(said["when.weekdays"].split())) == (12, 7)


def test_buttons_have_room_in_english_where_the_french_words_have_it():
    keys = keys_of_buttons()
    assert len(keys) > 70
    assert {key: ENGLISH[key] for key in keys if len(ENGLISH[key]) > max(8, 1.4 * len(FRENCH[key]))} == {}


@of_each_translation
def test_languages_are_named_in_their_own_words_everywhere(name):
    said = CATALOGUES[name][1]
    assert [said[f"language.{one}"] for one in CATALOGUES] == ["Français", "English", "Facile à lire"]
