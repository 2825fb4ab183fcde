"""Old and new directories on a real tablet: what goes on, what stops, what is said (SECURITY-DESIGN 4)."""

from datetime import timedelta

import pytest

from kiosk_app.store.tables import POLICY
from procuration.domain.events import Kind
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.event import open_body, parse_event
from procuration.record.inbox import OfficerRevoked, State
from procuration.record.tables import encode_table
from tests import builders
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, Agent, draft, tables


@pytest.fixture
def found(kiosk, brigade):
    """A request that the officer has before them."""
    return brigade.find.by_qr(kiosk.file(draft()).qr_text)


def policy(tablet, *rows) -> None:
    """The authority publishes a policy."""
    given = tables(tablet.world.directory(version=2))
    tablet.store.tables.put({**given, POLICY: encode_table(1, builders.NOW, [list(row) for row in rows])})


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        ((), 14),
        ((("directory_days_max", 14, "*"),), 14),
        ((("directory_days_max", 5, "*"),), 5),
        ((("directory_days_max", 21, "*"),), 21),
        ((("directory_days_max", 90, "*"),), 21),
        ((("directory_days_max", 0, "*"),), 1),
        ((("offline_request", "cerfa", "*"),), 14),
    ],
)
def test_the_policy_may_shorten_the_fortnight_and_never_lengthen_it_beyond_three_weeks(
    brigade, found, rows, days
):
    policy(brigade, *rows)
    assert brigade.exchange.status().directory_days_max == days
    brigade.clock.pass_(days=days, hours=-13)
    brigade.validate.check(found.rid, CHECKED)
    brigade.clock.pass_(hours=14)
    with pytest.raises(RuleViolated, match="ANNUAIRE_TROP_ANCIEN"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


@pytest.mark.parametrize("rows", [[["directory_days_max", "x", "*"]], [["directory_days_max"]], [7]])
def test_a_policy_that_cannot_be_read_brings_nothing_into_use(brigade, rows):
    given = tables(brigade.world.directory(version=2))
    with pytest.raises(RecordRejected):
        brigade.store.tables.put({**given, POLICY: encode_table(1, builders.NOW, rows)})
    assert brigade.store.tables.directory.version == 1


def test_filing_goes_on_whatever_the_age_of_the_directory(kiosk):
    kiosk.clock.pass_(days=20)
    kiosk.file(draft())
    assert len(kiosk.store.log.of_kind(Kind.FILED)) == 1


def test_the_age_is_measured_against_what_was_proved_when_the_wall_clock_is_late(brigade, centre, found):
    brigade.clock.pass_(days=16)
    brigade.exchange.step()
    Agent(brigade, centre).syncs()  # the centre proves the date
    brigade.clock.pass_(days=-16)
    assert brigade.exchange.status().directory_age_days == 16


def test_an_older_directory_never_replaces_a_newer_one(brigade):
    brigade.receives(version=3)
    with pytest.raises(RecordRejected, match="ANNUAIRE_PLUS_ANCIEN"):
        brigade.receives(version=2)
    assert brigade.store.tables.directory.version == 3


def test_each_act_carries_the_version_it_relied_on(brigade, found):
    brigade.receives(version=7)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    (event,) = brigade.store.log.of_kind(Kind.ACT)
    _, envelope = parse_event(event.pair.sign1)
    assert open_body(envelope, event.pair.body)
    assert envelope.directory_version == 7


def test_an_act_that_the_centre_set_aside_is_counted_and_may_be_made_again(brigade, centre, found):
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    brigade.clock.pass_(hours=1)
    centre.puts(brigade, State(found.rid, Status.DEMANDE, RefusalCode.HABILITATION_INVALIDE))
    Agent(brigade, centre).syncs()
    assert brigade.exchange.status().set_aside == (found.reference,)
    brigade.clock.pass_(hours=1)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert brigade.exchange.status().set_aside == ()
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert len(brigade.store.log.of_kind(Kind.ACT)) == 2


def test_a_withdrawal_that_arrives_while_the_tablet_is_locked_holds_at_the_next_session(
    kiosk, brigade, centre
):
    paper = kiosk.file(draft()).qr_text
    kid = brigade.station.session.kid
    brigade.unlock.lock()
    centre.puts(brigade, OfficerRevoked(kid, brigade.clock.now() - timedelta(hours=1)))
    Agent(brigade, centre).syncs()
    brigade.station.close()
    brigade.starts(AGENT_CODE)
    brigade.unlock(OFFICER_CODE)
    again = brigade.find.by_qr(paper)
    with pytest.raises(RuleViolated, match="HABILITATION_RETIREE"):
        brigade.validate(again.rid, CHECKED, OFFICER_CODE)
