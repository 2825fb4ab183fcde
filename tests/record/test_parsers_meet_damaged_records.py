"""Every reader of foreign bytes, against records that were right until one value in them was replaced.

Noise rarely passes the first check; a real record with one thing wrong reaches the last one.
"""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.events import Authentication, BootTime, Channel, Envelope, Filed, Kind
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.reference import Reference
from procuration.domain.validity import OneScrutin, Rounds
from procuration.errors import RecordRejected
from procuration.record import act, canonical, contents, envelope, places, tables
from procuration.record.limits import TABLE_BYTES_MAX
from tests.record.test_parsers_meet_invented_bytes import VALUES

TABLES = Path(__file__).resolve().parents[2] / "provisioning" / "reference_data"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

FILED = Filed(
    reference=Reference("XBQ7V3"),
    mandant=Person(
        birth_name="DUBOIS",
        given_names="Angela Claire Louise",
        sex=Sex.FEMALE,
        birth_date=PartialDate(1962, 8, 24),
    ),
    mandataire=Person(
        birth_name="DUPONT",
        given_names="Jean-Claude Bernard",
        sex=Sex.MALE,
        birth_date=PartialDate(1944, 8, 22),
    ),
    vote_place=Place(code="98818", type=PlaceType.COMMUNE, cog_year=2026),
    validity=OneScrutin(scrutin_id="presidentielle-2027", rounds=Rounds.BOTH),
    email="angela@example.nc",
    declaration_version=1,
    authentication=Authentication.NONE,
    channel=Channel.KIOSK,
)
ENVELOPE = Envelope(
    log_id=LogId(bytes(8)),
    seq=7,
    prev=EventHash(bytes(32)),
    kind=Kind.FILED,
    body_hash=bytes(32),
    wall=NOW,
    boot=BootTime(boot_id=bytes(8), monotonic_ms=12, floor=NOW),
    directory_version=1,
    rid=Rid(bytes(16)),
)
ACT = {
    0: 1,
    1: bytes(16),
    2: bytes(32),
    3: 1,
    4: None,
    5: 1,
    6: 1_795_316_400,
    7: 1,
    8: bytes(8),
    9: 3,
    10: [1, None, "98818"],
    11: 31,
    12: ["MARTIN", "Paul", "OPJ", "Brigade de Nouméa"],
    13: None,
}

SAMPLES = {
    "filed": (contents.content_value(FILED), lambda value: contents.read_content(Kind.FILED, value)),
    "envelope": (
        canonical.decode(envelope.encode_envelope(ENVELOPE), max_bytes=4096),
        lambda value: envelope.decode_envelope(canonical.encode(value)),
    ),
    "act": (ACT, lambda value: act.read_act(canonical.encode(value))),
    "calendar": (
        canonical.decode((TABLES / "calendar-demo.cbor").read_bytes(), max_bytes=TABLE_BYTES_MAX),
        lambda value: tables.read_calendar(tables.read_table(canonical.encode(value))),
    ),
    "law": (
        canonical.decode((TABLES / "law.cbor").read_bytes(), max_bytes=TABLE_BYTES_MAX),
        lambda value: tables.read_law(tables.read_table(canonical.encode(value))),
    ),
    "sites": (
        {0: 1, 1: 1, 2: 1, 3: [["988-1", "Annexe", "98818", [[[2027, 4, 2], 1_806_613_200, 1_806_634_800]]]]},
        lambda value: tables.read_sites(tables.read_table(canonical.encode(value))),
    ),
    "places": (
        canonical.decode((TABLES / "places-demo.cbor").read_bytes(), max_bytes=TABLE_BYTES_MAX),
        lambda value: places.read_places(tables.read_table(canonical.encode(value))),
    ),
}


def paths_in(value: object, here: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """The way to every value inside a value."""
    match value:
        case dict():
            inner = value.items()
        case list() | tuple():
            inner = enumerate(value)
        case _:
            inner = ()
    return [here, *(path for key, part in inner for path in paths_in(part, (*here, key)))]


def replaced(value: object, path: tuple[int, ...], new: object) -> object:
    """The value with one part of it replaced."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {key: replaced(part, rest, new) if key == first else part for key, part in value.items()}
    return [replaced(part, rest, new) if key == first else part for key, part in enumerate(value)]


PATHS = {name: paths_in(value) for name, (value, _) in SAMPLES.items()}


@pytest.mark.parametrize("name", SAMPLES)
def test_an_undamaged_record_is_read(name):
    value, read = SAMPLES[name]
    assert read(value)


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_a_record_with_one_value_replaced_is_read_or_rejected(name, data):
    value, read = SAMPLES[name]
    path = data.draw(st.sampled_from(PATHS[name]))
    with contextlib.suppress(RecordRejected):
        read(replaced(value, path, data.draw(VALUES)))


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_a_record_with_one_value_moved_elsewhere_is_read_or_rejected(name, data):
    value, read = SAMPLES[name]
    source, target = (data.draw(st.sampled_from(PATHS[name])) for _ in range(2))
    moved = value
    for step in source:
        moved = moved[step]
    with contextlib.suppress(RecordRejected):
        read(replaced(value, target, moved))
