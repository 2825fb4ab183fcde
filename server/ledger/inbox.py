"""What the centre answers to one device: receipt, time, and the numbered entries that it has not applied
yet (SECURITY-DESIGN 8).
"""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from procuration.domain.identifiers import LogId
from procuration.record import canonical
from procuration.record.bundle import DownManifest, UpManifest, bundle_digest, encode_down
from procuration.record.directory import Role
from procuration.record.inbox import (
    UNNUMBERED,
    Entry,
    EntryContent,
    EntryType,
    EpochKey,
    ServerTime,
    entry_value,
    read_entry,
)
from procuration.record.limits import DOWN_ENTRIES_BYTES_MAX
from procuration.record.merkle import leaf_data
from procuration.record.receipt import Level, Receipt, make_receipt
from procuration.record.sealed import Purpose, SealingPublicKey, SuiteId, seal
from server.config.centre import Centre
from server.ledger.leases import lease_if_low
from server.ledger.models import Checkpoint, Device, InboxEntry, Leaf
from server.ledger.own_log import ledger_epoch
from server.ledger.rows import insert_rows
from server.ledger.tree import path_to_root

_ENTRIES_MAX: Final = 2_000
_ENTRY_OVERHEAD_BYTES: Final = 16
_MOVED: Final = ("last_contact", "directory_version", "inbox_number", "inbox_applied", "epoch_sent", "lots")


@dataclass(frozen=True, slots=True)
class Answer:
    """A sealed `down` bundle that only one device can read."""

    sealed: bytes


def put(device_id: int, content: EntryContent, at: datetime) -> None:
    """Queue one entry for a device."""
    _, type_, value = entry_value(Entry(UNNUMBERED, content))
    insert_rows(
        InboxEntry,
        ("device", "type", "value", "created_at"),
        [(device_id, type_, canonical.encode(value), at)],
    )


def answer(
    centre: Centre,
    device_id: int,
    manifest: UpManifest,
    sealed_up: bytes,
    received_at: datetime,
    *,
    retired: bool = False,
) -> Answer:
    """The answer to a bundle whose import is committed.

    Args:
        retired: the device no longer counts: it may be in a thief's hands. It gets its receipt and the time,
        no request, key or reference; what waits for it goes on waiting.
    """
    with transaction.atomic():
        device = Device.objects.select_for_update(no_key=True).get(pk=device_id)
        _note_contact(device, manifest, received_at)
        numbered: tuple[Entry, ...] = ()
        more = False
        if not retired:
            _queue_what_is_due(centre, device, received_at)
            _number(device)
            numbered, more = _waiting(device, manifest.inbox_number)
        device.save(update_fields=_MOVED)
    receipt = _receipt(device, manifest.checkpoint_size)
    time = ServerTime(int(centre.clock.now().timestamp() * 1000))
    proved = () if receipt is None else (Entry(UNNUMBERED, receipt),)
    down = DownManifest(
        log_id=manifest.log_id,
        answered=bundle_digest(sealed_up),
        nonce=os.urandom(16),
        checkpoint_size=manifest.checkpoint_size if receipt is None else _newest_size(),
        inbox_number=numbered[-1].number if numbered else manifest.inbox_number,
        directory_version=centre.tables.directory.version,
        entries=(Entry(UNNUMBERED, time), *proved, *numbered),
        ledger_epoch=ledger_epoch(centre),
        more=more,
    )
    assert device.sealing_key is not None, (
        "a device without a sealing key is refused before its events are read"
    )
    recipient = SealingPublicKey(SuiteId.MLKEM768_X25519, bytes(device.sealing_key))
    plaintext = encode_down(down, centre.signer, centre.realm)
    return Answer(seal(plaintext, recipient, Purpose.DOWN, centre.realm))


