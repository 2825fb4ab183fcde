"""The deletion of personal data, as an event: which bodies went, and which term of the law asked for it
(SECURITY-DESIGN 12; R-62 to R-66).

The signature parts stay. Chain, signatures and receipts say the same before and after, and this event tells a
body that went by law from one that somebody took away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

from procuration.domain.identifiers import LogId

PLACES_MAX: Final = 256
"""Runs of places that one event names: its body stays under 8 KiB."""
ARTICLE_LENGTH_MAX: Final = 200


class PurgeReason(IntEnum):
    """Which row of the retention table asked for it. Numbers travel in records."""

    KIOSK_COPY = 1
    """The sealed copy at a kiosk, once the centre holds it for certain."""
    BRIGADE_COPY = 2
    """The copy at a brigade, likewise."""
    NOT_ESTABLISHED = 3
    """A request that no officer established (R-64), and what belongs to it."""
    ESTABLISHED = 4
    """A procuration, after the end of its validity (R-62, R-63)."""
    TRACE = 5
    """What belongs to no procuration any more: look-ups, résiliations, names of officers."""


@dataclass(frozen=True, slots=True, order=True)
class PurgedRun:
    """Places of one log, one after the other, both included."""

    log_id: LogId
    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """Kind 9. Bodies were deleted in the transaction that wrote this event.

    Attributes:
        article: where the law says so, as the signed table of that day had it; empty for a term of ours.
        runs: in order, apart from one another.
    """

    reason: PurgeReason
    article: str
    runs: tuple[PurgedRun, ...]

    def covers(self, log_id: LogId, seq: int) -> bool:
        """Whether the body at this place was deleted."""
        return any(run.log_id == log_id and run.first_seq <= seq <= run.last_seq for run in self.runs)


def runs_of(places: Iterable[tuple[LogId, int]]) -> tuple[PurgedRun, ...]:
    """Places as runs, in order; a place named twice counts once."""
    runs: list[PurgedRun] = []
    for log_id, seq in sorted(set(places)):
        last = runs[-1] if runs else None
        if last is not None and (last.log_id, last.last_seq + 1) == (log_id, seq):
            runs[-1] = PurgedRun(log_id, last.first_seq, seq)
        else:
            runs.append(PurgedRun(log_id, seq, seq))
    return tuple(runs)


def in_order(runs: tuple[PurgedRun, ...]) -> bool:
    """Whether each run comes after the one before it, and ends no earlier than it begins."""
    return all(run.first_seq <= run.last_seq for run in runs) and all(
        (one.log_id, one.last_seq) < (following.log_id, following.first_seq)
        for one, following in pairwise(runs)
    )
