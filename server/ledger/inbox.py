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
    Consistency,
    Entry,
    EntryContent,
    EntryType,
    EpochKey,
    LogStopped,
    ServerTime,
    entry_value,
    read_entry,
)
from procuration.record.limits import DOWN_ENTRIES_BYTES_MAX
from procuration.record.merkle import leaf_data
from procuration.record.receipt import Level, Receipt, make_receipt
from procuration.record.sealed import Purpose, SealingPublicKey, SuiteId, seal
from server.config.centre import Centre
from server.ledger.announced import note_backlog
from server.ledger.copies import queue_copies
from server.ledger.durability import Durable, keep
from server.ledger.leases import lease_if_low
from server.ledger.ledger_head import refuse_a_backup
from server.ledger.models import Checkpoint, Device, InboxEntry, Leaf
from server.ledger.own_log import ledger_epoch
from server.ledger.rows import insert_rows
from server.ledger.town_hall_files import files_due
from server.ledger.tree import newest_checkpoint, path_between, path_to_root

_ENTRIES_MAX: Final = 2_000
_ENTRY_OVERHEAD_BYTES: Final = 16
_MOVED: Final = (
    "last_contact",
    "directory_version",
    "inbox_number",
    "inbox_applied",
    "epoch_sent",
    "lots",
    "durable_seq",
    "answered_hash",
    "tree_known",
    "announced_length",
    "announced_oldest",
)


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
    durable: Durable,
    stopped: LogStopped | None = None,
) -> Answer:
    """The answer to a bundle whose import is committed, and which is durable as far as `durable` says.

    Args:
        stopped: the log grows no more, or its device no longer counts, and this is said. Its keys may be in
            other hands: it gets its receipt and the time, no request, key or reference; what waits for it
            goes on waiting.

    Raises: CarrierUnavailable, as `refuse_a_backup`: a tablet must not be shown an older tree.
    """
    digest = bundle_digest(sealed_up)
    return _answered(centre, device_id, manifest, digest, received_at, durable, stopped, new=True)


def answer_again(
    centre: Centre, device_id: int, at: datetime, durable: Durable, stopped: LogStopped | None
) -> Answer | None:
    """Another answer to the last bundle of a device, with what has come to wait since; None for a device that
    never sent one. Whoever carries it: the device verifies it as any other, and takes no number twice.

    Raises: CarrierUnavailable, as `answer`.
    """
    device = Device.objects.get(pk=device_id)
    if device.answered_hash is None or device.sealing_key is None:
        return None
    manifest = UpManifest(
        log_id=LogId(bytes.fromhex(device.log_id)),
        first_seq=device.head_seq + 1,
        count=1,  # its receipt may have been lost with the first answer: it is said again
        nonce=b"",
        checkpoint_size=device.tree_known,
        inbox_number=device.inbox_applied,
        directory_version=device.directory_version or 0,
    )
    digest = bytes(device.answered_hash)
    return _answered(centre, device_id, manifest, digest, at, durable, stopped, new=False)


def _answered(
    centre: Centre,
    device_id: int,
    manifest: UpManifest,
    digest: bytes,
    received_at: datetime,
    durable: Durable,
    stopped: LogStopped | None,
    *,
    new: bool,
) -> Answer:
    """Args:
    new: whether the device was heard just now.
    """
    refuse_a_backup(centre)
    with transaction.atomic():
        device = Device.objects.select_for_update(no_key=True).get(pk=device_id)
        if new:
            _note_contact(device, manifest, digest, received_at)
        if stopped is None:
            _queue_what_is_due(centre, device, received_at)
            _number(device)
        device.durable_seq = max(device.durable_seq, durable.seq)
        device.save(update_fields=_MOVED)
        keep(device_id, durable)
        numbered, more = _waiting(device, manifest.inbox_number) if stopped is None else ((), False)
    checkpoint = newest_checkpoint()
    time = ServerTime(int(centre.clock.now().timestamp() * 1000))
    said = [Entry(UNNUMBERED, one) for one in (time, stopped) if one is not None]
    down = DownManifest(
        log_id=manifest.log_id,
        answered=digest,
        nonce=os.urandom(16),
        checkpoint_size=0 if checkpoint is None else checkpoint.size,
        inbox_number=numbered[-1].number if numbered else manifest.inbox_number,
        directory_version=centre.tables.directory.version,
        entries=(*said, *_proofs(device, manifest, checkpoint, durable), *numbered),
        ledger_epoch=ledger_epoch(centre),
        more=more,
    )
    assert device.sealing_key is not None, (
        "a device without a sealing key is refused before its events are read"
    )
    recipient = SealingPublicKey(SuiteId.MLKEM768_X25519, bytes(device.sealing_key))
    plaintext = encode_down(down, centre.signer, centre.realm)
    return Answer(seal(plaintext, recipient, Purpose.DOWN, centre.realm))


