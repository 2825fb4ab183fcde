"""What the zone of an identity document says, and which zones say nothing."""

import random
from dataclasses import replace
from datetime import date

import pytest

from procuration.domain.acts import IdentityDocument
from procuration.domain.mrz import MRZ_BYTES_MAX, read_zone
from procuration.domain.people import PartialDate, Sex
from procuration.errors import RecordRejected
from tests.mrz_zones import (
    Holder,
    card,
    card_of_two_lines,
    digit,
    joined,
    old_french_card,
    passport,
)

TODAY = date(2026, 11, 27)
LAYOUTS = {"TD3": passport, "TD2": card_of_two_lines, "TD1": card, "French, before 2021": old_french_card}
DOC_9303 = {
    "part 4, appendix B": (
        b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ("ERIKSSON", "ANNA MARIA", PartialDate(1974, 8, 12), date(2012, 4, 15)),
    ),
    "part 5, appendix B": (
        b"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ("ERIKSSON", "ANNA MARIA", PartialDate(1974, 8, 12), date(2012, 4, 15)),
    ),
    "part 5, a long number": (
        b"I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
        ("STEVENSON", "PETER JOHN", PartialDate(1934, 7, 12), date(1995, 7, 12)),
    ),
    "part 6, appendix B": (
        b"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
        ("ERIKSSON", "ANNA MARIA", PartialDate(1974, 8, 12), date(2012, 4, 15)),
    ),
    "the French card of 1988": (
        b"IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6",
        ("BERTHIER", "CORINNE", PartialDate(1965, 12, 6), None),
    ),
}
"""The published samples; the first of part 5 with a long number is its figure 4."""


@pytest.mark.parametrize("sample", DOC_9303)
def test_the_published_samples_are_read(sample):
    zone, said = DOC_9303[sample]
    read = read_zone(zone, TODAY)
    assert (read.birth_name, read.given_names, read.birth_date, read.expires) == said


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_who_and_not_which_document(layout):
    read = read_zone(joined(LAYOUTS[layout](Holder(given="ANGELA<CLAIRE"))), TODAY)
    assert (read.birth_name, read.given_names) == ("DUBOIS", "ANGELA CLAIRE")
    assert (read.birth_date, read.sex, read.is_french) == (PartialDate(1962, 8, 24), Sex.FEMALE, True)
    kind = IdentityDocument.PASSPORT if layout == "TD3" else IdentityDocument.NATIONAL_IDENTITY_CARD
    assert read.kind is kind
    assert "12AB34567" not in repr([getattr(read, name) for name in read.__slots__])
    assert "DUBOIS" not in repr(read)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lines_in_one_run_and_a_byte_array_are_read_too(layout):
    lines = LAYOUTS[layout]()
    assert read_zone(bytearray("".join(lines).encode()), TODAY) == read_zone(joined(lines), TODAY)


COVERED = {
    "TD3": [(1, at) for at in (*range(10), *range(13, 20), *range(21, 28), 43)],
    "TD2": [(1, at) for at in (*range(10), *range(13, 20), *range(21, 28), 35)],
    "TD1": [(0, at) for at in range(5, 15)] + [(1, at) for at in (*range(7), *range(8, 15), 29)],
    "French, before 2021": [(0, at) for at in range(5, 36)] + [(1, at) for at in range(36)],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_wrong_character_under_a_check_digit_is_refused(layout):
    lines, chance = LAYOUTS[layout](), random.Random(9303)
    for row, at in COVERED[layout]:
        right = lines[row][at]
        wrong = chance.choice([one for one in "0123456789" if digit(one) != digit(right)])
        damaged = list(lines)
        damaged[row] = lines[row][:at] + wrong + lines[row][at + 1 :]
        with pytest.raises(RecordRejected) as refused:
            read_zone(joined(damaged), TODAY)
        assert refused.value.code.startswith("MRZ_")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (passport(code="V<"), "MRZ_KIND"),
        (card(code="IR"), "MRZ_KIND"),
        (card(code="AC"), "MRZ_KIND"),
        (card(code="RP"), "MRZ_KIND"),
        (card_of_two_lines(code="V<"), "MRZ_KIND"),
        (["IDFRA"], "MRZ_SIZE"),
        ([], "MRZ_SIZE"),
        ([*card(), "<" * 30], "MRZ_SIZE"),
        ([passport()[0], card()[1]], "MRZ_SIZE"),
        ([passport()[0].lower(), passport()[1]], "MRZ_FORM"),
        ([passport()[0].replace("DUBOIS", "DUB0IS"), passport()[1]], "MRZ_FORM"),
        (passport(Holder(birth="620230")), "MRZ_DATE"),
        (passport(Holder(birth="62<<24")), "MRZ_DATE"),
        (passport(Holder(birth="<<0824")), "MRZ_DATE"),
        (passport(Holder(expiry="301331")), "MRZ_DATE"),
        (passport(Holder(expiry="30<<31")), "MRZ_DATE"),
        (old_french_card(issued="1213"), "MRZ_DATE"),
    ],
)
def test_what_is_no_title_of_an_elector_is_refused_by_one_family_of_codes(lines, code):
    with pytest.raises(RecordRejected, match=code):
        read_zone(joined(lines), TODAY)


