"""Reads the whole ledger again and believes no column: chains, signatures, bodies, tree, checkpoints,
evidence (`procuration-server verify`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from procuration.domain.identifiers import LogId
from procuration.errors import RecordRejected
from procuration.record.chain import Head, after_event, hash_of
from procuration.record.checkpoint import verify_checkpoint
from procuration.record.event import body_hash, verify_event
from procuration.record.merkle import leaf_data, leaf_hash, new_nodes, root_hash
from server.config.centre import Centre
from server.ledger.known import verifying_key
from server.ledger.models import Checkpoint, Device, Event, ForkEvidence, Leaf, TreeNode
from server.ledger.tree import place_of

_AT_ONCE: Final = 2_000
_FAULTS_MAX: Final = 1_000


@dataclass(slots=True)
class Audit:
    """What was read, and what is wrong: a code and where."""

    events: int = 0
    leaves: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, code: str, **where: object) -> None:
        """Note a fault, up to a maximum: one damaged disk should not fill the memory."""
        if len(self.faults) < _FAULTS_MAX:
            self.faults.append(" ".join((code, *(f"{name}={value}" for name, value in where.items()))))


def verify_ledger(centre: Centre, progress: Callable[[int], None]) -> Audit:
    """Audit everything."""
    audit = Audit()
    for device in Device.objects.order_by("pk"):
        _verify_log(centre, device, audit)
        progress(audit.events)
    _verify_tree(centre, audit)
    for evidence in ForkEvidence.objects.select_related("device"):
        audit.fault("JOURNAL_BIFURQUE", log=evidence.device.log_id, seq=evidence.seq)
    return audit


def _verify_log(centre: Centre, device: Device, audit: Audit) -> None:
    key, head = verifying_key(bytes(device.cose_key)), Head.of_empty_log(LogId(bytes.fromhex(device.log_id)))
    for event in _events(device.pk):
        audit.events += 1
        sign1 = bytes(event.sign1)
        try:
            envelope = verify_event(sign1, key, centre.realm)
            head = after_event(head, envelope, hash_of(sign1))
        except RecordRejected as error:
            audit.fault(error.code, log=device.log_id, seq=event.seq)
            return
        if bytes(event.hash) != head.hash or event.seq != envelope.seq or event.kind != envelope.kind:
            audit.fault("COLONNE_FAUSSE", log=device.log_id, seq=event.seq)
        rid = None if envelope.rid is None else envelope.rid.hex()
        if event.rid != rid:
            audit.fault("COLONNE_FAUSSE", log=device.log_id, seq=event.seq)
        plain = event.body is not None and envelope.body_key_seq is None
        if plain and body_hash(bytes(event.body or b"")) != envelope.body_hash:
            audit.fault("CORPS_DIFFERENT", log=device.log_id, seq=event.seq)
    if head.next_seq != device.head_seq + 1:
        audit.fault("TETE_FAUSSE", log=device.log_id, seq=device.head_seq)


def _events(device_id: int) -> Iterator[Event]:
    last = -1
    while rows := list(Event.objects.filter(device_id=device_id, seq__gt=last).order_by("seq")[:_AT_ONCE]):
        yield from rows
        last = rows[-1].seq


def _verify_tree(centre: Centre, audit: Audit) -> None:
    """Every leaf names a stored event; every checkpoint is the root of the leaves before it; every stored
    subtree is right.
    """
    nodes: dict[int, bytes] = {}
    checkpoints = dict(Checkpoint.objects.values_list("size", "note"))
    for leaf, log_id, sign1 in _leaves():
        if leaf.index != audit.leaves or sign1 is None or hash_of(sign1) != bytes(leaf.hash):
            audit.fault("FEUILLE_FAUSSE", index=leaf.index)
            return
        value = leaf_hash(leaf_data(log_id, leaf.seq, hash_of(sign1)))
        for level, index, node in new_nodes(
            audit.leaves, value, lambda level, index: nodes[place_of(level, index)]
        ):
            nodes[place_of(level, index)] = node
        audit.leaves += 1
        if audit.leaves in checkpoints:
            root = root_hash(audit.leaves, lambda level, index: nodes[place_of(level, index)])
            _verify_checkpoint(centre, audit, bytes(checkpoints.pop(audit.leaves)), root)
    for size in checkpoints:
        audit.fault("POINT_SANS_FEUILLES", size=size)
    for stored in TreeNode.objects.iterator(chunk_size=_AT_ONCE):
        if nodes.get(stored.place) != bytes(stored.hash):
            audit.fault("NOEUD_FAUX", place=stored.place)


def _verify_checkpoint(centre: Centre, audit: Audit, note: bytes, root: bytes) -> None:
    audit.checkpoints += 1
    try:
        head = verify_checkpoint(note, centre.checkpoint_signer.cose_key, centre.realm)
    except RecordRejected as error:
        audit.fault(error.code, size=audit.leaves)
        return
    if head.size != audit.leaves or head.root != root:
        audit.fault("RACINE_FAUSSE", size=audit.leaves)


def _leaves() -> Iterator[tuple[Leaf, LogId, bytes | None]]:
    for leaf in Leaf.objects.select_related("device").order_by("index").iterator(chunk_size=_AT_ONCE):
        event = Event.objects.filter(device_id=leaf.device_id, seq=leaf.seq).first()
        sign1 = None if event is None else bytes(event.sign1)
        yield leaf, LogId(bytes.fromhex(leaf.device.log_id)), sign1
