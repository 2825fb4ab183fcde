"""An authority key opens with its holder's pass phrase and with nothing else."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from procuration.adapters.key_file import COST_MAX, Cost, lock, parse_key_file
from procuration.errors import ProcurationError, RecordRejected, RuleViolated
from procuration.record.canonical import decode, encode

LIGHT = Cost(memory_kib=32, passes=1, lanes=1)
PHRASE = "quatre mots simples ici"


@pytest.fixture(scope="module")
def key():
    return Ed25519PrivateKey.generate()


@pytest.fixture(scope="module")
def data(key):
    return lock("racine-1", key, PHRASE, LIGHT).to_bytes()


def test_the_holder_s_pass_phrase_opens_the_key(key, data):
    assert parse_key_file(data).unlock(PHRASE).private_bytes_raw() == key.private_bytes_raw()


def test_another_pass_phrase_opens_nothing(data):
    with pytest.raises(RuleViolated) as caught:
        parse_key_file(data).unlock(PHRASE + "!")
    assert caught.value.code == "PASS_PHRASE_WRONG"


def test_a_pass_phrase_under_fourteen_characters_is_refused(key):
    with pytest.raises(RuleViolated) as caught:
        lock("racine-1", key, "treize caract", LIGHT)
    assert caught.value.code == "PASS_PHRASE_SHORT"


def test_two_copies_of_a_key_share_no_secret_byte(key):
    one, other = (lock("racine-1", key, PHRASE, LIGHT) for _ in range(2))
    assert (one.salt, one.nonce, one.wrapped) != (other.salt, other.nonce, other.wrapped)


def test_a_key_given_another_name_does_not_open(data):
    with pytest.raises(RuleViolated):
        replace(parse_key_file(data), name="racine-2").unlock(PHRASE)


def test_a_key_file_that_asks_for_too_much_memory_is_refused_before_it_is_tried(data):
    value = decode(data, max_bytes=len(data))
    value[3] = [COST_MAX.memory_kib + 1, 1, 1]
    with pytest.raises(RecordRejected):
        parse_key_file(encode(value))


def test_a_key_file_with_less_memory_than_its_lanes_need_is_refused(data):
    value = decode(data, max_bytes=len(data))
    value[3] = [32, 1, 5]
    with pytest.raises(RecordRejected):
        parse_key_file(encode(value))


@given(position=st.integers(min_value=0), bit=st.integers(0, 7))
def test_a_key_file_with_one_wrong_bit_never_gives_a_key(data, position, bit):
    damaged = bytearray(data)
    damaged[position % len(damaged)] ^= 1 << bit
    with pytest.raises(ProcurationError):
        parsed = parse_key_file(bytes(damaged))
        assume(parsed.cost.memory_kib < 4096)  # a forged cost within bounds would only take time here
        parsed.unlock(PHRASE)


@given(st.binary(max_size=2000))
def test_foreign_bytes_are_no_key_file(foreign):
    with pytest.raises(RecordRejected):
        parse_key_file(foreign)


@pytest.mark.parametrize("changed", [{0: True}, {7: 0}, {3: [True, 1, 1]}, {3: [64, 1]}, {1: "a\u202eb"}])
def test_a_key_file_has_one_encoding_and_nothing_beside_it(data, changed):
    value = decode(data, max_bytes=1024)
    assert isinstance(value, dict)
    with pytest.raises(RecordRejected, match="KEY_FILE"):
        parse_key_file(encode({**value, **changed}))
