"""The Merkle tree of RFC 6962 and 9162 (vectors of Certificate Transparency) and signed notes of C2SP."""

import base64

import pytest

from procuration.errors import RecordRejected
from procuration.record.checkpoint import TreeHead, key_id, origin_of, sign_checkpoint, verify_checkpoint
from procuration.record.cose_key import VerifyingKey, ed25519_cose_key
from procuration.record.merkle import (
    EMPTY_ROOT,
    inclusion_proof,
    leaf_hash,
    new_nodes,
    node_hash,
    root_hash,
    verify_inclusion,
)
from tests.builders import REALM, key

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Index of the leaf (from 0), size of the tree, path.
PROOFS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
NODES: dict[tuple[int, int], bytes] = {}
for size, leaf in enumerate(LEAVES):
    for level, index, value in new_nodes(size, leaf_hash(leaf), lambda *at: NODES[at]):
        NODES[level, index] = value


def node(level: int, index: int) -> bytes:
    return NODES[level, index]


def proof_of(index: int, size: int) -> list[bytes]:
    return [bytes.fromhex(one) for at, of, path in PROOFS if (at, of) == (index, size) for one in path]


def test_the_root_of_no_leaf_is_the_published_one():
    published = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_hash(0, node) == EMPTY_ROOT == bytes.fromhex(published)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_of_the_published_leaves_is_the_published_one(size):
    assert root_hash(size, node).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "path"), PROOFS)
def test_our_proof_is_the_published_one_and_verifies(index, size, path):
    assert [one.hex() for one in inclusion_proof(index, size, node)] == path
    verify_inclusion(
        leaf_hash(LEAVES[index]), index, size, proof_of(index, size), bytes.fromhex(ROOTS[size - 1])
    )


def corrupted(index: int, size: int) -> dict[str, tuple[int, int, bytes, list[bytes], bytes]]:
    """The ways of the published test suite to spoil a proof."""
    leaf, root, path = leaf_hash(LEAVES[index]), bytes.fromhex(ROOTS[size - 1]), proof_of(index, size)
    wrong = {
        "the leaf before": (index - 1, size, leaf, path, root),
        "the leaf after": (index + 1, size, leaf, path, root),
        "another leaf": (index ^ 2, size, leaf, path, root),
        "a tree twice as large": (index, size * 2, leaf, path, root),
        "a tree half as large": (index, size // 2, leaf, path, root),
        "a wrong leaf": (index, size, b"WrongLeaf", path, root),
        "the root of no leaf": (index, size, leaf, path, EMPTY_ROOT),
        "a hash behind": (index, size, leaf, [*path, root], root),
        "nothing behind": (index, size, leaf, [*path, b""], root),
        "a hash before": (index, size, leaf, [root, *path], root),
        "nothing before": (index, size, leaf, [b"", *path], root),
    }
    for place, one in enumerate(path):
        flipped = bytes([one[0] ^ 8]) + one[1:]
        wrong[f"a bit of hash {place}"] = (
            index,
            size,
            leaf,
            [*path[:place], flipped, *path[place + 1 :]],
            root,
        )
    if path:
        wrong["one hash less"] = (index, size, leaf, path[:-1], root)
    return wrong


@pytest.mark.parametrize(
    ("index", "size", "way"),
    [(index, size, way) for index, size, _ in PROOFS for way in corrupted(index, size)],
)
def test_a_spoilt_proof_is_refused(index, size, way):
    at, of, leaf, path, root = corrupted(index, size)[way]
    with pytest.raises(RecordRejected, match=r"PROOF_"):
        verify_inclusion(leaf, at, of, path, root)


def test_a_leaf_is_never_a_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert node_hash(left, right) != leaf_hash(left + right)


# The example of Go's sumdb/note, whose format C2SP signed-note keeps.
NOTE_NAME = "PeterNeumann"
NOTE_KEY = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of C2SP tlog-checkpoint; its key is not published.
CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo"
    "+zyWE+xeMcTOAYQ8=\n"
)


def check_note(note: str, name: str, typed_key: bytes) -> str:
    """C2SP signed-note, straight from its text: the verified text of a note with one signature."""
    text, _, line = note.rpartition("\n\n")
    dash, signer, signature = line.removesuffix("\n").split(" ")
    raw = base64.b64decode(signature, validate=True)
    assert (dash, signer) == ("—", name)
    assert raw[:4] == key_id(name, typed_key[1:])
    assert typed_key[:1] == b"\x01"
    VerifyingKey(ed25519_cose_key(typed_key[1:])).check(raw[4:], f"{text}\n".encode())
    return f"{text}\n"


def test_the_published_note_has_the_published_key_id_and_verifies():
    assert key_id(NOTE_NAME, NOTE_KEY[1:]).hex() == "c74f20a3"
    assert check_note(NOTE, NOTE_NAME, NOTE_KEY).endswith("what your problem is.\n")


def test_our_checkpoint_is_a_note_for_a_reader_of_the_published_one():
    signer = key("checkpoint")
    note = sign_checkpoint(TreeHead(size=8, root=bytes.fromhex(ROOTS[7])), signer, REALM).decode()
    text = check_note(note, origin_of(REALM), b"\x01" + signer.cose_key[-32:])
    assert text.split("\n") == [origin_of(REALM), "8", base64.b64encode(bytes.fromhex(ROOTS[7])).decode(), ""]


def test_the_published_checkpoint_reads_and_belongs_to_another_log():
    with pytest.raises(RecordRejected, match=r"CHECKPOINT_ORIGIN"):
        verify_checkpoint(CHECKPOINT.encode(), key("checkpoint").cose_key, REALM)


def test_a_note_that_is_no_checkpoint_is_refused():
    with pytest.raises(RecordRejected, match=r"CHECKPOINT_FORM"):
        verify_checkpoint(NOTE.encode(), key("checkpoint").cose_key, REALM)
