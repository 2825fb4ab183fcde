from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.acts import ActDecision
from procuration.domain.competence import Habilitation, check_competence
from procuration.domain.events import (
    Decision,
    DecisionOrigin,
    RecordedEvent,
    ReferenceGiven,
    TakenBy,
    TakenIn,
)
from procuration.domain.identifiers import EventHash, LogId
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Standing, Status, add_months, standing_of, status_at, status_of
from procuration.errors import RuleViolated
from procuration.record.event import parse_event
from tests.builders import JEAN_CLAUDE, NOW, Device, act, filed, key, log_id, records_act, rid


def recorded(pair, content, drawn_up=None):
    return RecordedEvent(hash=pair.hash, envelope=parse_event(pair.sign1)[1], content=content, act=drawn_up)


def story():
    """Every kind of event about one request, with its name."""
    kiosk, server = Device("kiosk"), Device("server")
    request = kiosk.records(filed(reference=None), rid())
    events = {"filed": recorded(request, filed(reference=None))}
    given_one = ReferenceGiven(reference=Reference("XBQ7V3"))
    events["reference"] = recorded(server.records(given_one, rid()), given_one)
    for name, brigade, changes in (
        ("established", "brigade", {}),
        ("established elsewhere", "other brigade", {"wall": NOW + timedelta(hours=1)}),
        (
            "refused",
            "third brigade",
            {"decision": ActDecision.REFUSED, "refusal_code": RefusalCode.MANDANT_ABSENT},
        ),
        ("collected", "delegate", {"decision": ActDecision.COLLECTED}),
    ):
        device = Device(brigade)
        drawn_up = act(device, request, rid=rid(), **changes)
        pair = records_act(device, request, drawn_up, key("officer"))
        events[name] = recorded(pair, content_of_act(), drawn_up)
    act_hash = events["established"].hash
    for name, content in (
        ("taken in", TakenIn(by=TakenBy.CENTRE, act_hash=act_hash, account=None)),
        ("received", TakenIn(by=TakenBy.TOWN_HALL_OR_REGISTER, act_hash=act_hash, account=None)),
        ("accepted", decision(act_hash, None)),
        ("invalidated", decision(act_hash, RefusalCode.MANDANT_NON_INSCRIT)),
        ("about another act", decision(EventHash(bytes(32)), None)),
    ):
        events[name] = recorded(server.records(content, rid()), content)
    return events


def content_of_act():
    from procuration.domain.events import ActRecorded

    return ActRecorded(signed_act=b"", filed_sign1=b"", filed_body=b"")


def decision(act_hash, code):
    return Decision(
        act_hash=act_hash, origin=DecisionOrigin.TOWN_HALL, accepted=code is None, code=code, account=None
    )


STORY = story()


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], Status.INCONNUE),
        (["filed"], Status.DEMANDE),
        (["filed", "filed", "established"], Status.ETABLIE),
        (["established"], Status.ETABLIE),
        (["filed", "collected"], Status.RECUEILLIE),
        (["filed", "collected", "established"], Status.ETABLIE),
        (["filed", "refused"], Status.REFUSEE),
        (["filed", "established", "taken in"], Status.TRANSMISE),
        (["filed", "established", "received"], Status.RECUE),
        (["filed", "established", "taken in", "received"], Status.RECUE),
        (["filed", "established", "taken in", "received", "accepted"], Status.VALIDEE),
        (["established", "invalidated"], Status.INVALIDEE),
        (["filed", "established", "established elsewhere", "accepted"], Status.VALIDEE),
        (["filed", "established", "refused"], Status.EN_ATTENTE_HUMAINE),
        (["filed", "accepted"], Status.DEMANDE),
        (["filed", "established", "about another act"], Status.ETABLIE),
        (["reference", "filed"], Status.DEMANDE),
    ],
)
def test_status_follows_the_story_in_any_order(events, expected):
    told = [STORY[name] for name in events]
    assert {status_of(order) for order in permutations(told)} == {expected}


