"""How much a device still holds that the centre has not proved to have: two numbers in the signed manifest of
every bundle (decision 0041).

The length of the log, not a count of what waits: the centre knows how far it has come and subtracts, so the
announcement stays true while the bundles behind it arrive, in whatever order and on whatever stick.
"""

from dataclasses import dataclass
from datetime import datetime

from procuration.errors import RecordRejected
from procuration.record.shape import instant, integer, optional, seconds, sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What a device announced when it sealed a bundle.

    Attributes:
        length: events in its log, sent or not.
        oldest: wall clock of the first event without a receipt that this bundle does not carry; None when it
            carries all of them. The device's own word: its clock may be wrong.
    """

    length: int
    oldest: datetime | None


def backlog_value(backlog: Backlog) -> list[object]:
    """As it travels: `[length, Unix seconds or null]`."""
    return [backlog.length, None if backlog.oldest is None else seconds(backlog.oldest)]


def read_backlog(value: object, *, carried: int) -> Backlog:
    """The announcement of a bundle.

    Args:
        carried: the place after the last event in the bundle.

    Raises: RecordRejected BUNDLE_BACKLOG, for a log shorter than what it sends; or a code of `shape`.
    """
    length, oldest = sequence(value, 2)
    backlog = Backlog(length=integer(length), oldest=optional(oldest, instant))
    if backlog.length < carried:
        raise RecordRejected("BUNDLE_BACKLOG")
    return backlog
