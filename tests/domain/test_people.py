from dataclasses import replace
from datetime import date

import pytest

from procuration.domain.people import (
    PartialDate,
    Person,
    Place,
    PlaceType,
    Sex,
    check_birth_date,
    check_elector_number,
    check_email,
    check_mandant,
    check_mandataire,
    check_name,
    fold_name,
    is_certainly_minor,
    same_person,
)
from procuration.errors import RuleViolated
from tests.builders import ANGELA, JEAN_CLAUDE, LAON, NOUMEA

TODAY = date(2027, 4, 1)
BY_NUMBER = Person(birth_date=PartialDate(1944, 8, 22), elector_number="12345678")


@pytest.mark.parametrize(
    "name", ["Éloïse ʻĀpeto", "D’Artagnan", "Jean-Claude", "Saint-Exupéry", "N'Guyen", "Łukasz", "王", "M."]
)
def test_a_real_name_is_never_refused(name):
    assert check_name(f" {name} ") == name


def test_a_name_is_stored_composed():
    assert check_name("E\u0301loi\u0308se") == "Éloïse"


@pytest.mark.parametrize("character", ["\u202e", "\u0000", "\n", "1", "<", "\u200f", "@", "_"])
def test_a_control_bidi_or_foreign_character_is_refused_in_a_name(character):
    with pytest.raises(RuleViolated, match="NOM_CARACTERE"):
        check_name(f"DU{character}BOIS")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "NOM_MANQUANT"),
        ("  ", "NOM_MANQUANT"),
        ("-", "NOM_MANQUANT"),
        ("a" * 101, "NOM_TROP_LONG"),
        ("a" * 9999, "NOM_TROP_LONG"),
    ],
)
def test_a_name_has_one_to_a_hundred_characters_and_a_letter(name, code):
    with pytest.raises(RuleViolated, match=code):
        check_name(name)


@pytest.mark.parametrize(
    ("one", "other"), [("L'Hœillet", "l hoeillet"), ("SAINT-ÉTIENNE", "Saint Etienne"), ("ʻĀpeto", "Apeto")]
)
def test_two_spellings_of_one_name_fold_to_the_same(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "COURRIEL_MANQUANT"),
        ("angela", "COURRIEL_SANS_AROBASE"),
        ("angela@@exemple.fr", "COURRIEL_SANS_AROBASE"),
        ("angela@exemple", "COURRIEL_SANS_FIN"),
        ("angéla@exemple.fr", "COURRIEL_CARACTERE"),
        ("a" * 250 + "@exemple.fr", "COURRIEL_TROP_LONG"),
        ("angela@exemple.fr>\r\nBcc: x@y.fr", "COURRIEL_CARACTERE"),
    ],
)
def test_an_address_that_cannot_be_written_to_is_explained(typed, code):
    with pytest.raises(RuleViolated, match=code):
        check_email(typed)


def test_spaces_in_an_address_are_removed():
    assert check_email(" angela.dubois @exemple.fr ") == "angela.dubois@exemple.fr"


@pytest.mark.parametrize(
    ("birth_date", "code"),
    [
        (PartialDate(2027, 4, 1), "DATE_FUTURE"),
        (PartialDate(2030), "DATE_FUTURE"),
        (PartialDate(1900, 1, 1), "DATE_TROP_ANCIENNE"),
        (PartialDate(1962, 2, 30), "DATE_INEXISTANTE"),
        (PartialDate(1962, 13, 1), "DATE_INEXISTANTE"),
        (PartialDate(1962, 0, 4), "DATE_INEXISTANTE"),
        (PartialDate(62, 8, 24), "DATE_ANNEE"),
    ],
)
def test_a_birth_date_that_cannot_be_is_explained(birth_date, code):
    with pytest.raises(RuleViolated, match=code):
        check_birth_date(birth_date, TODAY)


@pytest.mark.parametrize("birth_date", [PartialDate(1962), PartialDate(1962, 8), PartialDate(1908, 1, 1)])
def test_a_partial_birth_date_is_a_birth_date(birth_date):
    assert check_birth_date(birth_date, TODAY) == birth_date


def test_r_08_the_mandataire_is_somebody_else():
    twin = replace(ANGELA, birth_name="du-bois", given_names="ANGELA claire louise", enrolment=NOUMEA)
    assert same_person(ANGELA, replace(ANGELA, birth_name="Dubois"))
    assert not same_person(ANGELA, JEAN_CLAUDE)
    with pytest.raises(RuleViolated, match="MANDATAIRE_EST_LE_MANDANT"):
        check_mandataire(replace(twin, birth_name="Dubois"), ANGELA, NOUMEA, TODAY)


