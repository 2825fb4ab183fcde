"""What a purge leaves of one procuration: the fact that the law had it deleted, whatever copies still say
(R-62 to R-64)."""

from collections.abc import Iterable, Sequence
from typing import Final

from procuration.domain.acts import ActDecision
from procuration.domain.events import Filed, Kind, RecordedEvent
from procuration.domain.purge import Purge, PurgeReason

NAMES_NOBODY: Final = frozenset(
    {
        Kind.CLOCK_STEP,
        Kind.SLOT_CHANGE,
        Kind.LOCK_OUT,
        Kind.PURGE,
        Kind.SYNC_POINT,
        Kind.START,
        Kind.BODY_KEY,
    }
)
"""Kinds whose bodies hold no personal data and stay. Any other kind is deleted in its time, also one that a
later version adds."""


def purge_in_force(events: Iterable[RecordedEvent]) -> RecordedEvent | None:
    """The purge that ended this procuration, the earliest of them; None while it stands.

    What was never established is deleted two months after it was filed (R-64). An officer may have drawn it
    up in time on a tablet that the centre hears later: that act carries the request, and stands.

    Args:
        events: of one request, as `not_purged` leaves them.
    """
    every = list(events)
    purges = [event for event in every if isinstance(event.content, Purge)]
    if not purges:
        return None
    only_asked_for = all(_reason_of(event) is PurgeReason.NOT_ESTABLISHED for event in purges)
    established = any(
        event.act is not None and event.act.decision is ActDecision.ESTABLISHED for event in every
    )
    if only_asked_for and established:
        return None
    return min(purges, key=lambda event: (event.envelope.wall, event.envelope.seq, event.hash))


def not_purged(events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """Without the events whose bodies are gone, also where a copy still says them: every reader of the log
    must see the same (I-2). A request stays, because an act that still stands may carry it."""
    purges = [event.content for event in events if isinstance(event.content, Purge)]
    if not purges:
        return list(events)
    return [
        event
        for event in events
        if isinstance(event.content, Filed | Purge)
        or not any(purge.covers(event.envelope.log_id, event.envelope.seq) for purge in purges)
    ]


def rule_of(event: RecordedEvent) -> str:
    """The rule that a purge applied."""
    return "R-64" if _reason_of(event) is PurgeReason.NOT_ESTABLISHED else "R-63"


def _reason_of(event: RecordedEvent) -> PurgeReason:
    assert isinstance(event.content, Purge), "the caller sorts them"
    return event.content.reason
