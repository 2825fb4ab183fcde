"""On which side of a revocation an event lies: by its place in the log, never by the time it claims."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from procuration.domain.clock_evidence import LogEvidence
from procuration.domain.events import ClockStep, RecordedEvent, SyncEvidence, SyncPoint
from procuration.domain.revocation import Side, bounds_of, side_of
from procuration.record.chain import hash_of
from procuration.record.event import parse_event
from tests import builders
from tests.builders import NOW

HOUR = timedelta(hours=1)
REVOKED = NOW
BEFORE, AFTER, UNPROVED = Side.BEFORE, Side.AFTER, Side.UNPROVED


@dataclass
class Log:
    """A tablet's log: each word of a story is one event; the act is the event judged."""

    device: builders.Device = field(default_factory=lambda: builders.Device("brigade"))
    proofs: list[RecordedEvent] = field(default_factory=list)

    def sync(self, at: datetime, wall: datetime | None = None) -> None:
        wall = wall or at
        offset_ms = int((at - wall).total_seconds() * 1000)
        sync = SyncEvidence(tree_size=0, root=bytes(32), offset_ms=offset_ms)
        self._keep(SyncPoint(), self.device.records(SyncPoint(), sync=sync, wall=wall))

    def step(self) -> None:
        self._keep(ClockStep(step_ms=5000), self.device.records(ClockStep(step_ms=5000)))

    def _keep(self, content, pair) -> None:
        envelope = parse_event(pair.sign1)[1]
        self.proofs.append(RecordedEvent(hash=hash_of(pair.sign1), envelope=envelope, content=content))


def judged(story, *, floor=-9, wall=0.0, received=9, trusted=True) -> Side:
    """Hours from the revocation; "act" marks the place of the act."""
    log, place = Log(), -1
    for word in story:
        if word == "act":
            place = log.device.head.next_seq
            log.device.records(ClockStep(step_ms=1))  # any event: only its place counts
        elif word == "step":
            log.step()
        else:
            at, *other = word if isinstance(word, tuple) else (word,)
            log.sync(NOW + at * HOUR, NOW + other[0] * HOUR if other else None)
    when = bounds_of(
        place,
        NOW + floor * HOUR,
        NOW + wall * HOUR,
        LogEvidence(log.proofs),
        NOW + received * HOUR,
        log_is_trusted=trusted,
    )
    return side_of(when, REVOKED)


@pytest.mark.parametrize(
    ("why", "story", "known", "expected"),
    [
        ("the centre had it before", ["act"], {"received": -1, "wall": 5}, BEFORE),
        ("its floor was proved after", ["act"], {"floor": 1, "wall": -5}, AFTER),
        ("nothing proves anything", ["act"], {"wall": -5}, UNPROVED),
        ("a claimed time after proves nothing either", ["act"], {"wall": 5}, UNPROVED),
        ("it stands before a sync point of before, whatever its wall says", ["act", -1], {"wall": 7}, BEFORE),
        ("the same, though the clock was moved meanwhile", ["act", "step", -1], {"wall": 7}, BEFORE),
        ("the same, when that clock was wrong", ["act", (-1, 400)], {"wall": 399}, BEFORE),
        ("it stands behind a sync point of after, whatever its wall says", [1, "act"], {"wall": -7}, AFTER),
        ("the same, though the clock was moved meanwhile", [1, "step", "act"], {"wall": -7}, AFTER),
        ("it stands between, and its clock was moved", [-1, "step", "act", 1], {"wall": -0.5}, UNPROVED),
        ("its clock is proved right, before", [-1, "act", 1], {"wall": -0.5}, BEFORE),
        ("its clock is proved right, after", [-1, "act", 1], {"wall": 0.5}, AFTER),
        ("its clock is proved two hours late", [(-1, -3), "act", (1, -1)], {"wall": -1.5}, AFTER),
        ("its clock is proved right, within five seconds", [-1, "act", 1], {"wall": 0.001}, UNPROVED),
        ("the sync points do not agree", [-1, "act", (1, 2)], {"wall": -0.5}, UNPROVED),
    ],
)
def test_a_place_in_the_log_says_on_which_side_an_act_lies(why, story, known, expected):
    assert judged(story, **known) is expected, why


@pytest.mark.parametrize(
    ("why", "story", "known", "expected"),
    [
        ("the centre had it before", ["act"], {"received": -1}, BEFORE),
        ("its own sync points speak for it", ["act", -1], {}, UNPROVED),
        ("its own clock speaks for it", [-1, "act", 1], {"wall": -0.5}, UNPROVED),
        ("its own sync points speak against it", [1, "act"], {"wall": -0.5}, AFTER),
        ("its own floor speaks against it", ["act"], {"floor": 0}, AFTER),
    ],
)
def test_a_log_whose_key_was_revoked_never_speaks_for_itself(why, story, known, expected):
    assert judged(story, trusted=False, **known) is expected, why


def test_bounds_that_contradict_each_other_prove_nothing():
    assert judged(["act"], floor=2, received=-2) is UNPROVED


@pytest.mark.parametrize(("hours", "expected"), [(-1, BEFORE), (0, AFTER), (1, AFTER)])
def test_the_instant_of_the_revocation_is_after_it(hours, expected):
    assert judged(["act"], floor=hours, received=hours) is expected
