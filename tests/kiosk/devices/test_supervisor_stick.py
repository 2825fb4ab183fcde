"""The stick of a supervisor: their key file among whatever else lies on it."""

import pytest

from kiosk_app.devices.supervisor_stick import SupervisorStick
from procuration.adapters.key_file import Cost, KeyFile
from procuration.errors import CarrierUnavailable
from tests.kiosk.officers_world import KEY_PHRASE, key_file


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "stick"
    made.mkdir()
    return made


def read(folder):
    return SupervisorStick(lambda: folder)()


def test_the_keys_of_the_stick_are_found_by_their_name(folder):
    (folder / "superviseur-988.key").write_bytes(key_file())
    (folder / "racine-1.key").write_bytes(key_file("root"))
    (found,) = read(folder)
    assert found.unlock(KEY_PHRASE)


@pytest.mark.parametrize("where", [None, "nowhere"])
def test_no_stick_and_no_folder_are_the_same(folder, where):
    with pytest.raises(CarrierUnavailable, match="CLE_DU_RESPONSABLE_ABSENTE"):
        read(None if where is None else folder / where)


def link(path):
    path.parent.with_name("elsewhere.key").write_bytes(key_file())
    path.symlink_to(path.parent.with_name("elsewhere.key"))


@pytest.mark.parametrize(
    ("why", "put"),
    [
        ("a link", link),
        ("a folder", lambda path: path.mkdir()),
        ("empty", lambda path: path.write_bytes(b"")),
        ("huge", lambda path: path.write_bytes(b"x" * 1_000_000)),
        ("another thing", lambda path: path.write_bytes(b"my notes")),
        (
            "a key that would take all the memory of a tablet",
            lambda path: path.write_bytes(
                KeyFile("k", bytes(16), Cost(memory_kib=1 << 20), bytes(12), bytes(48), bytes(32)).to_bytes()
            ),
        ),
    ],
)
def test_what_is_no_key_is_not_there(folder, why, put):
    put(folder / "superviseur-1.key")
    with pytest.raises(CarrierUnavailable, match="CLE_DU_RESPONSABLE_ABSENTE"):
        read(folder)
    (folder / "superviseur-2.key").write_bytes(key_file())
    assert len(read(folder)) == 1, why


def test_a_stick_full_of_keys_is_read_no_further_than_eight(folder):
    for number in range(40):
        (folder / f"superviseur-{number}.key").write_bytes(key_file())
    assert len(read(folder)) == 8
