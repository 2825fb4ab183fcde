"""Reads the Merkle log again: every leaf names a stored event, every stored subtree is right, every
checkpoint is the root of the leaves before it, and no head is without its leaf.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from procuration.domain.identifiers import LogId
from procuration.errors import RecordRejected
from procuration.record.chain import hash_of
from procuration.record.checkpoint import TreeHead, verify_checkpoint
from procuration.record.directory import Role
from procuration.record.merkle import leaf_data, leaf_hash, new_nodes, root_hash
from server.config.centre import Centre
from server.ledger.auditing import Audit
from server.ledger.models import Checkpoint, Device, Event, Leaf, LeafDue, TreeNode
from server.ledger.tree import place_of

_AT_ONCE: Final = 2_000


def checkpoint_keys(centre: Centre) -> list[bytes]:
    """Every key that may have signed a checkpoint: those of the directory, ended ones too, and today's."""
    listed = [entry.cose_key for entry in centre.tables.directory.keys(Role.CHECKPOINT)]
    today = [] if centre.checkpoint_signer is None else [centre.checkpoint_signer.cose_key]
    return list(dict.fromkeys((*today, *listed)))


def signed_head(centre: Centre, note: bytes) -> TreeHead:
    """What a checkpoint states, by any of those keys. Raises: RecordRejected."""
    refused = RecordRejected("CHECKPOINT_UNSIGNED")
    for key in checkpoint_keys(centre):
        try:
            return verify_checkpoint(note, key, centre.realm)
        except RecordRejected as error:
            refused = error if error.code != "CHECKPOINT_UNSIGNED" else refused
    raise refused


class _Tree:
    """The tree as it grows again."""

    def __init__(self, centre: Centre, audit: Audit, kept: Mapping[int, TreeHead]) -> None:
        self._centre, self._audit, self._kept = centre, audit, kept
        self.nodes: dict[int, bytes] = {}
        self.size = 0
        self.newest: dict[int, int] = {}
        self.checkpoints = {row.size: row for row in Checkpoint.objects.all()}

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[place_of(level, index)]

    def grow(self, leaf: Leaf, log_id: LogId, sign1: bytes | None) -> None:
        """One more leaf, by its columns where the event they name is gone: the rest still tells what fits."""
        name = bytes(leaf.hash) if sign1 is None else hash_of(sign1)
        if sign1 is None or name != bytes(leaf.hash):
            self._audit.fault("FEUILLE_FAUSSE", table="ledger_leaf", index=leaf.index)
        value = leaf_hash(leaf_data(log_id, leaf.seq, name))  # type: ignore[arg-type]
        for level, index, node in new_nodes(self.size, value, self.node):
            self.nodes[place_of(level, index)] = node
        self.size += 1
        self.newest[leaf.device_id] = max(leaf.seq, self.newest.get(leaf.device_id, -1))
        if self.size in self.checkpoints or self.size in self._kept:
            root = root_hash(self.size, self.node)
            if self.size in self.checkpoints:
                self._check(self.checkpoints.pop(self.size), root)
            if self.size in self._kept and self._kept[self.size].root != root:
                self._audit.fault("POINT_GARDE_CONTREDIT", table="ledger_leaf", size=self.size)

    def _check(self, row: Checkpoint, root: bytes) -> None:
        self._audit.checkpoints += 1
        where = {"table": "ledger_checkpoint", "size": row.size}
        try:
            head = signed_head(self._centre, bytes(row.note))
        except RecordRejected as error:
            self._audit.fault(error.code, **where)
            return
        if head.size != row.size or head.root != root or bytes(row.root) != root:
            self._audit.fault("RACINE_FAUSSE", **where)


def audit_tree(centre: Centre, audit: Audit, kept: Mapping[int, TreeHead] | None = None) -> None:
    """Audit leaves, subtrees and checkpoints.

    Args:
        kept: heads by size that somebody else holds: removing the end of everything here cannot remove them.
    """
    kept = kept or {}
    tree = _Tree(centre, audit, kept)
    for leaf, log_id, sign1 in _leaves():
        for index in range(tree.size, min(leaf.index, tree.size + _AT_ONCE)):
            audit.fault("LIGNE_ABSENTE", table="ledger_leaf", index=index)
        if leaf.index != tree.size:
            break  # without that leaf, nothing after it can be worked out
        tree.grow(leaf, log_id, sign1)
    audit.leaves += tree.size
    for size in sorted(tree.checkpoints):
        audit.fault("POINT_SANS_FEUILLES", table="ledger_checkpoint", size=size)
    if tree.size and not Checkpoint.objects.filter(size=tree.size).exists():
        audit.fault("LIGNE_ABSENTE", table="ledger_checkpoint", size=tree.size)
    for size in sorted(size for size in kept if size > tree.size):
        audit.fault("FIN_SUPPRIMEE", table="ledger_leaf", size=size)
    _audit_nodes(tree.nodes, audit)
    _audit_heads(tree.newest, audit)


def _audit_nodes(nodes: dict[int, bytes], audit: Audit) -> None:
    for stored in TreeNode.objects.iterator(chunk_size=_AT_ONCE):
        if nodes.pop(stored.place, None) != bytes(stored.hash):
            audit.fault("NOEUD_FAUX", table="ledger_treenode", place=stored.place)
    for place in sorted(nodes):
        audit.fault("LIGNE_ABSENTE", table="ledger_treenode", place=place)


def _audit_heads(newest: Mapping[int, int], audit: Audit) -> None:
    """Every log with events has a leaf of its head, or waits for one."""
    due = dict.fromkeys(LeafDue.objects.values_list("device_id", "seq"))
    for device_id, seq in due:
        if not Event.objects.filter(device_id=device_id, seq=seq).exists():
            audit.fault("LIGNE_FAUSSE", table="ledger_leafdue", device=device_id, seq=seq)
    for device in Device.objects.filter(head_seq__gte=0).order_by("pk"):
        waits = (device.pk, device.head_seq) in due
        if newest.get(device.pk, -1) < device.head_seq and not waits:
            audit.fault("TETE_SANS_FEUILLE", table="ledger_leaf", log=device.log_id, seq=device.head_seq)


def _leaves() -> Iterator[tuple[Leaf, LogId, bytes | None]]:
    last = -1
    while True:
        rows = list(Leaf.objects.select_related("device").filter(index__gt=last).order_by("index")[:_AT_ONCE])
        if not rows:
            return
        wanted = Event.objects.filter(device_id__in={row.device_id for row in rows})
        found = wanted.filter(seq__in={row.seq for row in rows}).values_list("device_id", "seq", "sign1")
        events = {(device_id, seq): bytes(sign1) for device_id, seq, sign1 in found}
        for row in rows:
            log_id = LogId(bytes.fromhex(row.device.log_id))
            yield row, log_id, events.get((row.device_id, row.seq))
        last = rows[-1].index
