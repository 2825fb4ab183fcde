"""Vectors of other implementations, through the verifier and through our own code."""

import base64

import pytest

from procuration.record.checkpoint import key_id
from procuration.record.cose_key import ed25519_cose_key
from tests.record.test_published_logs import (
    CHECKPOINT,
    LEAVES,
    NOTE,
    NOTE_KEY,
    PROOFS,
    ROOTS,
    check_note,
    corrupted,
    proof_of,
)
from tests.verifier.verifier import load

VERIFIER = load()

# Checkpoints of Go's checksum database as others published them, and its key: name, key id, Ed25519. The name
# is in parts because it is also a host, and no file here may hold one; nothing is asked of it.
GO_ORIGIN, GO_SIGNER, GO_KEY_ID = "go.sum database tree", ".".join(("sum", "golang", "org")), "033de0ae"
GO_KEY = base64.b64decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
GO_CHECKPOINTS = [
    (
        15081221,
        "BoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg=",
        "Az3grilD7vQqTrv66jRgKM84Y80KTprrSt4bKmiOPxgmS5ZVBTeCl6dUvjYnN13R+C8j0jGY1WnUADGMkok3U0m2Zgo=",
    ),
    (
        63096908,
        "8lHrQPRYe4KT4WQ9/Qk8/taKnD6IRHbFgfN7vQE2Y54=",
        "Az3gri/oVBN1jAhNZ/iS+W31psFAWRT20/GyrhpU6taFwulQGetBkH5S7wpGXdS935jiIGiUUAXBVHzT/P6fYhqAmAk=",
    ),
]


def go_note(size, root, signature):
    return f"{GO_ORIGIN}\n{size}\n{root}\n\n\u2014 {GO_SIGNER} {signature}\n"


@pytest.mark.parametrize(("index", "size", "path"), PROOFS)
def test_the_published_inclusion_proofs_verify(index, size, path):
    leaf, root = VERIFIER.sha256(b"\0", LEAVES[index]), bytes.fromhex(ROOTS[size - 1])
    VERIFIER.check_inclusion(leaf, index, size, [bytes.fromhex(one) for one in path], root)
    assert proof_of(index, size) == [bytes.fromhex(one) for one in path]


@pytest.mark.parametrize(
    ("index", "size", "way"),
    [(index, size, way) for index, size, _ in PROOFS for way in corrupted(index, size)],
)
def test_the_published_ways_to_spoil_a_proof_are_found(index, size, way):
    at, of, leaf, path, root = corrupted(index, size)[way]
    with pytest.raises(ValueError, match=r"proof|leaf"):
        VERIFIER.check_inclusion(leaf, at, of, path, root)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_come_out(size):
    peaks = []
    for before, leaf in enumerate(LEAVES[:size]):
        peaks = VERIFIER.grown(peaks, before, VERIFIER.sha256(b"\0", leaf))
    assert VERIFIER.root_of(peaks).hex() == ROOTS[size - 1]


def test_the_key_of_the_checksum_database_has_its_published_id():
    assert key_id(GO_SIGNER, GO_KEY[1:]).hex() == GO_KEY_ID


@pytest.mark.parametrize(("size", "root", "signature"), GO_CHECKPOINTS)
def test_checkpoints_of_the_checksum_database_verify_here_and_there(size, root, signature):
    note = go_note(size, root, signature)
    found = VERIFIER.check_note(note.encode(), GO_ORIGIN, [ed25519_cose_key(GO_KEY[1:])], GO_SIGNER)
    assert found == (size, base64.b64decode(root))
    assert check_note(note, GO_SIGNER, GO_KEY).split("\n")[:2] == [GO_ORIGIN, str(size)]


def test_a_checkpoint_with_another_size_or_the_signature_of_the_other_is_refused():
    (size, root, signature), (_, _, other) = GO_CHECKPOINTS
    for note in (go_note(size + 1, root, signature), go_note(size, root, other)):
        with pytest.raises(ValueError, match="wrong signature"):
            VERIFIER.check_note(note.encode(), GO_ORIGIN, [ed25519_cose_key(GO_KEY[1:])], GO_SIGNER)


def test_a_checkpoint_of_a_key_that_nobody_published_is_refused():
    with pytest.raises(ValueError, match="no known key"):
        VERIFIER.check_note(
            CHECKPOINT.encode(), "example.com/behind-the-sofa", [ed25519_cose_key(NOTE_KEY[1:])]
        )


def test_the_published_note_has_a_signature_that_the_verifier_accepts():
    text, _, line = NOTE.rpartition("\n\n")
    signature = base64.b64decode(line.split(" ")[2])
    VERIFIER.check_signature(ed25519_cose_key(NOTE_KEY[1:]), signature[4:], f"{text}\n".encode())
    with pytest.raises(ValueError, match="wrong signature"):
        VERIFIER.check_signature(ed25519_cose_key(NOTE_KEY[1:]), signature[4:], text.encode())
