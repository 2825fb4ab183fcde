"""Deletes bodies of the ledger in the transaction that writes the signed event which says so (SECURITY-DESIGN
12). Signature parts, hashes, leaves and receipts stay as they are (I-7).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from procuration.domain.events import ActRecorded, Kind
from procuration.domain.identifiers import LogId, Rid
from procuration.domain.purge import PLACES_MAX, Purge, PurgeReason, runs_of
from procuration.errors import RecordRejected
from procuration.record.cose_key import kid_of
from procuration.record.directory import Role
from procuration.record.event import open_body, verify_event
from server.config.centre import Centre
from server.ledger.known import verifying_key
from server.ledger.models import CarriedPair, Device, Event, ForkEvidence, HeldEvent, StrandedEvent
from server.ledger.opening import Opened, read_stored
from server.ledger.own_log import Entry, append


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body stands: the row of its log, and its place there."""

    device_id: int
    log_id: LogId
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What goes together, for one reason.

    Attributes:
        rid: hexadecimal; None for what belongs to no procuration.
        article: where the law says so.
        apart: where events of this request would stand that were kept apart from a stopped log. Another event
            may stand at such a place, and keeps its body.
    """

    rid: str | None
    reason: PurgeReason
    article: str
    places: tuple[Place, ...]
    apart: tuple[Place, ...] = ()


def delete_bodies(centre: Centre, log: Device, deletions: Sequence[Deletion], at: datetime) -> list[Opened]:
    """Write the purge events at the end of the log that `lock_own_log` gave, and delete what they name, in
    the ledger, held, or kept as the proof of a fork.

    Returns: the purge events.
    """
    written = append(centre, log, [entry for one in deletions for entry in _entries(one)], at)
    for one in deletions:
        if one.apart:
            StrandedEvent.objects.filter(rid=one.rid).update(body=None)
    by_device: dict[int, list[int]] = {}
    for place in (place for one in deletions for place in one.places):
        by_device.setdefault(place.device_id, []).append(place.seq)
    for device_id, seqs in by_device.items():
        _keep_carried_signatures(device_id, seqs)
        here = {"device_id": device_id, "seq__in": seqs}
        Event.objects.filter(**here).exclude(kind=Kind.PURGE.value).update(body=None)
        HeldEvent.objects.filter(**here).update(body=None)
        ForkEvidence.objects.filter(**here).update(body=b"")
    return written


def _entries(one: Deletion) -> Iterable[Entry]:
    rid = None if one.rid is None else Rid(bytes.fromhex(one.rid))
    runs = runs_of((place.log_id, place.seq) for place in (*one.places, *one.apart))
    for start in range(0, len(runs), PLACES_MAX):
        part = runs[start : start + PLACES_MAX]
        yield Entry(Purge(reason=one.reason, article=one.article, runs=part), rid)


def _keep_carried_signatures(device_id: int, seqs: Sequence[int]) -> None:
    """Until its own log is heard, the signed part of a request stands only in the act that brought it. It
    names nobody, and proves a fork if that log says something else."""
    carried = CarriedPair.objects.filter(carrier_id=device_id, carrier_seq__in=seqs, sign1=None)
    for row in carried:
        act = Event.objects.get(device_id=row.carrier_id, seq=row.carrier_seq)
        content = read_stored(bytes(act.sign1), None if act.body is None else bytes(act.body))[1]
        if isinstance(content, ActRecorded):
            CarriedPair.objects.filter(pk=row.pk).update(sign1=content.filed_sign1)


def places_of(events: QuerySet[Event] | QuerySet[StrandedEvent]) -> Iterator[tuple[str | None, Place]]:
    """Where these events stand, each with its request."""
    for rid, device_id, log_id, seq in events.values_list("rid", "device_id", "device__log_id", "seq"):
        yield rid, Place(device_id, LogId(bytes.fromhex(log_id)), seq)


def purged_runs(centre: Centre) -> dict[LogId, list[tuple[int, int]]]:
    """What the logs of this server say that it purged: today's, and those from before a restore. Events that
    they did not sign count for nothing."""
    found: dict[LogId, list[tuple[int, int]]] = {}
    own = Event.objects.filter(device__role=Role.SERVER.value, kind=Kind.PURGE.value)
    rows = own.order_by("device_id", "seq").values_list("sign1", "body", "device__cose_key")
    for sign1, body, cose_key in rows.iterator():
        if centre.tables.entries.get(kid_of(bytes(cose_key))) is None:
            continue
        try:
            envelope = verify_event(bytes(sign1), verifying_key(bytes(cose_key)), centre.realm)
            content = open_body(envelope, bytes(body or b""))
        except RecordRejected:
            continue  # the audit of that log names it
        if isinstance(content, Purge):
            for run in content.runs:
                found.setdefault(run.log_id, []).append((run.first_seq, run.last_seq))
    return found
