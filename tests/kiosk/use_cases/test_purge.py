"""What a tablet deletes by itself, when, and what it never deletes."""

from datetime import timedelta

import pytest

from kiosk_app.store import bodies
from kiosk_app.store import connection as connection_module
from kiosk_app.store.bodies import Bodies
from kiosk_app.store.settings import Setting
from kiosk_app.use_cases import purge_bodies
from procuration.domain.events import Kind
from procuration.domain.purge import PurgeReason
from procuration.domain.purged import NAMES_NOBODY
from procuration.errors import RuleViolated
from procuration.record.bundle import DownManifest
from procuration.record.event import body_hash, open_body, parse_event
from procuration.record.inbox import Request, ServerTime
from procuration.record.receipt import Level
from tests import builders
from tests.kiosk.world import CHECKED, OFFICER_CODE, Agent, draft

BORN = builders.ANGELA.birth_date


@pytest.fixture
def agent(kiosk, centre):
    return Agent(kiosk, centre)


def waits(tablet, **duration):
    """Time goes by on both clocks, and the program does what it does each second."""
    tablet.clock.pass_(**duration)
    tablet.exchange.step()


def body(tablet, seq):
    (event,) = tablet.store.log.events(seq, 1)
    return event.pair.body


def purges(tablet):
    return [
        open_body(parse_event(event.pair.sign1)[1], event.pair.body)
        for event in tablet.store.log.of_kind(Kind.PURGE)
    ]


def purged_seqs(tablet):
    return [
        seq for one in purges(tablet) for run in one.runs for seq in range(run.first_seq, run.last_seq + 1)
    ]


def asks_the_centre_again(agent, **changes):
    agent.tablet.exchange.ask_again()
    agent.syncs(**changes)


def test_a_sealed_body_goes_24_hours_after_its_durable_receipt_and_the_event_stays(kiosk, agent):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    before = kiosk.store.log.events(0, 100)
    waits(kiosk, hours=23, minutes=59)
    assert body(kiosk, receipt.seq)
    waits(kiosk, minutes=2)
    assert body(kiosk, receipt.seq) is None
    (purge,) = purges(kiosk)
    assert purge.reason is PurgeReason.KIOSK_COPY
    assert purge.covers(kiosk.log_id, receipt.seq)
    assert [event.pair.sign1 for event in before] == [
        e.pair.sign1 for e in kiosk.store.log.events(0, len(before))
    ]
    kiosk.store.log.verify(0)


def test_a_purge_names_exactly_the_bodies_that_went(kiosk, agent):
    for _ in range(3):
        kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.file(draft())
    waits(kiosk, hours=25)
    gone = [event.seq for event in kiosk.store.log.events(0, 100) if event.pair.body is None]
    assert gone == purged_seqs(kiosk)
    assert len(gone) == 3


def test_nothing_goes_on_the_word_that_it_was_received(kiosk, agent):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.RECEIVED)
    waits(kiosk, days=30)
    assert body(kiosk, receipt.seq)
    assert purges(kiosk) == []


def test_nothing_goes_that_lies_beyond_the_durable_receipt(kiosk, agent):
    first = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    second = kiosk.file(draft())
    agent.syncs(level=Level.RECEIVED)
    waits(kiosk, days=3)
    assert body(kiosk, first.seq) is None
    assert body(kiosk, second.seq)


def test_a_wall_clock_set_forward_deletes_nothing_early(kiosk, agent):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.wall += timedelta(days=400)
    for _ in range(3):
        kiosk.clock.ms += 61_000
        kiosk.exchange.step()
    assert body(kiosk, receipt.seq)


def test_a_wall_clock_set_back_keeps_nothing_for_ever(kiosk, agent):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.wall -= timedelta(days=400)
    kiosk.clock.ms += 25 * 3_600_000
    kiosk.exchange.step()
    assert body(kiosk, receipt.seq) is None


def test_a_new_boot_counts_only_the_time_since_it(kiosk, agent):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    waits(kiosk, hours=20)
    kiosk.clock.boot_id, kiosk.clock.ms = b"boot-two", 1_000
    kiosk.clock.wall += timedelta(days=90)
    waits(kiosk, hours=3)
    assert body(kiosk, receipt.seq)
    waits(kiosk, hours=2)
    assert body(kiosk, receipt.seq) is None


def test_the_time_of_the_centre_counts_after_a_long_night(kiosk, agent):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.boot_id, kiosk.clock.ms = b"boot-two", 1_000
    kiosk.clock.wall += timedelta(days=3)
    asks_the_centre_again(agent, level=Level.DURABLE)
    waits(kiosk, minutes=2)
    assert body(kiosk, receipt.seq) is None


def test_a_receipt_without_a_time_starts_no_term(kiosk, centre, agent):
    receipt = kiosk.file(draft())
    kiosk.exchange.step()
    down = DownManifest.__init__

    def without_time(self, **named):
        named["entries"] = tuple(one for one in named["entries"] if not isinstance(one.content, ServerTime))
        down(self, **named)

    DownManifest.__init__ = without_time
    try:
        agent.carries(level=Level.DURABLE)
    finally:
        DownManifest.__init__ = down
    waits(kiosk, days=5)
    assert kiosk.store.outbox.receipted_seq(Level.DURABLE) >= receipt.seq
    assert body(kiosk, receipt.seq)
    asks_the_centre_again(agent, level=Level.DURABLE)
    waits(kiosk, hours=25)
    assert body(kiosk, receipt.seq) is None


