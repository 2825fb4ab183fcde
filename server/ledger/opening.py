"""From stored or received bytes to an event that can be judged: envelope, plain body, typed content, or the
code of what is wrong.

The device's signature has been checked by whoever calls; here only the body is opened. A body that cannot
be opened keeps its place in the log and loses its effect.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from procuration.domain.events import Content, Envelope, Kind
from procuration.domain.identifiers import EventHash
from procuration.errors import RecordRejected
from procuration.record.body_key import decrypt_body
from procuration.record.event import body_hash, open_body, parse_event
from server.ledger.enums import Aside
from server.ledger.known import KnownDevice

BodyKeyOf = Callable[[int], bytes | None]
"""The body key that a kiosk logged at a sequence number, None when there is none that opens."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An event in its place, as the ledger keeps it.

    Attributes:
        body: plaintext when it could be opened, else as it came; None once purged.
        content: None when `fault` says why.
        apart: it is no part of its log, which is stopped (see `stranded`).
    """

    device: KnownDevice
    envelope: Envelope
    hash: EventHash
    sign1: bytes
    body: bytes | None = field(repr=False)
    content: Content | None = field(repr=False)
    fault: Aside | None
    received_at: datetime
    apart: bool = False

    @property
    def rid(self) -> str | None:
        """The request concerned, in hexadecimal."""
        return None if self.envelope.rid is None else self.envelope.rid.hex()


def _fault_of(error: RecordRejected) -> Aside:
    match error.code:
        case "BODY_HASH":
            return Aside.BODY_MISMATCH
        case "KIND_WITHOUT_READER":
            return Aside.NOT_HANDLED
        case _:
            return Aside.UNREADABLE


def _read(envelope: Envelope, body: bytes) -> tuple[Content | None, Aside | None]:
    try:
        content = open_body(envelope, body)
    except RecordRejected as error:
        return None, _fault_of(error)
    if envelope.kind in (Kind.FILED, Kind.ACT, Kind.PAPER_FORM) and envelope.rid is None:
        return None, Aside.UNREADABLE
    return content, None


def open_received(
    device: KnownDevice,
    envelope: Envelope,
    event_hash: EventHash,
    sign1: bytes,
    body: bytes | None,
    received_at: datetime,
    body_key: BodyKeyOf,
) -> Opened:
    """An event as a bundle brought it: a kiosk's encrypted body is decrypted first. A body that the device
    has purged on the word of a ledger that is lost since does not come back: the event keeps its place.
    """
    if body is None:
        return Opened(device, envelope, event_hash, sign1, None, None, Aside.PURGED, received_at)
    plain: bytes | None = body
    if envelope.body_key_seq is not None:
        plain = _decrypted(envelope, body, body_key)
        if plain is None:
            return Opened(device, envelope, event_hash, sign1, body, None, Aside.BODY_SEALED, received_at)
    assert plain is not None
    content, fault = _read(envelope, plain)
    return Opened(device, envelope, event_hash, sign1, plain, content, fault, received_at)


def _decrypted(envelope: Envelope, body: bytes, body_key: BodyKeyOf) -> bytes | None:
    key = body_key(envelope.body_key_seq) if envelope.body_key_seq is not None else None
    if key is None or envelope.rid is None:
        return None
    try:
        plain = decrypt_body(body, key, envelope.rid)
    except RecordRejected:
        return None  # the caller stores what came and sets it aside with a code
    return plain if body_hash(plain) == envelope.body_hash else None


def open_stored(
    device: KnownDevice, sign1: bytes, event_hash: bytes, body: bytes | None, received_at: datetime
) -> Opened:
    """An event as the ledger has it: what could be opened on arrival is in plain form."""
    envelope, content, fault = read_stored(sign1, body)
    return Opened(device, envelope, EventHash(event_hash), sign1, body, content, fault, received_at)


def read_stored(sign1: bytes, body: bytes | None) -> tuple[Envelope, Content | None, Aside | None]:
    """What these bytes of the ledger say, whoever asks and whenever: as it was read on arrival."""
    envelope = parse_event(sign1)[1]
    if body is None:
        return envelope, None, Aside.PURGED
    if envelope.body_key_seq is not None and body_hash(body) != envelope.body_hash:
        return envelope, None, Aside.BODY_SEALED
    return envelope, *_read(envelope, body)
