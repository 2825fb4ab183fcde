"""Requests that acts carry, compared with what the logs of their own devices say of the same places."""

from django.db.models import Q

from procuration.domain.events import ActRecorded
from procuration.record.event import EventPair, open_body, parse_event
from server.ledger.models import CarriedPair, Event


def known_at(places: set[tuple[int, int]]) -> dict[tuple[int, int], dict[bytes, str | None]]:
    """The hashes that the ledger and earlier acts say of these places, each with its request."""
    devices = {device_id for device_id, _ in places}
    seqs = sorted({seq for _, seq in places})
    inside = Q(device_id__in=devices, seq__in=seqs)
    found: dict[tuple[int, int], dict[bytes, str | None]] = {}
    for device_id, seq, value, rid in Event.objects.filter(inside).values_list(
        "device_id", "seq", "hash", "rid"
    ):
        if (device_id, seq) in places:
            found.setdefault((device_id, seq), {})[bytes(value)] = rid
    for row in CarriedPair.objects.filter(inside):
        if (row.device_id, row.seq) in places:
            found.setdefault((row.device_id, row.seq), {}).setdefault(bytes(row.hash), None)
    return found


def pair_of(row: CarriedPair) -> tuple[EventPair, str | None]:
    """The request inside the act that brought it; its signed part alone once that act is purged."""
    act = Event.objects.get(device_id=row.carrier_id, seq=row.carrier_seq)
    if row.sign1 is not None:
        return EventPair(bytes(row.sign1), None), act.rid
    assert act.body is not None, "the signed part is kept when the body goes"
    content = open_body(parse_event(bytes(act.sign1))[1], bytes(act.body))
    assert isinstance(content, ActRecorded), "only acts carry a request"
    return EventPair(content.filed_sign1, content.filed_body), act.rid
