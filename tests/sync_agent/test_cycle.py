"""One cycle of the agent, on a real spool and a carrier that fails before or after the centre stored."""

import errno
import json
from datetime import UTC, datetime, timedelta

import pytest

from procuration.adapters.spool import name_of
from procuration.errors import CarrierUnavailable, RecordRejected
from sync_agent.cycle import Cycle
from sync_agent.memory import Memory, MemoryFile
from tests.sync_agent.centre import hangs_up, says

FULL_DISK = OSError(errno.ENOSPC, "No space left on device")


class LoyalCarrier:
    """A carrier we own: it stores, answers, and fails the way the test says.

    Attributes:
        faults: for each of the next calls, an error to raise before storing, or ("after", error), or None.
    """

    def __init__(self, *faults):
        self.faults = list(faults)
        self.stored = []

    def sync(self, sealed: bytes) -> bytes:
        self._store(sealed)
        return b"answer to " + sealed

    def enrol(self, sealed: bytes) -> None:
        self._store(sealed)

    def _store(self, sealed):
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        self.stored.append(sealed)
        if fault:
            raise fault[1]


UNREACHABLE = CarrierUnavailable("UNREACHABLE")


@pytest.fixture
def cycle_with(agent, clock):
    return lambda carrier, draw=lambda bound: 0: Cycle(agent, carrier, clock, draw)


def test_what_waits_is_carried_and_its_answer_filed(app, cycle_with):
    name = app.put_bundle(b"up")
    assert cycle_with(LoyalCarrier()).run(may_poll=True)
    assert app.read_answer(name) == b"answer to up"


def test_r_55_the_bundle_that_the_nearest_closing_depends_on_travels_first(app, cycle_with):
    carrier = LoyalCarrier()
    app.put_bundle(b"first")
    urgent = app.put_bundle(b"urgent")
    app.write_closings({f"{urgent}.prb": datetime(2021, 6, 20, 16, tzinfo=UTC)})
    cycle_with(carrier).run(may_poll=True)
    assert carrier.stored == [b"urgent", b"first"]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"version": 1, "closings": {"x": 1}}', b"\xff" * 600_000])
def test_damaged_closings_hold_no_bundle_back(app, agent, cycle_with, damage):
    carrier = LoyalCarrier()
    for content in (b"first", b"second", b"third"):
        app.put_bundle(content)
    (agent.folder / "urgency.json").write_bytes(damage)
    assert cycle_with(carrier).run(may_poll=True)
    assert sorted(carrier.stored) == [b"first", b"second", b"third"]


def test_the_turns_are_remembered_from_one_start_to_the_next(app, cycle_with):
    for content in (b"first", b"second"):
        app.put_bundle(content)
    cycle_with(LoyalCarrier()).run(may_poll=True)
    assert cycle_with(LoyalCarrier()).memory.turns == 2


def test_the_bundle_stays_until_the_app_takes_it_back(app, cycle_with):
    name = app.put_bundle(b"up")
    cycle_with(LoyalCarrier()).run(may_poll=True)
    assert app.bundle_names() == [name]


def test_a_bundle_lost_before_the_centre_stored_it_goes_again(app, cycle_with, clock):
    carrier = LoyalCarrier(UNREACHABLE)
    cycle = cycle_with(carrier)
    app.put_bundle(b"up")
    assert not cycle.run(may_poll=True)
    assert cycle.run(may_poll=True)
    assert carrier.stored == [b"up"]


def test_a_bundle_whose_answer_was_lost_goes_again(app, cycle_with):
    carrier = LoyalCarrier(("after", CarrierUnavailable("ANSWER_CUT")))
    cycle = cycle_with(carrier)
    name = app.put_bundle(b"up")
    cycle.run(may_poll=True)
    cycle.run(may_poll=True)
    assert carrier.stored == [b"up", b"up"]
    assert app.read_answer(name) == b"answer to up"


def test_an_answered_bundle_goes_again_after_a_minute_only(app, cycle_with, clock):
    carrier = LoyalCarrier()
    cycle = cycle_with(carrier)
    app.put_bundle(b"up")
    for _ in range(3):
        cycle.run(may_poll=True)
    assert len(carrier.stored) == 1
    clock.pass_seconds(60)
    cycle.run(may_poll=True)
    assert len(carrier.stored) == 2


