"""A thread that does one short thing again and again: the exchange with the spool, the watch on the clock."""

import logging
import threading
from collections.abc import Callable

from procuration.errors import ProcurationError

log = logging.getLogger(__name__)


class Ticker:
    """Calls `act` every so many seconds until it is stopped.

    A failure raised on purpose is logged by its code and tried again; any other one is our bug and goes to
    `on_bug`, which ends the program: a kiosk that no longer sends must not look healthy.
    """

    def __init__(self, job: str, seconds: float, act: Callable[[], None], on_bug: Callable[[], None]) -> None:
        self._job, self._seconds, self._act, self._on_bug = job, seconds, act, on_bug
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=job, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is being done now."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self._act()
            except ProcurationError as error:
                log.warning("job_refused", extra={"job": self._job, "code": error.code})
            except Exception:
                log.critical("job_failed", extra={"job": self._job}, exc_info=True)
                self._on_bug()
                raise
