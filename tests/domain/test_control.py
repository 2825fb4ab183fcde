"""Who may be mandant and who mandataire, from what the electoral lists say (R-02 to R-10, R-75)."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.acts import REQUIRED_TO_ESTABLISH, ActPlaceKind, Declarations, missing_to_establish
from procuration.domain.control import (
    RULE_OF_CONTROL_DOUBT,
    ControlDoubt,
    ElectoralList,
    RegisterEntry,
    check_control,
)
from procuration.domain.events import Filed
from procuration.domain.people import PartialDate, Person, Place, PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.domain.rules import RULES
from tests.builders import LAON, NOUMEA
from tests.domain.shipped import CALENDAR, LAW, law_with, scrutin

L = ElectoralList
SAINT_QUENTIN = Place(code="02691", type=PlaceType.COMMUNE, cog_year=2026)
PARIS_1 = Place(code="75101", type=PlaceType.ARRONDISSEMENT_MUNICIPAL, cog_year=2021)
PARIS_15 = Place(code="75115", type=PlaceType.ARRONDISSEMENT_MUNICIPAL, cog_year=2021)
LYON_1 = Place(code="69381", type=PlaceType.ARRONDISSEMENT_MUNICIPAL, cog_year=2021)

JUNE_2021 = scrutin("2021-06-departementales-regionales/metropole")
LEGISLATIVES = scrutin("2024-06-legislatives/metropole")
MUNICIPALES = scrutin("2026-03-municipales/metropole")
EUROPEENNES = scrutin("2024-06-europeennes/metropole")
(PROVINCIALES,) = [one for one in CALENDAR if "provinciales" in one.elections]


def elector(place=LAON, lists=(L.PRINCIPALE,), born=(1962, 8, 24), has_rights=True):
    return RegisterEntry(
        place=place, lists=frozenset(lists), birth_date=PartialDate(*born), has_rights=has_rights
    )


def control(mandant, mandataire, vote_place=LAON, ballot=LEGISLATIVES, rounds=slice(None), law=LAW):
    return check_control(mandant, mandataire, vote_place, ballot, ballot.rounds[rounds], law)


def test_r_02_two_electors_of_the_list_have_nothing_against_them():
    assert control(elector(), elector()) is None


@pytest.mark.parametrize(
    "mandant",
    [None, elector(lists=()), elector(place=SAINT_QUENTIN)],
    ids=["unknown", "struck off", "elsewhere"],
)
def test_r_02_a_mandant_who_is_not_on_the_list_gives_nothing(mandant):
    assert control(mandant, elector()) is RefusalCode.MANDANT_NON_INSCRIT


def test_r_52_a_mandant_without_rights_has_nothing_to_give():
    assert control(elector(has_rights=False), elector()) is RefusalCode.DECES_OU_DROITS


@pytest.mark.parametrize("mandataire", [elector(has_rights=False), elector(lists=())])
def test_r_03_a_mandataire_without_electoral_rights_receives_nothing(mandataire):
    assert control(elector(), mandataire) is RefusalCode.MANDATAIRE_SANS_DROITS


def test_r_26_a_mandataire_whom_no_list_has_is_not_found():
    assert control(elector(), None) is RefusalCode.MANDATAIRE_INTROUVABLE


@pytest.mark.parametrize(
    ("vote_place", "other"), [(LAON, SAINT_QUENTIN), (LAON, PARIS_1), (NOUMEA, LAON), (PARIS_1, LYON_1)]
)
@pytest.mark.parametrize("ballot", [LEGISLATIVES, MUNICIPALES])
def test_r_04_since_2022_another_commune_never_invalidates(vote_place, other, ballot):
    assert control(elector(vote_place), elector(other), vote_place, ballot) is None


@pytest.mark.parametrize(
    ("vote_place", "other", "code"),
    [
        (LAON, LAON, None),
        (LAON, SAINT_QUENTIN, RefusalCode.COMMUNES_DIFFERENTES),
        (PARIS_1, PARIS_15, None),
        (PARIS_1, LYON_1, RefusalCode.COMMUNES_DIFFERENTES),
    ],
    ids=["the same", "another", "two arrondissements of Paris", "Paris and Lyon"],
)
def test_r_05_in_june_2021_both_vote_in_one_commune(vote_place, other, code):
    assert control(elector(vote_place), elector(other), vote_place, JUNE_2021) is code


def test_r_01_nothing_but_the_data_of_r_75_is_collected_and_no_motive():
    assert {one.name for one in fields(Filed)} == {
        "reference", "mandant", "mandataire", "vote_place", "validity", "email", "declaration_version",
        "authentication", "channel", "taken_over",
    }  # fmt: skip
    assert {one.name for one in fields(Person)} == {
        "birth_date", "birth_name", "given_names", "sex", "elector_number", "used_name", "enrolment",
    }  # fmt: skip


def test_r_07_the_cases_of_l_72_1_are_a_declaration_and_no_status_is_stored():
    missing = missing_to_establish(REQUIRED_TO_ESTABLISH & ~Declarations.NO_CASE_OF_L72_1, ActPlaceKind.UNIT)
    assert missing is Declarations.NO_CASE_OF_L72_1
    assert {one.name for one in fields(RegisterEntry)} == {"place", "lists", "birth_date", "has_rights"}


FIRST_DAY, SECOND_DAY = LEGISLATIVES.rounds[0].day, LEGISLATIVES.rounds[1].day  # 30 June and 7 July 2024


@pytest.mark.parametrize(
    ("born", "rounds", "found"),
    [
        ((2006, 6, 30), slice(None), None),
        ((2006, 7, 7), slice(None), None),
        ((2006, 7, 7), slice(1), RefusalCode.MANDANT_NON_INSCRIT),
        ((2006, 7, 7), slice(1, 2), None),
        ((2006, 7, 8), slice(None), RefusalCode.MANDANT_NON_INSCRIT),
        ((2006, 7), slice(None), ControlDoubt.AGE),
        ((2006,), slice(None), ControlDoubt.AGE),
        ((2006, 6), slice(None), None),
        ((2006, 8), slice(None), RefusalCode.MANDANT_NON_INSCRIT),
        ((2007,), slice(None), RefusalCode.MANDANT_NON_INSCRIT),
        ((2005,), slice(None), None),
    ],
)
def test_r_09_the_age_is_that_of_the_last_day_served_and_a_doubt_goes_to_a_person(born, rounds, found):
    assert control(elector(born=born), elector(), rounds=rounds) is found


def test_r_09_which_round_counts_is_a_parameter():
    law = law_with(age_counted_at_round="FIRST")
    found = control(elector(born=(2006, 7, 7)), elector(), law=law)
    assert found is RefusalCode.MANDANT_NON_INSCRIT


def test_r_09_a_mandataire_who_is_a_minor_cannot_vote():
    assert control(elector(), elector(born=(2010, 1, 1))) is RefusalCode.MANDATAIRE_SANS_DROITS


def test_r_09_a_refusal_of_one_stands_whatever_the_doubt_about_the_other():
    assert control(elector(born=(2006,)), None) is RefusalCode.MANDATAIRE_INTROUVABLE


MUNICIPAL, EUROPEAN = (L.COMPLEMENTAIRE_MUNICIPALE,), (L.COMPLEMENTAIRE_EUROPEENNE,)


@pytest.mark.parametrize(
    ("lists", "ballot", "votes"),
    [
        (MUNICIPAL, MUNICIPALES, True),
        (EUROPEAN, EUROPEENNES, True),
        (EUROPEAN, MUNICIPALES, False),
        (MUNICIPAL, EUROPEENNES, False),
        (MUNICIPAL, LEGISLATIVES, False),
        (EUROPEAN, LEGISLATIVES, False),
        (MUNICIPAL + EUROPEAN, JUNE_2021, False),
        ((L.PRINCIPALE,), JUNE_2021, True),
    ],
)
def test_r_10_a_citizen_of_the_union_votes_in_municipal_and_european_ballots_only(lists, ballot, votes):
    citizen = elector(lists=lists)
    assert control(citizen, elector(), ballot=ballot) is (None if votes else RefusalCode.MANDANT_NON_INSCRIT)
    found = control(elector(), citizen, ballot=ballot)
    assert found is (None if votes else RefusalCode.MANDATAIRE_SANS_DROITS)


GENERAL, SPECIAL = elector(NOUMEA), elector(NOUMEA, (L.PRINCIPALE, L.SPECIALE_PROVINCIALE))


@pytest.mark.parametrize(
    ("mandant", "mandataire", "found"),
    [
        (SPECIAL, SPECIAL, None),
        (GENERAL, SPECIAL, RefusalCode.MANDANT_NON_INSCRIT),
        (SPECIAL, GENERAL, ControlDoubt.SPECIAL_LIST),
        (SPECIAL, elector(LAON), ControlDoubt.SPECIAL_LIST),
    ],
)
def test_r_75_a_provincial_ballot_has_a_list_of_its_own(mandant, mandataire, found):
    assert control(mandant, mandataire, NOUMEA, PROVINCIALES) is found


@pytest.mark.parametrize(
    ("value", "found"), [("REQUIRED", RefusalCode.MANDATAIRE_SANS_DROITS), ("NOT_REQUIRED", None)]
)
def test_r_75_whether_it_holds_for_the_mandataire_is_a_parameter(value, found):
    law = law_with(special_list_for_mandataire=value)
    assert control(SPECIAL, GENERAL, NOUMEA, PROVINCIALES, law=law) is found


def test_r_75_the_general_list_serves_every_other_ballot_of_nouvelle_caledonie():
    ballot = scrutin("2024-06-legislatives/988")
    assert control(GENERAL, GENERAL, NOUMEA, ballot) is None


def test_every_doubt_names_its_rule():
    assert set(RULE_OF_CONTROL_DOUBT) == set(ControlDoubt)
    assert set(RULE_OF_CONTROL_DOUBT.values()) <= set(RULES)


ENTRIES = st.none() | st.builds(
    RegisterEntry,
    place=st.sampled_from([LAON, SAINT_QUENTIN, NOUMEA, PARIS_1]),
    lists=st.frozensets(st.sampled_from(L)),
    birth_date=st.builds(
        lambda day, known: PartialDate(day.year, *((day.month, day.day)[:known])),
        st.dates(date(1920, 1, 1), date(2020, 1, 1)),
        st.integers(0, 2),
    ),
    has_rights=st.booleans(),
)


@given(ENTRIES, ENTRIES, st.sampled_from([JUNE_2021, LEGISLATIVES, MUNICIPALES, PROVINCIALES]))
def test_r_02_r_03_what_makes_it_worse_never_mends_it(mandant, mandataire, ballot):
    def found(one, other):
        return control(one, other, LAON, ballot)

    if found(mandant, mandataire) is None:
        assert mandant is not None
        assert mandataire is not None
        assert mandant.has_rights
        assert mandataire.has_rights
    else:
        assert found(None, mandataire) is not None
        assert found(mandant, None) is not None
    if mandant is not None:
        assert isinstance(found(replace(mandant, has_rights=False), mandataire), RefusalCode)
