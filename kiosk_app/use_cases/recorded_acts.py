"""Acts of this tablet's own log, read again while their body is here: to print them, and to know what they
decided."""

from dataclasses import dataclass, field

from kiosk_app.store.event_log import StoredEvent
from kiosk_app.use_cases.own_acts import read_own_act
from procuration.domain.acts import Act
from procuration.domain.events import Filed, Kind
from procuration.domain.facts import Revocation, RevocationSubject
from procuration.domain.identifiers import Kid
from procuration.record.act import read_act
from procuration.record.event import open_body, parse_event
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.signed import parse_signed


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAct:
    """One act, who signed it, and what it was about: a request, or for a résiliation what it ends."""

    act: Act
    officer: Kid
    filed: Filed | None = field(default=None, repr=False)
    subject: RevocationSubject | None = field(default=None, repr=False)


def read_recorded_act(event: StoredEvent) -> RecordedAct | None:
    """The act of a stored event of kind 2 or 3; None for another kind, or once its body is purged."""
    if event.kind is Kind.ACT:
        own = read_own_act(event)
        return None if own is None else RecordedAct(act=own.act, officer=own.officer, filed=own.filed)
    if event.kind is not Kind.REVOCATION or event.pair.body is None:
        return None
    content = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
    assert isinstance(content, Revocation), "the log says so"
    signed = parse_signed(content.signed_act, max_bytes=SIGN1_BYTES_MAX)
    return RecordedAct(act=read_act(signed.payload), officer=signed.kid, subject=content.subject)
