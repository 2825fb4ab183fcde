"""The clock of the machine: wall time, time since boot, and which boot it is."""

import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from procuration.errors import CarrierUnavailable

_BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """The real `Clock`. The wall time is what the machine believes; nothing here corrects it."""

    def __init__(self) -> None:
        # Hashed, so that a record does not carry an identifier other programs of the machine also use.
        self._boot_id = sha256(_BOOT_ID_FILE.read_bytes().strip()).digest()[:8]

    @property
    def boot_id(self) -> bytes:
        """8 bytes that change at each boot of the machine."""
        return self._boot_id

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        return datetime.now(UTC)

    def monotonic_ms(self) -> int:
        """Milliseconds since boot; unlike `time.monotonic`, this goes on while the machine sleeps."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def set_system_clock(at: datetime) -> None:
    """Move the wall clock of the machine. It takes CAP_SYS_TIME, which a deployer may give to this program.

    Raises: CarrierUnavailable HORLOGE_NON_REGLABLE, when the machine refuses.
    """
    try:
        time.clock_settime(time.CLOCK_REALTIME, at.timestamp())
    except (OSError, OverflowError) as error:
        raise CarrierUnavailable("HORLOGE_NON_REGLABLE") from error
