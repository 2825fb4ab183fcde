"""Notices that somebody or something moved the wall clock: an event, because times on acts depend on it."""

from collections.abc import Callable
from typing import Final

from kiosk_app.station import Station
from procuration.domain.events import ClockStep

STEP_MS_MIN: Final = 2_000


class WatchClock:
    """Called every second by a thread of its own; compares the wall clock with the time since boot."""

    def __init__(self, station: Station, on_step: Callable[[int], None] = lambda step_ms: None) -> None:
        self._station, self._on_step = station, on_step
        self._difference_ms = self._measured()
        self._pending_ms: list[int] = []

    def check(self) -> None:
        """Logs a step over two seconds; one seen while the store is closed is logged when it opens."""
        difference_ms = self._measured()
        step_ms = difference_ms - self._difference_ms
        if abs(step_ms) > STEP_MS_MIN:
            self._difference_ms = difference_ms
            self._pending_ms.append(step_ms)
            self._on_step(step_ms)
        while self._pending_ms and self._station.is_open:
            self._station.store.log.append(ClockStep(step_ms=self._pending_ms[0]))
            self._pending_ms.pop(0)

    def _measured(self) -> int:
        clock = self._station.clock
        return int(clock.now().timestamp() * 1000) - clock.monotonic_ms()
