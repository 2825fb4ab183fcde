"""Takes in a sealed bundle and answers it (SECURITY-DESIGN 8). Nothing is half done: commit, then answer.

1. Without a lock: size, seal, manifest signature, and for each new event place, chain and device signature;
bodies are opened.
2. One transaction, under the lock of that log: what is new joins the ledger and the dossiers.
3. Short transactions of their own: TRANSMISE for what was established, then the leaf and its checkpoint.
4. The second disk or machine, where there is one.
5. The answer.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Min

from procuration.errors import RecordRejected
from procuration.record.bundle import UnverifiedUp, UpManifest, read_up, verify_up
from procuration.record.event import EventPair
from procuration.record.inbox import LogStopped, StopReason
from procuration.record.limits import BUNDLE_BYTES_MAX, SEALED_BUNDLE_BYTES_MAX
from procuration.record.sealed import Purpose, open_seal
from server.config.centre import Centre
from server.dossiers.services import take_in_established
from server.ledger.checked import Checked
from server.ledger.durability import Durable, renew_leaf, secure, secure_own_log
from server.ledger.enums import BundleOutcome, Refusal
from server.ledger.importing import Import, Imported
from server.ledger.inbox import Answer, answer
from server.ledger.known import KnownDevice, known_device
from server.ledger.models import Device, ForkEvidence
from server.ledger.reading import read_events
from server.ledger.tree import append_due_leaves

log = logging.getLogger(__name__)
# Written out: what every bundle pays before its first event, and the query builder would take longer than
# the database.
_SENDER: Final = """
    SELECT id, log_id, kid, cose_key, role, not_before, not_after, head_seq,
           (SELECT min(seq) FROM ledger_forkevidence WHERE device_id = ledger_device.id) AS fork_seq
    FROM ledger_device
    WHERE kid = %s AND sealing_key IS NOT NULL ORDER BY id LIMIT 1
"""
_NOTE: Final = """
    INSERT INTO ledger_bundle (device_id, received_at, sealed_bytes, first_seq, count, added, outcome, code)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Up:
    """A bundle whose manifest an enrolled device signed.

    Attributes:
        stopped: why its log should grow no more, None while it may. Of a device that no longer counts, what
            it wrote is stored, receipted and judged by its place; only a log with two histories stands still.
        head_seq: of its log, when the bundle was opened.
        acts: what was checked of the acts that joined the ledger with it, None when there are none.
    """

    device: KnownDevice
    head_seq: int
    manifest: UpManifest
    pairs: Sequence[EventPair]
    acts: Checked | None = None
    stopped: LogStopped | None = None


def accept_bundle(centre: Centre, sealed: bytes, received_at: datetime) -> Answer:
    """Import a bundle and answer it; a bundle received twice is answered twice and stored once. A stopped
    log is answered too: its tablet must believe nobody but the centre that it may sign no more, and needs
    the centre's word that nothing it sent is lost.

    Raises: RecordRejected with a code of `enums.Refusal`, for what the device can mend by sealing again.
    """
    up = import_bundle(centre, sealed, received_at)
    if up.acts is not None:
        take_in_established(centre, up.acts)
    append_due_leaves(centre)
    durable = _secured(centre, up)
    return answer(centre, up.device.id, up.manifest, sealed, received_at, durable, up.stopped)


def _secured(centre: Centre, up: Up) -> Durable:
    """How far the log is durable now. What the centre wrote about its acts is brought to safety with it."""
    if up.acts is not None:
        secure_own_log(centre)
    durable = secure(centre, up.device.id)
    if renew_leaf(up.device.id, durable, up.manifest.checkpoint_size):
        append_due_leaves(centre)
    return durable


def import_bundle(centre: Centre, sealed: bytes, received_at: datetime) -> Up:
    """From sealed bytes to committed rows. Raises: RecordRejected, as `accept_bundle`."""
    if len(sealed) > SEALED_BUNDLE_BYTES_MAX:
        raise RecordRejected(Refusal.TOO_LARGE, bytes=len(sealed))
    up = _verified(centre, _opened(centre, sealed), received_at)
    if up.manifest.count:
        imported = _import(centre, up, len(sealed), received_at)
        log.info(
            "imported",
            extra={"log_id": up.manifest.log_id.hex(), "count": up.manifest.count, "added": imported.added},
        )
        return replace(up, acts=imported.acts, stopped=_stopped(up, imported))
    return up