def test_r_08_one_elector_number_is_one_person_whatever_date_was_typed():
    numbered = replace(ANGELA, elector_number="12345678")
    mandataire = Person(elector_number="12345678", birth_date=PartialDate(1963, 8, 24))
    with pytest.raises(RuleViolated, match="MANDATAIRE_EST_LE_MANDANT"):
        check_mandataire(mandataire, numbered, LAON, TODAY)


def test_r_09_age_counts_on_the_day_of_the_vote_and_doubt_never_blocks():
    assert is_certainly_minor(PartialDate(2009, 4, 12), date(2027, 4, 11))
    assert not is_certainly_minor(PartialDate(2009, 4, 11), date(2027, 4, 11))
    assert not is_certainly_minor(PartialDate(2009), date(2027, 4, 11))


@pytest.mark.parametrize(
    "mandataire",
    [
        replace(JEAN_CLAUDE, elector_number="12345678"),
        replace(BY_NUMBER, birth_name="DUPONT"),
        replace(BY_NUMBER, used_name="DUPONT"),
        replace(JEAN_CLAUDE, sex=None),
        replace(JEAN_CLAUDE, enrolment=None),
    ],
)
def test_r_26_exactly_one_identification_of_the_mandataire_is_complete(mandataire):
    with pytest.raises(RuleViolated, match="MANDATAIRE_IDENTIFICATION"):
        check_mandataire(mandataire, ANGELA, LAON, TODAY)


def test_r_26_either_identification_is_accepted():
    check_mandataire(BY_NUMBER, ANGELA, LAON, TODAY)
    check_mandataire(replace(JEAN_CLAUDE, enrolment=LAON), ANGELA, LAON, TODAY)


def test_r_74_no_elector_number_in_nouvelle_caledonie():
    with pytest.raises(RuleViolated, match="NUMERO_EN_NOUVELLE_CALEDONIE"):
        check_mandataire(BY_NUMBER, ANGELA, NOUMEA, TODAY)
    numbered = replace(ANGELA, elector_number="12345678")
    check_mandant(numbered, TODAY, LAON)
    with pytest.raises(RuleViolated, match="NUMERO_EN_NOUVELLE_CALEDONIE"):
        check_mandant(numbered, TODAY, NOUMEA)


def test_a_person_without_prenoms_is_a_person():
    check_mandant(Person(birth_date=PartialDate(1962), birth_name="SUKARNO", sex=Sex.MALE), TODAY)
    with pytest.raises(RuleViolated, match="NOM_MANQUANT"):
        check_mandant(Person(birth_date=PartialDate(1962)), TODAY)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "NUMERO_MANQUANT"),
        ("12A", "NUMERO_CARACTERE"),
        ("١٢٣", "NUMERO_CARACTERE"),
        ("1" * 13, "NUMERO_TROP_LONG"),
    ],
)
def test_an_elector_number_is_digits(typed, code):
    with pytest.raises(RuleViolated, match=code):
        check_elector_number(typed)


@pytest.mark.parametrize(
    ("code", "departement"), [("98818", "988"), ("2A004", "2A"), ("02408", "02"), ("97411", "974")]
)
def test_the_departement_of_a_place_is_two_characters_or_three_overseas(code, departement):
    assert Place(code=code, type=PlaceType.COMMUNE, cog_year=2026).departement == departement


def test_a_circonscription_consulaire_is_in_no_departement():
    place = Place(code="02408", type=PlaceType.CIRCONSCRIPTION_CONSULAIRE, cog_year=2026)
    assert place.departement == ""


@pytest.mark.parametrize("character", ["\u034f", "\u3164", "\u1160", "\ufe0f", "\U000e0100"])
def test_a_letter_or_mark_that_nobody_sees_is_refused_in_a_name(character):
    with pytest.raises(RuleViolated, match="NOM_CARACTERE"):
        check_name(f"DU{character}BOIS")


def test_apostrophes_alone_are_no_name():
    with pytest.raises(RuleViolated, match="NOM_MANQUANT"):
        check_name("ʻ’ʻ")


def test_a_person_is_not_shown_by_repr():
    assert "DUBOIS" not in repr(ANGELA)
    assert "1962" not in repr(ANGELA)
