"""Every reader of foreign bytes, against bytes and values that nobody wrote: it answers, or it rejects.

Three sorts of input: plain noise, well-formed values in the wrong place, and values that look right from afar
(maps with the keys 0, 1, 2... and version 1), which go deepest.
"""

import contextlib
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.events import Kind
from procuration.domain.identifiers import Realm
from procuration.errors import RecordRejected
from procuration.record import (
    act,
    bundle,
    canonical,
    checkpoint,
    contents,
    cose_key,
    directory,
    enrolment,
    envelope,
    event,
    inbox,
    people,
    places,
    printed,
    sealed,
    signed,
    tables,
)
from procuration.record.sealed import Purpose

BYTES_MAX = 4096
REALM = Realm(bytes(16))
KEY = cose_key.ed25519_cose_key(bytes(32))

BYTES_READERS: dict[str, Callable[[bytes], object]] = {
    "canonical value": partial(canonical.decode, max_bytes=BYTES_MAX),
    "signed message": partial(signed.parse_signed, max_bytes=BYTES_MAX),
    "key": cose_key.VerifyingKey,
    "act": act.read_act,
    "envelope": envelope.decode_envelope,
    "event": event.parse_event,
    "bundle from a tablet": bundle.read_up,
    "answer of the centre": bundle.down_kid,
    "directory": directory.read_directory,
    "enrolment": enrolment.read_enrolment,
    "request of enrolment": enrolment.read_request,
    "calendar": lambda data: tables.read_calendar(tables.read_table(data)),
    "law": lambda data: tables.read_law(tables.read_table(data)),
    "sites": lambda data: tables.read_sites(tables.read_table(data)),
    "places": lambda data: places.read_places(tables.read_table(data)),
    "checkpoint": lambda data: checkpoint.verify_checkpoint(data, KEY, REALM),
    "paper": lambda data: printed.read_qr_text(data.decode("latin-1"), {}, REALM),
    **{f"seal for {p}": partial(sealed.seal_kid, purpose=p, max_bytes=BYTES_MAX) for p in Purpose},
}
VALUE_READERS: dict[str, Callable[[object], object]] = {
    "pair": event.read_pair,
    "entry": inbox.read_entry,
    "person": people.read_person,
    "place": people.read_place,
    "validity": people.read_validity,
    **{f"content {kind.name}": partial(contents.read_content, kind) for kind in Kind},
}

LENGTHS = st.sampled_from([0, 1, 7, 8, 9, 16, 24, 32, 64])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.integers(min_value=0, max_value=24),
    LENGTHS.flatmap(lambda length: st.binary(min_size=length, max_size=length)),
    st.text(max_size=12),
    st.sampled_from(["XBQ7V3", "DUBOIS", "98818", "98818 ", "\u202e", "\x00", "Nouméa", "e\u0301"]),
    st.tuples(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)).map(list),
)


def maps(values: st.SearchStrategy[object]) -> st.SearchStrategy[dict[int, object]]:
    """Maps as our formats have them, version first, and others."""
    ours = st.lists(values, max_size=16).map(lambda fields: {0: 1, **dict(enumerate(fields, start=1))})
    return ours | st.dictionaries(st.integers(-2, 25), values, max_size=6)


VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=5) | maps(inner), max_leaves=40)


def reads_or_rejects(read, given_input):
    with contextlib.suppress(RecordRejected):
        read(given_input)


def encoded(value: object) -> bytes:
    """The value as bytes; one that may not travel becomes noise of the same spirit."""
    try:
        return canonical.encode(value)
    except RecordRejected:
        return repr(value).encode("utf-8", "replace")


@pytest.mark.parametrize("reader", BYTES_READERS)
@given(noise=st.binary(max_size=300) | VALUES.map(encoded))
def test_a_reader_of_bytes_answers_or_rejects(reader, noise):
    reads_or_rejects(BYTES_READERS[reader], noise)


@pytest.mark.parametrize("reader", VALUE_READERS)
@given(value=VALUES)
def test_a_reader_of_values_answers_or_rejects(reader, value):
    reads_or_rejects(VALUE_READERS[reader], value)


@given(value=VALUES)
def test_what_is_read_is_written_again_with_the_same_bytes(value):
    written = encoded(value)
    try:
        read = canonical.decode(written, max_bytes=BYTES_MAX)
    except RecordRejected:
        return
    assert canonical.encode(read) == written


@given(value=VALUES, cut=st.integers(1, 8))
def test_a_value_that_is_cut_or_followed_by_bytes_is_rejected(value, cut):
    written = canonical.encode([1, encoded(value)])
    for damaged in (written[:-cut], written + bytes(cut)):
        with pytest.raises(RecordRejected):
            canonical.decode(damaged, max_bytes=BYTES_MAX * 4)
