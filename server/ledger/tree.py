"""The Merkle log in the database: leaves are appended under one lock, proofs are look-ups of stored subtrees.

A head is put in the queue `LeafDue` by the transaction that accepts it. Whoever comes next takes the lock,
appends the leaves of all heads committed so far and signs one checkpoint; the others find their leaf
already there. Nothing else runs under that lock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.db import OperationalError, connection, transaction

from procuration.domain.identifiers import EventHash, LogId
from procuration.record.chain import hash_of
from procuration.record.checkpoint import TreeHead, sign_checkpoint
from procuration.record.merkle import (
    NodeHash,
    complete_subtrees,
    consistency_proof,
    inclusion_proof,
    leaf_data,
    leaf_hash,
    new_nodes,
    root_hash,
)
from server.config.centre import Centre
from server.ledger.ledger_head import refuse_a_backup, remember
from server.ledger.models import Checkpoint, Event, Leaf, LeafDue, TreeNode
from server.ledger.own_log import ledger_epoch
from server.ledger.rows import insert_rows

_LOCK: Final = 0x70726F6375  # "procu": the advisory lock of the tree
_HEADS_AT_ONCE: Final = 10_000
_LEVELS: Final = 64


def place_of(level: int, index: int) -> int:
    """The key of a stored subtree."""
    return index * _LEVELS + level


@dataclass(frozen=True, slots=True)
class _Head:
    device_id: int
    log_id: LogId
    seq: int
    hash: EventHash


def append_due_leaves(centre: Centre) -> bool:
    """Append a leaf for every committed head and sign a checkpoint.

    Returns: False when another worker held the lock for more than a second; it, or the next, appends what
    is left.
    Raises: CarrierUnavailable, as `refuse_a_backup`.
    """
    if not LeafDue.objects.exists():
        return True
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '1s'")
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            refuse_a_backup(centre)
            _append(centre)
    except OperationalError:
        if connection.vendor == "postgresql" and connection.is_usable():
            return False
        raise
    remember(centre, ledger_epoch(centre))
    return True


def _append(centre: Centre) -> None:
    due = list(LeafDue.objects.order_by("id").values_list("id", "device_id", "seq")[:_HEADS_AT_ONCE])
    heads = _reread_heads((device_id, seq) for _, device_id, seq in due)
    if heads:
        size = tree_size()
        nodes = _frontier(size)
        start = size
        fresh: list[tuple[int, bytes]] = []
        for head in heads:
            leaf = leaf_hash(leaf_data(head.log_id, head.seq, head.hash))
            for level, index, value in new_nodes(
                size, leaf, lambda level, index: nodes[place_of(level, index)]
            ):
                nodes[place_of(level, index)] = value
                fresh.append((place_of(level, index), value))
            size += 1
        root = root_hash(size, lambda level, index: nodes[place_of(level, index)])
        rows = [(start + number, head.device_id, head.seq, head.hash) for number, head in enumerate(heads)]
        insert_rows(Leaf, ("index", "device", "seq", "hash"), rows)
        insert_rows(TreeNode, ("place", "hash"), fresh)
        assert centre.checkpoint_signer is not None, "only a centre has leaves due"
        note = sign_checkpoint(TreeHead(size=size, root=root), centre.checkpoint_signer, centre.realm)
        Checkpoint.objects.create(size=size, root=root, note=note, signed_at=centre.clock.now())
    LeafDue.objects.filter(id__in=[id_ for id_, _, _ in due]).delete()


def _reread_heads(due: Iterable[tuple[int, int]]) -> list[_Head]:
    """The newest head of each log that is due, recomputed from the stored bytes: no leaf rests on a column
    that could lie.
    """
    newest: dict[int, int] = {}
    for device_id, seq in due:
        newest[device_id] = max(seq, newest.get(device_id, -1))
    heads = []
    for device_id, seq in newest.items():
        sign1, log_id = Event.objects.values_list("sign1", "device__log_id").get(device_id=device_id, seq=seq)
        heads.append(_Head(device_id, LogId(bytes.fromhex(log_id)), seq, hash_of(bytes(sign1))))
    return heads


def tree_size() -> int:
    """How many leaves the newest checkpoint covers."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def _frontier(size: int) -> dict[int, bytes]:
    return _nodes(place_of(level, index) for level, index in complete_subtrees(size))


def _nodes(places: Iterable[int]) -> dict[int, bytes]:
    found = TreeNode.objects.filter(place__in=list(places)).values_list("place", "hash")
    return {place: bytes(value) for place, value in found}


def newest_checkpoint() -> Checkpoint | None:
    """The last signed head of the tree; None before the first leaf."""
    return Checkpoint.objects.order_by("-size").first()


def path_to_root(index: int, size: int) -> list[bytes]:
    """The inclusion proof of one leaf."""
    return _from_stored(lambda node: inclusion_proof(index, size, node))


def path_between(old: int, new: int) -> list[bytes]:
    """The consistency proof of two sizes of the tree."""
    return _from_stored(lambda node: consistency_proof(old, new, node))


def _from_stored(prove: Callable[[NodeHash], list[bytes]]) -> list[bytes]:
    """A proof in one query of at most some sixty stored subtrees, whatever the size of the log."""
    wanted: set[int] = set()

    def note_place(level: int, index: int) -> bytes:
        wanted.add(place_of(level, index))
        return bytes(32)

    prove(note_place)  # a first walk only says which subtrees are needed
    nodes = _nodes(wanted) if wanted else {}
    return prove(lambda level, index: nodes[place_of(level, index)])
