"""The centre's receipt for the head of a log: a checkpoint and an inclusion proof (SECURITY-DESIGN 8).

`proof + checkpoint` is one C2SP `tlog-proof`; its `extra` line holds the leaf data, so a receipt says by
itself which head it
covers. A head covers every earlier event of its log.
"""

import base64
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from procuration.domain.identifiers import EventHash, LogId, Realm
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.checkpoint import TreeHead, decimal, decode_base64, verify_checkpoint
from procuration.record.merkle import HASH_BYTES, leaf_data, leaf_hash, verify_inclusion
from procuration.record.shape import integer, octets, sequence

_HEADER: Final = "c2sp.org/tlog-proof@v1"
_LEAF_BYTES_MAX: Final = 128
PROOF_BYTES_MAX: Final = 8192


class Level(IntEnum):
    """What a receipt promises: committed at the centre, or also on a second machine or disk."""

    RECEIVED = 1
    DURABLE = 2


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it travels; prove it with `verify_receipt` before believing it.

    Attributes:
        checkpoint: the signed note.
        proof: the rest of a tlog-proof: header, extra, index, path, and the blank line.
    """

    level: Level
    checkpoint: bytes
    proof: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedHead:
    """What a verified receipt proves: the event `hash` at `seq` of a log, and all before it, are in the
    tree."""

    level: Level
    log_id: LogId
    seq: int
    hash: EventHash
    tree: TreeHead
    index: int


def make_receipt(level: Level, leaf: bytes, index: int, path: list[bytes], checkpoint: bytes) -> Receipt:
    """The receipt of one leaf under a checkpoint. `leaf` is the leaf data, not its hash."""
    lines = [_HEADER, f"extra {base64.b64encode(leaf).decode()}", f"index {index}"]
    lines += [base64.b64encode(node).decode() for node in path]
    return Receipt(level, checkpoint, ("\n".join(lines) + "\n\n").encode())


def verify_receipt(receipt: Receipt, checkpoint_key: bytes, realm: Realm) -> ProvedHead:
    """What a receipt proves. The caller compares the head with its own log.

    Args:
        checkpoint_key: COSE_Key of role 7 in the directory.
    Raises: RecordRejected RECEIPT_FORM, or a code of `checkpoint` or `merkle`.
    """
    tree = verify_checkpoint(receipt.checkpoint, checkpoint_key, realm)
    leaf, index, path = _read_proof(receipt.proof)
    verify_inclusion(leaf_hash(leaf), index, tree.size, path, tree.root)
    log_id, seq, event_hash = _read_leaf(leaf)
    return ProvedHead(level=receipt.level, log_id=log_id, seq=seq, hash=event_hash, tree=tree, index=index)


def _read_proof(proof: bytes) -> tuple[bytes, int, list[bytes]]:
    if len(proof) > PROOF_BYTES_MAX or not proof.isascii():
        raise RecordRejected("RECEIPT_FORM")
    match proof.decode().split("\n"):
        case [header, extra, index, *path, "", ""] if header == _HEADER:
            if not extra.startswith("extra ") or not index.startswith("index "):
                raise RecordRejected("RECEIPT_FORM")
            leaf = decode_base64(extra.removeprefix("extra "))
            return leaf, decimal(index.removeprefix("index ")), [_node(line) for line in path]
    raise RecordRejected("RECEIPT_FORM")


def _node(line: str) -> bytes:
    node = decode_base64(line)
    if len(node) != HASH_BYTES:
        raise RecordRejected("RECEIPT_FORM")
    return node


def _read_leaf(leaf: bytes) -> tuple[LogId, int, EventHash]:
    _, log_id, seq, event_hash = sequence(canonical.decode(leaf, max_bytes=_LEAF_BYTES_MAX), 4)
    head = LogId(octets(log_id, length=8)), integer(seq), EventHash(octets(event_hash, length=32))
    if leaf_data(*head) != leaf:
        raise RecordRejected("RECEIPT_FORM")
    return head
