"""Filing and deciding on one tablet with its real store: at home, on paper, from a receipt that nobody
vouches for (DESIGN 2, scene 3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk_app.use_cases.look_out import LookOut
from procuration.domain.acts import REQUIRED_AT_HOME, REQUIRED_TO_ESTABLISH, ActPlaceKind
from procuration.domain.alerts import Alert, AlertCode, AlertPolicy
from procuration.domain.events import Channel, Kind
from procuration.domain.refusal import RefusalCode
from procuration.domain.sites import Opening
from procuration.domain.validity import Period
from procuration.errors import RuleViolated
from procuration.record.enrolment import OfflineRequestPolicy
from procuration.record.tables import encode_table, read_alert_policy, read_table
from tests import builders
from tests.kiosk.world import CHECKED, OFFICER_CODE, World, a_day, draft

AT_HOME = replace(CHECKED, place=ActPlaceKind.HOME, declarations=REQUIRED_TO_ESTABLISH | REQUIRED_AT_HOME)


@pytest.fixture
def tablet(world):
    """A brigade tablet alone in the world: no kiosk, no network."""
    return world.brigade().enrols_officer()


def filed(tablet, **options):
    return tablet.find.by_rid(tablet.file(draft(), **options).rid)


def events(tablet, kind):
    return tablet.store.log.of_kind(kind)


def test_r_17_a_request_is_filed_and_established_at_home_with_its_two_papers(tablet):
    found = filed(tablet)
    assert (found.filed.channel, found.filed.reference) == (Channel.BRIGADE, None)
    held_back = replace(AT_HOME, declarations=REQUIRED_TO_ESTABLISH)
    with pytest.raises(RuleViolated, match="DECLARATION_MANQUANTE"):
        tablet.validate.check(found.rid, held_back)
    tablet.validate(found.rid, AT_HOME, OFFICER_CODE)
    assert [len(events(tablet, kind)) for kind in (Kind.FILED, Kind.ACT)] == [1, 1]
    assert tablet.find.filed_here() == ()


def test_what_was_filed_here_is_found_again_after_the_lock_until_it_is_decided(tablet):
    rid = tablet.file(draft()).rid
    tablet.unlock.lock()
    tablet.unlock(OFFICER_CODE)
    (waiting,) = tablet.find.filed_here()
    assert waiting.rid == rid
    found = tablet.find.by_rid(rid)
    tablet.validate(found.rid, AT_HOME, OFFICER_CODE)
    assert tablet.find.filed_here() == ()


def test_what_came_from_elsewhere_is_forgotten_with_the_session_and_not_listed(tablet, world):
    kiosk = world.kiosk()
    tablet.receives()
    tablet.holds_epoch_key()
    found = tablet.find.by_qr(kiosk.file(draft()).qr_text)
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        tablet.find.by_rid(found.rid)
    assert tablet.find.filed_here() == ()


def test_once_its_body_is_purged_a_request_filed_here_is_gone(tablet):
    tablet.file(draft())
    tablet.store.bodies.delete([event.seq for event in events(tablet, Kind.FILED)])
    tablet.unlock.lock()
    tablet.unlock(OFFICER_CODE)
    assert tablet.find.filed_here() == ()


def test_a_form_keyed_in_by_the_officer_is_paper_and_is_established(tablet):
    found = filed(tablet, on_paper=True)
    assert found.filed.channel is Channel.PAPER
    tablet.validate(found.rid, CHECKED, OFFICER_CODE)
    assert len(events(tablet, Kind.ACT)) == 1


def test_r_73_the_form_serves_a_mandataire_whom_the_teleprocedure_does_not(tablet):
    period = Period(first_day=a_day(2027, 4, 2), last_day=a_day(2027, 5, 20))
    outside = draft(vote_place=builders.LAON, validity=period)
    with pytest.raises(RuleViolated, match="TELEPROCEDURE_NON_APPLICABLE"):
        tablet.file(outside)
    assert tablet.file(outside, on_paper=True).rid


def test_r_27_where_the_policy_wants_paper_the_form_is_established_and_the_request_is_not(tmp_path):
    tablet = World(tmp_path, OfflineRequestPolicy.CERFA).brigade().enrols_officer()
    asked = filed(tablet)
    with pytest.raises(RuleViolated, match="PAPIER_OBLIGATOIRE"):
        tablet.validate.check(asked.rid, CHECKED)
    form = filed(tablet, on_paper=True, taken_over=asked.rid)
    tablet.validate(form.rid, CHECKED, OFFICER_CODE)
    assert form.filed.taken_over == asked.rid
    tablet.station.close()


# ---- the préfet's list
def test_r_16_a_listed_place_is_refused_before_it_opens(tablet):
    now = tablet.clock.now()
    opening = Opening(day=now.date(), opens_at=now + timedelta(hours=2), closes_at=now + timedelta(hours=5))
    tablet.receives(sites=[["annexe", "Mairie annexe", "98818", [_row(opening)]]])
    there = replace(CHECKED, place=ActPlaceKind.LISTED_PUBLIC_PLACE, site_id="annexe")
    found = filed(tablet)
    with pytest.raises(RuleViolated, match="LIEU_NON_AUTORISE"):
        tablet.validate.check(found.rid, there)
    tablet.clock.pass_(hours=3)
    tablet.validate(found.rid, there, OFFICER_CODE)


def _row(opening):
    return [
        [opening.day.year, opening.day.month, opening.day.day],
        int(opening.opens_at.timestamp()),
        int(opening.closes_at.timestamp()),
    ]


# ---- alerts
def test_a_mandataire_named_twice_here_is_said_and_the_act_goes_on(tablet):
    first = filed(tablet)
    look_out = LookOut(tablet.station)
    assert look_out(first.rid, ActPlaceKind.UNIT) == ()
    tablet.validate(first.rid, CHECKED, OFFICER_CODE)
    second = filed(tablet)
    assert look_out(second.rid, ActPlaceKind.UNIT) == (Alert(code=AlertCode.MANDATAIRE_REPETE, n=1),)
    tablet.validate(second.rid, CHECKED, OFFICER_CODE)


def test_a_refusal_counts_for_nothing(tablet):
    refused = filed(tablet)
    tablet.refuse(refused.rid, RefusalCode.ABANDON, CHECKED, OFFICER_CODE)
    assert LookOut(tablet.station)(filed(tablet).rid, ActPlaceKind.UNIT) == ()


def test_the_thresholds_are_those_of_the_signed_policy():
    rows = [["alert_home_visits_per_day", 9, "*"], ["alert_acts_per_day", 0, "*"], ["other", "word", "*"]]
    policy = read_alert_policy(read_table(encode_table(1, builders.NOW, rows)))
    assert policy == AlertPolicy(same_mandataire=1, home_visits_per_day=9, acts_per_day=1)
