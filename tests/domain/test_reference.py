import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.reference import ALPHABET, Reference, grouped, parse_reference, spelled
from procuration.errors import RuleViolated


@pytest.mark.parametrize("typed", ["XBQ7V3", "xbq7v3", "XBQ 7V3", " x-b-q-7-v-3 ", "XBQ\u00a07V3"])
def test_a_reference_is_read_however_it_is_typed(typed):
    assert parse_reference(typed) == "XBQ7V3"


@pytest.mark.parametrize("character", "IO01Lé!")
def test_a_character_that_no_reference_has_is_named(character):
    with pytest.raises(RuleViolated) as refused:
        parse_reference("XBQ7V" + character)
    assert (refused.value.code, refused.value.ids["character"]) == ("REFERENCE_CARACTERE", character.upper())


@pytest.mark.parametrize("typed", ["", "XBQ7V", "XBQ7V3A", "X" * 10_000])
def test_a_reference_has_six_characters(typed):
    with pytest.raises(RuleViolated, match="REFERENCE_LONGUEUR"):
        parse_reference(typed)


def test_a_reference_is_grouped_and_spelled_for_people():
    reference = Reference("XBQ7V3")
    assert grouped(reference) == "XBQ\u00a07V3"
    assert spelled(reference)[:2] == [("X", "Xavier"), ("B", "Berthe")]
    assert spelled(reference)[3] == ("7", None)


@given(st.text(ALPHABET, min_size=6, max_size=6))
def test_every_letter_has_a_first_name_that_begins_with_it(reference):
    for character, name in spelled(parse_reference(reference)):
        assert name is None if character.isdigit() else name[0] in (character, "É")
