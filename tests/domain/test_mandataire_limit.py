"""The ceiling of L. 73, with the decision table of the specification as a test."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procuration.domain.acts import ActDecision
from procuration.domain.facts import RulingOutcome
from procuration.domain.fold import fold
from procuration.domain.law import Law
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from tests.builders import NOUMEA, SCRUTIN_ID, rid
from tests.conftest import BUDGET
from tests.histories import CALENDAR, LAW, History, person, utc

DAY = utc(2027, 4, 1, 8)
HOUR = timedelta(hours=1)
SAME = person("MANDATAIRE", NOUMEA)


def calendar(max_total: int = 2, max_france: int = 1):
    return tuple(replace(one, max_total=max_total, max_france=max_france) for one in CALENDAR)


def told(sequence: str, revoked: int | None = None, revoked_at: float = 0.0) -> History:
    """Procurations for one mandataire, F in France or X abroad, an hour apart, on tablets whose clocks are
    proved."""
    history = History(DAY - 2 * HOUR)
    for number, where in enumerate(sequence, 1):
        tablet = f"brigade {number}"
        history.proves(tablet, DAY - HOUR)
        mandant = person(f"MANDANT {'ABCDEFGH'[number]}")
        act = history.establishes(
            number, DAY + number * HOUR, tablet, abroad=where == "X", mandant=mandant, mandataire=SAME
        )
        history.proves(tablet, DAY + 23 * HOUR)
        history.receives(act, DAY + 24 * HOUR)
        if number == revoked:
            history.proves("elsewhere", DAY - HOUR)
            history.revokes(DAY + revoked_at * HOUR, "elsewhere", rid=rid(number), mandant=mandant)
            history.proves("elsewhere", DAY + 23 * HOUR)
    return history


def statuses(history: History, law: Law = LAW, ballots=CALENDAR) -> dict[int, Status]:
    settled = fold(history.events, law, ballots).settled
    return {number: settled[rid(number)].status for number in range(1, 9) if rid(number) in settled}


def standing(history: History, ballots) -> set[int]:
    return {
        number for number, status in statuses(history, ballots=ballots).items() if status is Status.TRANSMISE
    }


@pytest.mark.parametrize(
    ("sequence", "default", "june_2021"),
    [
        ("F", {1}, {1}),
        ("FF", {1}, {1, 2}),
        ("FX", {1, 2}, {1, 2}),
        ("XX", {1, 2}, {1, 2}),
        ("XXF", {1, 2}, {1, 2}),
        ("FFX", {1, 3}, {1, 2}),
        ("XFFX", {1, 2}, {1, 2}),
    ],
)
def test_r_38_r_39_r_41_the_decision_table_of_l_73(sequence, default, june_2021):
    assert standing(told(sequence), calendar(2, 1)) == default
    assert standing(told(sequence), calendar(2, 2)) == june_2021


@pytest.mark.parametrize("limits", [(2, 1), (2, 2)])
def test_r_38_row_8_what_ended_before_takes_no_place(limits):
    history = told("FF", revoked=1, revoked_at=1.5)
    assert statuses(history, ballots=calendar(*limits)) == {1: Status.RESILIEE, 2: Status.TRANSMISE}


def test_r_39_row_9_what_was_void_from_birth_waits_for_a_person_when_the_first_ends():
    history = told("FF", revoked=1, revoked_at=3)
    settled = fold(history.events, LAW, calendar()).settled
    assert settled[rid(1)].status is Status.RESILIEE
    assert (settled[rid(2)].status, settled[rid(2)].doubt) == (
        Status.EN_ATTENTE_HUMAINE,
        Doubt.PLAFOND_LIBERE,
    )
    assert statuses(history, ballots=calendar(2, 2))[2] is Status.TRANSMISE


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [(RulingOutcome.FIRST_STANDS, Status.TRANSMISE), (RulingOutcome.NONE_STANDS, Status.NULLE_L73)],
)
def test_r_39_row_9_is_decided_by_the_ruling(outcome, expected):
    history = told("FF", revoked=1, revoked_at=3)
    second = next(event for event in history.log("brigade 2").events if event.act is not None)
    history.rules(outcome, DAY + 30 * HOUR, second)
    assert statuses(history)[2] is expected


def test_r_45_what_the_town_hall_refused_never_counted():
    history = told("FF")
    first = next(event for event in history.log("brigade 1").events if event.act is not None)
    history.decides(first, DAY + 40 * HOUR, RefusalCode.MANDANT_NON_INSCRIT)
    assert statuses(history) == {1: Status.INVALIDEE, 2: Status.TRANSMISE}


def test_r_40_two_rounds_are_two_scrutins():
    history = told("")
    for number, rounds in ((1, Rounds.FIRST), (2, Rounds.SECOND)):
        history.establishes(
            number,
            DAY + number * HOUR,
            mandant=person(f"MANDANT {number}"),
            mandataire=SAME,
            validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=rounds),
        )
    assert set(statuses(history).values()) == {Status.ETABLIE}


def test_r_42_a_period_may_be_void_for_one_scrutin_and_stand_for_another():
    """The limits of each scrutin apply to it: the longer procuration keeps the status of what it still
    serves."""
    history = told("")
    first = Period(first_day=utc(2027, 4, 1).date(), last_day=utc(2027, 4, 15).date())
    both = Period(first_day=utc(2027, 4, 1).date(), last_day=utc(2028, 3, 30).date())
    history.establishes(1, DAY + HOUR, mandant=person("UN"), mandataire=SAME, validity=first)
    history.establishes(2, DAY + 2 * HOUR, mandant=person("DEUX"), mandataire=SAME, validity=both)
    settled = fold(history.events, LAW, CALENDAR).settled[rid(2)]
    effects = [outcome.effect for _, outcome in settled.rounds]
    assert effects[0] == "NULLE_L73"
    assert set(effects[1:]) == {"STANDS"}
    assert settled.status is Status.ETABLIE


def test_r_43_clocks_that_overlap_name_no_winner():
    history = History(DAY)
    for number in (1, 2):
        act = history.establishes(
            number,
            DAY + number * HOUR,
            f"brigade {number}",
            mandant=person(f"MANDANT {number}"),
            mandataire=SAME,
        )
        history.receives(act, DAY + 30 * HOUR)
    settled = fold(history.events, LAW, CALENDAR).settled
    assert {settled[rid(number)].doubt for number in (1, 2)} == {Doubt.ORDRE_INCERTAIN}
    assert set(statuses(history, ballots=calendar(2, 2)).values()) == {Status.TRANSMISE}, (
        "the order changes nothing"
    )


def test_r_43_one_tablet_knows_its_own_order_whatever_its_clock_says():
    history = History(DAY - HOUR)
    log = history.log("brigade")
    history.establishes(1, DAY + 2 * HOUR, mandant=person("UN"), mandataire=SAME)
    log.steps(DAY + 2 * HOUR, timedelta(hours=-5))
    history.establishes(2, DAY + 3 * HOUR, mandant=person("DEUX"), mandataire=SAME)
    assert statuses(history) == {1: Status.ETABLIE, 2: Status.NULLE_L73}


@pytest.mark.parametrize("first", [1, 2])
def test_r_43_a_person_says_which_came_first_and_the_rule_applies(first):
    history = told("")
    acts = {}
    for number in (1, 2):
        acts[number] = history.establishes(
            number,
            DAY + number * HOUR,
            f"brigade {number}",
            mandant=person(f"MANDANT {number}"),
            mandataire=SAME,
        )
    history.rules(RulingOutcome.IN_THIS_ORDER, DAY + 30 * HOUR, acts[first], acts[3 - first])
    assert statuses(history) == {first: Status.ETABLIE, 3 - first: Status.NULLE_L73}
    history.rules(RulingOutcome.FIRST_STANDS, DAY + 31 * HOUR, acts[3 - first], acts[first])
    assert statuses(history) == {3 - first: Status.ETABLIE, first: Status.NULLE_L73}, (
        "only another ruling replaces one"
    )


def three_whose_clocks_overlap(history: History) -> list:
    return [
        history.establishes(
            number,
            DAY + number * HOUR,
            f"brigade {number}",
            mandant=person(f"MANDANT {'ABC'[number - 1]}"),
            mandataire=SAME,
        )
        for number in (1, 2, 3)
    ]


def test_r_43_none_stands_means_none_not_even_the_one_that_is_left_without_a_rival():
    history = told("")
    acts = three_whose_clocks_overlap(history)
    history.rules(RulingOutcome.NONE_STANDS, DAY + 30 * HOUR, *acts)
    assert set(statuses(history).values()) == {Status.NULLE_L73}


def test_r_49_none_of_two_procurations_of_one_mandant_means_none():
    history = told("")
    acts = [
        history.establishes(
            number, DAY + number * HOUR, f"brigade {number}", mandataire=person(f"MANDATAIRE {number}")
        )
        for number in (1, 2)
    ]
    history.rules(RulingOutcome.NONE_STANDS, DAY + 30 * HOUR, *acts)
    assert set(statuses(history).values()) == {Status.INVALIDEE}


def test_r_18_choosing_between_two_decisions_on_one_request_says_nothing_of_its_rivals():
    history = told("")
    first, *_ = three_whose_clocks_overlap(history)
    request = next(event for event in history.log("kiosk").events if event.envelope.rid == rid(1))
    refused = history.acts(
        request,
        DAY + 2 * HOUR,
        "brigade 9",
        decision=ActDecision.REFUSED,
        refusal_code=RefusalCode.MANDANT_ABSENT,
    )
    history.rules(RulingOutcome.FIRST_STANDS, DAY + 30 * HOUR, first, refused)
    settled = fold(history.events, LAW, CALENDAR).settled
    assert {settled[rid(number)].doubt for number in (1, 2, 3)} == {Doubt.ORDRE_INCERTAIN}


def test_r_44_an_earlier_one_that_arrives_late_displaces_an_accepted_one():
    history = told("FF")
    second = next(event for event in history.log("brigade 2").events if event.act is not None)
    history.decides(second, DAY + 40 * HOUR)
    late = {event.hash for event in history.log("brigade 1").events} | {
        event.hash for event in history.events if event.envelope.rid == rid(1)
    }
    before = [event for event in history.events if event.hash not in late]
    assert fold(before, LAW, CALENDAR).settled[rid(2)].status is Status.VALIDEE
    after = fold(history.events, LAW, CALENDAR).settled[rid(2)]
    assert (after.status, after.code, after.rule) == (Status.NULLE_L73, RefusalCode.PLAFOND_DEPASSE, "R-44")
    assert after.rounds[0][1].because == (rid(1),)


def test_i_2_every_order_of_arrival_says_the_same():
    history = told("FX", revoked=1, revoked_at=3)
    kept = [event for event in history.events if event.envelope.rid is not None][:6]
    assert len({str(statuses_of(order)) for order in permutations(kept)}) == 1


def statuses_of(events):
    return sorted((rid_, one.status, one.doubt) for rid_, one in fold(events, LAW, CALENDAR).settled.items())


def test_i_9_a_ruling_against_the_order_of_one_log_decides_nothing():
    """Three for one mandataire on one tablet; a person says that the last came before the first."""
    history = told("")
    acts = {
        number: history.establishes(
            number,
            DAY + number * HOUR,
            abroad=number != 2,
            mandant=person(f"MANDANT {number}"),
            mandataire=SAME,
        )
        for number in (1, 2, 3)
    }
    history.rules(RulingOutcome.IN_THIS_ORDER, DAY + 30 * HOUR, acts[3], acts[1])
    assert list(statuses(history).values()) == [Status.ETABLIE, Status.ETABLIE, Status.NULLE_L73]


@st.composite
def histories(draw):
    """Several tablets, some with proved clocks, mandants and mandataires of a small town, decisions and
    rulings."""
    history = History(DAY - HOUR)
    tablets = [f"brigade {number}" for number in range(draw(st.integers(1, 4)))]
    for tablet in tablets:
        history.log(tablet).offset = timedelta(seconds=draw(st.integers(-7200, 7200)))
        if draw(st.booleans()):
            history.proves(tablet, DAY)
    acts = []
    for number in range(1, draw(st.integers(2, 8)) + 1):
        at = DAY + timedelta(minutes=draw(st.integers(0, 600)))
        act = history.establishes(
            number,
            at,
            draw(st.sampled_from(tablets)),
            abroad=draw(st.booleans()),
            mandant=person("MANDANT " + draw(st.sampled_from("ABCDEF"))),
            mandataire=person("MANDATAIRE " + draw(st.sampled_from("AB")), NOUMEA),
            validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=draw(st.sampled_from(list(Rounds)))),
        )
        acts.append(act)
        if draw(st.booleans()):
            history.receives(act, DAY + 11 * HOUR + timedelta(minutes=number))
        if draw(st.integers(0, 3)) == 0:
            history.decides(
                act, DAY + 12 * HOUR, draw(st.sampled_from([None, RefusalCode.MANDANT_NON_INSCRIT]))
            )
        if draw(st.integers(0, 3)) == 0:
            history.revokes(
                at + timedelta(minutes=draw(st.integers(-60, 60))),
                draw(st.sampled_from(tablets)),
                act.envelope.rid,
            )
    for tablet in tablets:
        if draw(st.booleans()):
            history.proves(tablet, DAY + 20 * HOUR)
    for _ in range(draw(st.integers(0, 3))):
        outcome = draw(st.sampled_from(list(RulingOutcome)))
        ruled = draw(st.lists(st.sampled_from(acts), min_size=1, max_size=3, unique_by=lambda act: act.hash))
        history.rules(outcome, DAY + 30 * HOUR + timedelta(minutes=draw(st.integers(0, 5))), *ruled)
    return history


@settings(max_examples=2_000 * BUDGET)  # thousands of histories in each run, not tens
@given(histories(), st.randoms(use_true_random=False))
def test_i_2_i_9_i_10_hold_in_any_history_shuffled_doubled_and_split(history, shuffle):
    events = history.events
    expected = fold(events, LAW, CALENDAR)
    told_again = events + events[: len(events) // 2]
    shuffle.shuffle(told_again)
    assert fold(told_again, LAW, CALENDAR) == expected
    held: dict[tuple[str, object], list[bool]] = {}
    given_for: list[tuple[str, object]] = []
    by_rid = {event.envelope.rid: event for event in events if event.act is not None and event.act.filed_hash}
    for rid_, one in expected.settled.items():
        filed = expected.standings[rid_].filed
        for served, outcome in one.rounds:
            if outcome.effect == "STANDS" and one.status is not Status.EN_ATTENTE_HUMAINE:
                in_france = by_rid[rid_].act.place.insee_code == "98805"
                held.setdefault((filed.mandataire.birth_name, served.key), []).append(in_france)
                given_for.append((filed.mandant.birth_name, served.key))
        if one.status in (Status.REFUSEE, Status.INVALIDEE, Status.NULLE_L73, Status.RESILIEE):
            assert one.code is not None, "I-10"
            assert one.rule, "I-10"
        assert (one.status is Status.EN_ATTENTE_HUMAINE) == (one.doubt is not None)
    assert len(given_for) == len(set(given_for)), "nobody votes twice"
    for standing_ in held.values():
        assert len(standing_) <= 2, "I-9"
        assert sum(standing_) <= 1, "I-9: one established in France"
