"""The USB key: what waits goes out, what came back goes in, and a stranger's key does no harm."""

import errno
import os
from datetime import UTC, datetime, timedelta

import pytest

from procuration.adapters.durable_file import write_durably
from procuration.adapters.spool import SEALED_BYTES_MAX, name_of
from procuration.errors import RuleViolated
from sync_agent.carriers.usb import Imported, export_to, import_from
from sync_agent.mirror import Mirror
from tests.adapters.small_repository import SmallRepository


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    (folder / "PROCU").mkdir(parents=True)
    return folder


@pytest.fixture
def mirror(agent, clock):
    return Mirror(agent, clock)


def test_bundles_never_synced_are_exported(app, agent, stick):
    name = app.put_bundle(b"up")
    app.put_enrolment(b"enrolment")
    assert export_to(agent, stick) == 2
    assert (stick / "PROCU" / f"{name}.prb").read_bytes() == b"up"


def test_r_55_a_key_that_is_full_too_soon_holds_what_the_nearest_closing_depends_on(
    app, agent, stick, monkeypatch
):
    app.put_bundle(b"later")
    urgent, second = app.put_bundle(b"urgent"), app.put_bundle(b"second")
    sunday = datetime(2027, 4, 11, 8, 0, tzinfo=UTC)
    app.write_closings({f"{second}.prb": sunday, f"{urgent}.prb": sunday - timedelta(hours=9)})
    enrolment = app.put_enrolment(b"enrolment")
    room = [True, True, False]

    def on_a_small_key(path, data):
        if not room.pop(0):
            raise OSError(errno.ENOSPC, "No space left on device")
        write_durably(path, data)

    monkeypatch.setattr("sync_agent.carriers.usb.write_durably", on_a_small_key)
    with pytest.raises(OSError, match="No space"):
        export_to(agent, stick)
    assert {path.name for path in (stick / "PROCU").iterdir()} == {f"{enrolment}.enrol", f"{urgent}.prb"}


def test_the_bundle_stays_in_the_spool_after_an_export(app, agent, stick):
    name = app.put_bundle(b"up")
    export_to(agent, stick)
    assert app.bundle_names() == [name]


def test_a_bundle_exported_twice_is_one_file(app, agent, stick):
    app.put_bundle(b"up")
    export_to(agent, stick)
    export_to(agent, stick)
    assert len(list((stick / "PROCU").iterdir())) == 1


def test_a_key_without_folder_gets_one(app, agent, tmp_path):
    key = tmp_path / "new key"
    key.mkdir()
    app.put_bundle(b"up")
    assert export_to(agent, key) == 1


def test_without_key_nothing_is_exported_nor_imported(agent, tmp_path, mirror):
    for act in (
        lambda: export_to(agent, tmp_path / "none"),
        lambda: import_from(agent, tmp_path / "none", mirror),
    ):
        with pytest.raises(RuleViolated, match=r"^STICK_MISSING$"):
            act()


def test_an_answer_is_imported_whatever_its_name(app, agent, stick, mirror):
    (stick / "PROCU" / "Réponse du centre.prb").write_bytes(b"down")
    assert import_from(agent, stick, mirror) == Imported(1, 0, tables=False, tables_code=None)
    assert app.read_answer(name_of(b"down")) == b"down"


def test_nothing_is_left_in_the_staging_folder(agent, stick, mirror):
    (stick / "PROCU" / "a.prb").write_bytes(b"down")
    import_from(agent, stick, mirror)
    assert list((agent.memory / "staging").iterdir()) == []


def test_our_own_exported_bundles_do_not_come_back(app, agent, stick, mirror):
    app.put_bundle(b"up")
    export_to(agent, stick)
    assert import_from(agent, stick, mirror).answers == 0
    assert app.answer_names() == []


def test_links_pipes_folders_and_huge_files_of_a_key_are_passed_over(app, agent, stick, mirror, tmp_path):
    folder = stick / "PROCU"
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link.prb").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe.prb")
    (folder / "folder.prb").mkdir()
    (folder / "empty.prb").touch()
    (folder / ".hidden.prb").write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"x")
    with (folder / "huge.prb").open("wb") as file:
        file.truncate(SEALED_BYTES_MAX + 1)
    assert import_from(agent, stick, mirror).answers == 0
    assert app.answer_names() == []


def test_a_key_whose_folder_is_a_link_is_not_read_nor_written(app, agent, tmp_path, mirror):
    key = tmp_path / "key"
    key.mkdir()
    (key / "PROCU").symlink_to(tmp_path)
    with pytest.raises(RuleViolated, match=r"^STICK_MISSING$"):
        import_from(agent, key, mirror)
    with pytest.raises(RuleViolated, match=r"^STICK_NOT_A_FOLDER$"):
        export_to(agent, key)


def test_a_key_can_not_fill_the_disk(app, agent, stick, mirror, monkeypatch):
    monkeypatch.setattr("sync_agent.carriers.usb.IMPORT_BYTES_MAX", 10)
    for number in range(4):
        (stick / "PROCU" / f"{number}.prb").write_bytes(b"%d...." % number)
    assert import_from(agent, stick, mirror) == Imported(2, 2, tables=False, tables_code=None)


def test_the_signed_tables_of_a_key_are_taken(app, agent, stick, mirror):
    repository = SmallRepository(stick / "PROCU" / "tuf")
    app.put_root(repository.first_root)
    assert import_from(agent, stick, mirror).tables
    assert [path.read_bytes() for path in (agent.mirror / "targets").iterdir()] == [b"directory, version 1"]


def test_forged_tables_of_a_key_are_not_taken_but_its_answers_are(app, agent, stick, mirror, tmp_path):
    SmallRepository(stick / "PROCU" / "tuf")
    app.put_root(SmallRepository(tmp_path / "ours").first_root)
    (stick / "PROCU" / "a.prb").write_bytes(b"down")
    imported = import_from(agent, stick, mirror)
    assert imported == Imported(1, 0, tables=False, tables_code="TRUST_SIGNATURE")
    assert not (agent.mirror / "targets").exists()
