"""Entries of an answer: those this version reads, and those that only later ones will."""

import pytest

from procuration.errors import RecordRejected
from procuration.record.canonical import encode
from procuration.record.inbox import (
    Entry,
    LaterEntry,
    LogStopped,
    ServerTime,
    StopReason,
    TownHallFile,
    entry_value,
    read_entry,
)

LATER = [12, 9, [b"act", 3, [b"decisions"]]]


def test_an_entry_of_an_unknown_type_is_kept_as_it_came():
    entry = read_entry(LATER)
    assert entry == Entry(12, LaterEntry(9, encode(LATER[2])))
    assert entry_value(entry) == LATER


def test_an_unknown_type_may_be_numbered_or_not():
    assert read_entry([0, 200, None]) == Entry(0, LaterEntry(200, encode(None)))


def test_known_types_are_read_as_before():
    assert read_entry([0, 5, 7]) == Entry(0, ServerTime(7))


@pytest.mark.parametrize("reason", list(StopReason))
def test_the_word_that_a_log_is_stopped_carries_no_number(reason):
    entry = Entry(0, LogStopped(reason, 41))
    assert entry_value(entry) == [0, 13, [reason.value, 41]]
    assert read_entry(entry_value(entry)) == entry


PAIR = [b"sign1", b"body"]
RANK = ["2027-04-presidentielle/988", 1, "NULLE_L73", "R-39", None, 3]


def test_a_file_for_a_town_hall_says_what_is_signed_and_what_it_is_worth():
    value = [4, 9, [PAIR, [RANK], [PAIR, [b"sign1", None]]]]
    entry = read_entry(value)
    assert entry_value(entry) == value
    assert isinstance(entry.content, TownHallFile)
    assert entry.content.ranks[0].position == 3


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([0, 9, [PAIR, [], []]], "ENTRY_NUMBER"),
        ([1, 9, [PAIR, []]], "FIELD_LIST"),
        ([1, 9, [PAIR, [], [PAIR] * 49]], "FIELD_LIST"),
        ([1, 9, [[b"sign1", bytes(16_384)], [], []]], "FIELD_BYTES"),
        ([1, 9, [PAIR, [], [[b"sign1", bytes(16_384)]]]], "FIELD_BYTES"),
        ([1, 9, [PAIR, [["x", 3, "STANDS", "", None, 1]], []]], "RANK"),
        ([1, 9, [PAIR, [["x", 1, "FALLS", "", None, 1]], []]], "RANK"),
        ([1, 9, [PAIR, [["x", 1, "STANDS", "", "PERHAPS", 1]], []]], "RANK"),
        ([1, 9, [PAIR, [["x", 1, "STANDS", "", None, 0]], []]], "FIELD_INTEGER"),
        ([1, 9, [PAIR, [RANK] * 65, []]], "FIELD_LIST"),
    ],
)
def test_a_file_for_a_town_hall_that_says_anything_else_is_refused(value, code):
    with pytest.raises(RecordRejected, match=code):
        read_entry(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([1, 5, 7], "ENTRY_NUMBER"),
        ([0, 8, [bytes(8), 1]], "ENTRY_NUMBER"),
        ([1, 0, 7], "FIELD_INTEGER"),
        ([1, 256, 7], "FIELD_INTEGER"),
        ([1, True, 7], "FIELD_INTEGER"),
        ([1, 8], "FIELD_LIST"),
        ([1, 8, None], "FIELD_LIST"),
        ([0, 7, [bytes(16), b"ct", 1]], "ENTRY_NUMBER"),
        ([1, 7, [bytes(15), b"ct", 1]], "FIELD_BYTES"),
        ([1, 7, [bytes(16), bytes(2_561), 1]], "FIELD_BYTES"),
        ([1, 7, [bytes(16), b"ct", -1]], "FIELD_INTEGER"),
        ([1, 7, [bytes(16), b"ct"]], "FIELD_LIST"),
        ([1, 13, [1, 0]], "ENTRY_NUMBER"),
        ([0, 13, [3, 0]], "FIELD_ENUM"),
        ([0, 13, [1, -1]], "FIELD_INTEGER"),
    ],
)
def test_anything_else_is_refused(value, code):
    with pytest.raises(RecordRejected, match=code):
        read_entry(value)
