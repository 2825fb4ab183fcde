"""What the sync points and clock steps of a log prove about the time of its events (SECURITY-DESIGN 7)."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from procuration.domain.events import ClockStep, RecordedEvent, SyncPoint
from procuration.domain.instants import Interval, shifted

OFFSETS_DIFFER_MAX_MS: Final = 5_000
"""Two sync points whose measured offsets differ by less prove the clock between them."""
PRECISION: Final = timedelta(seconds=5)
FAR_AHEAD: Final = timedelta(days=30)
"""A wall clock further ahead of what was proved is asked about before an act is signed."""


class ClockDoubt(StrEnum):
    """What is wrong with a wall clock, as far as a tablet can tell by itself."""

    BEHIND = "EN_RETARD"
    FAR_AHEAD = "EN_AVANCE"


def doubt_of(wall: datetime, floor: datetime) -> ClockDoubt | None:
    """A wall clock beside the largest time that was proved: earlier is certainly wrong, and more than thirty
    days later is to be confirmed by a person."""
    if wall < floor:
        return ClockDoubt.BEHIND
    return ClockDoubt.FAR_AHEAD if wall - floor > FAR_AHEAD else None


class LogEvidence:
    """The sync points and clock steps of one log, in any order; other events are ignored."""

    def __init__(self, events: Iterable[RecordedEvent] = ()) -> None:
        found: dict[int, int | None] = {}
        said: dict[int, datetime] = {}
        for event in events:
            match event.content:
                case SyncPoint() if event.envelope.sync is not None:
                    offset_ms = event.envelope.sync.offset_ms
                    found[event.envelope.seq] = offset_ms
                    said[event.envelope.seq] = shifted(event.envelope.wall, timedelta(milliseconds=offset_ms))
                case ClockStep():
                    found[event.envelope.seq] = None
                case _:
                    continue
        self._seqs = sorted(found)
        self._offsets = [found[seq] for seq in self._seqs]
        self._points = sorted(said)
        self._said = [said[seq] for seq in self._points]

    def offset_before(self, seq: int) -> int | None:
        """What the last sync point before a place measured, in ms (centre minus wall); None when a clock step
        is nearer, or nothing is known."""
        place = bisect_left(self._seqs, seq)
        return self._offsets[place - 1] if place else None

    def offset_after(self, seq: int) -> int | None:
        """The same for the first one behind it."""
        place = bisect_left(self._seqs, seq + 1)
        return self._offsets[place] if place < len(self._offsets) else None

    def heard_before(self, seq: int) -> datetime | None:
        """The time of the centre that the last sync point before a place measured, whatever the wall clock
        did since; None when there is none."""
        place = bisect_left(self._points, seq)
        return self._said[place - 1] if place else None

    def heard_after(self, seq: int) -> datetime | None:
        """The same for the first one behind it."""
        place = bisect_left(self._points, seq + 1)
        return self._said[place] if place < len(self._points) else None


def measured_interval(seq: int, wall: datetime, evidence: LogEvidence) -> Interval | None:
    """The wall clock of a place, corrected by the sync points around it; None when they do not agree."""
    first, second = evidence.offset_before(seq), evidence.offset_after(seq)
    if first is None or second is None or abs(first - second) >= OFFSETS_DIFFER_MAX_MS:
        return None
    earliest, latest = (timedelta(milliseconds=offset) for offset in sorted((first, second)))
    return Interval(shifted(wall, earliest - PRECISION), shifted(wall, latest + PRECISION))


def interval_of(event: RecordedEvent, evidence: LogEvidence, received_at: datetime | None) -> Interval:
    """When an event of a tablet happened.

    Between two sync points of its log whose measured offsets differ by less than five seconds, with no clock
    step between them, it is the wall clock corrected by the offset, five seconds more or less. Without that
    evidence it lies between the floor that the tablet knew and its reception.

    Args:
        received_at: when the centre said that it had the event (kind 14), None while it has not.
    """
    wall = event.claimed_at
    measured = measured_interval(event.envelope.seq, wall, evidence)
    if measured is not None:
        return measured
    floor = min(event.envelope.boot.floor, wall)
    return Interval(floor, max(wall, received_at or wall))
