"""A fact that a town hall recorded by mistake and withdrew (R-50 to R-52; decision 0043): what the
procuration, and those beside it, are worth then, in whatever order the events came."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.facts import ENDS_WITH_THE_MANDANT, ENDS_WITH_THE_MANDATAIRE, FactCode, RulingOutcome
from procuration.domain.fold import fold
from procuration.domain.status import Doubt, Status, standing_of
from tests.builders import NOUMEA, rid
from tests.domain.test_rivals import DAY, FIRST_ROUND, HOUR, history, proved, settled, status
from tests.histories import CALENDAR, LAW, History, person, utc

VOTE = utc(2027, 4, 11, 1)
ENDINGS = sorted(ENDS_WITH_THE_MANDANT | ENDS_WITH_THE_MANDATAIRE)


def effects(told: History, number: int = 1) -> list[str]:
    return [outcome.effect.value for _, outcome in settled(told, number).rounds]


@pytest.mark.parametrize("code", ENDINGS)
def test_r_51_r_52_a_procuration_stands_again_once_the_fact_is_withdrawn(code):
    told = history()
    told.establishes(1, DAY + HOUR)
    fact = told.learns(1, code, DAY + 2 * HOUR)
    assert status(told) is Status.ANNULEE_L77
    told.withdraws(fact, DAY + 3 * HOUR)
    assert (status(told), settled(told).code) == (Status.ETABLIE, None)


@pytest.mark.parametrize("code", [FactCode.MANDANT_VOTED, FactCode.MANDATAIRE_VOTED])
def test_r_50_a_vote_that_was_not_cast_spends_nothing(code):
    told = history()
    told.establishes(1, DAY + HOUR)
    fact = told.learns(1, code, VOTE, FIRST_ROUND)
    assert effects(told)[0] != "STANDS"
    told.withdraws(fact, VOTE + HOUR)
    assert effects(told) == ["STANDS", "STANDS"]


def test_r_50_of_two_votes_the_one_that_is_left_counts_and_nobody_has_to_decide():
    told = history()
    told.establishes(1, DAY + HOUR)
    told.learns(1, FactCode.MANDATAIRE_VOTED, VOTE, FIRST_ROUND)
    wrong = told.learns(1, FactCode.MANDANT_VOTED, VOTE, FIRST_ROUND)
    assert settled(told).doubt is Doubt.VOTES_CONTRAIRES
    told.withdraws(wrong, VOTE + HOUR)
    assert effects(told) == ["UTILISEE", "STANDS"]


def test_a_fact_recorded_again_counts_and_so_does_one_that_nobody_withdrew():
    told = history()
    told.establishes(1, DAY + HOUR)
    first = told.learns(1, FactCode.MANDATAIRE_DEAD, DAY + 2 * HOUR)
    told.withdraws(first, DAY + 3 * HOUR)
    again = told.learns(1, FactCode.MANDATAIRE_DEAD, DAY + 2 * HOUR)
    assert status(told) is Status.ANNULEE_L77
    told.learns(1, FactCode.MANDATAIRE_WITHOUT_RIGHTS, DAY + 4 * HOUR)
    told.withdraws(again, DAY + 5 * HOUR)
    assert status(told) is Status.ANNULEE_L77


def test_a_withdrawal_under_another_request_withdraws_nothing():
    told = history()
    told.establishes(1, DAY + HOUR)
    told.establishes(2, DAY + 2 * HOUR, mandant=person("DEUX"), mandataire=person("UN AUTRE", NOUMEA))
    fact = told.learns(1, FactCode.MANDANT_DEAD, DAY + 3 * HOUR)
    told.withdraws(fact, DAY + 4 * HOUR, number=2)
    assert [status(told, number) for number in (1, 2)] == [Status.ANNULEE_L77, Status.ETABLIE]


def test_a_withdrawal_that_names_an_act_or_nothing_known_changes_nothing():
    told = history()
    act = told.establishes(1, DAY + HOUR)
    told.withdraws(act, DAY + 2 * HOUR)
    fact = told.learns(1, FactCode.MANDATAIRE_DEAD, DAY + 3 * HOUR)
    assert status(told) is Status.ANNULEE_L77
    told.withdraws(fact, DAY + 4 * HOUR)
    assert status(told) is Status.ETABLIE
    unknown = history()
    unknown.establishes(1, DAY + HOUR)
    unknown.withdraws(fact, DAY + 2 * HOUR)
    assert status(unknown) is Status.ETABLIE


def test_r_51_every_procuration_of_the_mandataire_stands_again():
    told = history()
    told.establishes(1, DAY + HOUR)
    told.establishes(2, DAY + 2 * HOUR, abroad=True, mandant=person("AILLEURS"))
    fact = told.learns(1, FactCode.MANDATAIRE_DEAD, DAY + 3 * HOUR)
    assert [status(told, number) for number in (1, 2)] == [Status.ANNULEE_L77] * 2
    told.withdraws(fact, DAY + 4 * HOUR)
    assert [status(told, number) for number in (1, 2)] == [Status.ETABLIE] * 2


def test_r_49_a_procuration_given_in_its_place_meanwhile_goes_to_a_person():
    """The mandant was told that the first one is void, and gave another. No program chooses between them."""
    told = history()
    told.establishes(1, DAY + HOUR)
    fact = told.learns(1, FactCode.MANDATAIRE_DEAD, DAY + 2 * HOUR)
    told.establishes(2, DAY + 72 * HOUR, mandataire=person("UN AUTRE", NOUMEA))
    told.proves("brigade", DAY + 71 * HOUR, DAY + 73 * HOUR)
    assert [status(told, number) for number in (1, 2)] == [Status.ANNULEE_L77, Status.ETABLIE]
    told.withdraws(fact, DAY + 74 * HOUR)
    assert {settled(told, number).doubt for number in (1, 2)} == {Doubt.DEUX_PROCURATIONS}


def test_l_73_a_later_procuration_that_took_the_place_gives_it_back():
    told = history()
    told.establishes(1, DAY + HOUR)
    fact = told.learns(1, FactCode.MANDANT_DEAD, DAY - 24 * HOUR, date(2027, 3, 30))
    told.establishes(2, DAY + 2 * HOUR, mandant=person("DEUX"))
    proved(told)
    before = [status(told, number) for number in (1, 2)]
    told.withdraws(fact, DAY + 24 * HOUR)
    assert before == [Status.ANNULEE_L77, Status.ETABLIE]
    assert [status(told, number) for number in (1, 2)] == [Status.ETABLIE, Status.NULLE_L73]


def told_by_two_logs() -> History:
    """A town hall without network withdraws with a clock that is a day late: by its own word, before the
    fact."""
    told = history()
    act = told.establishes(1, DAY + HOUR)
    told.receives(act, DAY + 2 * HOUR)
    fact = told.learns(1, FactCode.MANDATAIRE_DEAD, DAY + 3 * HOUR)
    told.log("hall").offset = timedelta(days=-1)
    told.withdraws(fact, DAY + 4 * HOUR, log="hall")
    return told


def test_the_order_in_which_they_arrive_and_the_clocks_of_their_logs_never_matter():
    events = [one for one in told_by_two_logs().events if one.envelope.rid is not None]
    assert len(events) == 5
    standings = {standing_of(order) for order in permutations(events)}
    assert [(one.status, one.facts) for one in standings] == [(Status.TRANSMISE, ())]
    assert {standing_of([*order, *order]) for order in (events, events[::-1])} == standings


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("records"), st.sampled_from(list(FactCode))),
        st.tuples(st.just("withdraws"), st.integers(0, 5)),
    ),
    max_size=8,
)


@given(steps=STEPS, orders=st.data())
def test_what_counts_is_what_was_recorded_and_not_withdrawn_whatever_the_order(steps, orders):
    told = history()
    told.establishes(1, DAY + HOUR)
    facts, withdrawn = [], set()
    for what, value in steps:
        if what == "records":
            facts.append(told.learns(1, value, VOTE, FIRST_ROUND))
        elif value < len(facts):
            told.withdraws(facts[value], VOTE + HOUR)
            withdrawn.add(facts[value].hash)
    shuffled = orders.draw(st.permutations(told.events))
    in_force = {one.hash for one in facts} - withdrawn
    assert {hash_ for _, hash_ in standing_of(_of_the_request(shuffled)).facts} == in_force
    assert fold(shuffled, LAW, CALENDAR).settled[rid(1)] == settled(told)


def _of_the_request(events):
    return [one for one in events if one.envelope.rid == rid(1)]


def test_l_73_what_a_person_decided_because_of_the_fact_loses_its_object():
    told = history()
    first = told.establishes(1, DAY + HOUR)
    second = told.establishes(2, DAY + 2 * HOUR, mandant=person("DEUX"))
    told.proves("brigade", DAY + 3 * HOUR)
    fact = told.learns(1, FactCode.MANDANT_DEAD, DAY + 48 * HOUR)
    assert settled(told, 2).doubt is Doubt.PLAFOND_LIBERE
    told.rules(RulingOutcome.FIRST_STANDS, DAY + 50 * HOUR, second, first)
    assert status(told, 2) is Status.ETABLIE
    told.withdraws(fact, DAY + 52 * HOUR)
    assert [status(told, number) for number in (1, 2)] == [Status.ETABLIE, Status.NULLE_L73]
