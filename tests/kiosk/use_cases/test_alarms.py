"""A centre that rewrites its history: the tablet sees it at once, keeps the proof, and says it for ever."""

import copy

import pytest

from kiosk_app.store.alarms import ALARMS_KEPT_MAX, Alarm, AlarmCode
from kiosk_app.store.settings import Setting
from kiosk_app.use_cases.follow_tree import Verdict, judge
from procuration.domain.events import Kind
from procuration.record.checkpoint import TreeHead, verify_checkpoint
from procuration.record.event import EventPair, parse_event
from procuration.record.inbox import Consistency, ServerTime
from procuration.record.receipt import Level
from tests import builders
from tests.kiosk.world import Agent, draft


@pytest.fixture
def agent(kiosk, centre):
    return Agent(kiosk, centre)


@pytest.fixture
def seen(kiosk, centre, agent):
    """The tablet has followed the tree of the centre for a while."""
    for number in range(4):
        kiosk.file(draft())
        kiosk.clock.pass_(minutes=number)
        agent.syncs()
    assert kiosk.store.settings.number(Setting.TREE_SIZE) == centre.size >= 4
    assert kiosk.store.alarms.all() == []
    return kiosk


def back_to(centre, size):
    """The same centre as if its tree had never grown beyond a size."""
    other = copy.copy(centre)
    other.nodes = dict(centre.nodes)
    other.size, other.got = size, {log: dict(events) for log, events in centre.got.items()}
    return other


def rewritten_from(centre, tablet, size, *, to):
    """A centre whose tree was rewritten from a size on; its next answer brings it to the size `to`."""
    other = back_to(centre, size)
    first = min(other.got[tablet.log_id])
    while other.size < to - 1:
        other._receipt(tablet, first, Level.RECEIVED)
    return other


def files_one(tablet):
    receipt = tablet.file(draft())
    tablet.exchange.step()
    return receipt


def hears(tablet, centre, **changes):
    """Once: everything in the spool is answered by this centre."""
    for name in tablet.spool.bundle_names():
        sealed = (tablet.spool.folder / "out" / f"{name}.prb").read_bytes()
        Agent(tablet, centre).files(name, centre.answers(tablet, sealed, **changes))
    tablet.exchange.step()


def codes(tablet):
    return [alarm.code for alarm in tablet.store.alarms.all()]


def is_received(tablet, receipt):
    return tablet.exchange.request_state(receipt.rid).received_at is not None


def without_proof(centre):
    centre.consistency = lambda old, checkpoint: ServerTime(1)
    return centre


def size_of(tablet):
    return tablet.store.settings.number(Setting.TREE_SIZE)


CONTRADICTIONS = {
    AlarmCode.SMALLER: lambda centre, tablet: back_to(centre, centre.size - 3),
    AlarmCode.OTHER_ROOT: lambda centre, tablet: rewritten_from(
        centre, tablet, centre.size - 3, to=centre.size
    ),
    AlarmCode.INCONSISTENT: lambda centre, tablet: rewritten_from(
        centre, tablet, centre.size - 3, to=centre.size + 2
    ),
    AlarmCode.UNPROVED: lambda centre, tablet: without_proof(back_to(centre, centre.size)),
}


@pytest.mark.parametrize("code", CONTRADICTIONS)
def test_a_tree_that_did_not_only_grow_raises_an_alarm_and_nothing_is_called_received(seen, centre, code):
    held = seen.store.settings.get(Setting.CHECKPOINT)
    receipt = files_one(seen)
    hears(seen, CONTRADICTIONS[code](centre, seen))
    assert codes(seen) == [code]
    assert not is_received(seen, receipt)
    assert seen.store.settings.get(Setting.CHECKPOINT) == held


@pytest.mark.parametrize("code", CONTRADICTIONS)
def test_the_evidence_is_two_checkpoints_that_the_centre_signed(seen, centre, code):
    files_one(seen)
    hears(seen, CONTRADICTIONS[code](centre, seen))
    (alarm,) = seen.store.alarms.all()
    key = builders.key("checkpoint").cose_key
    held, shown = (verify_checkpoint(note, key, builders.REALM) for note in (alarm.held, alarm.shown))
    assert held.size == centre.size
    assert {
        AlarmCode.SMALLER: shown.size < held.size,
        AlarmCode.OTHER_ROOT: shown.size == held.size and shown.root != held.root,
        AlarmCode.INCONSISTENT: shown.size > held.size,
        AlarmCode.UNPROVED: shown.size > held.size,
    }[code]
    assert (alarm.at, alarm.epoch) == (seen.clock.now(), b"e" * 16)


def test_a_tree_rolled_back_to_nothing_raises_an_alarm_though_no_checkpoint_shows_it(seen, centre):
    files_one(seen)
    hears(seen, centre, entries=(), checkpoint_size=0)
    assert codes(seen) == [AlarmCode.SMALLER]
    assert seen.store.alarms.standing.shown == b""


def test_the_alarm_stands_at_every_later_start_and_no_statement_removes_it(seen, centre):
    files_one(seen)
    hears(seen, back_to(centre, 1))
    seen.station.close()
    seen.starts()
    assert seen.store.alarms.standing.code is AlarmCode.SMALLER
    for statement in ("DELETE FROM alarm", "UPDATE alarm SET code = 'X'"):
        with pytest.raises(Exception, match="an alarm is never"):
            seen.store.connection.write(statement)
    assert codes(seen) == [AlarmCode.SMALLER]


