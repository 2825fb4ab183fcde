"""What a device announces of the events that it still holds is signed with the bundle, bounded, optional."""

from datetime import timedelta

import pytest

from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.backlog import Backlog
from procuration.record.bundle import read_up, verify_up
from procuration.record.cose_key import VerifyingKey
from procuration.record.signed import Typ, sign
from tests.builders import NOW, REALM, Device, filed, rid


def said(kiosk, plaintext):
    return verify_up(read_up(plaintext), VerifyingKey(kiosk.key.cose_key), REALM).backlog


def with_backlog(kiosk, value):
    """The same bundle, well signed, announcing any value."""
    manifest, events, _ = canonical.decode(kiosk.bundle(), max_bytes=100_000)
    payload = canonical.decode(canonical.decode(manifest, max_bytes=100_000)[2], max_bytes=100_000)
    signed = sign(canonical.encode(payload | {11: value}), Typ.BUNDLE, kiosk.key, REALM)
    return canonical.encode([signed, events, b""])


@pytest.fixture
def kiosk():
    kiosk = Device("kiosk")
    kiosk.records(filed(), rid())
    return kiosk


@pytest.mark.parametrize("oldest", [None, NOW - timedelta(days=3)])
def test_an_announcement_comes_back_as_it_was(kiosk, oldest):
    backlog = Backlog(length=41, oldest=oldest)
    assert said(kiosk, kiosk.bundle(backlog=backlog)) == backlog


def test_a_device_that_says_nothing_is_read_too(kiosk):
    assert said(kiosk, kiosk.bundle()) is None


def test_a_log_is_never_shorter_than_what_it_sends(kiosk):
    assert said(kiosk, kiosk.bundle(backlog=Backlog(length=1, oldest=None))) is not None
    for first_seq, length in ((0, 0), (9, 9)):
        short = kiosk.bundle(first_seq=first_seq, backlog=Backlog(length=length, oldest=None))
        with pytest.raises(RecordRejected, match="BUNDLE_BACKLOG"):
            said(kiosk, short)


@pytest.mark.parametrize(
    "value",
    [
        None,
        4,
        [],
        [4],
        [4, 5, 6],
        [True, None],
        [4, True],
        [-1, None],
        [2**53 + 1, None],
        [4, -1],
        [4, 2**53],
    ],
)
def test_an_announcement_of_another_form_is_refused(kiosk, value):
    assert said(kiosk, with_backlog(kiosk, [4, 5])) is not None
    with pytest.raises(RecordRejected, match="FIELD_"):
        said(kiosk, with_backlog(kiosk, value))
