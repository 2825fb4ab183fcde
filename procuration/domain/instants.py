"""When something happened, as far as the evidence goes: an interval, never the claimed time alone
(SECURITY-DESIGN 7).

Order, ceiling, deadline and revocation compare intervals only; overlapping ones that matter to the result go
to a person (R-43).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

_WIDEST_ZONE: Final = timedelta(hours=14)
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Between two aware UTC instants, both included; `earliest` is never after `latest`."""

    earliest: datetime
    latest: datetime

    def precedes(self, other: "Interval") -> bool:
        """Whether it certainly lies before the other."""
        return self.latest < other.earliest

    def overlaps(self, other: "Interval") -> bool:
        """Whether nobody can say which came first."""
        return not self.precedes(other) and not other.precedes(self)


def at(instant: datetime) -> Interval:
    """An instant that is known: what the centre's own clock says."""
    return Interval(instant, instant)


def local_day(day: date) -> Interval:
    """A local day when its time zone is not known: from its first to its last hour anywhere on Earth."""
    start = datetime.combine(day, time(), UTC)
    return Interval(shifted(start, -_WIDEST_ZONE), shifted(start, timedelta(days=1) + _WIDEST_ZONE))


def shifted(instant: datetime, by: timedelta) -> datetime:
    """The instant moved; nothing lies beyond the first and the last that can be written."""
    try:
        return instant + by
    except OverflowError:
        return _EARLIEST if by < timedelta(0) else _LATEST
