"""Events that cannot join their log any more, kept as they came (SECURITY-DESIGN 6).

A log with two histories stands still. A person may still need what its tablet had not yet sent: requests of
electors, acts of officers. Nothing is chosen here and nothing gets a receipt;
`dossiers` judges these events like those of the ledger, with what their stopped log takes from them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from procuration.domain.events import BodyKey, Kind
from procuration.errors import RecordRejected
from procuration.record.body_key import open_body_key
from procuration.record.event import open_body, parse_event
from procuration.record.limits import HELD_EVENTS_MAX
from server.config.centre import Centre
from server.ledger.enums import Aside, Refusal
from server.ledger.known import Known, KnownDevice
from server.ledger.models import ForkEvidence, StrandedEvent
from server.ledger.opening import Opened, open_received, open_stored
from server.ledger.rows import insert_rows

_COLUMNS: Final = ("device", "seq", "kind", "hash", "rid", "wall", "received_at", "sign1", "body")


def keep_apart(device_id: int, opened: Sequence[Opened], at: datetime) -> list[Opened]:
    """Keep these events of one log; those that are there already stay as they are.

    Returns: the new ones. Raises: RecordRejected TROP_EN_ATTENTE, as for events held: a stolen key must not
    fill the disk.
    """
    kept = StrandedEvent.objects.filter(device_id=device_id)
    there = {(seq, bytes(value)) for seq, value in kept.values_list("seq", "hash")}
    new = [one for one in opened if (one.envelope.seq, one.hash) not in there]
    if len(there) + len(new) > HELD_EVENTS_MAX:
        raise RecordRejected(Refusal.TOO_MANY_HELD)
    if new:
        insert_rows(StrandedEvent, _COLUMNS, (_row(device_id, one, at) for one in new))
    return new


def _row(device_id: int, one: Opened, at: datetime) -> tuple[object, ...]:
    envelope = one.envelope
    return (
        device_id,
        envelope.seq,
        envelope.kind.value,
        one.hash,
        one.rid,
        int(envelope.wall.timestamp()),
        at,
        one.sign1,
        one.body,
    )


def requests_to_fold(device_id: int, new: Sequence[Opened]) -> set[str]:
    """The requests that new events concern; with a new body key, those that it may open too."""
    found = {one.rid for one in new}
    if any(one.envelope.kind is Kind.BODY_KEY for one in new):
        filed = StrandedEvent.objects.filter(device_id=device_id, kind=Kind.FILED.value)
        found |= set(filed.values_list("rid", flat=True))
    return {rid for rid in found if rid is not None}


def stranded_events(rids: Iterable[str], known: Known) -> Iterator[tuple[str, Opened]]:
    """What was kept apart of these requests, in the order in which it came, each with its request."""
    rows = list(StrandedEvent.objects.filter(rid__among=list(rids)).order_by("id"))
    known.load_devices(row.device_id for row in rows)
    for row in rows:
        assert row.rid is not None, "the filter asks for it"
        yield row.rid, _opened(known.centre, known.device_by_id(row.device_id), row)


def _opened(centre: Centre, device: KnownDevice, row: StrandedEvent) -> Opened:
    """A body may have come before its key, and a stopped log may have two keys at one place."""
    sign1, body = bytes(row.sign1), None if row.body is None else bytes(row.body)
    opened = open_stored(device, sign1, bytes(row.hash), body, row.received_at)
    seq = opened.envelope.body_key_seq
    if opened.fault is Aside.BODY_SEALED and body is not None and seq is not None:
        for key in _keys_at(centre, device.id, seq):
            key_of = {seq: key}.get
            tried = open_received(device, opened.envelope, opened.hash, sign1, body, row.received_at, key_of)
            if tried.fault is not Aside.BODY_SEALED:
                opened = tried
    return replace(opened, apart=True)


def _keys_at(centre: Centre, device_id: int, seq: int) -> Iterator[bytes]:
    """The body keys that were kept apart at one place of a log."""
    for model in (StrandedEvent, ForkEvidence):
        for row in model.objects.filter(device_id=device_id, seq=seq):
            try:
                content = open_body(parse_event(bytes(row.sign1))[1], bytes(row.body or b""))
                if isinstance(content, BodyKey):
                    yield open_body_key(content.sealed_key, dict(centre.sealing_keys), centre.realm)
            except RecordRejected:
                continue  # what it was to open stays as it came, with its code
