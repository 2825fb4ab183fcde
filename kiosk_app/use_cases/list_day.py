"""What the officer at work has decided today on this tablet, and how far each decision has gone by proof.

By reference and hour: no name stands in a list that is looked at between two people.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final

from kiosk_app.station import OpenStore, Station
from kiosk_app.store.event_log import StoredEvent
from kiosk_app.use_cases.exchange import DECIDED
from kiosk_app.use_cases.recorded_acts import RecordedAct, read_recorded_act
from procuration.domain.acts import ActDecision
from procuration.domain.events import Kind
from procuration.domain.reference import Reference

ACTS_MAX: Final = 400
"""Of one day and officer: one act a minute for more than six hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOfDay:
    """One decision.

    Attributes:
        seq: its place in the log, by which it is printed again.
        received_at: when the centre's receipt was verified; None while there is none.
    """

    seq: int
    at: datetime
    decision: ActDecision
    reference: Reference | None = field(repr=False)
    received_at: datetime | None
    decided: bool


class ListDay:
    """Asked by the screen."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def __call__(self) -> tuple[ActOfDay, ...]:
        """Since midnight at the place of the tablet, the newest first; what the log has purged is left out.

        Raises: RuleViolated SESSION_FERMEE, AGENT_SANS_HABILITATION.
        """
        store = self._station.store
        return tuple(
            _of_day(store, event, recorded)
            for event in own_acts_today(self._station)
            if (recorded := read_recorded_act(event)) is not None
        )


def own_acts_today(station: Station) -> Iterator[StoredEvent]:
    """The acts and résiliations of the officer at work since midnight, the newest first.

    Raises: RuleViolated SESSION_FERMEE, AGENT_SANS_HABILITATION.
    """
    store, kid = station.store, station.officer.kid
    now = station.clock.now().astimezone(store.zone)
    midnight = datetime.combine(now.date(), time(), store.zone)
    for event in store.log.last_since((Kind.ACT, Kind.REVOCATION), int(midnight.timestamp()), ACTS_MAX):
        recorded = read_recorded_act(event)
        if recorded is not None and recorded.officer == kid:
            yield event


def _of_day(store: OpenStore, event: StoredEvent, recorded: RecordedAct) -> ActOfDay:
    state = None if event.rid is None else store.requests.state(event.rid)
    return ActOfDay(
        seq=event.seq,
        at=recorded.act.wall,
        decision=recorded.act.decision,
        reference=_reference(store, recorded),
        received_at=store.outbox.proved_at(event.seq),
        decided=state is not None and state.status in DECIDED,
    )


def _reference(store: OpenStore, recorded: RecordedAct) -> Reference | None:
    """Of a résiliation, that of the request it ends, while it is at hand."""
    if recorded.filed is not None:
        return recorded.filed.reference
    rid = None if recorded.subject is None else recorded.subject.rid
    held = None if rid is None else store.requests.find(rid)
    return None if held is None else held.filed.reference