def _note_contact(device: Device, manifest: UpManifest, received_at: datetime) -> None:
    device.last_contact = received_at
    device.directory_version = manifest.directory_version
    applied = min(manifest.inbox_number, device.inbox_number)
    if applied > device.inbox_applied:
        # What the device has applied is not kept: a request in the clear stays no longer than its delivery
        # takes.
        InboxEntry.objects.filter(device=device, number__lte=applied).delete()
        device.inbox_applied = applied


def _queue_what_is_due(centre: Centre, device: Device, at: datetime) -> None:
    if device.role == Role.KIOSK.value and (lease := lease_if_low(device)) is not None:
        put(device.pk, lease, at)
    if device.role == Role.BRIGADE.value:
        for epoch_key in _epoch_keys_due(centre, device.epoch_sent, at):
            put(device.pk, epoch_key, at)
            device.epoch_sent = epoch_key.number


def _epoch_keys_due(centre: Centre, sent: int, at: datetime) -> list[EpochKey]:
    """Private parts of the epochs up to the one after today's: a brigade silent for a whole epoch still
    reads the paper.
    """
    epochs = centre.tables.directory.epochs
    current = centre.tables.directory.epoch(at)
    last = max((epoch.number for epoch in epochs), default=-1) if current is None else current.number + 1
    return [
        EpochKey(epoch.number, centre.epoch_keys[epoch.number], epoch.first, epoch.last)
        for epoch in sorted(epochs, key=lambda epoch: epoch.number)
        if sent < epoch.number <= last and epoch.number in centre.epoch_keys
    ]


def _number(device: Device) -> None:
    """Give the waiting entries of this device the next numbers, in the order in which they were queued."""
    waiting = list(
        InboxEntry.objects.filter(device=device, number=None).order_by("pk").values_list("pk", flat=True)
    )
    if not waiting:
        return
    if waiting[-1] - waiting[0] + 1 == len(waiting):  # no other device's entry between them: one statement
        first = device.inbox_number + 1 - waiting[0]
        InboxEntry.objects.filter(pk__in=waiting).update(number=F("pk") + first)
    else:
        rows = [InboxEntry(pk=pk, number=device.inbox_number + 1 + place) for place, pk in enumerate(waiting)]
        InboxEntry.objects.bulk_update(rows, ["number"], batch_size=500)
    device.inbox_number += len(waiting)


def _waiting(device: Device, applied: int) -> tuple[tuple[Entry, ...], bool]:
    """The entries after the one applied, oldest first, up to 1 MiB, and whether more wait."""
    rows = InboxEntry.objects.filter(device=device, number__gt=applied).order_by("number")
    found = list(rows.values_list("number", "type", "value")[: _ENTRIES_MAX + 1])
    entries: list[Entry] = []
    room = DOWN_ENTRIES_BYTES_MAX
    for number, type_, value in found[:_ENTRIES_MAX]:
        room -= len(value) + _ENTRY_OVERHEAD_BYTES
        if room < 0:
            return tuple(entries), True
        stored = canonical.decode(bytes(value), max_bytes=DOWN_ENTRIES_BYTES_MAX)
        entries.append(read_entry([number, EntryType(type_).value, stored]))
    return tuple(entries), len(found) > _ENTRIES_MAX


def _newest_size() -> int:
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def _receipt(device: Device, known_size: int) -> Receipt | None:
    """The receipt of the device's newest leaf; none when the checkpoint it holds already covers it, so that
    a poll without news stays small.
    """
    leaf = Leaf.objects.filter(device=device).order_by("-index").first()
    if leaf is None or leaf.index < known_size:
        return None
    checkpoint = Checkpoint.objects.order_by("-size").first()
    assert checkpoint is not None, "a leaf is committed with its checkpoint"
    log_id = LogId(bytes.fromhex(device.log_id))
    data = leaf_data(log_id, leaf.seq, bytes(leaf.hash))  # type: ignore[arg-type]
    path = path_to_root(leaf.index, checkpoint.size)
    return make_receipt(Level.RECEIVED, data, leaf.index, path, bytes(checkpoint.note))
