"""The log that this server writes: what the centre or an account of a portal did, signed and chained like a
tablet's events.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procuration.domain.events import BootTime, Content, Envelope
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.errors import CarrierUnavailable
from procuration.record.chain import first_prev, hash_of
from procuration.record.contents import kind_of
from procuration.record.directory import Role
from procuration.record.event import body_hash, encode_body, sign_event
from server.config.centre import Centre
from server.ledger.known import KnownDevice, known_device
from server.ledger.ledger_head import refuse_a_backup, stored_epoch
from server.ledger.models import Device, Event, LeafDue, Ledger
from server.ledger.opening import Opened
from server.ledger.rows import insert_rows

EVENT_COLUMNS = ("device", "seq", "kind", "hash", "rid", "wall", "received_at", "bundle", "sign1", "body")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written: a content, and the request it concerns."""

    content: Content
    rid: Rid | None


def event_row(opened: Opened, bundle_id: int | None) -> tuple[object, ...]:
    """An event as a row of the ledger."""
    envelope = opened.envelope
    return (
        opened.device.id,
        envelope.seq,
        envelope.kind.value,
        opened.hash,
        opened.rid,
        int(envelope.wall.timestamp()),
        opened.received_at,
        bundle_id,
        opened.sign1,
        opened.body,
    )


def ledger_epoch(centre: Centre) -> bytes:
    """As `stored_epoch`, drawn the first time anybody asks."""
    if found := stored_epoch():
        return found
    told = {"epoch": os.urandom(16), "created_at": centre.clock.now()}
    return bytes(Ledger.objects.get_or_create(pk=1, defaults=told)[0].epoch)


def ensure_own_device(centre: Centre, log_id: LogId | None = None) -> None:
    """The row of this server's own log, or of one that it wrote before a restore, made the first time."""
    entry = centre.tables.entries.get(centre.signer.kid)
    now = centre.clock.now()
    Device.objects.get_or_create(
        log_id=(log_id or centre.log_id).hex(),
        defaults={
            "kid": centre.signer.kid.hex(),
            "cose_key": centre.signer.cose_key,
            "role": Role.SERVER.value,
            "unit": "" if entry is None else entry.unit,
            "not_before": now if entry is None else entry.not_before,
            "not_after": now.replace(year=now.year + 1, day=1) if entry is None else entry.not_after,
            "enrolled_at": now,
        },
    )


def lock_own_log(centre: Centre) -> Device:
    """The server's log, locked until the transaction ends: whoever writes it writes alone."""
    row = Device.objects.select_for_update(no_key=True).filter(log_id=centre.log_id.hex()).first()
    if row is None:
        ensure_own_device(centre)
        row = Device.objects.select_for_update(no_key=True).get(log_id=centre.log_id.hex())
    return row


def append(centre: Centre, row: Device, entries: Sequence[Entry], at: datetime) -> list[Opened]:
    """Sign and store events at the end of a log of this server, locked as `lock_own_log` does.

    Raises: CarrierUnavailable, as `refuse_a_backup`; POSTE_NE_SIGNE_PAS, see `Centre.signs`.
    """
    if entries:
        refuse_a_backup(centre)
        if not centre.signs:
            raise CarrierUnavailable("POSTE_NE_SIGNE_PAS")
    device = known_device(centre, row)
    prev = EventHash(bytes(row.head_hash)) if row.head_hash is not None else first_prev(device.log_id)
    written: list[Opened] = []
    for number, entry in enumerate(entries):
        opened = _signed(centre, device, row.head_seq + 1 + number, prev, entry, at)
        prev = opened.hash
        written.append(opened)
    if written:
        insert_rows(Event, EVENT_COLUMNS, (event_row(opened, None) for opened in written))
        row.head_seq, row.head_hash = written[-1].envelope.seq, written[-1].hash
        row.save(update_fields=["head_seq", "head_hash"])
        if centre.checkpoint_signer is not None:
            LeafDue.objects.create(device=row, seq=row.head_seq)
    return written


def _signed(
    centre: Centre, device: KnownDevice, seq: int, prev: EventHash, entry: Entry, at: datetime
) -> Opened:
    body = encode_body(entry.content, os.urandom)
    wall = at.replace(microsecond=0)
    floor = wall if centre.floor is None else centre.floor()
    boot = BootTime(boot_id=centre.clock.boot_id, monotonic_ms=centre.clock.monotonic_ms(), floor=floor)
    envelope = Envelope(
        log_id=device.log_id,
        seq=seq,
        prev=prev,
        kind=kind_of(entry.content),
        body_hash=body_hash(body),
        wall=wall,
        boot=boot,
        directory_version=centre.tables.directory.version,
        rid=entry.rid,
    )
    sign1 = sign_event(envelope, centre.signer, centre.realm)
    return Opened(device, envelope, hash_of(sign1), sign1, body, entry.content, None, at)
