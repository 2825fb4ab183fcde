"""The drill with the documented commands: a backup of the database, of the keys and of the trail; all three
are lost and put back."""

import json
import shutil
import tarfile
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from procuration.errors import CarrierUnavailable
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.ledger import backups
from server.ledger.backups import back_up
from server.ledger.pruning import prune
from server.ledger.restoring import begin_again
from server.ledger.verifying import verify_everything
from server.traces.checking import Fault, check
from server.traces.reads import _trail, trail_of
from tests.server.centre import World, centre_of
from tests.server.drill import Backup
from tests.server.townhall import Story, agent_of


@pytest.fixture
def world(transactional_db, tmp_path):
    (tmp_path / "home").mkdir()
    world = World(centre_of(tmp_path / "home"))
    install_centre(world.centre)
    yield world
    install_centre(None)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def test_database_keys_and_trail_are_lost_and_put_back(story: Story, world, folder, capsys, tmp_path):
    kept = story.established(1)
    agent = agent_of()
    assert agent.get(f"/mairie/procurations/{kept}/").status_code == 200
    call_command("backup", "--to", str(folder), "--json")
    database, traces = (folder / name for name in sorted(json.loads(capsys.readouterr().out)["files"])[::-1])
    shutil.copytree(world.centre.home / "keys", tmp_path / "keys")
    lost = story.established(2)
    agent.get(f"/mairie/procurations/{lost}/")

    shutil.rmtree(world.centre.home / "keys")
    shutil.rmtree(world.centre.home / "traces")
    (world.centre.home / "traces-head").unlink()
    _trail.cache_clear()

    put_back = Backup.__new__(Backup)
    put_back.path = database
    put_back.put_back()
    shutil.copytree(tmp_path / "keys", world.centre.home / "keys")
    (world.centre.home / "traces").mkdir(mode=0o700)
    with tarfile.open(traces) as archive:
        archive.extractall(world.centre.home / "traces", filter="data")
    (world.centre.home / "traces" / "traces-head").rename(world.centre.home / "traces-head")
    install_centre(replace(world.centre, log_id=begin_again(world.centre).log_id))

    assert set(Procuration.objects.values_list("rid", flat=True)) == {kept}
    assert verify_everything(world.centre, lambda _: None).faults == []
    assert check(trail_of(world.centre)).faults == []
    assert agent.get(f"/mairie/procurations/{kept}/").status_code == 200
    assert check(trail_of(world.centre)).faults == []


def test_a_mark_of_the_log_tells_what_a_restored_trail_lacks(story: Story, world, folder):
    agent = agent_of()
    agent.get("/mairie/")
    _, traces = back_up(folder, trail_of(world.centre), world.clock.at)
    agent.get("/mairie/")
    mark = trail_of(world.centre).head()
    shutil.rmtree(world.centre.home / "traces")
    (world.centre.home / "traces").mkdir()
    with tarfile.open(traces) as archive:
        archive.extractall(world.centre.home / "traces", filter="data")
    (world.centre.home / "traces" / "traces-head").rename(world.centre.home / "traces-head")
    assert check(trail_of(world.centre)).faults == []
    assert [one.fault for one in check(trail_of(world.centre), mark).faults] == [Fault.END_MISSING]


def test_a_backup_is_whole_or_absent_and_the_pruning_knows_it(story: Story, world, folder, monkeypatch):
    files = back_up(folder, trail_of(world.centre), world.clock.at)
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    done = prune(world.clock.at.date(), folder, None)
    assert (done.newest, done.deleted) == (world.clock.at.date(), [])
    name = "_sqlite" if connection.vendor == "sqlite" else "_postgresql"

    def broken(path) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(backups, name, broken)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(CarrierUnavailable, match="SAUVEGARDE_IMPOSSIBLE"):
        back_up(folder, trail_of(world.centre), world.clock.at.replace(second=59))
    assert sorted(path.name for path in folder.iterdir()) == before


def test_no_backup_holds_a_key(story: Story, world, folder):
    agent_of().get("/mairie/")
    key = (world.centre.home / "keys" / "traces.key").read_bytes()
    for path in back_up(folder, trail_of(world.centre), world.clock.at):
        assert key not in path.read_bytes()


def test_the_command_asks_for_its_folder(world):
    with pytest.raises(CommandError, match="backup_dir"):
        call_command("backup")
