"""The Merkle tree of RFC 9162, 2.1: hashes, inclusion proofs, and their verification. Pure; storage is the
server's.

A head of a device's chain is one leaf, so one proof covers every event before it.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

from procuration.domain.identifiers import EventHash, LogId
from procuration.errors import RecordRejected
from procuration.record import canonical

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256().digest()
NodeHash = Callable[[int, int], bytes]
"""Hash of the complete subtree of 2^level leaves number `index` on its level."""


def leaf_data(log_id: LogId, seq: int, event_hash: EventHash) -> bytes:
    """`cbor(["procu/leaf/1", log id, seq, SHA-256 of sign1])`."""
    return canonical.encode(["procu/leaf/1", log_id, seq, event_hash])


def leaf_hash(data: bytes) -> bytes:
    """RFC 9162, 2.1.1: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162, 2.1.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_subtrees(size: int) -> list[tuple[int, int]]:
    """The complete subtrees of a tree, left to right, as (level, index): one for each bit of its size."""
    subtrees, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            subtrees.append((level, start >> level))
            start += 1 << level
    return subtrees


def root_hash(size: int, node: NodeHash) -> bytes:
    """Root of the first `size` leaves, from stored complete subtrees: O(log size) of them."""
    if size == 0:
        return EMPTY_ROOT
    hashes = [node(level, index) for level, index in complete_subtrees(size)]
    root = hashes.pop()
    while hashes:
        root = node_hash(hashes.pop(), root)
    return root


def new_nodes(size: int, leaf: bytes, node: NodeHash) -> list[tuple[int, int, bytes]]:
    """The complete subtrees that one more leaf closes, as (level, index, hash), from the leaf up."""
    nodes = [(0, size, leaf)]
    level, index, value = 0, size, leaf
    while index & 1:
        value = node_hash(node(level, index - 1), value)
        level, index = level + 1, index >> 1
        nodes.append((level, index, value))
    return nodes


def inclusion_proof(index: int, size: int, node: NodeHash) -> list[bytes]:
    """RFC 9162, 2.1.3.1: the path from leaf `index` to the root of `size` leaves.

    Raises: RecordRejected PROOF_INDEX.
    """
    if not 0 <= index < size:
        raise RecordRejected("PROOF_INDEX")
    return _path(index, 0, size, node)


def _path(index: int, start: int, size: int, node: NodeHash) -> list[bytes]:
    if size == 1:
        return []
    split = 1 << ((size - 1).bit_length() - 1)
    if index < split:
        return [*_path(index, start, split, node), _range_root(start + split, size - split, node)]
    return [*_path(index - split, start + split, size - split, node), _range_root(start, split, node)]


def _range_root(start: int, size: int, node: NodeHash) -> bytes:
    # Ranges of a proof begin at a multiple of their own largest power of two: their subtrees are stored ones.
    hashes, position = [], start
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            hashes.append(node(level, position >> level))
            position += 1 << level
    root = hashes.pop()
    while hashes:
        root = node_hash(hashes.pop(), root)
    return root


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """RFC 9162, 2.1.3.2, with its step numbers.

    Raises: RecordRejected PROOF_INDEX, PROOF_LENGTH, PROOF_ROOT.
    """
    if not 0 <= index < size:  # step 1
        raise RecordRejected("PROOF_INDEX")
    fn, sn, r = index, size - 1, leaf  # steps 2, 3
    for p in path:  # step 4
        if sn == 0:
            raise RecordRejected("PROOF_LENGTH")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:  # step 5
        raise RecordRejected("PROOF_LENGTH")
    if r != root:
        raise RecordRejected("PROOF_ROOT")


def consistency_proof(old: int, new: int, node: NodeHash) -> list[bytes]:
    """RFC 9162, 2.1.4.1: what shows that the tree of `new` leaves begins with that of `old`.

    Nothing to show from the empty tree, or between two trees of one size.
    Raises: RecordRejected PROOF_INDEX.
    """
    if not 0 <= old <= new:
        raise RecordRejected("PROOF_INDEX")
    if old in (0, new):
        return []
    return _subproof(old, 0, new, node, known=True)


def _subproof(old: int, start: int, size: int, node: NodeHash, *, known: bool) -> list[bytes]:
    if old == size:
        return [] if known else [_range_root(start, size, node)]
    split = 1 << ((size - 1).bit_length() - 1)
    if old <= split:
        right = _range_root(start + split, size - split, node)
        return [*_subproof(old, start, split, node, known=known), right]
    left = _range_root(start, split, node)
    return [*_subproof(old - split, start + split, size - split, node, known=False), left]


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """RFC 9162, 2.1.4.2, with its step numbers; the two cases that it leaves out come first.

    Raises: RecordRejected PROOF_INDEX, PROOF_LENGTH, PROOF_ROOT.
    """
    if not 0 <= old <= new:
        raise RecordRejected("PROOF_INDEX")
    if old in (0, new):
        if path:
            raise RecordRejected("PROOF_LENGTH")
        if old_root != (new_root if old else EMPTY_ROOT):
            raise RecordRejected("PROOF_ROOT")
        return
    if not path:  # step 1
        raise RecordRejected("PROOF_LENGTH")
    first, *rest = path if old & (old - 1) else [old_root, *path]  # step 2
    fn, sn = old - 1, new - 1  # step 3
    while fn & 1:  # step 4
        fn, sn = fn >> 1, sn >> 1
    fr = sr = first  # step 5
    for c in rest:  # step 6
        if sn == 0:
            raise RecordRejected("PROOF_LENGTH")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:  # step 7
        raise RecordRejected("PROOF_LENGTH")
    if fr != old_root or sr != new_root:
        raise RecordRejected("PROOF_ROOT")
