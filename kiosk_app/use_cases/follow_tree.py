"""Whether the centre's log has only grown: each checkpoint of an answer is compared with the one held here.

A checkpoint is adopted only when it is proved to extend the one before (RFC 9162, 2.1.4). What contradicts it
is kept as evidence and raises an alarm that nobody can dismiss (SECURITY-DESIGN 8). Answers may come late or
in another order: an older checkpoint proves nothing, and is a fault only in an answer to a bundle that named
a newer one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from kiosk_app.station import OpenStore
from kiosk_app.store.alarms import Alarm
from kiosk_app.store.outbox import SentBundle
from kiosk_app.store.settings import Setting
from procuration.record.bundle import DownManifest
from procuration.record.checkpoint import TreeHead, verify_checkpoint
from procuration.record.growth import AlarmCode, Verdict, judge
from procuration.record.inbox import Consistency
from procuration.record.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an answer shows of the tree.

    Attributes:
        trusted: the tree under which its receipts count, None when none does.
        note: the checkpoint of `trusted`, to be held from now on; None when it is held already.
        late: what it shows could not be compared: the centre must be asked again.
        alarms: to be kept, whatever becomes of the answer.
    """

    trusted: TreeHead | None = None
    note: bytes | None = field(default=None, repr=False)
    late: bool = False
    alarms: tuple[Alarm, ...] = ()


def look(store: OpenStore, manifest: DownManifest, sent: SentBundle, now: datetime) -> Seen:
    """What an answer of the ledger that this tablet knows shows. Writes nothing.

    Raises: RecordRejected, when a checkpoint in it is not signed by the centre.
    """
    epoch, named = manifest.ledger_epoch, sent.tree_size if sent.epoch == manifest.ledger_epoch else 0
    held, held_note = held_tree(store), store.settings.find(Setting.CHECKPOINT) or b""
    proofs = {
        entry.content.checkpoint: entry.content
        for entry in manifest.entries
        if isinstance(entry.content, Consistency)
    }
    trusted, note, late, alarms = None, None, False, []
    for shown_note in _notes(manifest):
        shown = store.tables.by_checkpoint_key(partial(verify_checkpoint, shown_note, realm=store.log.realm))
        verdict = judge(held, named, shown, proofs.get(shown_note))
        if isinstance(verdict, AlarmCode):
            alarms.append(Alarm(code=verdict, at=now, epoch=epoch, held=held_note, shown=shown_note))
        elif verdict is Verdict.LATE:
            late = True
        elif verdict is Verdict.GROWN:
            trusted, note, held, held_note = shown, shown_note, shown, shown_note
        else:
            trusted = trusted or shown
    if manifest.checkpoint_size < named and not alarms:  # a tree rolled back to nothing has no checkpoint
        alarms.append(Alarm(code=AlarmCode.SMALLER, at=now, epoch=epoch, held=held_note, shown=b""))
    return Seen(trusted=trusted, note=note, late=late, alarms=tuple(alarms))


def _notes(manifest: DownManifest) -> Iterable[bytes]:
    """The checkpoints of an answer, each once; those that bring their proof first."""
    found = [entry.content for entry in manifest.entries]
    proved = [one.checkpoint for one in found if isinstance(one, Consistency)]
    return dict.fromkeys([*proved, *(one.checkpoint for one in found if isinstance(one, Receipt))])


def held_tree(store: OpenStore) -> TreeHead | None:
    """The last tree that was proved to this tablet in this ledger."""
    root = store.settings.find(Setting.TREE_ROOT)
    return None if root is None else TreeHead(size=store.settings.number(Setting.TREE_SIZE), root=root)


def hold(store: OpenStore, tree: TreeHead, note: bytes) -> None:
    """Adopts a checkpoint; call it in the transaction that keeps its receipts."""
    store.settings.put_number(Setting.TREE_SIZE, tree.size)
    store.settings.put(Setting.TREE_ROOT, tree.root)
    store.settings.put(Setting.CHECKPOINT, note)
