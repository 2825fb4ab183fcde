"""RFC 8949 as published: what our subset of CBOR accepts, and that it refuses everything else.

Vectors: appendix A (examples of encoded data items) and appendix F (examples that are not well formed), as in
the collection of the working group.
"""

import pytest

from procuration.errors import RecordRejected
from procuration.record import canonical

ACCEPTED = {
    "00": 0,
    "01": 1,
    "0a": 10,
    "17": 23,
    "1818": 24,
    "1819": 25,
    "1864": 100,
    "1903e8": 1000,
    "1a000f4240": 1_000_000,
    "1b000000e8d4a51000": 1_000_000_000_000,
    "20": -1,
    "29": -10,
    "3863": -100,
    "3903e7": -1000,
    "f4": False,
    "f5": True,
    "f6": None,
    "40": b"",
    "4401020304": b"\x01\x02\x03\x04",
    "60": "",
    "6161": "a",
    "6449455446": "IETF",
    "62225c": '"\\',
    "62c3bc": "ü",
    "63e6b0b4": "水",
    "64f0908591": "\U00010151",
    "80": [],
    "83010203": [1, 2, 3],
    "8301820203820405": [1, [2, 3], [4, 5]],
    "98190102030405060708090a0b0c0d0e0f101112131415161718181819": list(range(1, 26)),
    "a0": {},
    "a201020304": {1: 2, 3: 4},
}

WELL_FORMED_BUT_NOT_OURS = {
    "integers beyond 64 bits signed": "1bffffffffffffffff 3bffffffffffffffff c249010000000000000000 "
    "c349010000000000000000",
    "floats": "f90000 f98000 f93c00 fb3ff199999999999a f93e00 f97bff fa47c35000 fa7f7fffff "
    "fb7e37e43c8800759c f90001 f90400 f9c400 fbc010666666666666 f97c00 f97e00 f9fc00 fa7f800000 "
    "fa7fc00000 faff800000 "
    "fb7ff0000000000000 fb7ff8000000000000 fbfff0000000000000",
    "undefined and simple values": "f7 f0 f818 f8ff",
    "tags": "c074323031332d30332d32315432303a30343a30305a c11a514b67b0 c1fb41d452d9ec200000 d74401020304 "
    "d818456449455446 d82076687474703a2f2f7777772e6578616d706c652e636f6d",
    "keys that are no small integers": "a26161016162820203 826161a161626163 "
    "a56161614161626142616361436164614461656145",
    "indefinite lengths": "5f42010243030405ff 7f657374726561646d696e67ff 9fff 9f018202039f0405ffff "
    "9f01820203820405ff 83018202039f0405ff 83019f0203ff820405 "
    "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff bf61610161629f0203ffff 826161bf61626163ff "
    "bf6346756ef563416d7421ff",
}


def each(*ranges: range) -> list[str]:
    return [f"{byte:02x}" for values in ranges for byte in values]


RESERVED = each(*(range(first + 0x1C, first + 0x1F) for first in range(0x00, 0x100, 0x20)))
NOT_WELL_FORMED = [
    *RESERVED,
    *each(range(0x1F, 0x20), range(0x3F, 0x40), range(0xDF, 0xE0), range(0xFF, 0x100)),
    *(f"f8{byte}" for byte in each(range(0x20))),
    *(f"5f{byte}" for byte in each(range(0x40), range(0x5C, 0xFF))),
    *(f"7f{byte}" for byte in each(range(0x60), range(0x7C, 0xFF))),
    *(f"{head}{byte}" for head in ("9f", "bf") for byte in [*RESERVED, "1f", "3f", "df"]),
]


@pytest.mark.parametrize(("encoded", "value"), ACCEPTED.items())
def test_an_example_of_our_subset_reads_and_writes_as_published(encoded, value):
    assert canonical.decode(bytes.fromhex(encoded), max_bytes=100) == value
    assert canonical.encode(value) == bytes.fromhex(encoded)


@pytest.mark.parametrize(
    ("kind", "encoded"),
    [(kind, one) for kind, examples in WELL_FORMED_BUT_NOT_OURS.items() for one in examples.split()],
)
def test_an_example_outside_our_subset_is_refused(kind, encoded):
    with pytest.raises(RecordRejected):
        canonical.decode(bytes.fromhex(encoded), max_bytes=100)


@pytest.mark.parametrize("encoded", NOT_WELL_FORMED)
def test_what_is_not_well_formed_is_refused(encoded):
    with pytest.raises(RecordRejected):
        canonical.decode(bytes.fromhex(encoded), max_bytes=100)


def test_every_published_example_was_looked_at():
    refused = sum(len(examples.split()) for examples in WELL_FORMED_BUT_NOT_OURS.values())
    assert len(ACCEPTED) + refused == 82
