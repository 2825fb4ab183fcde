"""Acts of this tablet's own log, read again as long as their body is here."""

from dataclasses import dataclass

from kiosk_app.store.event_log import StoredEvent
from kiosk_app.store.requests import HeldRequest, Source, read_request
from procuration.domain.acts import Act
from procuration.domain.events import ActRecorded, Filed
from procuration.domain.identifiers import Kid
from procuration.record.act import read_act
from procuration.record.event import EventPair, open_body, parse_event
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.signed import parse_signed


@dataclass(frozen=True, slots=True)
class OwnAct:
    """One act, who signed it, and the request that it was about."""

    act: Act
    officer: Kid
    filed: Filed


def read_own_act(event: StoredEvent) -> OwnAct | None:
    """The act of a stored event of kind 2; None once its body is purged."""
    if event.pair.body is None:
        return None
    content = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
    assert isinstance(content, ActRecorded), "the log says so"
    signed = parse_signed(content.signed_act, max_bytes=SIGN1_BYTES_MAX)
    filed = read_request(EventPair(content.filed_sign1, content.filed_body), Source.CENTRE).filed
    return OwnAct(read_act(signed.payload), signed.kid, filed)


def request_of(event: StoredEvent) -> HeldRequest:
    """The request that an act of ours carries: an act stands alone (SECURITY-DESIGN 5).

    Args: event: of kind 2, its body not purged.
    """
    assert event.pair.body is not None, "the caller has read it"
    content = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
    assert isinstance(content, ActRecorded), "the log says so"
    return read_request(EventPair(content.filed_sign1, content.filed_body), Source.CENTRE)
