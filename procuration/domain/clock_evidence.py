"""What the sync points and clock steps of a log prove about the time of its events (SECURITY-DESIGN 7)."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from procuration.domain.events import ClockStep, RecordedEvent, SyncPoint
from procuration.domain.instants import Interval, shifted

OFFSETS_DIFFER_MAX_MS: Final = 5_000
"""Two sync points whose measured offsets differ by less prove the clock between them."""
PRECISION: Final = timedelta(seconds=5)


class LogEvidence:
    """The sync points and clock steps of one log, in any order; other events are ignored."""

    def __init__(self, events: Iterable[RecordedEvent] = ()) -> None:
        found: dict[int, int | None] = {}
        for event in events:
            match event.content:
                case SyncPoint() if event.envelope.sync is not None:
                    found[event.envelope.seq] = event.envelope.sync.offset_ms
                case ClockStep():
                    found[event.envelope.seq] = None
                case _:
                    continue
        self._seqs = sorted(found)
        self._offsets = [found[seq] for seq in self._seqs]

    def offset_before(self, seq: int) -> int | None:
        """What the last sync point before a place measured, in ms (centre minus wall); None when a clock step
        is nearer, or nothing is known."""
        place = bisect_left(self._seqs, seq)
        return self._offsets[place - 1] if place else None

    def offset_after(self, seq: int) -> int | None:
        """The same for the first one behind it."""
        place = bisect_left(self._seqs, seq + 1)
        return self._offsets[place] if place < len(self._offsets) else None


def interval_of(event: RecordedEvent, evidence: LogEvidence, received_at: datetime | None) -> Interval:
    """When an event of a tablet happened.

    Between two sync points of its log whose measured offsets differ by less than five seconds, with no clock
    step between them, it is the wall clock corrected by the offset, five seconds more or less. Without that
    evidence it lies between the floor that the tablet knew and its reception.

    Args:
        received_at: when the centre said that it had the event (kind 14), None while it has not.
    """
    wall = event.claimed_at
    first = evidence.offset_before(event.envelope.seq)
    second = evidence.offset_after(event.envelope.seq)
    if first is not None and second is not None and abs(first - second) < OFFSETS_DIFFER_MAX_MS:
        earliest, latest = (timedelta(milliseconds=offset) for offset in sorted((first, second)))
        return Interval(shifted(wall, earliest - PRECISION), shifted(wall, latest + PRECISION))
    floor = min(event.envelope.boot.floor, wall)
    return Interval(floor, max(wall, received_at or wall))
