"""Answers the look-up events of a brigade: the request whose reference AND birth date both match, or nothing.

Unknown reference and wrong birth date are one case, reached by the same statements: neither the answer nor
its time tells them apart.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from procuration.domain.events import ActRecorded, Kind, LookUp
from procuration.domain.identifiers import Kid
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record.directory import Role
from procuration.record.event import EventPair, open_body, parse_event
from procuration.record.inbox import Request
from server.dossiers.fold import date_text
from server.dossiers.models import Procuration
from server.ledger.inbox import put
from server.ledger.known import KnownDevice
from server.ledger.models import Event, LookUpMiss
from server.ledger.opening import Opened

MISSES_MAX: Final = 20
"""Misses per officer and hour; beyond, nothing is answered until the hour is over (SECURITY-DESIGN 9)."""
_HOUR: Final = timedelta(hours=1)


def answer_look_ups(device: KnownDevice, events: Sequence[Opened], at: datetime) -> None:
    """Queue the requests found for the unit that asked; a device that no longer counts is shown none."""
    if device.role is not Role.BRIGADE or (device.ends_at is not None and device.ends_at <= at):
        return
    for one in events:
        assert isinstance(one.content, LookUp), "the caller sorts them"
        _answer(device, one.content, at)


def _answer(device: KnownDevice, look_up: LookUp, at: datetime) -> None:
    misses = misses_of(device.id, look_up.officer, at)
    found = Procuration.objects.filter(
        reference=look_up.reference, mandant_birth_date=date_text(look_up.birth_date)
    )
    row = found.exclude(status=Status.PURGEE).first()
    filed = filed_pair("" if row is None else row.rid, "" if row is None else row.filed_hash)
    if filed is None:
        note_miss(device.id, look_up.officer, at)
    elif misses < MISSES_MAX:
        put(device.id, Request(filed[0]), at)


def misses_of(device_id: int, officer: Kid, at: datetime) -> int:
    """How many look-ups of this officer found nothing in the hour before."""
    return LookUpMiss.objects.filter(device_id=device_id, officer=officer.hex(), at__gt=at - _HOUR).count()


def note_miss(device_id: int, officer: Kid, at: datetime) -> None:
    """One more."""
    LookUpMiss.objects.create(device_id=device_id, officer=officer.hex(), at=at)


def filed_pair(rid: str, filed_hash: str) -> tuple[EventPair, datetime] | None:
    """The filed event in the clear, from its own log or from an act that carried it, and when it came."""
    for event in Event.objects.filter(rid=rid, kind__in=(Kind.FILED.value, Kind.ACT.value)).order_by(
        "kind", "id"
    ):
        if event.body is None:
            continue
        pair = EventPair(bytes(event.sign1), bytes(event.body))
        if event.kind == Kind.ACT.value:
            pair = _carried(pair)
        if pair.hash.hex() == filed_hash:
            return pair, event.received_at
    return None


def _carried(act: EventPair) -> EventPair:
    try:
        content = open_body(parse_event(act.sign1)[1], act.body or b"")
    except RecordRejected:
        return act  # set aside as unreadable; its hash matches no request
    return EventPair(content.filed_sign1, content.filed_body) if isinstance(content, ActRecorded) else act
