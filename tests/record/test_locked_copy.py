"""Locked copies: the derivation is the published one, and nothing but the right question opens a copy."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.event import EventPair
from procuration.record.inbox import read_entry
from procuration.record.limits import LOCKED_COPY_BYTES_MAX
from procuration.record.locked_copy import CopyKeys, derive, lock, unlock
from tests.builders import ANGELA, REALM, REFERENCE, Counted, Device, filed, rid
from tests.record.vectors.make_vectors import FILE

VECTORS = {name: bytes.fromhex(value) for name, value in json.loads(FILE.read_text()).items()}
BORN = ANGELA.birth_date
KEYS = CopyKeys(*canonical.decode(VECTORS["locked copy, tag and key"], max_bytes=100))
COPY = read_entry(canonical.decode(VECTORS["entry 7 locked copy"], max_bytes=4096)).content
REQUEST = Device("kiosk").records(filed(), rid(), body_key_seq=0)


def test_the_derivation_is_argon2id_of_rfc_9106():
    """Section 5.3 of the RFC."""
    derived = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\x04" * 12,
        secret=b"\x03" * 8,
    ).derive(b"\x01" * 32)
    assert derived.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_the_copy_of_the_vectors_is_the_filed_event_of_the_vectors():
    assert derive(REFERENCE, BORN, REALM) == KEYS
    opened = unlock(COPY.ciphertext, KEYS, REALM)
    assert canonical.encode([opened.sign1, opened.body]) == VECTORS["event 1 filed"]
    assert COPY.tag == KEYS.tag


@pytest.mark.parametrize(
    ("reference", "born", "realm"),
    [
        (Reference("XBQ7V4"), BORN, REALM),
        (REFERENCE, PartialDate(1962, 8, 25), REALM),
        (REFERENCE, PartialDate(1962), REALM),
        (REFERENCE, BORN, bytes(16)),
    ],
)
def test_another_question_finds_and_opens_nothing(reference, born, realm):
    other = derive(reference, born, realm)
    assert other.tag != KEYS.tag
    with pytest.raises(RecordRejected, match="COPY_UNREADABLE"):
        unlock(COPY.ciphertext, replace(other, tag=KEYS.tag), REALM)


def test_a_copy_belongs_to_its_tag_and_realm():
    for keys, realm in ((replace(KEYS, tag=bytes(16)), REALM), (KEYS, bytes(16))):
        with pytest.raises(RecordRejected, match="COPY_UNREADABLE"):
            unlock(COPY.ciphertext, keys, realm)


@pytest.mark.parametrize("place", [0, 11, 12, 200, -1])
def test_a_changed_copy_opens_no_more(place):
    changed = bytearray(COPY.ciphertext)
    changed[place] ^= 1
    with pytest.raises(RecordRejected, match="COPY_UNREADABLE"):
        unlock(bytes(changed), KEYS, REALM)


@pytest.mark.parametrize("length", [0, 7, 12, 27, 28])
def test_a_copy_that_is_cut_short_opens_no_more(length):
    with pytest.raises(RecordRejected, match="COPY_UNREADABLE"):
        unlock(COPY.ciphertext[:length], KEYS, REALM)


def test_neither_side_takes_a_copy_longer_than_a_request_makes():
    long = EventPair(bytes(1_000), bytes(LOCKED_COPY_BYTES_MAX - 1_000))
    with pytest.raises(RecordRejected, match="COPY_LENGTH"):
        lock(long, KEYS, REALM, Counted())
    with pytest.raises(RecordRejected, match="COPY_LENGTH"):
        unlock(bytes(LOCKED_COPY_BYTES_MAX + 1), KEYS, REALM)


def test_a_copy_without_a_body_is_none():
    copy = lock(EventPair(REQUEST.sign1, None), KEYS, REALM, Counted())
    with pytest.raises(RecordRejected, match="COPY_FORM"):
        unlock(copy, KEYS, REALM)


def test_two_copies_of_one_request_never_share_a_nonce():
    draw = Counted()
    first, second = (lock(REQUEST, KEYS, REALM, draw) for _ in range(2))
    assert first[:12] != second[:12]


def test_what_a_copy_shows_of_itself_in_a_trace_is_its_date():
    assert "delete_after" in repr(COPY)
    assert COPY.tag.hex() not in repr(COPY)
    assert repr(COPY.tag) not in repr(COPY)
    assert "key" not in repr(KEYS)
