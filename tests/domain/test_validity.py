from datetime import UTC, date, datetime

import pytest

from procuration.domain.law import ControlRegime, Law, Parameter
from procuration.domain.people import Place, PlaceType
from procuration.domain.scrutin import Round, Scrutin, open_scrutins, scrutins_of
from procuration.domain.validity import (
    OneScrutin,
    Period,
    Rounds,
    add_years,
    check_period,
    check_scrutin,
    rounds_covered,
)
from procuration.errors import RuleViolated
from tests.builders import LAON, NOUMEA

GAMBIER = Place(code="98719", type=PlaceType.COMMUNE, cog_year=2026)


def poll(day: date, opens: int = 6) -> Round:
    at = datetime(day.year, day.month, day.day, opens, tzinfo=UTC)
    return Round(day=day, opens_at=at, closes_at=at.replace(hour=opens + 10))


def scrutin(id_: str, places, *days: date) -> Scrutin:
    return Scrutin(
        id=id_,
        elections=("departementales", "regionales"),
        places=places,
        rounds=tuple(poll(day) for day in days),
        zone="Europe/Paris",
        max_total=2,
        max_france=2,
        article="Loi 2021-191, art. 2",
    )


JUNE_2021 = scrutin("2021-06/02", ("02",), date(2021, 6, 20), date(2021, 6, 27))
CALENDAR = (
    JUNE_2021,
    scrutin("2021-06/987", ("987",), date(2021, 6, 19)),
    scrutin("2021-06/98719", ((("98719", PlaceType.COMMUNE)),), date(2021, 6, 18)),
)
BEFORE = datetime(2021, 6, 1, tzinfo=UTC)


def test_r_31_r_32_choosing_a_scrutin_covers_every_election_of_its_days():
    choice = OneScrutin(scrutin_id="2021-06/02", rounds=Rounds.BOTH)
    assert [round_.day for round_ in rounds_covered(choice, CALENDAR, LAON)] == [
        date(2021, 6, 20),
        date(2021, 6, 27),
    ]


@pytest.mark.parametrize(
    ("rounds", "days"), [(Rounds.FIRST, [20]), (Rounds.SECOND, [27]), (Rounds.BOTH, [20, 27])]
)
def test_r_28_a_choice_names_its_rounds(rounds, days):
    covered = rounds_covered(OneScrutin(scrutin_id="2021-06/02", rounds=rounds), CALENDAR, LAON)
    assert [round_.day.day for round_ in covered] == days


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ((2021, 6, 20), (2021, 6, 20), [20]),
        ((2021, 6, 21), (2021, 7, 1), [27]),
        ((2021, 7, 1), (2021, 8, 1), []),
    ],
)
def test_r_35_a_period_covers_the_polls_between_its_days_both_included(first, last, days):
    period = Period(first_day=date(*first), last_day=date(*last))
    assert [round_.day.day for round_ in rounds_covered(period, CALENDAR, LAON)] == days


def test_r_37_the_poll_of_a_place_is_its_own_row_before_its_territory_s():
    assert [one.id for one in scrutins_of(GAMBIER, CALENDAR)] == ["2021-06/98719"]
    assert scrutins_of(NOUMEA, CALENDAR) == ()


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (OneScrutin(scrutin_id="2021-06/987", rounds=Rounds.FIRST), "SCRUTIN_INCONNU"),
        (OneScrutin(scrutin_id="unknown", rounds=Rounds.FIRST), "SCRUTIN_INCONNU"),
        (OneScrutin(scrutin_id="2021-06/02", rounds=Rounds(0)), "TOURS"),
    ],
)
def test_a_choice_outside_the_calendar_of_the_place_is_refused(choice, code):
    with pytest.raises(RuleViolated, match=code):
        check_scrutin(choice, CALENDAR, LAON, BEFORE)


def test_a_second_round_that_does_not_exist_is_refused():
    with pytest.raises(RuleViolated, match="TOURS"):
        check_scrutin(
            OneScrutin(scrutin_id="2021-06/987", rounds=Rounds.BOTH),
            CALENDAR,
            Place(code="98735", type=PlaceType.COMMUNE, cog_year=2026),
            BEFORE,
        )


def test_r_36_a_poll_is_open_to_requests_until_it_closes():
    closing = JUNE_2021.last_closing
    choice = OneScrutin(scrutin_id="2021-06/02", rounds=Rounds.BOTH)
    check_scrutin(choice, CALENDAR, LAON, closing.replace(hour=15, minute=59))
    assert open_scrutins(LAON, CALENDAR, closing.replace(hour=15)) == (JUNE_2021,)
    assert open_scrutins(LAON, CALENDAR, closing) == ()
    with pytest.raises(RuleViolated, match="SCRUTIN_PASSE"):
        check_scrutin(choice, CALENDAR, LAON, closing)


def test_r_29_a_period_ends_at_most_one_year_after_it_is_drawn_up():
    check_period(Period(first_day=date(2027, 1, 1), last_day=date(2027, 11, 22)), 1, date(2026, 11, 22))
    with pytest.raises(RuleViolated, match="DUREE_EXCESSIVE"):
        check_period(Period(first_day=date(2027, 1, 1), last_day=date(2027, 11, 23)), 1, date(2026, 11, 22))


def test_a_period_runs_forward_and_is_not_over():
    with pytest.raises(RuleViolated, match="PERIODE_INVERSEE"):
        check_period(Period(first_day=date(2027, 2, 1), last_day=date(2027, 1, 1)), 1, date(2026, 11, 22))
    with pytest.raises(RuleViolated, match="PERIODE_PASSEE"):
        check_period(Period(first_day=date(2026, 2, 1), last_day=date(2026, 3, 1)), 1, date(2026, 11, 22))


def test_a_year_from_the_29th_of_february_ends_on_the_28th():
    assert add_years(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert add_years(date.max, 1) == date.max


def parameter(name, value, territory="*", first=date(2022, 1, 3), last=None):
    return Parameter(
        name=name, value=value, territory=territory, first_day=first, last_day=last, article="art."
    )


LAW = Law(
    [
        parameter("control_regime", "REU"),
        parameter("control_regime", "MAIRIE", "988"),
        parameter("control_regime", "MAIRIE", "*", date(2021, 4, 6), date(2022, 1, 2)),
        parameter("validity_max_years", 1),
        parameter("validity_max_years_consular", 3),
    ]
)


@pytest.mark.parametrize(
    ("place", "day", "regime"),
    [
        (LAON, date(2021, 6, 20), ControlRegime.MAIRIE),
        (LAON, date(2026, 3, 15), ControlRegime.REU),
        (NOUMEA, date(2024, 7, 7), ControlRegime.MAIRIE),
    ],
)
def test_the_control_regime_is_a_function_of_the_place_and_the_day(place, day, regime):
    assert LAW.control_regime(place, day) is regime


def test_r_30_a_consular_list_allows_three_years():
    consulate = Place(code="BERLIN", type=PlaceType.CIRCONSCRIPTION_CONSULAIRE, cog_year=2026)
    assert (
        LAW.period_years_max(consulate, date(2027, 1, 1)),
        LAW.period_years_max(LAON, date(2027, 1, 1)),
    ) == (3, 1)


def test_the_program_does_not_guess_what_the_table_does_not_say():
    with pytest.raises(RuleViolated, match="LOI_INCONNUE"):
        LAW.control_regime(LAON, date(2020, 1, 1))
