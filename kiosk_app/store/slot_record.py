"""What the log says of key slots: which count, and which wrong codes have blocked.

The file of slots and the store cannot change in one step. So the log decides: a slot is written before the
event that adds it, and taken away after the event that removes it. Whatever a power cut leaves between the
two is dropped at the next start, before anything else.
"""

import logging

from kiosk_app.store.attempts import TRIES_MAX
from kiosk_app.store.event_log import EventLog, StoredEvent
from kiosk_app.store.slots import KeySlots
from procuration.domain.events import Kind, LockOut, SlotChange, SlotOperation
from procuration.errors import RuleViolated
from procuration.record.event import open_body, parse_event

log = logging.getLogger(__name__)


def drop_uncounted(slots: KeySlots, event_log: EventLog, opened: bytes) -> None:
    """Takes away what a power cut left, once a slot has opened the store.

    Where the body of an event is gone, every slot stays: no doubt may lock a tablet out.

    Raises: RuleViolated CODE_NON_COMPTE, when it is the slot that opened; RecordRejected CODES_ENDOMMAGES.
    """
    counted = _counted(event_log)
    gone = [slot.slot_id for slot in slots.listed() if slot.slot_id not in counted] if counted else []
    if gone:
        slots.drop(gone)
        log.warning("slots_dropped", extra={"entries": len(gone)})
    if opened in gone:
        raise RuleViolated("CODE_NON_COMPTE")


def _counted(event_log: EventLog) -> set[bytes]:
    """Empty when the log cannot say."""
    found: set[bytes] = set()
    for event in event_log.of_kind(Kind.SLOT_CHANGE):
        if event.pair.body is None:
            return set()
        change = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
        assert isinstance(change, SlotChange), "the content of its kind"
        if change.operation is SlotOperation.REMOVED:
            found.discard(change.slot_id)
        else:
            found.add(change.slot_id)
    return found


def slot_locked_out(event: StoredEvent) -> bytes | None:
    """Which slot an event of kind 8 says blocked; None for too many look-ups, or once its body is purged."""
    if event.pair.body is None:
        return None
    content = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
    return content.slot_id if isinstance(content, LockOut) and content.tries == TRIES_MAX else None
