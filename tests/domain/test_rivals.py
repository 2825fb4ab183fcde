"""What ends a procuration or stands beside it: résiliation, second procuration, death, vote, the other town
hall."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procuration.domain.candidates import SecondProcuration
from procuration.domain.events import TakenBy
from procuration.domain.facts import FactCode, RulingOutcome
from procuration.domain.fold import fold
from procuration.domain.law import Law, Parameter
from procuration.domain.people import Place, PlaceType, Sex
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from tests.builders import ANGELA, LAON, NOUMEA, OFFICER, SCRUTIN_ID, rid
from tests.histories import CALENDAR, LAW, History, person, utc

DAY = utc(2027, 4, 1, 8)
HOUR = timedelta(hours=1)
LIFOU = Place(code="98814", type=PlaceType.COMMUNE, cog_year=2026)
FIRST_ROUND, SECOND_ROUND = date(2027, 4, 11), date(2027, 4, 25)


def history(*tablets: str) -> History:
    """These tablets have clocks that were right in the morning."""
    told = History(DAY - 2 * HOUR)
    told.proves("brigade", DAY - HOUR)
    for tablet in tablets:
        told.proves(tablet, DAY - HOUR)
    return told


def proved(told: History) -> History:
    """The same, the clocks right in the evening too."""
    for name in list(told.logs):
        if name not in ("centre", "kiosk"):
            told.proves(name, DAY + 20 * HOUR)
    return told


def settled(told: History, number: int = 1, law: Law = LAW):
    return fold(told.events, law, CALENDAR).settled[rid(number)]


def status(told: History, number: int = 1, law: Law = LAW) -> Status:
    return settled(told, number, law).status


def test_the_days_of_the_ballot_are_those_that_these_stories_tell():
    (scrutin,) = [one for one in CALENDAR if one.id == SCRUTIN_ID]
    assert [round_.day for round_ in scrutin.rounds] == [FIRST_ROUND, SECOND_ROUND]


# résiliation


@pytest.mark.parametrize("tablet", ["brigade", "elsewhere"])
def test_r_46_a_resiliation_ends_it_from_that_instant(tablet):
    told = history("elsewhere")
    told.establishes(1, DAY + HOUR)
    told.revokes(DAY + 2 * HOUR, tablet)
    one = settled(proved(told))
    assert (one.status, one.code, one.rule) == (Status.RESILIEE, RefusalCode.RESILIEE, "R-46")


def test_r_46_no_motive_is_asked_or_kept():
    from procuration.domain.facts import RevocationSubject

    assert set(RevocationSubject.__dataclass_fields__) == {"rid", "mandant", "vote_place", "validity"}


def test_r_46_a_resiliation_of_one_scrutin_leaves_the_rest_of_a_period():
    told = history()
    period = Period(first_day=date(2027, 4, 1), last_day=date(2028, 3, 30))
    told.establishes(1, DAY + HOUR, validity=period)
    told.revokes(DAY + 2 * HOUR, validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST))
    one = settled(told)
    assert [outcome.effect for _, outcome in one.rounds] == ["RESILIEE", "STANDS"]
    assert one.status is Status.ETABLIE


def test_r_46_a_resiliation_whose_clock_overlaps_the_act_waits_for_a_person():
    told = History(DAY)
    act = told.establishes(1, DAY + HOUR)
    told.revokes(DAY + 2 * HOUR, "elsewhere")
    told.receives(act, DAY + 5 * HOUR)
    assert settled(told).doubt is Doubt.RESILIATION_INCERTAINE


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [(RulingOutcome.FIRST_STANDS, Status.TRANSMISE), (RulingOutcome.NONE_STANDS, Status.RESILIEE)],
)
def test_r_46_a_person_says_whether_the_resiliation_came_after(outcome, expected):
    told = History(DAY)
    act = told.establishes(1, DAY + HOUR)
    told.revokes(DAY + 2 * HOUR, "elsewhere")
    told.receives(act, DAY + 5 * HOUR)
    told.rules(outcome, DAY + 9 * HOUR, act)
    assert status(told) is expected


def test_r_46_a_resiliation_that_names_several_persons_waits_for_a_person():
    told = history("elsewhere")
    told.establishes(1, DAY + HOUR)
    other = replace(ANGELA, sex=Sex.MALE)
    told.establishes(2, DAY + 2 * HOUR, mandant=other, mandataire=person("AUTRE", NOUMEA))
    told.revokes(DAY + 3 * HOUR, "elsewhere")
    proved(told)
    assert {settled(told, number).doubt for number in (1, 2)} == {Doubt.RESILIATION_INCERTAINE}


def test_r_46_a_resiliation_before_any_procuration_is_known_waits_listed():
    told = history()
    told.revokes(DAY + HOUR)
    assert [one.vote_place for one in fold(told.events, LAW, CALENDAR).without_object] == [NOUMEA]


def test_r_47_a_resiliation_reaches_the_centre_by_itself_and_the_town_hall_with_it():
    """Made on a tablet, it is an event like any other: the town hall's row changes with it, nobody writes a
    letter."""
    told = history()
    act = told.establishes(1, DAY + HOUR)
    told.receives(act, DAY + 3 * HOUR)
    told.receives(act, DAY + 4 * HOUR, TakenBy.TOWN_HALL_OR_REGISTER)
    told.decides(act, DAY + 5 * HOUR)
    told.revokes(DAY + 6 * HOUR)
    assert status(told) is Status.RESILIEE


def test_r_48_after_a_resiliation_a_new_procuration_to_anybody_stands():
    told = history()
    told.establishes(1, DAY + HOUR)
    told.revokes(DAY + 2 * HOUR, rid=rid(1))
    told.establishes(2, DAY + 3 * HOUR, mandataire=person("QUELQU’UN D’AUTRE", NOUMEA))
    assert [status(told, number) for number in (1, 2)] == [Status.RESILIEE, Status.ETABLIE]


# a second procuration of the same mandant


def two_of_one_mandant(known_at=None) -> History:
    told = history("elsewhere")
    act = told.establishes(1, DAY + HOUR)
    if known_at is not None:
        told.receives(act, known_at)
    told.establishes(2, DAY + 3 * HOUR, "elsewhere", mandataire=person("UN AUTRE", NOUMEA))
    return proved(told)


def test_r_49_the_second_falls_when_the_centre_had_the_first():
    told = two_of_one_mandant(DAY + 2 * HOUR)
    assert [status(told, number) for number in (1, 2)] == [Status.TRANSMISE, Status.INVALIDEE]
    assert settled(told, 2).code is RefusalCode.PROCURATION_DEJA_EXISTANTE


def test_r_49_two_that_nobody_could_know_of_go_to_a_person():
    told = two_of_one_mandant()
    assert [settled(told, number).doubt for number in (1, 2)] == [Doubt.DEUX_PROCURATIONS] * 2


def test_r_49_the_last_wins_where_the_table_says_so():
    last_wins = Law(
        [
            *(row for rows in LAW._rows.values() for row in rows if row.name != "second_procuration"),
            Parameter(
                name="second_procuration",
                value=SecondProcuration.LAST_WINS.value,
                territory="*",
                first_day=date(2021, 1, 1),
                last_day=None,
                article="configured",
            ),
        ]
    )
    told = two_of_one_mandant()
    assert [status(told, number, last_wins) for number in (1, 2)] == [Status.RESILIEE, Status.ETABLIE]


def test_r_49_a_person_says_which_of_the_two_stands():
    told = two_of_one_mandant()
    first, second = (event for event in told.events if event.act is not None)
    told.rules(RulingOutcome.FIRST_STANDS, DAY + 30 * HOUR, second, first)
    assert [status(told, number) for number in (1, 2)] == [Status.INVALIDEE, Status.ETABLIE]


def test_r_45_a_mandant_whose_first_was_void_gives_another():
    """Told that the ceiling was exceeded, the mandant chooses somebody else: nothing stands in the way."""
    told = history()
    told.establishes(1, DAY + HOUR, mandant=person("QUELQU’UN"))
    told.establishes(2, DAY + 2 * HOUR)
    told.establishes(3, DAY + 3 * HOUR, mandataire=person("UN AUTRE", NOUMEA))
    found = [status(told, number) for number in (1, 2, 3)]
    assert found == [Status.ETABLIE, Status.NULLE_L73, Status.ETABLIE]


# death, rights, votes


@pytest.mark.parametrize("code", [FactCode.MANDATAIRE_DEAD, FactCode.MANDATAIRE_WITHOUT_RIGHTS])
def test_r_51_the_loss_of_the_mandataire_ends_every_procuration_that_they_hold(code):
    told = history()
    told.establishes(1, DAY + HOUR)
    told.establishes(2, DAY + 2 * HOUR, abroad=True, mandant=person("AILLEURS"))
    told.learns(1, code, DAY + 3 * HOUR)
    assert [(status(told, number), settled(told, number).rule) for number in (1, 2)] == [
        (Status.ANNULEE_L77, "R-51")
    ] * 2
    assert settled(told).code is RefusalCode.DECES_OU_DROITS


@pytest.mark.parametrize(
    "code", [FactCode.MANDANT_DEAD, FactCode.MANDANT_WITHOUT_RIGHTS, FactCode.MANDANT_STRUCK_OFF]
)
def test_r_52_nothing_is_left_to_vote_for_without_the_mandant(code):
    told = history()
    told.establishes(1, DAY + HOUR)
    told.learns(1, code, DAY + 3 * HOUR)
    assert (status(told), settled(told).rule) == (Status.ANNULEE_L77, "R-52")


def test_r_52_a_death_between_two_rounds_leaves_the_first_as_it_was():
    told = history()
    told.establishes(1, DAY + HOUR)
    told.learns(1, FactCode.MANDATAIRE_VOTED, utc(2027, 4, 11, 10), FIRST_ROUND)
    told.learns(1, FactCode.MANDANT_DEAD, utc(2027, 4, 15, 10))
    assert [outcome.effect for _, outcome in settled(told).rounds] == ["UTILISEE", "ANNULEE_L77"]


@pytest.mark.parametrize(
    ("code", "effect"),
    [(FactCode.MANDANT_VOTED, "VOTE_PERSONNEL"), (FactCode.MANDATAIRE_VOTED, "UTILISEE")],
)
def test_r_50_a_vote_spends_it_for_that_round_only(code, effect):
    told = history()
    told.establishes(1, DAY + HOUR)
    told.learns(1, code, utc(2027, 4, 11, 1), FIRST_ROUND)
    assert [outcome.effect for _, outcome in settled(told).rounds] == [effect, "STANDS"]
    assert status(told) is Status.ETABLIE
    told.learns(1, code, utc(2027, 4, 25, 1), SECOND_ROUND)
    assert status(told) is Status[effect]


def test_r_50_two_votes_for_one_elector_go_to_a_person():
    told = history()
    told.establishes(1, DAY + HOUR)
    for code in (FactCode.MANDANT_VOTED, FactCode.MANDATAIRE_VOTED):
        told.learns(1, code, utc(2027, 4, 11, 1), FIRST_ROUND)
    assert settled(told).doubt is Doubt.VOTES_CONTRAIRES


@pytest.mark.parametrize(
    ("code", "effect"),
    [(FactCode.MANDANT_VOTED, "VOTE_PERSONNEL"), (FactCode.MANDATAIRE_VOTED, "UTILISEE")],
)
def test_r_50_a_doubt_that_comes_up_after_a_vote_does_not_hide_it(code, effect):
    """Another procuration of the same mandant arrives after the vote of the first round."""
    told = two_of_one_mandant()
    told.learns(1, code, utc(2027, 4, 11, 1), FIRST_ROUND)
    assert [outcome.effect for _, outcome in settled(told).rounds] == [effect, "DOUBT"]
    assert status(told) is Status.EN_ATTENTE_HUMAINE
    assert [outcome.effect for _, outcome in settled(told, 2).rounds] == ["DOUBT", "DOUBT"]


def test_r_53_a_mandant_who_moves_keeps_the_commune_of_the_act():
    """What a move does to a running procuration was not found: the commune is the one the officer read, and
    the control of the new commune, or the register, says whether it still holds."""
    told = history()
    told.establishes(1, DAY + HOUR)
    told.establishes(2, DAY + 2 * HOUR, vote_place=LIFOU, mandataire=person("UN AUTRE", LIFOU))
    assert [status(told, number) for number in (1, 2)] == [Status.ETABLIE, Status.ETABLIE]


def test_r_18_one_officer_in_two_places_at_one_second_goes_to_a_person():
    told = history("elsewhere")
    told.establishes(1, DAY + HOUR, mandant=person("UN"), mandataire=person("A", NOUMEA))
    told.establishes(2, DAY + HOUR, "elsewhere", mandant=person("DEUX"), mandataire=person("B", NOUMEA))
    assert {settled(told, number).doubt for number in (1, 2)} == {Doubt.ACTES_SIMULTANES}
    colleague = replace(OFFICER, nom="UN COLLÈGUE")
    other = history("elsewhere")
    other.establishes(1, DAY + HOUR, mandant=person("UN"), mandataire=person("A", NOUMEA))
    other.establishes(
        2,
        DAY + HOUR,
        "elsewhere",
        mandant=person("DEUX"),
        mandataire=person("B", NOUMEA),
        authority=colleague,
    )
    assert {status(other, number) for number in (1, 2)} == {Status.ETABLIE}


# two town halls

ANSWERS = Law(
    [
        *(row for rows in LAW._rows.values() for row in rows if row.name != "mandataire_town_hall_answers"),
        Parameter(
            name="mandataire_town_hall_answers",
            value=1,
            territory="988",
            first_day=date(2022, 1, 1),
            last_day=None,
            article="R. 213-1 3°",
        ),
    ]
)


def between_two_communes(enrolment=LIFOU):
    told = history()
    act = told.establishes(1, DAY + HOUR, mandataire=person("MANDATAIRE", enrolment))
    told.receives(act, DAY + 2 * HOUR)
    told.decides(act, DAY + 5 * HOUR)
    return told, act


def test_r_72_an_acceptance_waits_for_the_mandataires_town_hall():
    told, act = between_two_communes()
    assert (status(told, law=ANSWERS), settled(told, law=ANSWERS).rule) == (Status.RECUE, "R-72")
    told.answers(act, DAY + 4 * HOUR)
    assert status(told, law=ANSWERS) is Status.VALIDEE


def test_r_72_an_answer_that_refuses_invalidates_whatever_was_accepted():
    told, act = between_two_communes()
    told.answers(act, DAY + 9 * HOUR, RefusalCode.PLAFOND_DEPASSE)
    one = settled(told, law=ANSWERS)
    assert (one.status, one.code, one.rule) == (Status.INVALIDEE, RefusalCode.PLAFOND_DEPASSE, "R-72")


@pytest.mark.parametrize("enrolment", [NOUMEA, LAON])
def test_r_72_one_commune_or_one_without_a_town_hall_that_controls_needs_no_answer(enrolment):
    told, _ = between_two_communes(enrolment)
    assert status(told, law=ANSWERS) is Status.VALIDEE


# what does not fit


def test_an_event_that_names_a_request_never_seen_waits_and_is_listed():
    told = history()
    act = told.establishes(1, DAY + HOUR)
    told.receives(act, DAY + 2 * HOUR)
    kiosk = told.log("kiosk").events[0].envelope.log_id
    folded = fold([one for one in told.events if one.envelope.log_id != kiosk], LAW, CALENDAR)
    assert (folded.waiting, dict(folded.settled)) == ((rid(1),), {})
    assert fold(told.events, LAW, CALENDAR).waiting == ()
