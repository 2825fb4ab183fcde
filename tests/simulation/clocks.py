"""Virtual time: one true time for the world, and for each machine a clock that may be wrong."""

from datetime import datetime, timedelta

from tests import builders


class TrueTime:
    """What time it really is. Nobody in the product reads it; machines read it through their own clocks."""

    def __init__(self):
        self.now = builders.NOW

    def at(self, seconds: int) -> datetime:
        """The instant so many seconds after the beginning of the run."""
        return builders.NOW + timedelta(seconds=seconds)

    def advance_to(self, seconds: int) -> None:
        """Time never goes back, whatever the order in which things were asked for."""
        self.now = max(self.now, self.at(seconds))


class MachineClock:
    """The clock of one machine. Implements `procuration.ports.Clock`.

    A step may be armed to happen at a reading: between two readings of one use case the wall clock moves.
    """

    def __init__(self, time: TrueTime, boot: int = 0):
        self._time = time
        self.offset = timedelta(0)
        self._armed: tuple[int, timedelta] | None = None
        self.steps = 0
        self.boots(boot)

    def boots(self, number: int) -> None:
        """The machine starts: the monotonic clock begins again."""
        self.boot_id = b"boot%04d" % number
        self._booted_at = self._time.now

    def step(self, by: timedelta) -> None:
        """Somebody or something sets the wall clock."""
        self.offset += by
        self.steps += 1

    def arm(self, reading: int, by: timedelta) -> None:
        """The wall clock will be set just before the reading of that number from now on."""
        self._armed = (reading, by)

    def disarm(self) -> None:
        """What was armed and did not happen, happens no more."""
        self._armed = None

    def now(self) -> datetime:
        """The wall clock, as wrong as it is."""
        if self._armed is not None:
            reading, by = self._armed
            self._armed = (reading - 1, by)
            if reading <= 1:
                self._armed = None
                self.step(by)
        return self._time.now + self.offset

    def monotonic_ms(self) -> int:
        """Since this boot; nothing sets it."""
        return (self._time.now - self._booted_at) // timedelta(milliseconds=1)
