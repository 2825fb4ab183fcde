"""What this brigade established that still has to reach the town hall before a poll closes (R-54, R-55)."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from kiosk_app.station import OpenStore, Station
from kiosk_app.store.event_log import StoredEvent
from kiosk_app.use_cases.own_acts import read_own_act
from procuration.domain.acts import ActDecision
from procuration.domain.deadlines import (
    DEFAULT_POLICY,
    Deadline,
    Lack,
    Urgency,
    UrgencyPolicy,
    deadline_of,
    lacks_of,
)
from procuration.domain.events import Filed, Kind
from procuration.domain.reference import Reference
from procuration.domain.validity import rounds_covered
from procuration.record.receipt import Level

log = logging.getLogger(__name__)

SHOWN_AFTER_CLOSING: Final = timedelta(hours=48)
"""How long an act that missed its poll stays on the list, and its closings in the store."""
RECOUNTED_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ToForward:
    """One act that has to reach the town hall; no name."""

    reference: Reference | None = field(repr=False)
    deadline: Deadline


class WatchDeadlines:
    """The list « À acheminer d’urgence » of this tablet."""

    def __init__(self, station: Station, policy: UrgencyPolicy = DEFAULT_POLICY) -> None:
        self._station, self._policy = station, policy

    def __call__(self) -> tuple[ToForward, ...]:
        """What lacks something and closes within the longest threshold, the most urgent first; then what
        never left this tablet before its poll closed. Raises: RuleViolated POSTE_FERME.
        """
        store, now = self._station.store, self._station.clock.now()
        receipted = store.outbox.receipted_seq(Level.RECEIVED)
        found = []
        for act in store.served_polls.acts(now - SHOWN_AFTER_CLOSING, now + self._policy.soon, receipted):
            lacks = lacks_of(act.status, transmitted=act.seq <= receipted)
            deadline = deadline_of(act.rid, act.at, act.closings, lacks, now, self._policy)
            if _is_listed(deadline):
                found.append(ToForward(reference=act.reference, deadline=deadline))
        return tuple(sorted(found, key=lambda one: one.deadline.order))


def _is_listed(deadline: Deadline) -> bool:
    """Of what is over, only what this tablet knows never to have left it: of the rest the centre may know
    better."""
    if deadline.level is Urgency.OVER:
        return deadline.is_late and Lack.TRANSMISSION in deadline.lacks
    return deadline.level >= Urgency.SOON


def note_served(store: OpenStore, seq: int, filed: Filed, *, of_act: bool) -> None:
    """Remembers which closings an event just recorded serves; inside the transaction that records it.

    Args:
        of_act: an officer's act may be listed by its reference; a kiosk keeps nothing it could be named by.
    """
    rounds = rounds_covered(filed.validity, store.tables.calendar, filed.vote_place)
    store.served_polls.put(seq, (round_.closes_at for round_ in rounds), filed.reference if of_act else None)


def recount_closings(store: OpenStore) -> None:
    """The calendar has changed (hours extended by a préfet, a new ballot within a period: R-35, R-37): the
    newest acts of this brigade are read again. A kiosk cannot read its own, which keep their first closing.
    """
    for event in store.log.of_kind(Kind.ACT)[-RECOUNTED_MAX:]:
        filed = _established(event)
        if filed is not None:
            note_served(store, event.seq, filed, of_act=True)
    log.info("closings_recounted")


def _established(event: StoredEvent) -> Filed | None:
    """The request that an act of ours established; None for another act, or once its body is purged."""
    own = read_own_act(event)
    return None if own is None or own.act.decision is not ActDecision.ESTABLISHED else own.filed