def test_a_term_of_the_signed_law_table_is_the_one_that_counts(kiosk, agent, monkeypatch):
    monkeypatch.setattr(kiosk.store.tables.law, "number", lambda name, place, day: 2)
    seq = kiosk.store.log.append(
        builders.filed(), rid=builders.rid(), cipher=kiosk.store.body_keys.current()
    ).seq
    agent.syncs(level=Level.DURABLE)
    waits(kiosk, hours=2, minutes=2)
    assert body(kiosk, seq) is None


def test_an_hour_of_filing_is_deleted_in_batches_of_a_hundred(kiosk, agent):
    for _ in range(250):
        kiosk.store.log.append(builders.filed(), rid=builders.rid(), cipher=kiosk.store.body_keys.current())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.pass_(hours=25)
    counts = []
    for _ in range(4):
        kiosk.exchange.step()
        counts.append(len(purged_seqs(kiosk)))
    assert counts == [100, 200, 250, 250]


def test_a_restored_copy_deletes_nothing(kiosk, agent):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.store.log.stopped = "MAGASIN_RESTAURE"
    waits(kiosk, days=3)
    assert body(kiosk, receipt.seq)


def test_a_disk_without_room_keeps_everything_and_the_purge_waits(kiosk, agent, monkeypatch):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.pass_(hours=25)

    def full(self, seqs):
        raise RuleViolated("ESPACE_INSUFFISANT")

    with monkeypatch.context() as patch:
        patch.setattr(Bodies, "delete", full)
        kiosk.exchange.step()
        assert body(kiosk, receipt.seq)
    waits(kiosk, minutes=2)
    assert body(kiosk, receipt.seq) is None


def test_below_the_reserve_of_the_disk_the_purge_goes_on_since_it_makes_room(kiosk, agent, monkeypatch):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.pass_(hours=25)
    monkeypatch.setattr(connection_module, "FREE_BYTES_MIN", 2**62)
    kiosk.exchange.step()
    assert body(kiosk, receipt.seq) is None


def test_a_power_cut_in_the_middle_leaves_the_body_or_the_proof_that_it_went(kiosk, agent, monkeypatch):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.pass_(hours=25)

    def cut(self, seqs):
        raise OSError("power")

    with monkeypatch.context() as patch:
        patch.setattr(bodies.Bodies, "delete", cut)
        with pytest.raises(OSError, match="power"):
            kiosk.exchange.step()
    assert body(kiosk, receipt.seq)
    assert purges(kiosk) == []


def test_what_a_power_cut_left_to_scrub_is_scrubbed_at_the_next_start(kiosk, agent, monkeypatch):
    kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    kiosk.clock.pass_(hours=25)

    def cut(self):
        raise OSError("power")

    with monkeypatch.context() as patch:
        patch.setattr(connection_module.Connection, "scrub_wal", cut)
        kiosk.exchange.step()
        with pytest.raises(OSError, match="power"):
            kiosk.exchange.step()
    kiosk.station.close()
    kiosk.starts()
    assert kiosk.store.settings.find(Setting.SCRUB_DUE)
    old = (kiosk.folder / connection_module.SNAPSHOT_NAME).stat().st_ino
    kiosk.exchange.step()
    assert kiosk.store.settings.find(Setting.SCRUB_DUE) is None
    assert (kiosk.folder / connection_module.SNAPSHOT_NAME).stat().st_ino != old
    assert (kiosk.folder / f"{connection_module.DATABASE_NAME}-wal").stat().st_size < 100_000


def established(world, kiosk, brigade, agent_level=Level.DURABLE):
    """A request filed at the kiosk and established at the brigade, both at the centre for certain."""
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(draft())
    found = brigade.find.by_qr(receipt.qr_text)
    return brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_a_brigade_body_goes_48_hours_after_its_durable_receipt(world, kiosk, brigade, centre):
    done = established(world, kiosk, brigade)
    Agent(brigade, centre).syncs(level=Level.DURABLE)
    waits(brigade, hours=47)
    assert body(brigade, done.seq)
    waits(brigade, hours=1, minutes=2)
    assert body(brigade, done.seq) is None
    assert {one.reason for one in purges(brigade)} == {PurgeReason.BRIGADE_COPY}


def test_after_the_purge_the_counts_the_decision_and_the_deadlines_are_still_known(
    world, kiosk, brigade, centre
):
    done = established(world, kiosk, brigade)
    agent = Agent(brigade, centre)
    agent.syncs(level=Level.DURABLE)
    before = (
        brigade.exchange.status().received,
        brigade.store.served_polls.nearest(0, brigade.clock.now()),
        brigade.exchange.request_state(done.rid),
    )
    waits(brigade, hours=49)
    assert body(brigade, done.seq) is None
    after = (
        brigade.exchange.status().received,
        brigade.store.served_polls.nearest(0, brigade.clock.now()),
        brigade.exchange.request_state(done.rid),
    )
    assert after == before
    agent.syncs(level=Level.DURABLE)
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.station.officer.opened[done.rid] = brigade.find._read_receipt(kiosk_receipt(kiosk))
        brigade.validate(done.rid, CHECKED, OFFICER_CODE)


