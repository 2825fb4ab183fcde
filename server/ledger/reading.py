"""The events of one bundle: their place, chain and device signature checked, their bodies opened. Nothing
is written, no lock is held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from procuration.domain.events import BodyKey, Envelope, Kind
from procuration.domain.identifiers import EventHash, LogId
from procuration.errors import RecordRejected
from procuration.record.body_key import open_body_key
from procuration.record.chain import hash_of
from procuration.record.event import EventPair, parse_event
from procuration.record.signed import Typ, verify
from server.config.centre import Centre
from server.ledger.enums import Refusal
from server.ledger.known import KnownDevice
from server.ledger.models import Event
from server.ledger.opening import Opened, open_received


@dataclass(frozen=True, slots=True)
class Received:
    """One event of a bundle. `opened` is None when its place was taken at the last look: then only its hash
    matters, at first.
    """

    seq: int
    hash: EventHash
    pair: EventPair
    opened: Opened | None


_REMEMBERED_MAX: Final = 1_000
_remembered: dict[tuple[LogId, int], bytes] = {}
"""Body keys of the ledger opened by this process: a kiosk sends many bundles under one."""


def forget_body_keys() -> None:
    """The database is another one now: what this process has opened of the last one says nothing of it."""
    _remembered.clear()


class BodyKeys:
    """The body keys of one kiosk, opened when first needed: those of the same bundle, then those of the
    ledger.
    """

    def __init__(self, centre: Centre, device: KnownDevice) -> None:
        self._centre = centre
        self._device = device
        self._keys: dict[int, bytes | None] = {}

    def learn(self, opened: Opened) -> None:
        """A body key event of this very bundle."""
        if isinstance(opened.content, BodyKey):
            self._keys[opened.envelope.seq] = self._open(opened.content)

    def of(self, seq: int) -> bytes | None:
        """The key logged at this place, None when there is none that opens."""
        if seq not in self._keys:
            place = (self._device.log_id, seq)
            if place not in _remembered:
                found = self._stored(seq)
                if found is None:
                    return None  # not remembered: its event may still come
                if len(_remembered) >= _REMEMBERED_MAX:
                    _remembered.clear()
                _remembered[place] = found
            self._keys[seq] = _remembered[place]
        return self._keys[seq]

    def _stored(self, seq: int) -> bytes | None:
        found = Event.objects.filter(device_id=self._device.id, seq=seq, kind=Kind.BODY_KEY.value).first()
        if found is None or found.body is None:
            return None
        pair = EventPair(bytes(found.sign1), bytes(found.body))
        envelope = parse_event(pair.sign1)[1]
        opened = open_received(
            self._device,
            envelope,
            pair.hash,
            pair.sign1,
            bytes(found.body),
            found.received_at,
            lambda _: None,
        )
        return self._open(opened.content) if isinstance(opened.content, BodyKey) else None

    def _open(self, content: BodyKey) -> bytes | None:
        try:
            return open_body_key(content.sealed_key, dict(self._centre.sealing_keys), self._centre.realm)
        except RecordRejected:
            return None  # the events that needed it are set aside with a code


def checked_envelope(centre: Centre, device: KnownDevice, sign1: bytes) -> Envelope:
    """The envelope of an event that this device signed. Raises: RecordRejected EVENEMENTS_INVALIDES."""
    return _checked_envelopes(centre, device, [sign1])[0]


def open_own(centre: Centre, device: KnownDevice, pair: EventPair, received_at: datetime) -> Opened:
    """One event alone, its signature checked by the caller, opened with the keys of the ledger."""
    envelope, keys = parse_event(pair.sign1)[1], BodyKeys(centre, device)
    return open_received(device, envelope, pair.hash, pair.sign1, pair.body, received_at, keys.of)


def _checked_envelopes(centre: Centre, device: KnownDevice, parts: Iterable[bytes]) -> list[Envelope]:
    """The envelopes of these signature parts, all signed by this device.

    All are parsed, then all signatures are checked: one after the other, the check and the parser would push
    each other out of the processor's caches, which costs a twentieth of the check.
    """
    try:
        parsed = [parse_event(sign1) for sign1 in parts]
        for signed, _ in parsed:
            verify(signed, device.key, Typ.EVENT, centre.realm)
    except RecordRejected as error:
        raise RecordRejected(Refusal.EVENTS) from error
    if any(envelope.log_id != device.log_id for _, envelope in parsed):
        raise RecordRejected(Refusal.EVENTS)
    return [envelope for _, envelope in parsed]


def read_events(
    centre: Centre,
    device: KnownDevice,
    first_seq: int,
    pairs: Sequence[EventPair],
    head_seq: int,
    received_at: datetime,
) -> list[Received]:
    """The events of a bundle in their places.

    Raises: RecordRejected EVENEMENTS_INVALIDES, EVENEMENTS_DESORDONNES.
    """
    placed = [(seq, hash_of(pair.sign1), pair) for seq, pair in enumerate(pairs, first_seq)]
    old = [Received(*one, None) for one in placed if one[0] <= head_seq]
    new = placed[len(old) :]
    envelopes = _checked_envelopes(centre, device, [pair.sign1 for _, _, pair in new])
    previous = old[-1].hash if old else None
    keys = BodyKeys(centre, device)
    received = []
    for (seq, event_hash, pair), envelope in zip(new, envelopes, strict=True):
        if envelope.seq != seq or (previous is not None and envelope.prev != previous):
            raise RecordRejected(Refusal.ORDER)
        opened = open_received(device, envelope, event_hash, pair.sign1, pair.body, received_at, keys.of)
        keys.learn(opened)
        received.append(Received(seq, event_hash, pair, opened))
        previous = event_hash
    return old + received
