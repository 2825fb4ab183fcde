"""What a day counts: filed, established, decided; and how long each step lasted, by class of duration.

Pure: events and what the dossiers say of them in, counts out. A median of many days cannot be made from the
medians of each, so durations are kept by class.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Final

from procuration.domain.events import Kind
from server.console.departements import of_place
from server.console.words import ZONE

BUCKETS: Final = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(days=3),
)
"""Ends of the classes of duration; the last class has none."""
_CLOCK_AHEAD_MAX: Final = timedelta(days=1)


class Measure(IntEnum):
    """What is counted. A latency is counted with the event that ends it."""

    FILED = 1
    ESTABLISHED = 2
    """With the class of the time from the act to its reception here."""
    DECIDED = 3
    """With the class of the time from the reception to the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An event of the ledger, as far as it is counted."""

    id: int
    device_id: int
    kind: int
    rid: str
    hash: str
    wall: int
    received_at: datetime

    @property
    def at(self) -> datetime:
        """When it happened: as its tablet says, unless its clock runs far ahead."""
        said = (
            datetime.fromtimestamp(max(0, self.wall), UTC) if self.wall < _LAST_SECOND else self.received_at
        )
        return said if said <= self.received_at + _CLOCK_AHEAD_MAX else self.received_at


_LAST_SECOND: Final = 32_503_680_000  # the year 3000: a wall clock may say anything


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the dossiers say of the request of an event.

    Attributes:
        act_hash: event that established it, empty for none; act_received_at: when that came here.
        officer: digest of who established it.
    """

    place_code: str
    place_type: int
    channel: int
    act_hash: str
    act_log: str
    act_place_kind: int | None
    act_place_code: str
    established_at: datetime | None
    mandataire_key: str | None
    officer: str
    act_received_at: datetime | None = None


Count = tuple[date, str, int, int, int]
"""Day, département, channel, measure, bucket: the key of one count."""


def bucket_of(span: timedelta) -> int:
    """Class of a duration; a negative one, of a clock that runs ahead, is of the first."""
    return sum(span >= end for end in BUCKETS)


def day_of(at: datetime) -> date:
    """The day by the console's clock."""
    return at.astimezone(ZONE).date()


def counts_of(events: Iterable[Seen], about: Mapping[str, About]) -> dict[Count, int]:
    """What these events add to the days."""
    found: dict[Count, int] = {}
    for event in events:
        row = about.get(event.rid)
        if row is None:
            continue
        for measure, bucket in _measures(event, row):
            where = of_place(row.place_code, row.place_type)
            key = (day_of(event.at), where, row.channel, measure.value, bucket)
            found[key] = found.get(key, 0) + 1
    return found


def _measures(event: Seen, row: About) -> list[tuple[Measure, int]]:
    established = (Measure.ESTABLISHED, bucket_of(event.received_at - event.at))
    match event.kind:
        case Kind.FILED:
            return [(Measure.FILED, 0)]
        case Kind.PAPER_FORM if row.act_hash == event.hash:
            return [(Measure.FILED, 0), established]
        case Kind.ACT if row.act_hash == event.hash:
            return [established]
        case Kind.DECISION if row.act_received_at is not None:
            return [(Measure.DECIDED, bucket_of(event.at - row.act_received_at))]
    return []
