"""How typed commune names are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.commune_words import Vocabulary, fold, fold_lines, one_letter_away, readings_of


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Nouméa", "noumea"),
        ("L'Île-des-Pins", "l ile des pins"),
        ("L’ÎLE DES PINS", "l ile des pins"),
        ("Œuilly", "oeuilly"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("  Bors   (Canton de Charente-Sud) ", "bors canton de charente sud"),
        ("Noume\u0301a", "noumea"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(typed, folded):
    assert fold(typed) == folded
    assert fold_lines(typed).strip() == folded


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("st denis", ["saint denis"]),
        ("Ste-Colombe", ["sainte colombe"]),
        ("stes maries", ["saintes maries"]),
        ("st", ["st", "saint"]),
        ("pont st", ["pont st", "pont saint"]),
        ("98 800", ["98800"]),
        ("n", []),
        ("", []),
        ("’ - ’", []),
    ],
)
def test_st_is_read_as_saint_and_may_still_begin_strasbourg(typed, readings):
    assert readings_of(typed) == readings


@pytest.mark.parametrize("near", ["nouma", "noumeea", "noumaa", "noumae", "noume"])
def test_one_letter_dropped_added_replaced_or_exchanged_is_near(near):
    assert "noumea" in set(one_letter_away(near)) | {near}


def test_a_vocabulary_says_between_which_lines_a_beginning_occurs():
    words = Vocabulary(["laon", "noumea", "laval lille", "noumea"])
    assert words.span("la") == range(3)
    assert words.span("noumea") == range(1, 4)
    assert not words.span("paris")


def test_a_vocabulary_counts_words_by_their_beginning():
    words = Vocabulary(["aisne laon", "", "aude laon"])
    assert words.frequency("a") == 2
    assert words.frequency("laon") == 2
    assert words.frequency("paris") == 0
    assert "laon" in words
    assert "lao" not in words


@given(st.text(max_size=200))
def test_any_text_is_read_as_words_of_letters_and_digits(text):
    for reading in readings_of(text):
        assert reading == " ".join(reading.split())
        assert set(reading) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
