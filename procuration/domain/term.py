"""The term of a habilitation: whole local days, ninety at most (R-14; SECURITY-DESIGN 3), and when its end is
near enough to be said.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from procuration.errors import RuleViolated

HABILITATION_DAYS_MAX: Final = 90
ENDING_DAYS: Final = 7
"""An officer is told so many days before their last one: a supervisor has to come."""


def term_of(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first and the last second of these local days.

    Raises: RuleViolated OFFICER_PERIOD (ids: days), over 90 days or ending before it begins.
    """
    if not 0 <= (last - first).days < HABILITATION_DAYS_MAX:
        raise RuleViolated("OFFICER_PERIOD", days=HABILITATION_DAYS_MAX)
    end = datetime.combine(last + timedelta(days=1), time.min, zone) - timedelta(seconds=1)
    return datetime.combine(first, time.min, zone), end


def days_left(not_after: datetime, now: datetime, zone: tzinfo) -> int:
    """Local days from today to the last one: 0 on that day, negative once it is over."""
    return (not_after.astimezone(zone).date() - now.astimezone(zone).date()).days
