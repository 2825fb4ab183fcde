"""What an officer decided today, the paper of the end of the shift, and an act taken back."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from kiosk_app.use_cases.correct_act import REASONS, CorrectAct
from kiosk_app.use_cases.list_day import ListDay
from kiosk_app.use_cases.print_day import PrintDay
from procuration.domain.acts import ActDecision
from procuration.domain.events import Kind, RecordedEvent
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Doubt, Status, standing_of
from procuration.errors import RuleViolated
from procuration.record.act import read_act
from procuration.record.event import open_body, parse_event
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.signed import parse_signed
from tests import builders
from tests.kiosk.use_cases.test_withdraw import ANGELA
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, Agent, draft

REFERENCES = ("XBQ7V3", "K7M2PA", "B4C5D6", "AAAAAA")
WRONG = RefusalCode.ERREUR_DE_SAISIE


@pytest.fixture
def papers(kiosk):
    kiosk.leases(*REFERENCES)
    people = (replace(builders.ANGELA, birth_name=name) for name in ("DUBOIS", "MARTIN", "LEROY"))
    return [kiosk.file(draft(mandant=one)) for one in people]


@pytest.fixture
def day(brigade):
    return ListDay(brigade.station)


@pytest.fixture
def correct(brigade):
    return CorrectAct(brigade.station)


def establishes(brigade, paper, code=OFFICER_CODE):
    return brigade.validate(brigade.find.by_qr(paper.qr_text).rid, CHECKED, code)


def test_the_day_lists_what_this_officer_decided_the_newest_first(brigade, papers, day):
    establishes(brigade, papers[0])
    brigade.clock.pass_(minutes=5)
    found = brigade.find.by_qr(papers[1].qr_text)
    brigade.refuse(found.rid, RefusalCode.ABANDON, CHECKED, OFFICER_CODE)
    brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    listed = day()
    assert [act.decision for act in listed] == [
        ActDecision.REVOKED,
        ActDecision.REFUSED,
        ActDecision.ESTABLISHED,
    ]
    assert [act.reference for act in listed] == [None, papers[1].reference, papers[0].reference]
    assert listed[1].at - listed[2].at == timedelta(minutes=5)


def test_neither_what_another_officer_did_nor_what_was_done_yesterday(brigade, papers, day):
    establishes(brigade, papers[0])
    brigade.enrols_officer("161803")
    assert day() == ()
    establishes(brigade, papers[1], "161803")
    assert [act.reference for act in day()] == [papers[1].reference]
    brigade.clock.pass_(hours=24)
    assert day() == ()


def test_each_act_says_only_what_is_proved(brigade, papers, day, centre):
    establishes(brigade, papers[0])
    assert (day()[0].received_at, day()[0].decided) == (None, False)
    Agent(brigade, centre).syncs()
    assert day()[0].received_at is not None
    establishes(brigade, papers[1])
    assert [act.received_at is None for act in day()] == [True, False]


def test_who_only_opens_the_post_has_no_day(brigade, day):
    brigade.unlock(AGENT_CODE)
    with pytest.raises(RuleViolated, match="AGENT_SANS_HABILITATION"):
        day()
    brigade.unlock.lock()
    with pytest.raises(RuleViolated, match="SESSION_FERMEE"):
        day()


def test_the_paper_of_the_end_counts_and_names_nobody(brigade, papers, centre):
    printed = []
    end = PrintDay(brigade.station, lambda name, printout: printed.append((name, printout)))
    establishes(brigade, papers[0])
    Agent(brigade, centre).syncs()
    last = establishes(brigade, papers[1])
    said = "\n".join(end.leaflet().sentences())
    assert f"K7M 2PA (acte n° {last.seq})" in said.replace("\u00a0", " ")
    assert "XBQ" not in said
    assert "Des décisions ne sont pas encore reçues" in said
    people = ("DUBOIS", "MARTIN", "Angela", "Jean-Claude", "TAHUA")
    assert not [one for one in people if one.casefold() in said.casefold()]
    end()
    assert printed[0][0] == "fin-de-service"
    assert printed[0][1].png


def test_when_everything_is_received_the_paper_asks_for_nothing(brigade, papers, centre):
    establishes(brigade, papers[0])
    Agent(brigade, centre).syncs()
    leaflet = PrintDay(brigade.station, lambda *_: None).leaflet()
    assert (leaflet.warning, leaflet.steps) == ("", ())


# ---- an act taken back


def recorded_events(tablet, rid):
    """What this tablet's log says of a request, as the centre folds it; the request itself comes with it."""
    found = []
    for event in tablet.store.log.of_request(rid):
        _, envelope = parse_event(event.pair.sign1)
        content = open_body(envelope, event.pair.body)
        act = read_act(parse_signed(content.signed_act, max_bytes=SIGN1_BYTES_MAX).payload)
        found.append(RecordedEvent(hash=event.pair.hash, envelope=envelope, content=content, act=act))
    return found


