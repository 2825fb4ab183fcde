"""The easy French catalogue (FALC): as complete as the French one, and measurably easy.

The limits are those of the European guidelines for easy-to-read information: short sentences of one idea, no
brackets, no abbreviation, no hard word, one word for one thing.
"""

import re
from statistics import mean
from string import Formatter

import pytest

from kiosk_app import texts_falc, texts_fr
from kiosk_app.texts_falc import SENTENCES

FRENCH = texts_fr.SENTENCES
WORDS_MAX, WORDS_MEAN = 15, 9
SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\b[LR]\.)\s+(?=[A-ZÀ-Ý0-9«{])")
WORD = re.compile(r"[\w{][\w{}’.@-]*")

HARD_WORDS = (
    "mandataire", "mandant", "résili", "récépissé", "habilit", "territorialement", "scrutin", "authentifi",
    "compétent", "annuaire", "synchronis", "acheminer", "dépos", "établi", "recueilli", "justificatif",
    "téléprocédure", "enrôl", "émargement", "préalable", "ultérieur", "susvisé", "motif", "inclus",
    "effectu", "procéd", "désormais", "saisi", "OPJ", "APJ", "veuillez", "invalide", "obligatoire",
)  # fmt: skip
HARD_WORDS_KEPT = {
    # the title that stands on the paper itself: the officer looks for these very words
    "document.12": "récépissé",
}
OTHER_WORDS_FOR_ONE_THING = {
    "saisir": "taper",
    "superviseur": "responsable",
    "électronique": "e-mail",
    "courriel": "e-mail",
    "modifier": "changer",
    "transmettre": "envoyer",
    "ce poste": "cette tablette",
    "mandat": "procuration",
}
IN_BRACKETS: frozenset[str] = frozenset()


def sentences_of(text):
    return SENTENCE_END.split(text)


def words_in(sentence):
    return len(WORD.findall(sentence))


def fields_of(text):
    return sorted(field for _, field, _, _ in Formatter().parse(text) if field is not None)


def starts_a_word(word, text):
    return re.search(rf"\b{word.casefold()}", text) is not None


def names_in(texts):
    """A catalogue's blocks with their keys."""
    blocks = {name: block for name, block in vars(texts).items() if name.startswith("_") and name.isupper()}
    return {name: set(block) for name, block in blocks.items() if not name.startswith("__")}


def test_it_has_the_keys_of_french():
    assert SENTENCES.keys() ^ FRENCH.keys() == set()


def test_it_has_the_blocks_of_french():
    assert names_in(texts_falc) == names_in(texts_fr)


def test_a_sentence_takes_the_same_values_as_in_french():
    assert [key for key in FRENCH if fields_of(SENTENCES[key]) != fields_of(FRENCH[key])] == []


def test_a_sentence_has_at_most_fifteen_words():
    said = [(key, one) for key, text in SENTENCES.items() for one in sentences_of(text)]
    assert [(key, one) for key, one in said if words_in(one) > WORDS_MAX] == []


def test_sentences_are_short_on_average_and_shorter_than_in_french():
    """Of what is said in full sentences: labels and buttons would make any catalogue look easy."""

    def average(texts):
        said = [one for text in texts.values() for one in sentences_of(text) if one.endswith((".", "?", "!"))]
        return mean(map(words_in, said))

    assert average(SENTENCES) <= WORDS_MEAN
    assert average(SENTENCES) < average(FRENCH)


def test_the_counting_of_words_counts_words():
    assert sentences_of("C’est l’article R. 75. Il faut {n} h. 2 cartes ?") == [
        "C’est l’article R. 75.", "Il faut {n} h.", "2 cartes ?",
    ]  # fmt: skip
    assert words_in("Tapez « {typed} » : le 1er jour de l’élection, peut-être.") == 8


def test_a_sentence_has_no_brackets():
    bracketed = {key for key, said in SENTENCES.items() if re.search(r"[()\[\]]", said)}
    assert bracketed == IN_BRACKETS


def test_a_sentence_has_no_hard_word():
    said = {key: text.replace("invalidité", "").casefold() for key, text in SENTENCES.items()}
    hard = [(key, word) for key, text in said.items() for word in HARD_WORDS if starts_a_word(word, text)]
    assert dict(hard) == HARD_WORDS_KEPT


@pytest.mark.parametrize("other", OTHER_WORDS_FOR_ONE_THING)
def test_one_thing_has_one_word(other):
    assert [key for key, said in SENTENCES.items() if re.search(rf"\b{other}\b", said.casefold())] == []


def test_numbers_are_digits():
    numbers = r"\b(deux|trois|quatre|cinq|six|sept|huit|neuf|dix|quinze|vingt)\b"
    assert [key for key, said in SENTENCES.items() if re.search(numbers, said, re.IGNORECASE)] == []


@pytest.mark.parametrize("wrong", ["'", r" [;!?:»]|« ", r"\w[;!?]"])
def test_the_typography_is_that_of_french(wrong):
    assert [key for key, said in SENTENCES.items() if re.search(wrong, said.replace("{x}", "x"))] == []


def test_a_sentence_ends_as_in_french():
    """A title, a label or a button has no full stop: what is one sentence in both ends the same way."""
    pairs = {key: (text.rstrip("»\u00a0"), FRENCH[key]) for key, text in SENTENCES.items()}
    alone = {key: pair for key, pair in pairs.items() if [len(sentences_of(one)) for one in pair] == [1, 1]}
    assert len(alone) > 500
    wrong = [key for key, (easy, french) in alone.items() if easy.endswith(".") != french.endswith(".")]
    assert [key for key in wrong if not FRENCH[key].endswith(":")] == []


@pytest.mark.parametrize("key", ["filed.not_yet", "data.use", "welcome.paper", "review.sentence"])
def test_what_french_says_easily_is_said_again(key):
    assert SENTENCES[key] == FRENCH[key]


def test_a_procuration_and_a_commune_are_explained_where_they_are_met_first():
    assert "C’est la procuration." in SENTENCES["welcome.lead"]
    assert "Ville ou village" in SENTENCES["hint.place"]


def test_nothing_is_called_valid_before_it_is():
    filed = {key: said for key, said in SENTENCES.items() if key.startswith(("filed.", "review.", "paper."))}
    assert [key for key, said in filed.items() if "valable" in said] == ["filed.not_yet"]
    assert "pas encore valable" in SENTENCES["filed.not_yet"]


def test_the_prefecture_is_never_named_without_the_haut_commissariat():
    named = {key: said for key, said in SENTENCES.items() if re.search(r"préf(et|ecture)", said)}
    assert named
    assert [key for key, said in named.items() if "haut-commissa" not in said] == []
