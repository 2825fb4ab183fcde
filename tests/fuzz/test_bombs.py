"""Small files that ask for the memory and the days of a whole computer: refused for what they are.

The times are not measured: what never ends is stopped (see `run`), and memory is counted by the byte.
"""

import pytest

from kiosk_app.store.slot_file import SLOTS_BYTES_MAX, SLOTS_MAX, read_slots
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.bundle import read_down_manifest, read_up
from procuration.record.checkpoint import CHECKPOINT_BYTES_MAX
from procuration.record.directory import ENTRIES_MAX, read_directory
from procuration.record.inbox import LEASE_LENGTH_MAX, read_entry
from procuration.record.limits import (
    BODY_BYTES_MAX,
    BUNDLE_BYTES_MAX,
    BUNDLE_EVENTS_MAX,
    DIRECTORY_BYTES_MAX,
    EVENT_BYTES_MAX,
    SIGN1_BYTES_MAX,
    TABLE_BYTES_MAX,
)
from procuration.record.tables import read_table
from tests.fuzz import record_targets
from tests.fuzz.cbor_spans import BYTES, LIST, MAP, TEXT, head
from tests.fuzz.record_targets import VECTORS, read_checkpoint, read_paper, read_receipt
from tests.fuzz.run import SECONDS_MAX, memory_of, no_longer_than
from tests.fuzz.target import code_of
from tests.fuzz.targets import TARGETS

MEGABYTE = 1 << 20


def refused(read, data: bytes, *, megabytes: int, seconds: float = SECONDS_MAX) -> str:
    """The code of the refusal, once it came in time and took no more memory than that."""
    codes = []

    def call(given: bytes) -> None:
        with pytest.raises(RecordRejected) as caught, no_longer_than(seconds):
            read(given)
        codes.append(code_of(caught.value))

    peak = memory_of(call, data)
    assert peak <= megabytes * MEGABYTE, f"{peak / MEGABYTE:.1f} MiB"
    return codes[0]


def many(count: int, value: bytes) -> bytes:
    """A list of so many values."""
    return head(LIST, count) + value * count


@pytest.mark.parametrize("value", [b"\x80", b"\xa0", b"\x00", b"\x40", b"\x60", b"\xf6", b"\x81\x80"])
def test_a_bundle_of_four_megabytes_of_nothing_costs_nothing(value):
    count = BUNDLE_BYTES_MAX // len(value) - 5
    assert refused(read_up, many(count, value), megabytes=1) == "CBOR_ITEMS"


def test_a_seal_of_four_megabytes_of_nothing_costs_nothing():
    read = TARGETS["seal up"].read
    assert refused(read, many(BUNDLE_BYTES_MAX - 5, b"\x80"), megabytes=1) == "CBOR_ITEMS"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "maximum"), [(read_directory, DIRECTORY_BYTES_MAX), (read_table, TABLE_BYTES_MAX)]
)
def test_a_signed_table_of_megabytes_of_nothing_costs_nothing(read, maximum):
    assert refused(read, many(maximum - 5, b"\x80"), megabytes=1, seconds=30) == "CBOR_ITEMS"


def test_an_answer_of_megabytes_of_nothing_costs_nothing():
    payload = many(BUNDLE_BYTES_MAX - 5, b"\x80")
    assert refused(lambda data: read_down_manifest(data, [], b""), payload, megabytes=1) == "CBOR_ITEMS"


