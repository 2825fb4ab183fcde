"""What the télé-procédure may serve, and what goes on paper (R. 72, R. 213-1)."""

from dataclasses import replace
from datetime import date

import pytest

from procuration.domain.competence import Form
from procuration.domain.events import Authentication, Channel
from procuration.domain.people import PartialDate, Person, Place, PlaceType
from procuration.domain.teleprocedure import (
    appearance_required,
    check_elections,
    check_mandataire_reachable,
    form_of,
    served_scrutins,
)
from procuration.errors import RuleViolated
from tests.builders import JEAN_CLAUDE, LAON, NOUMEA
from tests.domain.shipped import CALENDAR, LAW, law_with, scrutin

BERLIN = Place(code="BERLIN", type=PlaceType.CIRCONSCRIPTION_CONSULAIRE, cog_year=2026)
KONE = Place(code="98811", type=PlaceType.COMMUNE, cog_year=2026)
IN_LAON = replace(JEAN_CLAUDE, enrolment=LAON)
BY_NUMBER = Person(birth_date=PartialDate(1944, 8, 22), elector_number="12345678")
SENATORIAL = replace(scrutin("2024-06-legislatives/metropole"), elections=("senatoriales",))


@pytest.mark.parametrize("vote_place", [LAON, BERLIN])
@pytest.mark.parametrize("day", [date(2022, 1, 1), date(2024, 6, 30), date(2027, 4, 1)])
def test_r_73_a_mandataire_of_nouvelle_caledonie_needs_paper_when_the_mandant_votes_elsewhere(
    vote_place, day
):
    with pytest.raises(RuleViolated, match="TELEPROCEDURE_NON_APPLICABLE"):
        check_mandataire_reachable(vote_place, JEAN_CLAUDE, LAW, day)


@pytest.mark.parametrize(
    ("vote_place", "mandataire"),
    [(NOUMEA, JEAN_CLAUDE), (KONE, JEAN_CLAUDE), (NOUMEA, IN_LAON), (LAON, IN_LAON), (LAON, BY_NUMBER)],
)
def test_r_73_bars_only_the_way_into_nouvelle_caledonie(vote_place, mandataire):
    check_mandataire_reachable(vote_place, mandataire, LAW, date(2027, 4, 1))


def test_r_73_is_a_parameter_and_not_a_literal():
    check_mandataire_reachable(
        LAON, JEAN_CLAUDE, law_with(mandataire_from_outside_accepted=1), date(2027, 4, 1)
    )


def test_r_79_every_ballot_of_the_calendar_is_served():
    for one in CALENDAR:
        check_elections(one, LAON, LAW)


def test_r_78_a_senatorial_ballot_is_never_offered_and_never_served():
    assert served_scrutins((SENATORIAL,), LAON, LAW) == ()
    with pytest.raises(RuleViolated, match="SCRUTIN_HORS_TELEPROCEDURE"):
        check_elections(SENATORIAL, LAON, LAW)


def test_r_79_a_ballot_is_served_when_all_its_elections_are():
    both = replace(SENATORIAL, elections=("legislatives", "senatoriales"))
    assert served_scrutins((both, *CALENDAR), LAON, LAW) == CALENDAR


@pytest.mark.parametrize("channel", Channel)
def test_a_form_keyed_in_stays_paper(channel):
    assert form_of(channel) is (Form.PAPER if channel is Channel.PAPER else Form.TELEPROCEDURE)


@pytest.mark.parametrize(
    ("authentication", "day", "required"),
    [
        (Authentication.CERTIFIED_IDENTITY, date(2025, 11, 7), True),
        (Authentication.CERTIFIED_IDENTITY, date(2025, 11, 8), False),
        (Authentication.FRANCE_CONNECT, date(2026, 3, 15), True),
        (Authentication.NC_CONNECT, date(2026, 3, 15), True),
        (Authentication.NONE, date(2026, 3, 15), True),
    ],
)
def test_r_22_only_a_certified_identity_spares_the_visit(authentication, day, required):
    assert appearance_required(authentication, NOUMEA, LAW, day) is required
