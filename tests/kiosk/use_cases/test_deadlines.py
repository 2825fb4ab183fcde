"""What a tablet knows of the closings that its acts serve, and what it tells the agent and the officer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk_app.store.served_polls import ServedPolls
from kiosk_app.use_cases.watch_deadlines import WatchDeadlines, recount_closings
from procuration.adapters.spool import AgentSpool
from procuration.domain.deadlines import Lack, Urgency
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.record.inbox import State
from procuration.record.tables import encode_table, read_table
from tests import builders
from tests.kiosk.world import CHECKED, OFFICER_CODE, Agent, a_day, draft, tables, utc

FIRST_CLOSING, SECOND_CLOSING = utc(2027, 4, 11, 8), utc(2027, 4, 25, 8)  # Sunday 19:00 in Nouméa
FIRST_ROUND = OneScrutin(scrutin_id=builders.SCRUTIN_ID, rounds=Rounds.FIRST)
SECOND_ROUND = OneScrutin(scrutin_id=builders.SCRUTIN_ID, rounds=Rounds.SECOND)


@pytest.fixture
def agent(brigade, centre):
    return Agent(brigade, centre)


def establishes(brigade, kiosk, **changes):
    """A paper of the kiosk is validated at the brigade. Returns: its rid."""
    paper = kiosk.file(draft(**changes))
    brigade.find.by_qr(paper.qr_text)
    brigade.validate(paper.rid, CHECKED, OFFICER_CODE)
    return paper.rid


def watched(tablet):
    return WatchDeadlines(tablet.station)()


def moves_to(tablet, instant):
    tablet.clock.pass_(seconds=(instant - tablet.clock.now()).total_seconds())


def told(tablet):
    return AgentSpool(tablet.spool.folder).closings()


def bundles(tablet):
    return [bundle for bundle in tablet.store.outbox.bundles() if not bundle.is_poll]


@pytest.mark.parametrize(
    ("hours", "level"), [(71, Urgency.SOON), (23, Urgency.URGENT), (5, Urgency.CRITICAL)]
)
def test_r_55_an_act_of_a_brigade_without_network_is_listed_as_its_poll_comes_near(
    brigade, kiosk, hours, level
):
    kiosk.leases("XBQ7V3")
    rid = establishes(brigade, kiosk)
    assert watched(brigade) == ()
    moves_to(brigade, FIRST_CLOSING - timedelta(hours=hours))
    (one,) = watched(brigade)
    assert (one.deadline.rid, one.reference) == (rid, "XBQ7V3")
    assert (one.deadline.closing, one.deadline.level) == (FIRST_CLOSING, level)
    assert one.deadline.lacks == (Lack.TRANSMISSION, Lack.RECEPTION, Lack.DECISION)


def test_r_55_what_the_centre_proved_to_have_lacks_the_town_hall_then_its_decision(
    brigade, kiosk, centre, agent
):
    rid = establishes(brigade, kiosk)
    moves_to(brigade, FIRST_CLOSING - timedelta(hours=20))
    for status, lacks in (
        (None, (Lack.RECEPTION, Lack.DECISION)),
        (Status.RECUE, (Lack.DECISION,)),
    ):
        if status is not None:
            centre.puts(brigade, State(rid, status, None))
        brigade.exchange.ask_again()
        agent.syncs()
        assert [one.deadline.lacks for one in watched(brigade)] == [lacks]
    centre.puts(brigade, State(rid, Status.VALIDEE, None))
    brigade.exchange.ask_again()
    agent.syncs()
    assert watched(brigade) == ()


def test_r_54_between_two_rounds_the_list_counts_to_the_second(brigade, kiosk):
    establishes(brigade, kiosk)
    moves_to(brigade, SECOND_CLOSING - timedelta(hours=2))
    (one,) = watched(brigade)
    assert (one.deadline.closing, one.deadline.missed) == (SECOND_CLOSING, 1)


def test_r_54_an_act_that_never_left_before_its_poll_closed_stays_listed_two_days(brigade, kiosk, agent):
    establishes(brigade, kiosk, validity=FIRST_ROUND)
    moves_to(brigade, FIRST_CLOSING + timedelta(hours=47))
    (one,) = watched(brigade)
    assert one.deadline.is_late
    moves_to(brigade, FIRST_CLOSING + timedelta(hours=49))
    assert watched(brigade) == ()


def test_r_54_of_what_the_centre_has_the_tablet_does_not_say_that_it_was_late(brigade, kiosk, agent):
    establishes(brigade, kiosk, validity=FIRST_ROUND)
    agent.syncs()
    moves_to(brigade, FIRST_CLOSING + timedelta(hours=1))
    assert watched(brigade) == ()


def test_a_refusal_is_never_urgent(brigade, kiosk):
    paper = kiosk.file(draft())
    brigade.find.by_qr(paper.qr_text)
    brigade.refuse(paper.rid, RefusalCode.MANDANT_ABSENT, CHECKED, OFFICER_CODE)
    moves_to(brigade, FIRST_CLOSING - timedelta(hours=2))
    assert watched(brigade) == ()
    assert brigade.store.served_polls.nearest(0, brigade.clock.now()) is None


def test_r_55_the_most_urgent_act_is_first(brigade, kiosk):
    both = [establishes(brigade, kiosk, validity=validity) for validity in (SECOND_ROUND, FIRST_ROUND)]
    moves_to(brigade, FIRST_CLOSING - timedelta(hours=50))
    assert [one.deadline.rid for one in watched(brigade)] == both[1:]
    wide = WatchDeadlines(
        brigade.station, replace(WatchDeadlines(brigade.station)._policy, soon=timedelta(20))
    )
    assert [one.deadline.rid for one in wide()] == both[::-1]


def test_r_55_the_agent_is_told_which_closing_depends_on_a_bundle(brigade, kiosk):
    brigade.exchange.step()
    assert told(brigade) == {}
    establishes(brigade, kiosk)
    brigade.exchange.step()
    (bundle,) = [one for one in bundles(brigade) if one.name in brigade.spool.bundle_names()]
    assert told(brigade) == {f"{bundle.name}.prb": FIRST_CLOSING}
    moves_to(brigade, FIRST_CLOSING)
    brigade.exchange.step()
    assert told(brigade) == {f"{bundle.name}.prb": SECOND_CLOSING}


def test_r_55_a_bundle_is_as_urgent_as_what_waits_behind_it(brigade, kiosk, monkeypatch):
    """The centre holds an event without effect until it has those before it in the log."""
    monkeypatch.setattr("kiosk_app.use_cases.seal_bundles.ROLLING_BUNDLE_BYTES_MAX", 1)
    for validity in (SECOND_ROUND, FIRST_ROUND, SECOND_ROUND):
        establishes(brigade, kiosk, validity=validity)
    brigade.exchange.step()
    urgent = told(brigade)
    waiting = sorted(bundles(brigade), key=lambda one: one.first_seq)
    assert [urgent[f"{one.name}.prb"] for one in waiting[-3:]] == [
        FIRST_CLOSING,
        FIRST_CLOSING,
        SECOND_CLOSING,
    ]
    assert {urgent[f"{one.name}.prb"] for one in waiting[:-3]} == {FIRST_CLOSING}


def test_r_55_a_kiosk_tells_the_closings_of_requests_that_it_cannot_read_again(kiosk):
    kiosk.leases("XBQ7V3")
    kiosk.file(draft())
    kiosk.exchange.step()
    assert list(told(kiosk).values()) == [FIRST_CLOSING]
    kept = kiosk.store.connection.rows("SELECT closes_at, reference FROM served_poll ORDER BY closes_at")
    assert kept == [(int(closing.timestamp()), None) for closing in (FIRST_CLOSING, SECOND_CLOSING)]


def test_once_the_centre_has_everything_nothing_is_urgent_for_the_agent(brigade, kiosk, agent):
    establishes(brigade, kiosk)
    agent.syncs()
    assert told(brigade) == {}


def test_a_disk_that_refuses_the_closings_holds_no_bundle_back(brigade, kiosk, monkeypatch):
    def refuses(closings):
        raise OSError("no space")

    establishes(brigade, kiosk)
    monkeypatch.setattr(brigade.spool, "write_closings", refuses)
    brigade.exchange.step()
    assert bundles(brigade)[-1].name in brigade.spool.bundle_names()
    monkeypatch.undo()
    brigade.exchange.step()
    assert list(told(brigade).values()) == [FIRST_CLOSING]


def test_r_37_when_the_hours_of_a_poll_are_extended_the_deadlines_follow(brigade, kiosk, monkeypatch):
    rid = establishes(brigade, kiosk)
    later = FIRST_CLOSING + timedelta(hours=1)
    extended = tuple(_extended(scrutin) for scrutin in brigade.store.tables.calendar)
    monkeypatch.setattr(type(brigade.store.tables), "calendar", extended)
    recount_closings(brigade.store)
    moves_to(brigade, later - timedelta(minutes=30))
    (one,) = watched(brigade)
    assert (one.deadline.rid, one.deadline.closing) == (rid, later)


def _extended(scrutin):
    rounds = tuple(replace(one, closes_at=one.closes_at + timedelta(hours=1)) for one in scrutin.rounds)
    return replace(scrutin, rounds=rounds)


def test_r_35_a_ballot_added_within_a_period_gets_its_deadline(brigade, kiosk, monkeypatch):
    summer = Period(first_day=a_day(2027, 8, 1), last_day=a_day(2027, 8, 31))
    rid = establishes(brigade, kiosk, validity=summer)
    assert brigade.store.served_polls.nearest(0, brigade.clock.now()) is None
    added = next(one for one in brigade.store.tables.calendar if one.id == builders.SCRUTIN_ID)
    closing = utc(2027, 8, 8, 8)
    poll = replace(added.rounds[0], day=a_day(2027, 8, 8), opens_at=utc(2027, 8, 7, 21), closes_at=closing)
    partial = replace(added, id="2027-08-partielle/988", rounds=(poll,))
    calendar = (*brigade.store.tables.calendar, partial)
    monkeypatch.setattr(type(brigade.store.tables), "calendar", calendar)
    recount_closings(brigade.store)
    moves_to(brigade, closing - timedelta(hours=10))
    assert [(one.deadline.rid, one.deadline.closing) for one in watched(brigade)] == [(rid, closing)]


def test_r_37_new_signed_tables_with_other_hours_move_the_deadlines(brigade, kiosk, world, monkeypatch):
    """The préfet extends the hours of the first round in Nouvelle-Calédonie by one hour."""
    rid = establishes(brigade, kiosk)
    world.version += 1
    verified = tables(world.directory())
    table = read_table(verified["calendar.cbor"])
    rows = [list(row) for row in table.rows]
    (row,) = [row for row in rows if row[0] == builders.SCRUTIN_ID]
    row[5] = [[opens, closes + 3600] for opens, closes in row[5]]
    verified["calendar.cbor"] = encode_table(table.version + 1, table.issued, rows)
    metadata = brigade.spool.mirror / "metadata"
    metadata.mkdir(parents=True)
    (metadata / "timestamp.json").write_bytes(b"newer")
    monkeypatch.setattr("kiosk_app.use_cases.exchange.verified_targets", lambda *_: verified)
    brigade.exchange.step()
    moves_to(brigade, FIRST_CLOSING)
    assert [(one.deadline.rid, one.deadline.closing) for one in watched(brigade)] == [
        (rid, FIRST_CLOSING + timedelta(hours=1))
    ]


def test_a_refusal_and_a_purged_act_are_passed_over_when_closings_are_counted_again(brigade, kiosk):
    paper = kiosk.file(draft())
    brigade.find.by_qr(paper.qr_text)
    brigade.refuse(paper.rid, RefusalCode.MANDANT_ABSENT, CHECKED, OFFICER_CODE)
    establishes(brigade, kiosk)
    brigade.store.connection.write(
        "UPDATE event SET body = NULL WHERE seq = ?", (brigade.store.log.head.next_seq - 1,)
    )
    brigade.store.connection.write("DELETE FROM served_poll")
    recount_closings(brigade.store)
    assert brigade.store.connection.rows("SELECT * FROM served_poll") == []


def test_a_store_made_by_an_earlier_version_gets_the_table_when_it_opens(brigade):
    brigade.store.connection.write("DROP TABLE served_poll")
    brigade.station.close()
    brigade.starts()
    assert watched(brigade) == ()


def test_closings_long_over_are_forgotten(brigade):
    polls = ServedPolls(brigade.store.connection)
    polls.put(1, [FIRST_CLOSING, SECOND_CLOSING])
    polls.forget(SECOND_CLOSING)
    assert polls.nearest(0, FIRST_CLOSING - timedelta(days=1)) == SECOND_CLOSING
    polls.forget(SECOND_CLOSING + timedelta(seconds=1))
    assert polls.nearest(0, FIRST_CLOSING) is None
