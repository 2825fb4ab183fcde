"""The service key on the unit's stick: 32 bytes, or a sentence that says what is plugged in instead."""

import os

import pytest

from procuration.adapters.service_key import ServiceKey, service_key
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated


def refusal(path):
    with pytest.raises((CarrierUnavailable, RecordRejected)) as caught:
        service_key(path)
    with pytest.raises(RuleViolated, match=caught.value.code):
        ServiceKey(lambda: service_key(path)).find(b"")
    return caught.value.code


def test_a_new_key_is_made_once_and_read_again(tmp_path):
    made = service_key(tmp_path / "service.key", create=True)
    assert len(made) == 32
    assert service_key(tmp_path / "service.key", create=True) == made
    assert (tmp_path / "service.key").stat().st_mode & 0o077 == 0


def test_without_the_stick_it_is_asked_for(tmp_path):
    assert refusal(tmp_path / "stick" / "service.key") == "CLE_DE_SERVICE_ABSENTE"


@pytest.mark.parametrize("size", [0, 31, 33, 100_000])
def test_another_size_is_no_service_key(tmp_path, size):
    (tmp_path / "service.key").write_bytes(bytes(size))
    assert refusal(tmp_path / "service.key") == "CLE_DE_SERVICE_ANORMALE"


def test_a_link_a_pipe_and_a_folder_are_not_followed_nor_waited_for(tmp_path):
    (tmp_path / "real").write_bytes(bytes(32))
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        assert refusal(tmp_path / name) == "CLE_DE_SERVICE_ANORMALE"
