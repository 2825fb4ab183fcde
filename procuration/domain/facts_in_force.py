"""Which facts about the persons of a procuration count: those that nobody withdrew (R-50 to R-52)."""

from collections.abc import Iterable, Sequence

from procuration.domain.events import RecordedEvent
from procuration.domain.facts import Fact, FactWithdrawn
from procuration.domain.identifiers import EventHash


def without_withdrawn_facts(events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """The events of one request without the facts that others among them withdraw.

    A function of the set: which of the two came first, or says to have, is not asked, for a town hall without
    network may write the second one with another clock. What is no fact of this request is left alone.
    """
    withdrawn = withdrawn_facts(events)
    if not withdrawn:
        return list(events)
    return [one for one in events if one.hash not in withdrawn or not isinstance(one.content, Fact)]


def withdrawn_facts(events: Iterable[RecordedEvent]) -> set[EventHash]:
    """The hashes that the withdrawals among these events name."""
    return {one.content.fact_hash for one in events if isinstance(one.content, FactWithdrawn)}