def _note_contact(device: Device, manifest: UpManifest, digest: bytes, received_at: datetime) -> None:
    device.last_contact = received_at
    device.answered_hash, device.tree_known = digest, manifest.checkpoint_size
    device.directory_version = manifest.directory_version
    if manifest.backlog is not None:
        note_backlog(device, manifest.backlog, received_at)
    applied = min(manifest.inbox_number, device.inbox_number)
    if applied > device.inbox_applied:
        # What the device has applied is not kept: a request in the clear stays no longer than its delivery
        # takes.
        InboxEntry.objects.filter(device=device, number__lte=applied).delete()
        device.inbox_applied = applied


def _queue_what_is_due(centre: Centre, device: Device, at: datetime) -> None:
    if device.role == Role.KIOSK.value and (lease := lease_if_low(device)) is not None:
        put(device.pk, lease, at)
    if device.role == Role.TOWN_HALL.value:
        for content in files_due(centre, device):
            put(device.pk, content, at)
    if device.role == Role.BRIGADE.value:
        for epoch_key in _epoch_keys_due(centre, device.epoch_sent, at):
            put(device.pk, epoch_key, at)
            device.epoch_sent = epoch_key.number
        queue_copies(device, at)


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


def _proofs(device: Device, manifest: UpManifest, newest: Checkpoint | None, durable: Durable) -> list[Entry]:
    """What the device can check, all of it under one checkpoint: how the tree that it named has grown, and
    the receipt of the newest leaf of its log.
    """
    if newest is None:
        return []
    found: list[EntryContent] = []
    if newest.size != manifest.checkpoint_size:
        found.append(_consistency(manifest.checkpoint_size, newest))
    receipt = _receipt(device, manifest, newest, durable)
    if receipt is not None:
        found.append(receipt)
    return [Entry(UNNUMBERED, content) for content in found]


def _consistency(known_size: int, newest: Checkpoint) -> Consistency:
    """A device that names a larger tree than ours is shown ours, without proof: there is none, and it must
    know.
    """
    path = path_between(known_size, newest.size) if known_size < newest.size else []
    return Consistency(known_size, bytes(newest.note), tuple(path))


def _receipt(device: Device, manifest: UpManifest, newest: Checkpoint, durable: Durable) -> Receipt | None:
    """The receipt of the device's newest leaf, `durable` when all up to it is. None for a poll when the
    checkpoint that it holds covers that leaf: a poll without news stays small. A device that sends events has
    no receipt for them.
    """
    leaf = Leaf.objects.filter(device=device, index__lt=newest.size).order_by("-index").first()
    if leaf is None or (leaf.index < manifest.checkpoint_size and not manifest.count):
        return None
    log_id = LogId(bytes.fromhex(device.log_id))
    data = leaf_data(log_id, leaf.seq, bytes(leaf.hash))  # type: ignore[arg-type]
    level = Level.DURABLE if leaf.seq <= durable.seq else Level.RECEIVED
    return make_receipt(level, data, leaf.index, path_to_root(leaf.index, newest.size), bytes(newest.note))