def test_the_size_is_looked_at_first():
    with pytest.raises(RecordRejected, match="MRZ_SIZE"):
        read_zone(b"<" * (MRZ_BYTES_MAX + 1), TODAY)


def test_any_bytes_are_a_zone_or_a_refusal():
    chance, codes = random.Random(27), set()
    for _ in range(3_000):
        lines = chance.choice(list(LAYOUTS.values()))()
        zone = bytearray(joined(lines))
        for _ in range(chance.randint(1, 4)):
            zone[chance.randrange(len(zone))] = chance.choice(b"A<09Z\n\r \xff")
        codes.add(_code_of(zone[: chance.choice((len(zone), chance.randrange(len(zone))))]))
    assert codes <= {"read", "MRZ_SIZE", "MRZ_FORM", "MRZ_KIND", "MRZ_CHECK", "MRZ_DATE"}
    assert len(codes) > 3


def _code_of(zone):
    try:
        read_zone(zone, TODAY)
    except RecordRejected as refused:
        return refused.code
    return "read"


@pytest.mark.parametrize(
    ("birth", "today", "expected"),
    [
        ("620824", TODAY, PartialDate(1962, 8, 24)),
        ("081127", TODAY, PartialDate(2008, 11, 27)),
        ("261128", TODAY, PartialDate(1926, 11, 28)),
        ("270101", TODAY, PartialDate(1927, 1, 1)),
        ("620000", TODAY, PartialDate(1962, 0, 0)),
        ("62<<<<", TODAY, PartialDate(1962, 0, 0)),
        ("6208<<", TODAY, PartialDate(1962, 8, 0)),
    ],
)
def test_two_digits_of_a_birth_year_are_the_last_such_year_that_is_past(birth, today, expected):
    assert read_zone(joined(passport(Holder(birth=birth))), today).birth_date == expected


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        ("261126", date(2026, 11, 26)),
        ("751127", date(2075, 11, 27)),
        ("991231", date(1999, 12, 31)),
        ("<<<<<<", None),
    ],
)
def test_two_digits_of_an_expiry_year_are_the_nearest_such_year(expiry, expected):
    assert read_zone(joined(passport(Holder(expiry=expiry))), TODAY).expires == expected


def test_a_full_field_may_lack_letters():
    long = Holder(name="PAPANDROPOULOUS", given="JONATHON<WARREN<TREVOR<EUSTACE")
    assert read_zone(joined(passport(long)), TODAY).given_names_cut
    assert not read_zone(joined(passport()), TODAY).given_names_cut
    cut = read_zone(joined(old_french_card(replace(Holder(), given="MARIE<FRANCOISE"))), TODAY)
    assert (cut.birth_name_cut, cut.given_names_cut) == (False, True)


def test_who_has_no_given_name_has_none():
    read = read_zone(joined(passport(Holder(name="ARKFREITH", given=""))), TODAY)
    assert (read.birth_name, read.given_names) == ("ARKFREITH", "")