def test_after_an_alarm_the_history_that_was_seen_first_still_proves(seen, centre, agent):
    receipt = files_one(seen)
    hears(seen, rewritten_from(centre, seen, 1, to=centre.size + 2))
    assert not is_received(seen, receipt)
    seen.exchange.ask_again()
    receipt_after = files_one(seen)
    agent.syncs()
    assert is_received(seen, receipt)
    assert is_received(seen, receipt_after)
    assert codes(seen) == [AlarmCode.INCONSISTENT]


def test_the_alarm_is_kept_when_the_answer_shows_another_history_of_this_log(seen, centre):
    files_one(seen)
    other = rewritten_from(centre, seen, 1, to=centre.size + 2)
    other.got[seen.log_id][seen.store.log.head.next_seq - 1] = EventPair(b"another event", None)
    other.opens = lambda tablet, sealed, opens=other.opens: (
        type("Up", (), {"pairs": ()})(),
        opens(tablet, sealed)[1],
    )
    hears(seen, other)
    assert codes(seen) == [AlarmCode.INCONSISTENT]
    assert seen.store.log.stopped == "JOURNAL_BIFURQUE"


def test_the_same_contradiction_is_one_row_and_the_table_is_bounded(seen, centre):
    files_one(seen)
    other = back_to(centre, 1)
    hears(seen, back_to(other, 1))
    hears(seen, back_to(other, 1))
    assert codes(seen) == [AlarmCode.SMALLER]
    for number in range(ALARMS_KEPT_MAX + 5):
        shown = number.to_bytes(4, "big")
        seen.store.alarms.keep(
            Alarm(code=AlarmCode.SMALLER, at=seen.clock.now(), epoch=b"e", held=b"h", shown=shown)
        )
    assert len(codes(seen)) == ALARMS_KEPT_MAX


def test_the_last_tree_that_was_proved_goes_on_in_the_sync_points(seen, centre, agent):
    files_one(seen)
    size = size_of(seen)
    seen.clock.pass_(hours=1)
    seen.exchange.ask_again()
    files_one(seen)
    hears(seen, back_to(centre, 1))
    point = seen.store.log.of_kind(Kind.SYNC_POINT)[-1]
    assert parse_event(point.pair.sign1)[1].sync.tree_size == size


def test_an_older_answer_that_comes_late_is_no_alarm_and_its_events_are_received_in_the_end(
    seen, centre, agent
):
    receipt = files_one(seen)
    (name,) = seen.spool.bundle_names()
    sealed = (seen.spool.folder / "out" / f"{name}.prb").read_bytes()
    late = centre.answers(seen, sealed)
    second = files_one(seen)
    agent.carries()
    seen.exchange.step()
    assert is_received(seen, second)
    agent.files(name, late)
    seen.exchange.step()
    agent.syncs()
    assert is_received(seen, receipt)
    assert codes(seen) == []


def test_two_answers_that_cross_are_compared_by_asking_again(seen, centre, agent):
    """Both bundles named the same checkpoint; the second answer proves nothing about the first one."""
    first = files_one(seen)
    (one,) = seen.spool.bundle_names()
    out = seen.spool.folder / "out"
    sealed_one = (out / f"{one}.prb").read_bytes()
    second = files_one(seen)
    (two,) = seen.spool.bundle_names()
    sealed_two = (out / f"{two}.prb").read_bytes()
    answers = centre.answers(seen, sealed_one), centre.answers(seen, sealed_two)
    agent.files(one, answers[0])
    seen.exchange.step()
    assert is_received(seen, first)
    agent.files(two, answers[1])
    agent.carried.append(two)
    seen.exchange.step()
    assert not is_received(seen, second)
    agent.syncs()
    assert is_received(seen, second)
    assert codes(seen) == []


A, B = TreeHead(size=5, root=b"a" * 32), TreeHead(size=5, root=b"b" * 32)
SMALL, LARGE = TreeHead(size=3, root=b"c" * 32), TreeHead(size=8, root=b"d" * 32)


@pytest.mark.parametrize(
    ("held", "named", "shown", "proof", "verdict"),
    [
        (None, 0, A, None, Verdict.GROWN),
        (A, 5, A, None, Verdict.HELD),
        (A, 0, B, None, AlarmCode.OTHER_ROOT),
        (A, 5, SMALL, None, AlarmCode.SMALLER),
        (A, 4, SMALL, None, AlarmCode.SMALLER),
        (A, 3, SMALL, None, Verdict.LATE),
        (A, 0, SMALL, None, Verdict.LATE),
        (A, 5, LARGE, None, AlarmCode.UNPROVED),
        (A, 5, LARGE, Consistency(4, b"", ()), AlarmCode.UNPROVED),
        (A, 3, LARGE, None, Verdict.LATE),
        (A, 3, LARGE, Consistency(3, b"", ()), Verdict.LATE),
        (A, 5, LARGE, Consistency(5, b"", ()), AlarmCode.INCONSISTENT),
        (A, 3, LARGE, Consistency(5, b"", (bytes(32),)), AlarmCode.INCONSISTENT),
    ],
)
def test_what_a_checkpoint_is_worth_beside_the_one_held(held, named, shown, proof, verdict):
    assert judge(held, named, shown, proof) is verdict