@pytest.mark.slow
def test_a_directory_as_long_as_it_may_be_takes_bounded_memory():
    value = canonical.decode(VECTORS["directory.cbor"], max_bytes=DIRECTORY_BYTES_MAX)
    (entry, *_) = value[4]
    full = canonical.encode(value | {4: [entry] * ENTRIES_MAX})
    assert refused(read_directory, full, megabytes=160, seconds=120) == "DIRECTORY_KID"
    longer = canonical.encode(
        value | {4: [entry] * (DIRECTORY_BYTES_MAX // len(canonical.encode(entry)) - 20)}
    )
    assert refused(read_directory, longer, megabytes=1, seconds=60) == "CBOR_ITEMS"


@pytest.mark.parametrize(
    "opening", [b"\x81", b"\xa1\x00", b"\xd8\x28", b"\x9f", b"\xbf\x00", b"\xc6", b"\x5f", b"\x82\x00"]
)
@pytest.mark.parametrize(
    "name", ["canonical value", "slots", "directory", "envelope", "bundle up", "seal up"]
)
def test_a_record_nested_as_deep_as_it_is_long_is_refused(name, opening):
    data = opening * (SIGN1_BYTES_MAX // len(opening))
    assert refused(TARGETS[name].read, data, megabytes=1)


@pytest.mark.parametrize("major", [BYTES, TEXT, LIST, MAP])
@pytest.mark.parametrize("argument", [2**16, 2**24, 2**31, 2**32, 2**40, 2**62, 2**63 - 1, 2**63, 2**64 - 1])
@pytest.mark.parametrize("name", ["canonical value", "slots", "directory", "bundle up", "seal up", "event"])
def test_a_length_that_no_data_follow_takes_no_memory(name, major, argument):
    for data in (
        head(major, argument),
        b"\x83" + head(major, argument) + bytes(64),
        b"\xa1\x00" + head(major, argument, 8),
    ):
        assert refused(TARGETS[name].read, data, megabytes=1) in ("CBOR_MALFORMED", "CBOR_ITEMS")


def test_a_bundle_of_a_thousand_events_of_the_largest_size_is_too_large():
    pair = canonical.encode([bytes(SIGN1_BYTES_MAX), bytes(BODY_BYTES_MAX)])
    assert len(pair) <= EVENT_BYTES_MAX
    plaintext = b"\x83" + head(BYTES, 1) + b"\x00" + many(BUNDLE_EVENTS_MAX, pair) + b"\x40"
    assert refused(read_up, plaintext, megabytes=1) == "BUNDLE_SIZE"


def test_a_bundle_of_a_thousand_events_is_read_and_one_more_is_refused():
    manifest = canonical.decode(VECTORS["bundle up"], max_bytes=BUNDLE_BYTES_MAX)[0]

    def bundle(events: int) -> bytes:
        return canonical.encode([manifest, [[bytes(4_000), bytes(170)]] * events, b""])

    assert len(bundle(BUNDLE_EVENTS_MAX)) > 0.99 * BUNDLE_BYTES_MAX

    assert len(read_up(bundle(BUNDLE_EVENTS_MAX)).pairs) == BUNDLE_EVENTS_MAX
    assert memory_of(read_up, bundle(BUNDLE_EVENTS_MAX)) <= 16 * MEGABYTE
    assert refused(read_up, bundle(BUNDLE_EVENTS_MAX + 1), megabytes=8) in ("CBOR_ITEMS", "FIELD_LIST")


@pytest.mark.parametrize(
    "text", [b"PRQ1:" + b"A" * MEGABYTE, b"PRQ1:" + b"\xff" * MEGABYTE, b"A" * MEGABYTE, b" " * MEGABYTE]
)
def test_a_megabyte_before_the_camera_is_not_decoded(text):
    assert refused(read_paper, text, megabytes=5) == "QR_FORM"


@pytest.mark.parametrize("line", [b"\n", b"x\n", b"\xe2\x80\x94 x AAAA\n"])
def test_a_checkpoint_of_a_million_lines_is_not_looked_at(line):
    assert refused(read_checkpoint, line * 10**6, megabytes=1) == "CHECKPOINT_SIZE"
    within = (b"x\n1\n\n" + line * 10**4)[:CHECKPOINT_BYTES_MAX]
    assert refused(read_checkpoint, within, megabytes=1)


def test_a_proof_of_a_million_nodes_is_not_looked_at():
    node = b"A" * 43 + b"=\n"
    header, rest = VECTORS["receipt proof"].split(b"index 6\n")
    assert refused(read_receipt, header + b"index 6\n" + node * 10**6 + b"\n", megabytes=1) == "RECEIPT_FORM"
    assert refused(read_receipt, header + b"index 6\n" + node * 170 + b"\n", megabytes=1)
    assert rest


def test_a_lease_of_more_references_than_there_are_is_refused():
    with pytest.raises(RecordRejected):
        read_entry([1, 4, [1, ["XBQ7V3"] * (LEASE_LENGTH_MAX + 1)]])


def test_a_file_of_more_slots_than_there_may_be_is_refused():
    slot = canonical.decode(record_slots(), max_bytes=SLOTS_BYTES_MAX)[0]
    assert len(read_slots(canonical.encode([slot] * SLOTS_MAX))) == SLOTS_MAX
    assert refused(read_slots, canonical.encode([slot] * (SLOTS_MAX + 1)), megabytes=1) == "CODES_ENDOMMAGES"
    assert refused(read_slots, bytes(SLOTS_BYTES_MAX + 1), megabytes=1) == "CBOR_SIZE"


def record_slots() -> bytes:
    return TARGETS["slots"].seeds[0]


@pytest.mark.parametrize(
    "cost",
    [
        [4 << 30, 3, 4],  # 4 TiB
        [2**63 - 1, 3, 4],
        [65_536, 2**32, 1],
        [65_536, 2**32 - 1, 1],
        [65_536, 3, 2**24],
        [8, 3, 4],  # less than Argon2 wants for its lanes
        [0, 0, 0],
    ],
)
def test_the_cost_of_a_try_is_bounded_before_argon2_runs(cost):
    (slot, *_) = canonical.decode(record_slots(), max_bytes=SLOTS_BYTES_MAX)
    assert refused(read_slots, canonical.encode([slot | {3: cost}]), megabytes=1) == "CODES_ENDOMMAGES"


@pytest.mark.parametrize("name", ["app status", "closings"])
@pytest.mark.parametrize(
    "bomb", [b"[" * 500_000, b'{"a":' * 100_000, b"9" * 500_000, b'"' + b"\\u0000" * 80_000 + b'"']
)
def test_a_notice_of_half_a_megabyte_of_nothing_is_refused(name, bomb):
    assert refused(TARGETS[name].read, bomb, megabytes=8) in ("STATUS_MALFORMED", "URGENCY_MALFORMED")


@pytest.mark.parametrize("bomb", [b"\n" * 200_000, b";" * 200_000, b'"' + b"x" * 200_000, b"\xff" * 200_000])
def test_a_list_of_electors_of_nothing_is_refused(bomb):
    assert refused(TARGETS["electors"].read, bomb, megabytes=8) == "REGISTRE_ILLISIBLE"


def test_the_targets_of_the_issue_are_all_there():
    named = {
        "paper",
        "bundle up",
        "bundle down",
        "event",
        "manifest up",
        "manifest down",
        "checkpoint",
        "slots",
        "sealed to the TPM",
        "on a token",
        "directory",
    }
    assert named <= TARGETS.keys()
    assert all(TARGETS[name].share == 1 for name in named)
    assert record_targets.VECTORS
