"""The document beside the request: identical, to be looked at, or different; the officer decides."""

from dataclasses import replace
from datetime import date

import pytest

from procuration.domain.mrz import read_zone
from procuration.domain.mrz_comparison import Datum, Likeness, compare
from procuration.domain.people import PartialDate, Person, Sex
from tests.mrz_zones import Holder, card, joined, old_french_card, passport

TODAY = date(2026, 11, 27)
ANGELA = Person(
    birth_name="Dubois",
    given_names="Angela Claire Louise",
    sex=Sex.FEMALE,
    birth_date=PartialDate(1962, 8, 24),
)
SAME, TO_CHECK, DIFFERENT = Likeness.SAME, Likeness.TO_CHECK, Likeness.DIFFERENT


def line(datum, person, lines):
    return compare(read_zone(joined(lines), TODAY), person, TODAY).get(datum)


@pytest.mark.parametrize("layout", [passport, card])
def test_the_same_person_is_identical_on_every_line(layout):
    lines = compare(read_zone(joined(layout()), TODAY), ANGELA, TODAY)
    assert set(lines.values()) == {SAME}
    assert len(lines) == len(Datum)


@pytest.mark.parametrize(
    ("asked", "read", "expected"),
    [
        ("Dubois", "DUBOIS", SAME),
        ("Lefèvre", "LEFEVRE", SAME),
        ("Lœuvre", "LOEUVRE", SAME),
        ("Dupond-Moretti", "DUPOND<MORETTI", SAME),
        ("Dupond Moretti", "DUPOND<MORETTI", SAME),
        ("O'Sullivan", "OSULLIVAN", SAME),
        ("D’Artagnan", "DARTAGNAN", SAME),
        ("D’Artagnan", "D<ARTAGNAN", SAME),
        ("ʻĀpeto", "APETO", SAME),
        ("Müller", "MUELLER", SAME),
        ("Müller", "MULLER", SAME),
        ("Ångström", "AANGSTROEM", SAME),
        ("Muñoz", "MUNXXOZ", SAME),
        ("Strauß", "STRAUSS", SAME),
        ("Łukasz", "LUKASZ", SAME),
        ("Çelik", "CELIK", SAME),
        ("DUPOND-MORETTI", "DUPONDMORETTI", TO_CHECK),
        ("Dubois", "DUB<OIS", TO_CHECK),
        ("Dubois", "DUBOYS", TO_CHECK),
        ("Dubois", "DUBIOS", TO_CHECK),
        ("Иванова", "IVANOVA", TO_CHECK),
        ("Dubois", "DURAND", DIFFERENT),
        ("Müller", "MXXLER", DIFFERENT),
    ],
)
def test_a_name_is_compared_as_doc_9303_writes_it(asked, read, expected):
    assert line(Datum.BIRTH_NAME, replace(ANGELA, birth_name=asked), passport(Holder(name=read))) is expected


def test_a_used_name_in_the_place_of_the_birth_name_is_shown_to_the_officer():
    married = replace(ANGELA, birth_name="Martin", used_name="Dubois")
    assert line(Datum.BIRTH_NAME, married, passport()) is TO_CHECK


@pytest.mark.parametrize(
    ("asked", "read", "expected"),
    [
        ("Angela Claire Louise", "ANGELA<CLAIRE<LOUISE", SAME),
        ("Angela, Claire, Louise", "ANGELA<CLAIRE<LOUISE", TO_CHECK),
        ("Angela Claire Louise", "ANGELA", TO_CHECK),
        ("Angela Claire Louise", "CLAIRE<ANGELA<LOUISE", TO_CHECK),
        ("Jean-Marie", "JEAN<MARIE", SAME),
        ("Angela Claire Louise", "MARIE", DIFFERENT),
        ("Angela", "ANGELA<MARIE", DIFFERENT),
        (None, "", SAME),
        (None, "ANGELA", DIFFERENT),
    ],
)
def test_given_names_in_the_order_of_the_document(asked, read, expected):
    assert (
        line(Datum.GIVEN_NAMES, replace(ANGELA, given_names=asked), passport(Holder(given=read))) is expected
    )


def test_a_name_cut_by_the_zone_is_shown_to_the_officer():
    long = replace(ANGELA, given_names="Marie-Françoise Élisabeth")
    cut = old_french_card(Holder(given="MARIE<FRANCOISE<ELISABETH"))
    assert line(Datum.GIVEN_NAMES, long, cut) is TO_CHECK
    other = replace(ANGELA, given_names="Marie-Antoinette Élisabeth")
    assert line(Datum.GIVEN_NAMES, other, cut) is DIFFERENT
    name = replace(ANGELA, birth_name="Bourgeois de la Grandmaison d’Aubigny de Kerdaniel")
    assert (
        line(Datum.BIRTH_NAME, name, passport(Holder(name="BOURGEOIS<DE<LA<GRANDMAISON<DAUBIGNY<DE<KER")))
        is TO_CHECK
    )


@pytest.mark.parametrize(
    ("asked", "read", "expected"),
    [
        (PartialDate(1962, 8, 24), "620824", SAME),
        (PartialDate(1921, 8, 24), "210824", SAME),
        (PartialDate(1962, 0, 0), "62<<<<", SAME),
        (PartialDate(1962, 8, 0), "620824", TO_CHECK),
        (PartialDate(1962, 8, 24), "6200<<", TO_CHECK),
        (PartialDate(1962, 8, 25), "620824", DIFFERENT),
        (PartialDate(1963, 8, 24), "620824", DIFFERENT),
        (PartialDate(1962, 9, 0), "620824", DIFFERENT),
    ],
)
def test_the_birth_date(asked, read, expected):
    assert line(Datum.BIRTH_DATE, replace(ANGELA, birth_date=asked), passport(Holder(birth=read))) is expected


def test_the_sex_only_when_both_say_it():
    assert line(Datum.SEX, replace(ANGELA, sex=Sex.MALE), passport()) is DIFFERENT
    assert line(Datum.SEX, ANGELA, passport(Holder(sex="<"))) is None
    assert line(Datum.SEX, replace(ANGELA, sex=None), passport()) is None


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        ("261127", SAME),
        ("261126", TO_CHECK),
        ("211128", TO_CHECK),
        ("211127", DIFFERENT),
        ("160229", DIFFERENT),
        ("240229", TO_CHECK),
        ("<<<<<<", TO_CHECK),
    ],
)
def test_a_card_or_passport_serves_five_years_after_its_end(expiry, expected):
    """R-19."""
    assert line(Datum.EXPIRY, ANGELA, passport(Holder(expiry=expiry))) is expected


@pytest.mark.parametrize(
    ("issued", "expected"), [("1612", SAME), ("1611", TO_CHECK), ("0612", TO_CHECK), ("0611", DIFFERENT)]
)
def test_the_card_of_before_2021_says_only_when_it_was_made(issued, expected):
    """Ten years, fifteen for some, and five after their end (R-19)."""
    assert line(Datum.EXPIRY, ANGELA, old_french_card(issued=issued)) is expected
