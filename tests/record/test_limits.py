"""Every size is checked, by the one who writes and before the one who reads parses anything."""

from dataclasses import replace

import pytest

from procuration.domain.acts import Declarations
from procuration.domain.events import Kind
from procuration.errors import RecordRejected
from procuration.record.directory import read_directory
from procuration.record.enrolment import read_enrolment, read_request
from procuration.record.event import body_hash, encode_body, open_body, parse_event, read_pair
from procuration.record.limits import (
    BODY_BYTES_MAX,
    DIRECTORY_BYTES_MAX,
    ENROLMENT_BYTES_MAX,
    REQUEST_BODY_BYTES_MAX,
    SIGN1_BYTES_MAX,
    TABLE_BYTES_MAX,
)
from procuration.record.shape import number_of
from procuration.record.tables import read_table
from tests import builders

LONGEST = "王" * 100  # three bytes each: the longest name that the rules of entry let through


def refusal(call, *arguments):
    with pytest.raises(RecordRejected) as caught:
        call(*arguments)
    return caught.value.code


def test_a_request_too_long_for_the_paper_is_not_written():
    person = replace(builders.ANGELA, birth_name=LONGEST, given_names=LONGEST, used_name=LONGEST)
    content = builders.filed(mandant=person, mandataire=replace(person, enrolment=builders.NOUMEA))
    assert refusal(encode_body, content, bytes) == "BODY_SIZE"


@pytest.mark.parametrize(
    ("kind", "maximum"), [(Kind.FILED, REQUEST_BODY_BYTES_MAX), (Kind.START, BODY_BYTES_MAX)]
)
def test_a_body_of_one_byte_too_many_is_refused_though_it_is_the_one_signed_for(kind, maximum):
    device = builders.Device("kiosk")
    content = builders.filed()
    body = bytes(maximum + 1)
    envelope = device.envelope(content, body, builders.rid(), kind=kind)
    assert envelope.body_hash == body_hash(body)
    assert refusal(open_body, envelope, body) == "BODY_SIZE"
    shorter = body[:-1]
    at_most = replace(envelope, body_hash=body_hash(shorter))
    assert refusal(open_body, at_most, shorter) != "BODY_SIZE"


@pytest.mark.parametrize(
    ("reader", "maximum"),
    [
        (parse_event, SIGN1_BYTES_MAX),
        (read_directory, DIRECTORY_BYTES_MAX),
        (read_table, TABLE_BYTES_MAX),
        (read_enrolment, ENROLMENT_BYTES_MAX),
        (read_request, ENROLMENT_BYTES_MAX),
    ],
)
def test_what_is_too_long_is_refused_before_it_is_parsed(reader, maximum):
    assert refusal(reader, bytes(maximum + 1)) == "CBOR_SIZE"
    assert refusal(reader, b"\x00") != "CBOR_SIZE"


def test_a_pair_with_a_part_too_long_is_refused():
    for pair in ([bytes(SIGN1_BYTES_MAX + 1), b""], [b"", bytes(BODY_BYTES_MAX + 1)]):
        with pytest.raises(RecordRejected):
            read_pair(pair)
    assert read_pair([bytes(SIGN1_BYTES_MAX), bytes(BODY_BYTES_MAX)]).body == bytes(BODY_BYTES_MAX)


def test_numbers_that_name_no_declaration_leave_nothing_in_memory():
    known = len(Declarations._value2member_map_)
    for number in range(2**40, 2**40 + 50):
        assert refusal(number_of, Declarations, number) == "FIELD_ENUM"
    assert len(Declarations._value2member_map_) == known
