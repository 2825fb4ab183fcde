"""The program of a town hall as it would run on the day of the tests: only its clock is another."""

import sys
import time
from datetime import datetime, timedelta

from procuration.adapters.clock import SystemClock
from server.__main__ import main
from tests.builders import NOW

_STARTED = time.monotonic()


def _then(_clock: SystemClock) -> datetime:
    return NOW + timedelta(seconds=int(time.monotonic() - _STARTED))


SystemClock.now = _then  # type: ignore[method-assign]
sys.exit(main())
