"""What to send now: a pure decision from what waits, what was answered, and the time.

A file never answered goes at once: enrolments first (without them the centre knows no bundle of this tablet),
then the one that the nearest closing of a poll depends on (R-55), then the oldest. What the app says of
closings only changes this order, and every fourth turn belongs to the oldest: nothing starves, whatever it
says. A file on which the centre stumbles lets the others pass. The newest bundle, answered or not,
goes again at each poll: it asks for news. An answered bundle that is not the newest never goes again.
How bytes travel is decided in carriers, who sleeps and when in service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

ENROLMENT = ".enrol"
POLL_MS = 60_000
POLL_AT_NIGHT_MS = 15 * 60_000
POLL_SLACK_MS = 5_000  # the answer came a little after the poll began: a whole turn is not lost for that
BACK_OFF_FIRST_MS = 5_000
BACK_OFF_MAX_MS = 40_000
RETRY_AFTER_MAX_MS = 600_000
NIGHT_FROM_HOUR, NIGHT_TO_HOUR = 22, 6
TURN_OF_THE_OLDEST = 4
NO_CLOSING = datetime.max.replace(tzinfo=UTC)
NOTHING_SAID: Mapping[str, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Past:
    """What the agent remembers that matters to the plan; times are milliseconds of the monotonic clock.

    Attributes:
        answered: file name -> when the centre last answered it, refusals included; LONG_AGO before this boot.
        stumbles: file name -> times the centre was there and failed on it since its last answer.
        retry_at_ms: nothing goes before this time (back-off, Retry-After).
        turns: how often the centre has taken or refused a file: every fourth turn is the oldest's.
    """

    answered: Mapping[str, int] = field(default_factory=dict)
    stumbles: Mapping[str, int] = field(default_factory=dict)
    retry_at_ms: int = 0
    turns: int = 0


LONG_AGO = -POLL_AT_NIGHT_MS


def poll_every_ms(local_hour: int) -> int:
    """How long an answer stays news: a minute, a quarter of an hour between 22:00 and 06:00 local time."""
    at_night = local_hour >= NIGHT_FROM_HOUR or local_hour < NIGHT_TO_HOUR
    return POLL_AT_NIGHT_MS if at_night else POLL_MS


def most_urgent_first(waiting: Sequence[str], closings: Mapping[str, datetime]) -> list[str]:
    """Enrolments, then the nearest closing, then the oldest.

    Args:
        waiting: file names, oldest first.
        closings: see `AgentSpool.closings`; a name that it does not know has no closing.
    """
    return sorted(waiting, key=lambda name: (not name.endswith(ENROLMENT), closings.get(name, NO_CLOSING)))


def next_to_send(
    waiting: Sequence[str],
    past: Past,
    now_ms: int,
    poll_ms: int,
    *,
    may_poll: bool = True,
    closings: Mapping[str, datetime] = NOTHING_SAID,
) -> str | None:
    """The file to send now, None when all can wait.

    Args:
        waiting: file names of `spool/out`, oldest first.
        poll_ms: see `poll_every_ms`.
        may_poll: false between two polls, when only a new file is worth a journey.
        closings: see `most_urgent_first`.
    """
    if now_ms < past.retry_at_ms:
        return None
    if new := [name for name in waiting if name not in past.answered]:
        heard = NOTHING_SAID if past.turns % TURN_OF_THE_OLDEST == TURN_OF_THE_OLDEST - 1 else closings
        return min(most_urgent_first(new, heard), key=lambda name: past.stumbles.get(name, 0))
    return _stale(waiting, past, now_ms - poll_ms + POLL_SLACK_MS) if may_poll else None


def _stale(waiting: Sequence[str], past: Past, before_ms: int) -> str | None:
    """Of the newest bundle and the enrolments still refused, the one asked longest ago, if long enough."""
    bundles = [name for name in waiting if not name.endswith(ENROLMENT)]
    asked = [name for name in waiting if name.endswith(ENROLMENT)] + bundles[-1:]
    due = [name for name in asked if past.answered[name] <= before_ms]
    return min(due, key=lambda name: past.answered[name], default=None)


def back_off_max_ms(failures: int) -> int:
    """Upper bound of the wait after so many failures in a row: 5 s doubling to 40 s."""
    return min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS << min(max(failures, 1) - 1, 8))


def wait_ms(retry_after_ms: int, draw: int) -> int:
    """How long nothing goes after a failure.

    Args:
        retry_after_ms: what the centre asked for, 0 for nothing; obeyed up to ten minutes.
        draw: random, 0 to `back_off_max_ms`. Full jitter: 3,000 sites that lost the centre at the
            same second must not all come back at the same second, even when it named one.
    """
    return min(retry_after_ms, RETRY_AFTER_MAX_MS) + draw
