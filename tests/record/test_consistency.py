"""Consistency proofs of RFC 9162, 2.1.4: published vectors, every pair of small sizes, and the entry that
carries them.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.errors import RecordRejected
from procuration.record.inbox import PATH_LENGTH_MAX, Consistency, Entry, entry_value, read_entry
from procuration.record.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    leaf_hash,
    new_nodes,
    node_hash,
    root_hash,
    verify_consistency,
)
from tests.record.test_published_logs import ROOTS
from tests.record.test_published_logs import node as published_node

# From the tests of Certificate Transparency: old size, new size, path.
PROOFS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        7,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
]
LARGEST = 300
LEAVES = [leaf_hash(number.to_bytes(2, "big")) for number in range(LARGEST)]
NODES = {}
for _size, _leaf in enumerate(LEAVES):
    for _level, _index, _value in new_nodes(_size, _leaf, lambda *at: NODES[at]):
        NODES[_level, _index] = _value


def node(level, index):
    return NODES[level, index]


def naive_root(leaves):
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


NAIVE_ROOTS = [naive_root(LEAVES[:size]) for size in range(LARGEST + 1)]


@pytest.mark.parametrize(("old", "new", "path"), PROOFS)
def test_our_proof_is_the_published_one_and_verifies(old, new, path):
    proof = consistency_proof(old, new, published_node)
    assert [one.hex() for one in proof] == path
    verify_consistency(old, new, proof, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]))


@pytest.mark.parametrize(("old", "new", "path"), [one for one in PROOFS if one[2]])
def test_a_published_proof_that_was_spoilt_is_refused(old, new, path):
    proof = [bytes.fromhex(one) for one in path]
    roots = bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1])
    wrong = [
        (old - 1, new, proof, *roots),
        (old + 1, new, proof, *roots),
        (old ^ 2, new, proof, *roots),
        (old, new * 2, proof, *roots),
        (old, new // 2, proof, *roots),
        (old, new, proof, b"WrongRoot", roots[1]),
        (old, new, proof, roots[0], b"WrongRoot"),
        (old, new, proof, roots[1], roots[0]),
        (old, new, [], *roots),
        (old, new, [*proof, roots[0]], *roots),
        (old, new, [*proof, b""], *roots),
        (old, new, [roots[0], *proof], *roots),
        (old, new, [roots[1], *proof], *roots),
        (old, new, proof[:-1], *roots),
    ]
    for place, one in enumerate(proof):
        flipped = bytes([one[0] ^ 16]) + one[1:]
        wrong.append((old, new, [*proof[:place], flipped, *proof[place + 1 :]], *roots))
    for case in wrong:
        with pytest.raises(RecordRejected, match=r"PROOF_"):
            verify_consistency(*case)


def test_every_pair_of_sizes_is_proved_against_a_naive_tree():
    for new in range(LARGEST + 1):
        assert root_hash(new, node) == NAIVE_ROOTS[new]
        for old in range(new + 1):
            path = consistency_proof(old, new, node)
            verify_consistency(old, new, path, NAIVE_ROOTS[old], NAIVE_ROOTS[new])
            assert len(path) <= new.bit_length() + 1


def test_no_other_tree_is_proved_by_the_proof_of_any_pair():
    other = bytes(32)
    for new in range(2, 100):
        for old in range(1, new):
            path = consistency_proof(old, new, node)
            for roots in ((other, NAIVE_ROOTS[new]), (NAIVE_ROOTS[old], other)):
                with pytest.raises(RecordRejected, match=r"PROOF_ROOT"):
                    verify_consistency(old, new, path, *roots)


def test_a_tree_that_lost_its_last_leaf_is_not_the_beginning_of_its_old_self():
    path = consistency_proof(6, 7, node)
    with pytest.raises(RecordRejected, match=r"PROOF_INDEX"):
        verify_consistency(7, 6, path, NAIVE_ROOTS[7], NAIVE_ROOTS[6])
    with pytest.raises(RecordRejected, match=r"PROOF_INDEX"):
        consistency_proof(7, 6, node)


@pytest.mark.parametrize(
    ("old", "new", "path", "roots", "code"),
    [
        (0, 0, [], (EMPTY_ROOT, EMPTY_ROOT), None),
        (0, 5, [], (EMPTY_ROOT, NAIVE_ROOTS[5]), None),
        (0, 5, [], (NAIVE_ROOTS[1], NAIVE_ROOTS[5]), "PROOF_ROOT"),
        (0, 5, [bytes(32)], (EMPTY_ROOT, NAIVE_ROOTS[5]), "PROOF_LENGTH"),
        (5, 5, [], (NAIVE_ROOTS[5], NAIVE_ROOTS[5]), None),
        (5, 5, [], (NAIVE_ROOTS[5], NAIVE_ROOTS[4]), "PROOF_ROOT"),
        (5, 5, [NAIVE_ROOTS[5]], (NAIVE_ROOTS[5], NAIVE_ROOTS[5]), "PROOF_LENGTH"),
        (-1, 5, [], (EMPTY_ROOT, NAIVE_ROOTS[5]), "PROOF_INDEX"),
    ],
)
def test_the_empty_tree_and_two_equal_sizes_need_no_hash(old, new, path, roots, code):
    if code is None:
        verify_consistency(old, new, path, *roots)
        return
    with pytest.raises(RecordRejected, match=code):
        verify_consistency(old, new, path, *roots)


@given(
    st.integers(0, 2**53),
    st.integers(0, 2**53),
    st.lists(st.binary(min_size=32, max_size=32), max_size=64),
    st.binary(max_size=32),
)
def test_invented_proofs_are_refused_or_prove_what_follows_from_the_sizes_alone(old, new, path, root):
    if old == new and not path and (old or root == EMPTY_ROOT):
        verify_consistency(old, new, path, root, root)
        return
    with pytest.raises(RecordRejected, match=r"PROOF_"):
        verify_consistency(old, new, path, root, root)


ENTRY = [0, 10, [12, b"a note", [bytes(32), bytes(32)]]]


def test_the_entry_reads_as_it_was_written():
    entry = read_entry(ENTRY)
    assert entry == Entry(0, Consistency(12, b"a note", (bytes(32), bytes(32))))
    assert entry_value(entry) == ENTRY


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([1, 10, [12, b"a note", []]], "ENTRY_NUMBER"),
        ([0, 10, [12, b"a note"]], "FIELD_LIST"),
        ([0, 10, [-1, b"a note", []]], "FIELD_INTEGER"),
        ([0, 10, [12, bytes(4097), []]], "FIELD_BYTES"),
        ([0, 10, [12, b"a note", [bytes(31)]]], "FIELD_BYTES"),
        ([0, 10, [12, b"a note", [bytes(32)] * (PATH_LENGTH_MAX + 1)]], "FIELD_LIST"),
    ],
)
def test_another_form_of_the_entry_is_refused(value, code):
    with pytest.raises(RecordRejected, match=code):
        read_entry(value)