def test_whoever_asks_for_news_gets_it_at_once(app, cycle_with):
    carrier = LoyalCarrier()
    cycle = cycle_with(carrier)
    app.put_bundle(b"up")
    cycle.run(may_poll=True)
    cycle.ask_again()
    cycle.run(may_poll=True)
    assert len(carrier.stored) == 2


def test_a_restarted_agent_does_not_send_an_answered_older_bundle_again(app, cycle_with, tmp_path):
    first, second = LoyalCarrier(), LoyalCarrier()
    app.put_bundle(b"one")
    cycle_with(first).run(may_poll=True)
    app.put_bundle(b"two")
    cycle_with(second).run(may_poll=False)
    assert second.stored == [b"two"]


def test_after_a_reboot_the_newest_bundle_asks_for_news_at_once(app, cycle_with, clock):
    app.put_bundle(b"up")
    cycle_with(LoyalCarrier()).run(may_poll=True)
    clock.boot_id, clock.ms = b"boot 002", 5_000
    carrier = LoyalCarrier()
    cycle_with(carrier).run(may_poll=True)
    assert carrier.stored == [b"up"]


def test_a_damaged_memory_is_a_fresh_memory(app, agent, cycle_with):
    app.put_bundle(b"up")
    for content in (
        b"",
        b"{",
        b"[]",
        b'{"version":1,"boot":"x","memory":{"answered":{"a":"b"}}}',
        b"[" * 9_999,
    ):
        (agent.memory / "state.json").write_bytes(content)
        carrier = LoyalCarrier()
        cycle_with(carrier).run(may_poll=True)
        assert carrier.stored == [b"up"]


def test_the_enrolment_goes_first_and_leaves_the_spool(app, agent, cycle_with):
    app.put_bundle(b"up")
    app.put_enrolment(b"enrolment")
    carrier = LoyalCarrier()
    cycle_with(carrier).run(may_poll=True)
    assert carrier.stored == [b"enrolment", b"up"]
    assert [file.name for file in agent.out_files()] == [name_of(b"up") + ".prb"]


def test_a_refusal_is_filed_with_its_code(app, cycle_with):
    name = app.put_bundle(b"up")
    cycle_with(LoyalCarrier(RecordRejected("SEAL_UNREADABLE"))).run(may_poll=True)
    assert app.refusals() == {name: "SEAL_UNREADABLE"}
    assert app.answer_names() == []


def test_bundles_refused_one_after_the_other_are_slowed_down(app, cycle_with, clock):
    carrier = LoyalCarrier(RecordRejected("UNKNOWN_DEVICE"), RecordRejected("UNKNOWN_DEVICE"))
    cycle = cycle_with(carrier, lambda bound: bound - 1)
    app.put_bundle(b"one")
    cycle.run(may_poll=True)
    app.put_bundle(b"two")
    cycle.run(may_poll=True)
    assert len(carrier.faults) == 1
    clock.pass_seconds(5)
    cycle.run(may_poll=True)
    assert carrier.faults == []


def test_a_refused_newest_bundle_is_tried_again_when_news_is_due(app, cycle_with, clock):
    cycle = cycle_with(LoyalCarrier(RecordRejected("UNKNOWN_DEVICE")))
    name = app.put_bundle(b"up")
    cycle.run(may_poll=True)
    clock.pass_seconds(60)
    cycle.run(may_poll=True)
    assert app.refusals() == {}
    assert app.answer_names() == [name]


def test_a_damaged_bundle_is_told_to_the_app_and_does_not_travel(app, cycle_with, tmp_path):
    name = app.put_bundle(b"up")
    (tmp_path / "spool" / "out" / f"{name}.prb").write_bytes(b"Up")
    carrier = LoyalCarrier()
    cycle_with(carrier).run(may_poll=True)
    assert app.refusals() == {name: "SPOOL_DAMAGED"}
    assert carrier.stored == []


def test_a_bundle_taken_back_meanwhile_is_no_failure(app, agent, cycle_with):
    name = app.put_bundle(b"up")
    real = agent.read_out

    def taken_back(file_name):
        app.remove_bundle(name)
        return real(file_name)

    agent.read_out = taken_back
    cycle = cycle_with(LoyalCarrier())
    assert cycle.run(may_poll=True)
    assert cycle.memory.failures == 0


