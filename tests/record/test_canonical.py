import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.errors import RecordRejected
from procuration.record import canonical

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.binary(max_size=40)
    | st.text("aé王 ", max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 23), inner, max_size=4),
    max_leaves=20,
)


def depth(value: object) -> int:
    if isinstance(value, list | dict):
        inner = value if isinstance(value, list) else value.values()
        return 1 + max(map(depth, inner), default=0)
    return 0


def items(value: object) -> int:
    """Values in a value, itself included; the keys of a map are values too."""
    if isinstance(value, dict):
        return 1 + sum(1 + items(inner) for inner in value.values())
    return 1 + sum(map(items, value)) if isinstance(value, list) else 1


@given(VALUES.filter(lambda value: depth(value) < 8))
def test_values_are_counted_before_they_are_parsed(value):
    written = canonical.encode(value)
    assert canonical.decode(written, max_bytes=10_000, max_items=items(value)) == value
    with pytest.raises(RecordRejected, match="CBOR_ITEMS"):
        canonical.decode(written, max_bytes=10_000, max_items=items(value) - 1)


@given(VALUES.filter(lambda value: depth(value) < 8))
def test_what_is_encoded_is_decoded_to_the_same(value):
    assert canonical.decode(canonical.encode(value), max_bytes=10_000) == value


@pytest.mark.parametrize(
    ("fault", "data", "code"),
    [
        ("a date tag", "c11a514b67b0", "CBOR_TAG"),
        ("a big number", "c249010000000000000000", "CBOR_TAG"),
        ("self-described CBOR, dropped in silence by the library", "d9d9f700", "CBOR_TAG"),
        ("an unknown tag", "d9ffff00", "CBOR_TAG"),
        ("a set", "d9010281 01", "CBOR_TAG"),
        ("a shared reference", "d81c80", "CBOR_TAG"),
        ("a duplicate key", "a2 0100 0100", "CBOR_MALFORMED"),
        ("keys out of order", "a2 0200 0100", "CBOR_NOT_CANONICAL"),
        ("a text key", "a1 6161 00", "CBOR_KEY"),
        ("a negative key", "a1 20 00", "CBOR_KEY"),
        ("key 24", "a1 1818 00", "CBOR_KEY"),
        ("a key that is true", "a1 f5 00", "CBOR_KEY"),
        ("a long number", "1800", "CBOR_NOT_CANONICAL"),
        ("a long length", "5800", "CBOR_NOT_CANONICAL"),
        ("trailing bytes", "00 00", "CBOR_NOT_CANONICAL"),
        ("an indefinite list", "9f00ff", "CBOR_MALFORMED"),
        ("an indefinite text", "7f6161ff", "CBOR_MALFORMED"),
        ("a float", "fb3ff199999999999a", "CBOR_TYPE"),
        ("undefined", "f7", "CBOR_TYPE"),
        ("a simple value", "e0", "CBOR_TYPE"),
        ("a number under -2^63", "3bffffffffffffffff", "CBOR_TYPE"),
        ("a number over 2^63 - 1", "1b8000000000000000", "CBOR_TYPE"),
        ("nine levels", "818181818181818181 00", "CBOR_MALFORMED"),
        ("a text that is not UTF-8", "61ff", "CBOR_MALFORMED"),
        ("a text that is not composed", "63 65cc81", "CBOR_TEXT_NOT_NFC"),
        ("nothing", "", "CBOR_MALFORMED"),
        ("half a text", "6261", "CBOR_MALFORMED"),
    ],
)
def test_anything_but_the_one_encoding_is_refused(fault, data, code):
    with pytest.raises(RecordRejected, match=code):
        canonical.decode(bytes.fromhex(data), max_bytes=100)


def test_size_is_checked_before_parsing():
    with pytest.raises(RecordRejected, match="CBOR_SIZE"):
        canonical.decode(b"\x80" * 101, max_bytes=100)


@pytest.mark.parametrize("value", [1.5, {"a": 1}, {24: 1}, object(), "e\u0301", 2**63, {-1: 0}])
def test_our_own_bug_is_refused_when_encoding(value):
    with pytest.raises(RecordRejected):
        canonical.encode(value)


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(data):
    try:
        value = canonical.decode(data, max_bytes=400)
    except RecordRejected:
        return
    assert canonical.encode(value) == data


@given(VALUES.filter(lambda value: depth(value) < 8))
def test_the_length_added_up_is_the_length_of_the_encoding(value):
    assert canonical._check(value, ordered=False) == len(canonical.encode(value))


@given(VALUES.filter(lambda value: depth(value) < 8), st.data())
def test_what_is_accepted_is_what_the_encoder_writes(value, data):
    """One byte replaced or put in anywhere: refused, or the one encoding of another value."""
    encoded = bytearray(canonical.encode(value))
    place = data.draw(st.integers(0, len(encoded)))
    encoded[place : place + data.draw(st.integers(0, 1))] = data.draw(st.binary(max_size=2))
    try:
        decoded = canonical.decode(bytes(encoded), max_bytes=20_000)
    except RecordRejected:
        return
    assert cbor2.dumps(decoded, canonical=True) == bytes(encoded)


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 65_535, 65_536])
def test_the_short_way_to_a_string_or_a_list_is_the_long_way(length):
    assert canonical.byte_string_head(length) + bytes(length) == canonical.encode(bytes(length))
    assert canonical.list_head(length) + canonical.NULL * length == canonical.encode([None] * length)
