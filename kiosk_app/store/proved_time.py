"""How late it is at least, by what this tablet was proved: the floor, and the time that went by since on the
clock that nobody can set.

The wall clock takes no part: set forward it ages nothing, set back it keeps nothing young.
"""

from datetime import UTC, datetime, timedelta

from kiosk_app.store.settings import Setting, Settings
from procuration.ports import Clock
from procuration.record.canonical import decode, encode
from procuration.record.shape import integer, octets, sequence

_BYTES_MAX = 64


class ProvedTime:
    """Never later than the true time, as long as the centre's own time is right."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def now(self) -> datetime:
        """Aware UTC, whole seconds; 1970 and what went by before the first proof."""
        floor, saved = self._settings.floor, self._settings.find(Setting.PROVED_TIME)
        if saved is None:
            return floor
        boot, ms, seconds = sequence(decode(saved, max_bytes=_BYTES_MAX), 3)
        now_ms = self._clock.monotonic_ms()
        # After a restart only the time since this boot is proved.
        elapsed_ms = now_ms - integer(ms) if octets(boot) == self._clock.boot_id else now_ms
        then = datetime.fromtimestamp(integer(seconds), UTC)
        return max(floor, then + timedelta(seconds=max(0, elapsed_ms) // 1000))

    def keep(self) -> None:
        """Writes it down, so that the time of this boot is not lost with it."""
        seconds = int(self.now().timestamp())
        state = [self._clock.boot_id, self._clock.monotonic_ms(), seconds]
        self._settings.put(Setting.PROVED_TIME, encode(state))
