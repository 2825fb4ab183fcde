"""The tables around the log: events held or kept apart, proofs of forks, requests that acts carried, bundles,
leases and queues; each row as far as something signed, or another row, bears it out.

What nothing else bears out is the centre's own word: counts of refusals and misses, times of contact, bundles
without events, entries not yet numbered.
"""

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Max

from procuration.domain.events import ActRecorded, Content, Envelope, Filed, Kind
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.chain import hash_of
from procuration.record.event import parse_event, verify_event
from procuration.record.inbox import EntryType, read_entry
from procuration.record.limits import DOWN_ENTRIES_BYTES_MAX
from server.config.centre import Centre
from server.ledger.auditing import Audit
from server.ledger.enums import BundleOutcome
from server.ledger.known import verifying_key
from server.ledger.models import (
    Bundle,
    CarriedPair,
    Device,
    Event,
    ForkEvidence,
    HeldEvent,
    InboxEntry,
    ReferenceLease,
    StrandedEvent,
)
from server.ledger.opening import read_stored

_AT_ONCE: Final = 1_000


def audit_side_tables(centre: Centre, audit: Audit) -> None:
    """All of them."""
    _audit_kept_events(centre, audit)
    _audit_carried(audit)
    _audit_bundles(audit)
    _audit_leases(audit)
    _audit_inbox(audit)


def _audit_kept_events(centre: Centre, audit: Audit) -> None:
    """Signed by the device at that place, whatever became of them."""
    for model in (HeldEvent, StrandedEvent, ForkEvidence):
        for row in model._default_manager.select_related("device").iterator(chunk_size=_AT_ONCE):
            where = {"table": model._meta.db_table, "log": row.device.log_id, "seq": row.seq}
            try:
                envelope = verify_event(
                    bytes(row.sign1), verifying_key(bytes(row.device.cose_key)), centre.realm
                )
            except RecordRejected as error:
                audit.fault(error.code, **where)
                continue
            for name in _false_in_kept(row, envelope):
                audit.fault("COLONNE_FAUSSE", **where, column=name)
            if model is ForkEvidence:
                audit.fault("JOURNAL_BIFURQUE", **where)


def _false_in_kept(row: HeldEvent | StrandedEvent | ForkEvidence, envelope: Envelope) -> Iterator[str]:
    told = {"hash": bytes(row.hash) == hash_of(bytes(row.sign1)), "seq": row.seq == envelope.seq}
    if isinstance(row, StrandedEvent):
        told["kind"] = row.kind == envelope.kind.value
        told["rid"] = row.rid == (None if envelope.rid is None else envelope.rid.hex())
        told["wall"] = row.wall == int(envelope.wall.timestamp())
    yield from (name for name, right in told.items() if not right)


def _audit_carried(audit: Audit) -> None:
    """Each names the request inside its act."""
    logs = dict(Device.objects.values_list("pk", "log_id"))
    for row in CarriedPair.objects.iterator(chunk_size=_AT_ONCE):
        act = Event.objects.filter(device_id=row.carrier_id, seq=row.carrier_seq).first()
        where = {"table": "ledger_carriedpair", "log": logs.get(row.device_id), "seq": row.seq}
        if act is None:
            audit.fault("LIGNE_FAUSSE", **where)
            continue
        if act.body is None:
            continue  # purged: what it carried is known by its hash alone
        content = _content(bytes(act.sign1), bytes(act.body))
        if not isinstance(content, ActRecorded) or not _is_carried(row, content, logs.get(row.device_id)):
            audit.fault("LIGNE_FAUSSE", **where)


def _content(sign1: bytes, body: bytes | None) -> Content | None:
    """None when it was purged, never opened, or is damaged: the audit of its log names that."""
    try:
        return read_stored(sign1, body)[1]
    except RecordRejected:
        return None


def _is_carried(row: CarriedPair, content: ActRecorded, log_id: str | None) -> bool:
    try:
        envelope = parse_event(content.filed_sign1)[1]
    except RecordRejected:
        return False
    told = envelope.log_id.hex(), envelope.seq, hash_of(content.filed_sign1)
    return told == (log_id, row.seq, bytes(row.hash))


def _audit_bundles(audit: Audit) -> None:
    """Each brought as many events as it says."""
    brought = Event.objects.filter(bundle__isnull=False).order_by().values_list("bundle_id")
    counts = dict(brought.annotate(Count("pk")))
    for pk, added, outcome, log_id in Bundle.objects.values_list(
        "pk", "added", "outcome", "device__log_id"
    ).iterator(chunk_size=_AT_ONCE):
        count = counts.pop(pk, 0)
        if added != count or (outcome == BundleOutcome.ACCEPTED) != (added > 0):
            audit.fault("COLONNE_FAUSSE", table="ledger_bundle", id=pk, log=log_id, column="added")
    for pk in sorted(counts):
        audit.fault("LIGNE_ABSENTE", table="ledger_bundle", id=pk)


def _audit_leases(audit: Audit) -> None:
    """A reference marked as used is in the request that its kiosk filed under it, and the other way round."""
    leases = {(row.device_id, row.reference): row.rid for row in ReferenceLease.objects.iterator(_AT_ONCE)}
    used: dict[tuple[int, str], set[str]] = {}
    unread: set[tuple[int, str]] = set()
    filed = Event.objects.filter(kind=Kind.FILED.value, rid__isnull=False)
    for device_id, rid, sign1, body in filed.values_list("device_id", "rid", "sign1", "body").iterator():
        content = _content(bytes(sign1), None if body is None else bytes(body))
        if isinstance(content, Filed) and content.reference is not None:
            used.setdefault((device_id, content.reference), set()).add(str(rid))
        elif content is None:
            unread.add((device_id, str(rid)))
    for place, rid in leases.items():
        if (rid is None) != (place not in used) or (rid is not None and rid not in used.get(place, ())):
            if rid is not None and (place[0], rid) in unread:
                continue  # its body was purged, or never opened
            audit.fault("COLONNE_FAUSSE", table="ledger_referencelease", reference=place[1], column="rid")


def _audit_inbox(audit: Audit) -> None:
    """What waits for a device has all its numbers, and can be read."""
    waiting: dict[int, list[int]] = {}
    for row in InboxEntry.objects.order_by("pk").iterator(chunk_size=_AT_ONCE):
        if row.number is not None:
            waiting.setdefault(row.device_id, []).append(row.number)
        try:
            value = canonical.decode(bytes(row.value), max_bytes=DOWN_ENTRIES_BYTES_MAX)
            read_entry([row.number or 1, EntryType(row.type).value, value])
        except (RecordRejected, ValueError):
            audit.fault("COLONNE_FAUSSE", table="ledger_inboxentry", id=row.pk, column="value")
    for device in Device.objects.order_by("pk"):
        there = set(waiting.get(device.pk, ()))
        expected = set(range(device.inbox_applied + 1, device.inbox_number + 1))
        for number in sorted(there ^ expected)[:_AT_ONCE]:
            audit.fault("NUMERO_FAUX", table="ledger_inboxentry", log=device.log_id, number=number)
    for device_id, lot in ReferenceLease.objects.order_by().values_list("device_id").annotate(Max("lot")):
        owner = Device.objects.filter(pk=device_id).first()
        if owner is not None and owner.lots < lot:
            audit.fault("COLONNE_FAUSSE", table="ledger_device", log=owner.log_id, column="lots")
