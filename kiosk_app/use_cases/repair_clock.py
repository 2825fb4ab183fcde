"""The hour of the tablet: what is doubtful about it, and its correction by a supervisor (SECURITY-DESIGN 7).

Works before anybody has given a code, because a wrong clock must lock nobody out: while the store is closed
it compares with the copy of the proved time that stands beside the store. That copy is not signed; it only
decides what a page says, never what may be signed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk_app.station import Station
from kiosk_app.store.slots import SlotKind
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.domain.clock_evidence import ClockDoubt, doubt_of
from procuration.errors import RecordRejected, RuleViolated

COPY: Final = "proved-time.txt"
COPY_EVERY: Final = timedelta(hours=1)
_COPY_BYTES_MAX: Final = 20
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShown:
    """What a page says of the hour.

    Attributes:
        proved: the largest time proved to this tablet, None before the first proof.
    """

    wall: datetime
    proved: datetime | None
    doubt: ClockDoubt | None


class RepairClock:
    """Asked by the screens and by the exchange."""

    def __init__(self, station: Station, set_clock: Callable[[datetime], None]) -> None:
        """With what sets the clock of the machine. It raises CarrierUnavailable HORLOGE_NON_REGLABLE."""
        self._station, self._set_clock = station, set_clock
        self._copied: datetime | None = None

    def shown(self) -> ClockShown:
        """The hour now, and what is doubtful about it."""
        wall, proved = self._station.clock.now(), self._proved()
        return ClockShown(wall=wall, proved=proved, doubt=None if proved is None else doubt_of(wall, proved))

    def correct(self, phrase: str, at: datetime) -> None:
        """A supervisor sets the clock; the step is an event as soon as the store is open (`WatchClock`).

        Raises: RuleViolated HEURE_AVANT_PREUVE, CODE_DU_RESPONSABLE, or as `KeySlots.open`;
        CarrierUnavailable HORLOGE_NON_REGLABLE, when this program may not set the clock.
        """
        proved = self._proved()
        if proved is not None and at < proved:
            raise RuleViolated("HEURE_AVANT_PREUVE")
        if self._station.slots.open(phrase).slot.kind is not SlotKind.PASS_PHRASE:
            raise RuleViolated("CODE_DU_RESPONSABLE")
        self._set_clock(at)

    def keep_copy(self) -> None:
        """Writes the proved time beside the store, when it has moved by an hour and the store is open."""
        if not self._station.is_open:
            return
        floor = self._station.store.settings.floor
        if self._copied is None or floor - self._copied >= COPY_EVERY:
            data = str(int(floor.timestamp())).encode("ascii")
            write_durably(self._station.folder / COPY, data, _OWNER_ONLY)
            self._copied = floor

    def _proved(self) -> datetime | None:
        if self._station.is_open:
            return self._station.store.settings.floor
        try:
            data = read_regular(self._station.folder, COPY, _COPY_BYTES_MAX)
            return datetime.fromtimestamp(int(data), UTC)
        except (FileNotFoundError, RecordRejected, ValueError, OverflowError, OSError):
            return None  # nothing is known before the store opens: the page asks nothing