def test_the_wait_doubles_while_nobody_answers_and_ends_with_the_first_answer(app, cycle_with, clock):
    cycle = cycle_with(LoyalCarrier(*[UNREACHABLE] * 6), lambda bound: bound - 1)
    app.put_bundle(b"up")
    waits = []
    for _ in range(6):
        cycle.run(may_poll=True)
        waits.append((cycle.memory.retry_at_ms - clock.ms) // 1000)
        assert not cycle.run(may_poll=True)
        clock.pass_seconds(waits[-1])
    assert waits == [5, 10, 20, 40, 40, 40]
    assert cycle.run(may_poll=True)
    assert (cycle.memory.failures, cycle.memory.retry_at_ms) == (0, 0)


def test_retry_after_is_obeyed(app, cycle_with, clock):
    cycle = cycle_with(LoyalCarrier(CarrierUnavailable("BUSY", retry_after_seconds=300)))
    name = app.put_bundle(b"up")
    cycle.run(may_poll=True)
    clock.pass_seconds(299)
    cycle.run(may_poll=True)
    assert app.answer_names() == []
    clock.pass_seconds(1)
    cycle.run(may_poll=True)
    assert app.answer_names() == [name]


def test_off_line_begins_with_the_first_failure_and_ends_with_a_word_of_the_centre(app, cycle_with, clock):
    cycle = cycle_with(LoyalCarrier(UNREACHABLE, UNREACHABLE, RecordRejected("SEAL_UNREADABLE")))
    app.put_bundle(b"up")
    began = clock.now().isoformat()
    cycle.run(may_poll=True)
    clock.pass_seconds(60)
    cycle.run(may_poll=True)
    assert cycle.memory.offline_since == began
    cycle.run(may_poll=True)
    assert cycle.memory.offline_since is None
    assert cycle.memory.error_code == "SEAL_UNREADABLE"


def test_a_full_disk_loses_nothing(app, agent, cycle_with):
    name = app.put_bundle(b"up")
    real = agent.put_answer

    def full(*_):
        agent.put_answer = real
        raise FULL_DISK

    agent.put_answer = full
    cycle = cycle_with(LoyalCarrier())
    assert not cycle.run(may_poll=True)
    assert cycle.memory.error_code == "DISK"
    assert cycle.run(may_poll=True)
    assert app.answer_names() == [name]


def test_the_memory_forgets_what_the_app_took_back(app, agent, cycle_with, clock):
    name = app.put_bundle(b"up")
    cycle = cycle_with(LoyalCarrier())
    cycle.run(may_poll=True)
    app.remove_bundle(name)
    app.put_bundle(b"next")
    cycle.run(may_poll=True)
    assert set(MemoryFile(agent.memory, clock.boot_id).load().answered) == {name_of(b"next") + ".prb"}


@pytest.mark.parametrize(
    "damage",
    [{"answered": []}, {"stumbles": None}, {"refused": 3}, {"stumbles": {"a.prb": "x"}}, {"more": 1}],
)
def test_a_damaged_memory_is_a_fresh_one(agent, clock, damage):
    file = MemoryFile(agent.memory, clock.boot_id)
    file.save(Memory(turns=5))
    state = json.loads((agent.memory / "state.json").read_text())
    state["memory"] |= damage
    (agent.memory / "state.json").write_text(json.dumps(state))
    assert file.load() == Memory()


def test_the_memory_holds_names_times_and_codes_only(app, agent, cycle_with):
    app.put_bundle(b"DUBOIS Angela")
    cycle_with(LoyalCarrier()).run(may_poll=True)
    text = (agent.memory / "state.json").read_text()
    assert "DUBOIS" not in text
    assert json.loads(text)["version"] == 1


@pytest.mark.parametrize("fault", [hangs_up, says(200, b"<html>", "text/html"), says(503, Retry_After="0")])
def test_over_real_https_a_bundle_reaches_the_centre_after_a_fault(centre, carrier, app, cycle_with, fault):
    centre.behaviours = [fault]
    name = app.put_bundle(b"up")
    cycle = cycle_with(carrier)
    assert not cycle.run(may_poll=True)
    assert cycle.run(may_poll=True)
    assert app.read_answer(name) == b"answer to up"
    assert centre.bodies() == [b"up", b"up"]


def test_a_wall_clock_set_back_a_year_does_not_delay_the_next_try(app, cycle_with, clock):
    cycle = cycle_with(LoyalCarrier(UNREACHABLE), lambda bound: bound - 1)
    name = app.put_bundle(b"up")
    cycle.run(may_poll=True)
    clock.wall -= timedelta(days=365)
    clock.ms += 5_000
    cycle.run(may_poll=True)
    assert app.answer_names() == [name]
