"""What the centre answered, opened, proved and applied: receipts first, then the numbered entries, each once,
in order. A doubled, replayed or late answer changes nothing.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from procuration.domain.identifiers import EventHash
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.bundle import DownManifest, down_kid, read_down
from procuration.record.checkpoint import TreeHead
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Role
from procuration.record.event import parse_event
from procuration.record.growth import AlarmCode, Verdict, judge
from procuration.record.inbox import (
    UNNUMBERED,
    Consistency,
    Entry,
    EntryType,
    LogStopped,
    ServerTime,
    State,
    StopReason,
    TownHallFile,
    entry_value,
    read_entry,
)
from procuration.record.limits import DOWN_ENTRIES_BYTES_MAX, SEALED_BUNDLE_BYTES_MAX
from procuration.record.receipt import ProvedHead, Receipt, verify_receipt
from procuration.record.sealed import Purpose, open_seal
from server.commune import hall as halls
from server.commune import memory
from server.commune.files import take_in, take_in_state
from server.commune.memory import Name
from server.commune.models import Alarm, KeptFile, PutAside, SentBundle
from server.config.centre import Centre
from server.ledger.models import Event
from server.ledger.tree_audit import checkpoint_keys, signed_head

_ANY_NUMBER: Final = -1
_EPOCH_BYTES: Final = 16
_LATER: Final = frozenset({"KEY_UNKNOWN", "ACTE_SANS_EFFET"})
"""What a newer directory may change."""
_KEPT_MAX: Final = 5_000


@dataclass(slots=True)
class Applied:
    """What one answer brought.

    Attributes:
        rids: procurations that are new or changed.
        more: the centre has more: another stick must go.
        refused: codes of the entries that did not hold.
    """

    rids: set[str] = field(default_factory=set)
    new: int = 0
    more: bool = False
    receipted: bool = False
    refused: list[str] = field(default_factory=list)


def open_answer(hall: Centre, sealed: bytes) -> DownManifest:
    """The answer, signed by a server key of the directory, meant for this log.

    Raises: RecordRejected, SEAL_... when it is sealed for somebody else.
    """
    key = halls.sealing_key()
    plaintext = open_seal(sealed, {key.kid: key}, Purpose.DOWN, hall.realm, max_bytes=SEALED_BUNDLE_BYTES_MAX)
    server = hall.tables.directory.entry(down_kid(plaintext), Role.SERVER)
    if server.revoked_at is not None:
        raise RecordRejected("KEY_REVOKED", kid=server.kid.hex())
    manifest = read_down(plaintext, VerifyingKey(server.cose_key), hall.realm)
    if manifest.log_id != hall.log_id:
        raise RecordRejected("REPONSE_POUR_UN_AUTRE")
    return manifest


def apply_answer(hall: Centre, manifest: DownManifest) -> Applied:
    """Everything that an opened answer says. Raises: RecordRejected REPONSE_SANS_ENVOI, REGISTRE_QUITTE, or
    what was wrong with a receipt."""
    sent = SentBundle.objects.filter(hash=manifest.answered.hex()).first()
    _stop_if_told(hall, manifest)
    if sent is None:
        raise RecordRejected("REPONSE_SANS_ENVOI")
    applied = Applied(more=manifest.more)
    with transaction.atomic():
        _follow_epoch(hall, manifest.ledger_epoch)
    trusted = _follow_tree(hall, manifest, sent)
    with transaction.atomic():
        applied.receipted = _keep_receipts(hall, manifest, trusted)
        for time in _times(manifest):
            halls.raise_floor(time)
    for entry in manifest.entries:
        if entry.number != UNNUMBERED:
            _apply_numbered(hall, entry, applied)
    return applied


def _times(manifest: DownManifest) -> list[datetime]:
    told = [entry.content.unix_ms for entry in manifest.entries if isinstance(entry.content, ServerTime)]
    return [datetime.fromtimestamp(unix_ms // 1000, UTC) for unix_ms in told]


def _stop_if_told(hall: Centre, manifest: DownManifest) -> None:
    """The centre signed that this log grows no more. It holds whatever bundle the answer is for."""
    for entry in manifest.entries:
        if isinstance(entry.content, LogStopped):
            forked = entry.content.reason is StopReason.FORKED
            halls.stop("JOURNAL_BIFURQUE" if forked else "POSTE_RETIRE")


def _follow_epoch(hall: Centre, epoch: bytes) -> None:
    """A restored centre begins another ledger: what the lost one proved counts no longer (SECURITY-DESIGN 8).

    Raises: RecordRejected REGISTRE_QUITTE, for an answer of a ledger left before: it is late.
    """
    held = memory.find(Name.EPOCH)
    left = memory.find(Name.EPOCHS_LEFT) or b""
    if held == epoch:
        return
    if epoch in {left[at : at + _EPOCH_BYTES] for at in range(0, len(left), _EPOCH_BYTES)}:
        raise RecordRejected("REGISTRE_QUITTE")
    if held is not None:
        _alarm(hall, AlarmCode.RESTORED, memory.find(Name.CHECKPOINT) or b"", epoch)
        memory.put(Name.EPOCHS_LEFT, left + held)
        memory.forget(Name.TREE_SIZE, Name.TREE_ROOT, Name.CHECKPOINT, Name.RECEIVED_SEQ)
        memory.put_number(Name.INBOX_NUMBER, _ANY_NUMBER)
    memory.put(Name.EPOCH, epoch)


def _alarm(hall: Centre, code: AlarmCode, held: bytes, shown: bytes) -> None:
    Alarm.objects.create(code=code.value, at=hall.clock.now(), held=held, shown=shown)


def _follow_tree(hall: Centre, manifest: DownManifest, sent: SentBundle) -> TreeHead | None:
    """Compare each checkpoint with the one held; adopt what is proved to extend it.

    Returns: the tree under which receipts count, None when none does.
    Raises: RecordRejected, when a checkpoint is not signed by the centre.
    """
    proofs = {one.checkpoint: one for one in _contents(manifest) if isinstance(one, Consistency)}
    notes = dict.fromkeys(
        [*proofs, *(one.checkpoint for one in _contents(manifest) if isinstance(one, Receipt))]
    )
    named = sent.tree_size if bytes(sent.epoch) == manifest.ledger_epoch else 0
    trusted = None
    for note in notes:
        held = _held_tree()
        shown = signed_head(hall, note)
        verdict = judge(held, named, shown, proofs.get(note))
        if isinstance(verdict, AlarmCode):
            _alarm(hall, verdict, memory.find(Name.CHECKPOINT) or b"", note)
        elif verdict is not Verdict.LATE:
            trusted = shown
            if verdict is Verdict.GROWN:
                _hold(shown, note)
    return trusted


def _contents(manifest: DownManifest) -> list[object]:
    return [entry.content for entry in manifest.entries]


def _held_tree() -> TreeHead | None:
    root = memory.find(Name.TREE_ROOT)
    return None if root is None else TreeHead(size=memory.number(Name.TREE_SIZE, 0), root=root)


def _hold(tree: TreeHead, note: bytes) -> None:
    with transaction.atomic():
        memory.put_number(Name.TREE_SIZE, tree.size)
        memory.put(Name.TREE_ROOT, tree.root)
        memory.put(Name.CHECKPOINT, note)


def _keep_receipts(hall: Centre, manifest: DownManifest, trusted: TreeHead | None) -> bool:
    """How far our log is proved to be at the centre. Returns: whether a receipt counted."""
    found = False
    for receipt in _contents(manifest):
        if isinstance(receipt, Receipt):
            head = _proved(hall, receipt)
            if _is_ours(hall, head) and head.tree == trusted:
                memory.put_number(Name.RECEIVED_SEQ, max(memory.number(Name.RECEIVED_SEQ, -1), head.seq))
                found = True
    return found


def _proved(hall: Centre, receipt: Receipt) -> ProvedHead:
    refused = RecordRejected("CHECKPOINT_UNSIGNED")
    for key in checkpoint_keys(hall):
        try:
            return verify_receipt(receipt, key, hall.realm)
        except RecordRejected as error:
            refused = error
    raise refused


def _is_ours(hall: Centre, head: ProvedHead) -> bool:
    """The receipt of another event at our place, or beyond our end: this store is a copy, or was restored.

    Raises: RecordRejected RECU_D_UN_AUTRE.
    """
    if head.log_id != hall.log_id:
        raise RecordRejected("RECU_D_UN_AUTRE")
    row = Event.objects.filter(device__log_id=hall.log_id.hex(), seq=head.seq).first()
    if row is None:
        halls.stop("MAGASIN_RESTAURE")
    elif EventHash(bytes(row.hash)) != head.hash:
        halls.stop("JOURNAL_BIFURQUE")
    else:
        return True
    return False


def _apply_numbered(hall: Centre, entry: Entry, applied: Applied) -> None:
    """The next number only; one transaction for the entry and its number. One that does not hold is put
    aside and blocks nothing."""
    last = memory.number(Name.INBOX_NUMBER, 0)
    if entry.number != last + 1 and last != _ANY_NUMBER:
        return
    now = hall.clock.now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                _apply_content(hall, entry, applied)
        except RecordRejected as error:
            if error.code in _LATER and isinstance(entry.content, TownHallFile):
                _keep(entry.content)
            if error.code == "MAGASIN_RESTAURE":
                halls.stop(error.code)
            applied.refused.append(error.code)
            PutAside.objects.create(at=now, code=error.code)
        memory.put_number(Name.INBOX_NUMBER, entry.number)


def _apply_content(hall: Centre, entry: Entry, applied: Applied) -> None:
    match entry.content:
        case TownHallFile() as file:
            take_or_keep(hall, file, applied)
        case State() as state:
            take_in_state(state)
        case _:  # of another kind of device, or of a later version: its number counts, nothing waits for it
            return


def take_or_keep(hall: Centre, file: TownHallFile, applied: Applied) -> None:
    """One file, taken in; what in it the directory at hand cannot check waits for a newer one.

    Raises: RecordRejected, as `take_in`.
    """
    taken = take_in(hall, halls.place(), file, hall.clock.now())
    applied.rids.add(taken.rid)
    applied.new += taken.new
    if taken.whole:
        KeptFile.objects.filter(rid=taken.rid).delete()
    else:
        _keep(file)


def _keep(file: TownHallFile) -> None:
    rid = parse_event(file.act.sign1)[1].rid
    if rid is not None and KeptFile.objects.count() < _KEPT_MAX:
        value = canonical.encode(entry_value(Entry(1, file))[2])
        KeptFile.objects.update_or_create(rid=rid.hex(), defaults={"value": value})


def try_again(hall: Centre) -> Applied:
    """The files that waited for a newer directory."""
    applied = Applied()
    for row in KeptFile.objects.all():
        value = canonical.decode(bytes(row.value), max_bytes=DOWN_ENTRIES_BYTES_MAX)
        file = read_entry([1, EntryType.TOWN_HALL_FILE.value, value]).content
        assert isinstance(file, TownHallFile), "its type says so"
        try:
            with transaction.atomic():
                take_or_keep(hall, file, applied)
        except RecordRejected as error:
            applied.refused.append(error.code)
    return applied