@given(st.lists(st.sampled_from(sorted(STORY)), max_size=12), st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_the_same_events_stands_the_same(names, shuffle):
    events = [STORY[name] for name in names]
    shuffled = events + events[: len(events) // 2]
    shuffle.shuffle(shuffled)
    assert standing_of(shuffled) == standing_of(events)


def test_l_73_the_earliest_act_is_the_one_that_ranks():
    standing = standing_of([STORY["established elsewhere"], STORY["filed"], STORY["established"]])
    assert standing.established_at == NOW
    assert standing.act_hashes == (STORY["established"].hash, STORY["established elsewhere"].hash)


def rival_request():
    """The same rid filed by another tablet, earlier if one believes its clock, for another mandataire."""
    rogue = Device("rogue", wall=NOW - timedelta(days=1))
    content = filed(mandataire=replace(JEAN_CLAUDE, birth_name="INTRUS"))
    return rogue, rogue.records(content, rid()), content


def test_i_3_a_request_that_no_officer_saw_never_takes_the_place_of_the_one_acted_on():
    _, pair, content = rival_request()
    rival = recorded(pair, content)
    for told in permutations([rival, STORY["filed"], STORY["established"], STORY["received"]]):
        standing = standing_of(told)
        assert (standing.status, standing.filed_hash) == (Status.RECUE, STORY["filed"].hash)
        assert standing.filed == STORY["filed"].content


def test_two_officers_who_saw_two_requests_under_one_rid_leave_the_choice_to_a_person():
    _, pair, content = rival_request()
    elsewhere = Device("other brigade", wall=NOW + timedelta(hours=1))
    drawn_up = act(elsewhere, pair, rid=rid())
    other_act = recorded(records_act(elsewhere, pair, drawn_up, key("officer")), content_of_act(), drawn_up)
    told = [recorded(pair, content), STORY["filed"], STORY["established"], other_act]
    assert {standing_of(order) for order in permutations(told)} == {standing_of(told)}
    assert standing_of(told).status is Status.EN_ATTENTE_HUMAINE
    assert standing_of(told).filed_hash == STORY["filed"].hash


def test_i_10_a_refusal_says_why():
    assert standing_of([STORY["filed"], STORY["refused"]]).code is RefusalCode.MANDANT_ABSENT
    assert standing_of([STORY["established"], STORY["invalidated"]]).code is RefusalCode.MANDANT_NON_INSCRIT


def test_a_reference_given_later_is_the_reference():
    assert standing_of([STORY["filed"], STORY["reference"]]).reference == "XBQ7V3"


def test_r_64_a_request_that_nobody_established_expires_after_two_months():
    standing = standing_of([STORY["filed"]])
    assert status_at(standing, NOW + timedelta(days=60), 2, None) is Status.DEMANDE
    assert status_at(standing, NOW + timedelta(days=62), 2, None) is Status.EXPIREE


def test_an_established_procuration_ends_with_the_last_poll_it_serves():
    standing = Standing(status=Status.VALIDEE)
    end = datetime(2027, 4, 25, 7, tzinfo=UTC)
    assert status_at(standing, end, 2, end) is Status.VALIDEE
    assert status_at(standing, end + timedelta(seconds=1), 2, end) is Status.ECHUE
    assert status_at(standing, end + timedelta(days=900), 2, None) is Status.VALIDEE


def test_two_months_after_the_last_day_of_december_is_the_last_of_february():
    assert add_months(datetime(2026, 12, 31, tzinfo=UTC), 2) == datetime(2027, 2, 28, tzinfo=UTC)


def test_a_clock_at_the_end_of_time_stops_no_fold():
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert add_months(last, 2) == datetime.max.replace(tzinfo=UTC)
    assert status_at(Standing(status=Status.DEMANDE, filed_at=last), NOW, 2, None) is Status.DEMANDE


HABILITATION = Habilitation(
    kid=key("officer").kid, log_id=log_id("brigade"), not_before=NOW, not_after=NOW + timedelta(days=90)
)


@pytest.mark.parametrize(
    ("log", "at", "code"),
    [
        ("kiosk", NOW, "HABILITATION_AUTRE_POSTE"),
        ("brigade", NOW - timedelta(seconds=1), "HABILITATION_FUTURE"),
        ("brigade", NOW + timedelta(days=91), "HABILITATION_TERMINEE"),
    ],
)
def test_r_14_an_officer_acts_on_one_tablet_between_two_instants(log, at, code):
    with pytest.raises(RuleViolated, match=code):
        check_competence(HABILITATION, LogId(log_id(log)), at)


def test_r_14_an_officer_whose_designation_is_withdrawn_acts_no_more():
    withdrawn = replace(HABILITATION, revoked_at=NOW + timedelta(days=2))
    check_competence(withdrawn, log_id("brigade"), NOW + timedelta(days=1))
    with pytest.raises(RuleViolated, match="HABILITATION_RETIREE"):
        check_competence(withdrawn, log_id("brigade"), NOW + timedelta(days=2))