def test_an_act_taken_back_is_a_second_act_and_a_person_decides(brigade, papers, correct):
    done = establishes(brigade, papers[0])
    brigade.clock.pass_(minutes=1)
    correct.check(done.seq)
    correct(done.seq, WRONG, OFFICER_CODE)
    events = recorded_events(brigade, done.rid)
    assert [one.act.decision for one in events] == [ActDecision.ESTABLISHED, ActDecision.REFUSED]
    assert events[0].act.filed_hash == events[1].act.filed_hash
    assert (events[1].act.refusal_code, int(events[1].act.declarations)) == (WRONG, 0)
    for order in permutations(events):
        standing = standing_of(order)
        assert (standing.status, standing.doubt) == (Status.EN_ATTENTE_HUMAINE, Doubt.DEUX_DECISIONS)


def test_it_needs_neither_the_session_that_signed_nor_the_receipt(brigade, papers, correct):
    done = establishes(brigade, papers[0])
    brigade.unlock.lock()
    brigade.unlock(OFFICER_CODE)
    correct(done.seq, WRONG, OFFICER_CODE)
    assert len(brigade.store.log.of_kind(Kind.ACT)) == 2


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_one_that_an_officer_may_give(brigade, papers, correct, reason):
    correct(establishes(brigade, papers[0]).seq, reason, OFFICER_CODE)


def refused_with(code, correct, seq, reason=WRONG):
    before = len(correct._station.store.log.of_kind(Kind.ACT))
    with pytest.raises(RuleViolated, match=code):
        correct(seq, reason, OFFICER_CODE)
    assert len(correct._station.store.log.of_kind(Kind.ACT)) == before


def test_without_a_reason_or_with_a_wrong_code_nothing_is_signed(brigade, papers, correct):
    seq = establishes(brigade, papers[0]).seq
    refused_with("RAISON_MANQUANTE", correct, seq, RefusalCode.ABANDON)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        correct(seq, WRONG, "999999")
    assert len(brigade.store.log.of_kind(Kind.ACT)) == 1


def test_it_is_done_once(brigade, papers, correct):
    seq = establishes(brigade, papers[0]).seq
    second = correct(seq, WRONG, OFFICER_CODE)
    refused_with("DEJA_CORRIGEE", correct, seq)
    refused_with("CORRECTION_DE_REFUS", correct, second.seq)


def test_only_by_who_signed_and_on_the_same_day(brigade, papers, correct):
    seq = establishes(brigade, papers[0]).seq
    brigade.clock.pass_(hours=24)
    refused_with("CORRECTION_TROP_TARD", correct, seq)
    seq = establishes(brigade, papers[1]).seq
    brigade.enrols_officer("161803")
    refused_with("CORRECTION_AUTRE_AGENT", correct, seq)


def test_a_refusal_a_resiliation_and_what_was_ended_since_are_not_taken_back(brigade, papers, correct):
    found = brigade.find.by_qr(papers[0].qr_text)
    refusal = brigade.refuse(found.rid, RefusalCode.ABANDON, CHECKED, OFFICER_CODE)
    refused_with("CORRECTION_DE_REFUS", correct, refusal.seq)
    everything = brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    refused_with("CORRECTION_DE_RESILIATION", correct, everything.seq)
    done = establishes(brigade, papers[1])
    brigade.withdraw.of_request(done.rid, CHECKED, OFFICER_CODE)
    refused_with("DEJA_RESILIEE", correct, done.seq)
    refused_with("ACTE_EFFACE", correct, 999)


def test_a_request_is_still_decided_once_by_any_other_way(brigade, papers, correct):
    done = establishes(brigade, papers[0])
    correct(done.seq, WRONG, OFFICER_CODE)
    again = brigade.find.by_qr(papers[0].qr_text)
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.validate(again.rid, CHECKED, OFFICER_CODE)
