"""A server restored from a backup writes a new log with its old key; nobody else may."""

import pytest

from kiosk_app.store.requests import verify_request
from procuration.errors import RecordRejected
from procuration.record.chain import Head
from procuration.record.directory import Role
from tests import builders

DIRECTORY = builders.directory(
    (builders.Device("kiosk"), Role.KIOSK), (builders.Device("brigade"), Role.BRIGADE)
)


def written_in(log_name, key_name):
    """A request that a key signs in some log."""
    writer = builders.Device(key_name)
    writer.log_id = builders.log_id(log_name)
    writer.head = Head.of_empty_log(writer.log_id)
    return writer.records(builders.filed(), builders.rid())


@pytest.mark.parametrize("log_name", ["server", "the server after a restore"])
def test_the_server_may_write_in_its_log_and_in_one_that_nobody_has(log_name):
    verify_request(written_in(log_name, "server"), DIRECTORY, builders.REALM)


@pytest.mark.parametrize(
    ("log_name", "key_name"), [("kiosk", "server"), ("brigade", "kiosk"), ("nobody's log", "kiosk")]
)
def test_nobody_writes_in_the_log_of_another(log_name, key_name):
    with pytest.raises(RecordRejected, match="KEY_LOG"):
        verify_request(written_in(log_name, key_name), DIRECTORY, builders.REALM)
