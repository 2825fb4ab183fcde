"""A mandant ends a procuration before an officer, with the paper or without it (L. 75, R. 78)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk_app.use_cases.withdraw_request import WithdrawalAsked
from procuration.domain.acts import ActDecision, ActPlaceKind, Declarations
from procuration.domain.events import Kind
from procuration.domain.facts import Revocation
from procuration.domain.people import PartialDate, Place, PlaceType
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.errors import RuleViolated
from procuration.record.act import verify_act
from procuration.record.cose_key import VerifyingKey
from procuration.record.event import open_body, parse_event
from procuration.record.inbox import State
from tests import builders
from tests.kiosk.use_cases.test_officer import paper
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, Agent, a_day, draft

__all__ = ["paper"]

ANGELA = WithdrawalAsked(mandant=replace(builders.ANGELA, sex=None), vote_place=builders.NOUMEA)


def revocations(tablet):
    return tablet.store.log.of_kind(Kind.REVOCATION)


def the_revocation(tablet):
    (event,) = revocations(tablet)
    _, envelope = parse_event(event.pair.sign1)
    content = open_body(envelope, event.pair.body)
    assert isinstance(content, Revocation)
    officer = tablet.store.officers.find(tablet.station.session.kid)
    act = verify_act(content.signed_act, VerifyingKey(officer.cose_key), envelope, builders.REALM)
    return act, content.subject, envelope


def test_r_46_a_mandant_without_any_paper_ends_every_procuration(brigade):
    done = brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    act, subject, envelope = the_revocation(brigade)
    assert act.decision is ActDecision.REVOKED
    assert (act.rid, act.filed_hash, act.seq) == (b"", b"", done.seq)
    assert (subject.rid, subject.mandant, subject.validity) == (None, ANGELA.mandant, None)
    assert envelope.rid is None
    assert act.authority.unit_name == "Brigade de Dumbéa"


def test_r_46_the_procuration_whose_receipt_is_shown_is_named(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
    act, subject, envelope = the_revocation(brigade)
    assert act.rid == subject.rid == envelope.rid == found.rid
    assert act.filed_hash == brigade.station.session.opened[found.rid].pair.hash
    assert (subject.mandant, subject.validity) == (builders.ANGELA, None)


@pytest.mark.parametrize(
    "validity",
    [
        OneScrutin(scrutin_id=builders.SCRUTIN_ID, rounds=Rounds.SECOND),
        Period(first_day=a_day(2027, 4, 10), last_day=a_day(2027, 6, 30)),
    ],
)
def test_r_46_one_election_or_a_period_can_be_ended_alone(brigade, validity):
    brigade.withdraw(replace(ANGELA, validity=validity), CHECKED, OFFICER_CODE)
    assert the_revocation(brigade)[1].validity == validity


def test_r_46_the_case_of_l_72_1_is_not_asked_of_who_ends_a_procuration(brigade):
    checked = replace(CHECKED, declarations=CHECKED.declarations & ~Declarations.NO_CASE_OF_L72_1)
    brigade.withdraw(ANGELA, checked, OFFICER_CODE)
    assert len(revocations(brigade)) == 1


@pytest.mark.parametrize("missing", [Declarations(1), Declarations(2), Declarations(4), Declarations(8)])
def test_r_46_nothing_is_ended_for_somebody_who_was_not_checked(brigade, missing):
    checked = replace(CHECKED, declarations=CHECKED.declarations & ~missing)
    with pytest.raises(RuleViolated, match="DECLARATION_MANQUANTE"):
        brigade.withdraw(ANGELA, checked, OFFICER_CODE)
    assert revocations(brigade) == []


def test_r_46_a_home_visit_needs_its_two_papers_here_too(brigade):
    with pytest.raises(RuleViolated, match="DECLARATION_MANQUANTE"):
        brigade.withdraw(ANGELA, replace(CHECKED, place=ActPlaceKind.HOME), OFFICER_CODE)


def test_r_46_without_a_title_nothing_is_ended(brigade):
    with pytest.raises(RuleViolated, match="PIECE_MANQUANTE"):
        brigade.withdraw(ANGELA, replace(CHECKED, document=None), OFFICER_CODE)


def test_r_16_a_listed_place_must_be_open_for_a_resiliation_too(brigade):
    away = replace(CHECKED, place=ActPlaceKind.LISTED_PUBLIC_PLACE, site_id="invented")
    with pytest.raises(RuleViolated, match="LIEU_NON_AUTORISE"):
        brigade.withdraw(ANGELA, away, OFFICER_CODE)


@pytest.mark.parametrize(
    ("qualite", "code"),
    [("Délégué d’un OPJ", "DELEGUE_RECUEILLE_SEULEMENT"), ("Maire de Dumbéa", "AUTORITE_INCOMPETENTE")],
)
def test_r_46_only_who_may_establish_may_end(world, kiosk, qualite, code):
    tablet = world.brigade().holds_epoch_key().enrols_officer(qualite=qualite)
    with pytest.raises(RuleViolated, match=code):
        tablet.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    assert revocations(tablet) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mandant": replace(ANGELA.mandant, birth_name="")}, "NOM_MANQUANT"),
        ({"mandant": replace(ANGELA.mandant, birth_name=None)}, "NOM_MANQUANT"),
        ({"mandant": replace(ANGELA.mandant, given_names="9")}, "PRENOMS_CARACTERE"),
        ({"mandant": replace(ANGELA.mandant, birth_date=PartialDate(2031, 1, 1))}, "DATE_FUTURE"),
        ({"vote_place": Place(code="98899", type=PlaceType.COMMUNE, cog_year=2026)}, "COMMUNE_INCONNUE"),
        ({"validity": OneScrutin(scrutin_id="2021-06/02", rounds=Rounds.FIRST)}, "SCRUTIN_INCONNU"),
        ({"validity": Period(first_day=a_day(2027, 6, 2), last_day=a_day(2027, 6, 1))}, "PERIODE_INVERSEE"),
    ],
)
def test_what_would_find_nobody_is_refused_before_the_code(brigade, change, code):
    with pytest.raises(RuleViolated, match=code):
        brigade.withdraw(replace(ANGELA, **change), CHECKED, OFFICER_CODE)
    assert revocations(brigade) == []


def test_a_wrong_code_ends_nothing(brigade):
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        brigade.withdraw(ANGELA, CHECKED, AGENT_CODE)
    assert revocations(brigade) == []


def test_the_directory_of_a_fortnight_stops_a_resiliation_as_it_stops_an_act(brigade):
    brigade.clock.pass_(days=16)
    with pytest.raises(RuleViolated, match="ANNUAIRE_TROP_ANCIEN"):
        brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)


def test_a_request_ended_once_is_not_ended_twice(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
    with pytest.raises(RuleViolated, match="DEJA_RESILIEE"):
        brigade.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
    assert len(revocations(brigade)) == 1


def test_r_48_after_a_resiliation_a_new_procuration_is_possible_and_can_be_ended_too(brigade, kiosk, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    kiosk.leases("ABCDEF")
    again = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    brigade.validate(again.rid, CHECKED, OFFICER_CODE)
    brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    assert len(revocations(brigade)) == 2


def test_a_request_that_was_never_opened_is_not_ended(brigade, paper):
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        brigade.withdraw.of_request(paper.rid, CHECKED, OFFICER_CODE)


def test_a_procuration_is_known_to_be_in_force_from_its_act_here_or_from_the_centre(brigade, kiosk, paper):
    found = brigade.find.by_qr(paper.qr_text)
    assert not brigade.withdraw.is_in_force(found.rid)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert brigade.withdraw.is_in_force(found.rid)
    brigade.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
    assert not brigade.withdraw.is_in_force(found.rid)
    other = kiosk.file(draft())
    brigade.store.requests.put_state(State(other.rid, Status.VALIDEE, None), brigade.clock.now())
    assert brigade.withdraw.is_in_force(other.rid)
    brigade.store.requests.put_state(State(other.rid, Status.REFUSEE, None), brigade.clock.now())
    assert not brigade.withdraw.is_in_force(other.rid)


def test_a_resiliation_waits_to_be_sent_as_an_act_does_and_its_receipt_is_proved(brigade, centre):
    done = brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    assert brigade.exchange.status().kept == 1
    assert brigade.withdraw.state(done).received_at is None
    Agent(brigade, centre).syncs()
    assert (brigade.exchange.status().kept, brigade.exchange.status().received) == (0, 1)
    state = brigade.withdraw.state(done)
    assert (state.received_at, state.decided) == (brigade.clock.now(), False)


def test_only_the_centre_says_that_the_procuration_is_ended(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    done = brigade.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
    brigade.store.requests.put_state(State(found.rid, Status.VALIDEE, None), brigade.clock.now())
    assert not brigade.withdraw.state(done).decided
    brigade.store.requests.put_state(State(found.rid, Status.RESILIEE, None), brigade.clock.now())
    assert brigade.withdraw.state(done).decided


def test_a_resiliation_travels_before_the_next_poll_that_it_could_concern(brigade):
    done = brigade.withdraw(ANGELA, CHECKED, OFFICER_CODE)
    closings = [one.closes_at for one in open_rounds(brigade)]
    assert brigade.store.served_polls.nearest(done.seq, brigade.clock.now()) == min(closings)
    assert brigade.clock.now() + timedelta(days=60) > min(closings)


def open_rounds(tablet):
    rounds = [one for scrutin in tablet.store.tables.open_scrutins(builders.NOUMEA) for one in scrutin.rounds]
    return [one for one in rounds if one.closes_at > tablet.clock.now()]