def kiosk_receipt(kiosk):
    """A receipt of another request: only its rid is replaced by the caller."""
    return kiosk.file(draft()).qr_text


def test_an_officer_still_acts_after_the_body_of_their_enrolment_is_gone(world, kiosk, brigade, centre):
    agent = Agent(brigade, centre)
    agent.syncs(level=Level.DURABLE)
    waits(brigade, hours=49)
    (enrolled,) = brigade.store.log.of_kind(Kind.ENROLMENT)
    assert enrolled.pair.body is None
    receipt = kiosk.file(draft())
    found = brigade.find.by_qr(receipt.qr_text)
    assert brigade.validate(found.rid, CHECKED, OFFICER_CODE).rid == receipt.rid


def test_the_names_of_an_officer_go_when_the_habilitation_is_over_by_proved_time(
    world, kiosk, brigade, centre
):
    kid = brigade.station.session.kid
    agent = Agent(brigade, centre)
    agent.syncs(level=Level.DURABLE)
    brigade.clock.wall += timedelta(days=200)
    brigade.clock.ms += 61_000
    brigade.exchange.step()
    assert brigade.store.officers.find(kid).enrolment  # only the wall clock says so
    asks_the_centre_again(agent, level=Level.DURABLE)
    waits(brigade, minutes=2)
    assert brigade.store.officers.find(kid).enrolment is None


def held(tablet):
    return [row[0] for row in tablet.store.connection.rows("SELECT rid FROM request")]


def looked_up(kiosk, brigade, centre):
    """A request that the officer asked of the centre and has before them."""
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(draft())
    brigade.find.by_centre(receipt.reference, BORN)
    agent = Agent(brigade, centre)
    agent.syncs(level=Level.DURABLE)
    centre.puts(brigade, Request(brigade.find._read_receipt(receipt.qr_text).pair))
    asks_the_centre_again(agent, level=Level.DURABLE)
    return brigade.find.poll()


def test_what_an_officer_saw_and_did_not_decide_goes_with_the_session(kiosk, brigade, centre):
    found = looked_up(kiosk, brigade, centre)
    assert held(brigade) == [found.rid]
    brigade.unlock.lock()
    assert held(brigade) == []


def test_what_a_session_left_behind_goes_when_the_next_officer_signs_in(kiosk, brigade, centre):
    looked_up(kiosk, brigade, centre)
    brigade.unlock(OFFICER_CODE)
    assert held(brigade) == []


def test_an_answer_that_comes_after_the_session_goes_too(kiosk, brigade, centre):
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(draft())
    pair = brigade.find._read_receipt(receipt.qr_text).pair
    brigade.unlock.lock()
    centre.puts(brigade, Request(pair))
    Agent(brigade, centre).syncs()
    waits(brigade, minutes=2)
    assert held(brigade) == []


def test_what_an_officer_decided_stays_until_the_act_goes(kiosk, brigade, centre):
    found = looked_up(kiosk, brigade, centre)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    brigade.unlock.lock()
    assert held(brigade) == [found.rid]
    Agent(brigade, centre).syncs(level=Level.DURABLE)
    waits(brigade, hours=49)
    assert held(brigade) == []


def test_every_kind_that_may_name_somebody_is_deleted(kiosk):
    numbers = {int(word) for word in bodies._WITH_BODY.split("(")[1].rstrip(")").split(", ")}
    assert numbers == {kind.value for kind in NAMES_NOBODY}
    plan = kiosk.store.connection.rows(
        f"EXPLAIN QUERY PLAN SELECT seq FROM event WHERE {bodies._WITH_BODY} AND seq <= 5 ORDER BY seq"
    )
    assert any("event_with_body" in str(row[3]) for row in plan)


def test_the_purge_looks_once_a_minute_and_not_each_second(kiosk, monkeypatch):
    looks = []
    monkeypatch.setattr(purge_bodies.PurgeBodies, "_purge", lambda self, store: looks.append(1))
    for _ in range(120):
        waits(kiosk, seconds=1)
    assert 2 <= len(looks) <= 3


def test_what_is_purged_still_answers_for_itself_by_its_hash(kiosk, agent, centre):
    receipt = kiosk.file(draft())
    agent.syncs(level=Level.DURABLE)
    (event,) = kiosk.store.log.events(receipt.seq, 1)
    at_the_centre = centre.got[kiosk.log_id][receipt.seq]
    waits(kiosk, hours=25)
    envelope = parse_event(event.pair.sign1)[1]
    assert at_the_centre.sign1 == kiosk.store.log.events(receipt.seq, 1)[0].pair.sign1
    assert envelope.body_hash != body_hash(at_the_centre.body)  # the kiosk never had it in plain
