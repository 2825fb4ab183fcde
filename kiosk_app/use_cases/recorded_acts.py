"""Acts of this tablet's own log, read again while their body is here: to print them, and to know what they
decided."""

from dataclasses import dataclass, field

from kiosk_app.store.event_log import StoredEvent
from kiosk_app.store.requests import Source, read_request
from procuration.domain.acts import Act
from procuration.domain.events import ActRecorded, Filed
from procuration.domain.facts import Revocation, RevocationSubject
from procuration.record.act import read_act
from procuration.record.event import EventPair, open_body, parse_event
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.signed import parse_signed


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAct:
    """One act, and what it was about: a request, or for a résiliation what it ends."""

    act: Act
    filed: Filed | None = field(default=None, repr=False)
    subject: RevocationSubject | None = field(default=None, repr=False)


def read_recorded_act(event: StoredEvent) -> RecordedAct | None:
    """The act of a stored event of kind 2 or 3; None for another kind, or once its body is purged."""
    if event.pair.body is None:
        return None
    match open_body(parse_event(event.pair.sign1)[1], event.pair.body):
        case ActRecorded() as recorded:
            pair = EventPair(recorded.filed_sign1, recorded.filed_body)
            return RecordedAct(act=_act(recorded.signed_act), filed=read_request(pair, Source.CENTRE).filed)
        case Revocation() as revocation:
            return RecordedAct(act=_act(revocation.signed_act), subject=revocation.subject)
    return None


def _act(signed_act: bytes) -> Act:
    return read_act(parse_signed(signed_act, max_bytes=SIGN1_BYTES_MAX).payload)
