"""The guard of the clock: notices that the wall clock was set, by comparing it with the time since boot.

Without it a step back stops the scheduler for the length of the step, and a step of a year forward makes it
count a million missed polls. What a step means for a record is the app's business (event kind 6).
"""

from procuration.ports import Clock

STEP_MS = 2_000


class ClockGuard:
    """Remembers the distance between the two clocks; to be asked every second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._distance_ms = self._measure()

    def _measure(self) -> int:
        return int(self._clock.now().timestamp() * 1000) - self._clock.monotonic_ms()

    def step_ms(self) -> int:
        """By how much the wall clock was set since the last call, forward positive; 0 under two seconds.

        A slow drift under two seconds is taken into the distance: it never adds up to a false step.
        """
        distance = self._measure()
        step, self._distance_ms = distance - self._distance_ms, distance
        return step if abs(step) > STEP_MS else 0