def _stopped(up: Up, imported: Imported) -> LogStopped | None:
    """What to say of the log; this very bundle may have shown a fork, or an earlier place of it."""
    if imported.code not in (Refusal.FORK, Refusal.FROZEN):
        if up.stopped is None:
            return None
        return replace(up.stopped, from_seq=up.stopped.from_seq + imported.added)
    first = ForkEvidence.objects.filter(device_id=up.device.id).aggregate(seq=Min("seq"))["seq"]
    return LogStopped(StopReason.FORKED, int(first))


def _opened(centre: Centre, sealed: bytes) -> UnverifiedUp:
    try:
        plaintext = open_seal(
            sealed, centre.sealing_keys, Purpose.UP, centre.realm, max_bytes=SEALED_BUNDLE_BYTES_MAX
        )
    except RecordRejected as error:
        raise RecordRejected(Refusal.SEAL) from error
    if len(plaintext) > BUNDLE_BYTES_MAX:
        raise RecordRejected(Refusal.TOO_LARGE)
    try:
        return read_up(plaintext)
    except RecordRejected as error:
        raise RecordRejected(Refusal.MANIFEST) from error


def _verified(centre: Centre, up: UnverifiedUp, received_at: datetime) -> Up:
    """The bundle, its device known, and the signer of its manifest.

    One of a device that no longer counts is taken in: what it recorded before, and had not yet sent, must not
    be lost (SECURITY-DESIGN 8).
    """
    row = next(iter(Device.objects.raw(_SENDER, [up.kid.hex()])), None)
    if row is None:
        raise RecordRejected(Refusal.UNKNOWN_DEVICE)
    device = known_device(centre, row)
    try:
        manifest = verify_up(up, device.key, centre.realm)
    except RecordRejected as error:
        raise RecordRejected(Refusal.MANIFEST) from error
    if manifest.log_id != device.log_id:
        raise RecordRejected(Refusal.MANIFEST)
    if received_at < row.not_before:
        _refuse(row.pk, manifest, 0, received_at, Refusal.RETIRED_DEVICE)
    fork_seq: int | None = getattr(row, "fork_seq")  # noqa: B009  a column of the question, not of the table
    stopped = stopped_before(device, row.head_seq, fork_seq, received_at)
    return Up(device, row.head_seq, manifest, up.pairs, stopped=stopped)


def stopped_before(
    device: KnownDevice, head_seq: int, fork_seq: int | None, at: datetime
) -> LogStopped | None:
    """What is to be said of a log that grows no more at a time.

    Args:
        fork_seq: where its first second history begins.
    """
    if fork_seq is not None:
        return LogStopped(StopReason.FORKED, fork_seq)
    retired = device.ends_at is not None and at >= device.ends_at
    return LogStopped(StopReason.RETIRED, head_seq + 1) if retired else None


def _refuse(device_id: int, manifest: UpManifest, sealed_bytes: int, at: datetime, code: Refusal) -> None:
    """Note the refusal beside its device and raise it."""
    _note(device_id, manifest, sealed_bytes, at, 0, BundleOutcome.REFUSED, code)
    raise RecordRejected(code)


def _note(
    device_id: int,
    manifest: UpManifest,
    sealed_bytes: int,
    at: datetime,
    added: int,
    outcome: BundleOutcome,
    code: str,
) -> int:
    """Returns: the row's number."""
    received_at = connection.ops.adapt_datetimefield_value(at)
    first_seq = min(manifest.first_seq, 2**63 - 1)
    values = [device_id, received_at, sealed_bytes, first_seq, manifest.count, added, outcome.value, code]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        return int(cursor.fetchone()[0])


def _import(centre: Centre, up: Up, sealed_bytes: int, received_at: datetime) -> Imported:
    try:
        received = read_events(centre, up.device, up.manifest.first_seq, up.pairs, up.head_seq, received_at)
    except RecordRejected as error:
        _refuse(up.device.id, up.manifest, sealed_bytes, received_at, Refusal(error.code))
        raise AssertionError("a refusal was raised") from error
    with transaction.atomic():

        def note(imported: Imported) -> int:
            added, outcome, code = imported.added, imported.outcome, imported.code or ""
            return _note(up.device.id, up.manifest, sealed_bytes, received_at, added, outcome, code)

        imported = Import(centre, up.device, received_at).run(received, note)
    if imported.outcome is BundleOutcome.REFUSED:
        raise RecordRejected(imported.code or Refusal.EVENTS)
    return imported
