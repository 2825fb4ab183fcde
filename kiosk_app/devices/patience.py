"""How long a reading goes on: until its seconds are over, or until the station is locked meanwhile."""

import threading
import time

from procuration.errors import CarrierUnavailable


class Patience:
    """One reading at a time; another thread may end it.

    Args:
        seconds: at most so long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end = seconds, 0.0
        self._ended = threading.Event()

    def begin(self) -> None:
        """A reading begins now."""
        self._ended.clear()
        self._end = time.monotonic() + self._seconds

    def lasts(self) -> bool:
        """Whether to go on."""
        return not self._ended.is_set() and time.monotonic() < self._end

    def end(self) -> None:
        """The reading under way, if any, is of no use any more."""
        self._ended.set()

    def exhausted(self) -> CarrierUnavailable:
        """What the reader raises then: RIEN_LU (ids: seconds)."""
        return CarrierUnavailable("RIEN_LU", seconds=round(self._seconds))
