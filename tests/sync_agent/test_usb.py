"""The USB key: what waits goes out, what came back goes in, and a stranger's key does no harm."""

from datetime import UTC, datetime, timedelta

import pytest

from procuration.adapters.spool import AgentSpool, AppSpool, name_of
from procuration.adapters.stick import StickFolder
from procuration.errors import CarrierUnavailable, RuleViolated
from sync_agent.carriers.usb import Exported, Imported, export_to, import_from
from sync_agent.mirror import Mirror
from tests.adapters.small_repository import SmallRepository
from tests.sync_agent.sealed import CENTRE, OURS, addressed, sealed

__all__ = ["addressed"]
pytestmark = pytest.mark.usefixtures("addressed")
DOWN = sealed(OURS, b"down")


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
    assert export_to(agent, stick) == Exported(2)
    assert (stick / "PROCU" / f"{name}.prb").read_bytes() == b"up"


def test_r_55_a_key_that_is_full_too_soon_holds_what_the_nearest_closing_depends_on(
    app, agent, stick, monkeypatch
):
    app.put_bundle(b"later")
    urgent, second = app.put_bundle(b"urgent"), app.put_bundle(b"second")
    sunday = datetime(2027, 4, 11, 8, 0, tzinfo=UTC)
    app.write_closings({f"{second}.prb": sunday, f"{urgent}.prb": sunday - timedelta(hours=9)})
    enrolment = app.put_enrolment(b"enrolment")
    room, write = [True, True, False], StickFolder.write

    def on_a_small_key(folder, name, data):
        if not room.pop(0):
            raise CarrierUnavailable("STICK_FULL")
        return write(folder, name, data)

    monkeypatch.setattr(StickFolder, "write", on_a_small_key)
    with pytest.raises(CarrierUnavailable) as caught:
        export_to(agent, stick)
    assert (caught.value.code, caught.value.ids) == ("STICK_FULL", {"done": 2, "total": 4})
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
    assert export_to(agent, key).exported == 1


def test_without_key_nothing_is_exported_nor_imported(agent, tmp_path, mirror):
    for act in (
        lambda: export_to(agent, tmp_path / "none"),
        lambda: import_from(agent, tmp_path / "none", mirror),
    ):
        with pytest.raises(RuleViolated, match=r"^STICK_MISSING$"):
            act()


def test_an_answer_is_imported_whatever_its_name(app, agent, stick, mirror):
    (stick / "PROCU" / "Réponse du centre.prb").write_bytes(DOWN)
    imported = import_from(agent, stick, mirror)
    assert imported == Imported(1, 0, tables=False, tables_code=None, taken=("Réponse du centre.prb",))
    assert app.read_answer(name_of(DOWN)) == DOWN


def test_nothing_is_left_in_the_staging_folder(agent, stick, mirror):
    (stick / "PROCU" / "a.prb").write_bytes(DOWN)
    import_from(agent, stick, mirror)
    assert list((agent.memory / "staging").iterdir()) == []


def test_our_own_exported_bundles_do_not_come_back(app, agent, stick, mirror):
    app.put_bundle(b"up")
    export_to(agent, stick)
    assert import_from(agent, stick, mirror).answers == 0
    assert app.answer_names() == []


def test_a_key_can_not_fill_the_disk(app, agent, stick, mirror, monkeypatch):
    files = [sealed(OURS, b"%d" % number) for number in range(4)]
    monkeypatch.setattr("sync_agent.carriers.usb.IMPORT_BYTES_MAX", 2 * len(files[0]))
    for number, data in enumerate(files):
        (stick / "PROCU" / f"{number}.prb").write_bytes(data)
    imported = import_from(agent, stick, mirror)
    assert (imported.answers, imported.passed_over) == (2, 2)


def test_the_signed_tables_of_a_key_are_taken(app, agent, stick, mirror):
    repository = SmallRepository(stick / "PROCU" / "tuf")
    app.put_root(repository.first_root)
    assert import_from(agent, stick, mirror).tables
    assert [path.read_bytes() for path in (agent.mirror / "targets").iterdir()] == [b"directory, version 1"]


def test_forged_tables_of_a_key_are_not_taken_but_its_answers_are(app, agent, stick, mirror, tmp_path):
    SmallRepository(stick / "PROCU" / "tuf")
    app.put_root(SmallRepository(tmp_path / "ours").first_root)
    (stick / "PROCU" / "a.prb").write_bytes(DOWN)
    imported = import_from(agent, stick, mirror)
    assert (imported.answers, imported.tables_code) == (1, "TRUST_SIGNATURE")
    assert not (agent.mirror / "targets").exists()


def test_the_tables_of_this_tablet_reach_another_one_by_the_key(app, agent, stick, mirror, tmp_path, clock):
    repository = SmallRepository(stick / "PROCU" / "tuf")
    app.put_root(repository.first_root)
    import_from(agent, stick, mirror)
    key = tmp_path / "second key"
    key.mkdir()
    assert export_to(agent, key).tables
    other_app, other = AppSpool(tmp_path / "other"), AgentSpool(tmp_path / "other")
    other_app.put_root(repository.first_root)
    assert import_from(other, key, Mirror(other, clock)).tables
    assert [path.read_bytes() for path in (other.mirror / "targets").iterdir()] == [b"directory, version 1"]


def test_tables_that_no_list_names_any_more_leave_the_key(app, agent, stick, mirror, tmp_path):
    centre = tmp_path / "centre" / "PROCU" / "tuf"
    repository = SmallRepository(centre)
    app.put_root(repository.first_root)
    import_from(agent, centre.parents[1], mirror)
    export_to(agent, stick)
    repository.tables["directory.cbor"] = b"directory, version 2"
    repository.publish()
    import_from(agent, centre.parents[1], mirror)
    export_to(agent, stick)
    targets = (stick / "PROCU" / "tuf" / "targets").iterdir()
    assert [path.read_bytes() for path in targets] == [b"directory, version 2"]
    assert not (stick / "PROCU" / "tuf" / "metadata" / "1.targets.json").exists()


def test_what_is_done_with_leaves_the_key_and_what_waits_here_stays(app, agent, stick):
    waits = app.put_bundle(sealed(CENTRE, b"waits"))
    for name in (f"{waits}.down.prb", f"{'a' * 32}.prb", f"{'a' * 32}.down.prb", "taken.prb"):
        (stick / "PROCU" / name).write_bytes(DOWN)
    export_to(agent, stick, taken=("taken.prb",))
    left = {path.name for path in (stick / "PROCU").iterdir()}
    assert left == {f"{waits}.prb", f"{waits}.down.prb", f"{'a' * 32}.down.prb"}


def test_a_copy_that_is_stopped_leaves_whole_files_only(app, agent, stick):
    for number in range(4):
        app.put_bundle(sealed(CENTRE, b"%d" % number))
    told = []

    def until_two(done, total):
        told.append((done, total))
        return done < 2

    assert export_to(agent, stick, until_two) == Exported(2, stopped=True)
    assert told == [(0, 4), (1, 4), (2, 4)]
    assert len(list((stick / "PROCU").iterdir())) == 2
