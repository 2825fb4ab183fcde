"""Copies older than 35 days go; the one backup that could still save the centre does not."""

import json
import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from procuration.errors import RuleViolated
from server.ledger import pruning
from server.ledger.management.commands import prune_backups
from server.ledger.pruning import day_of_name, prune

TODAY = date(2027, 6, 15)
OLD, EDGE, YOUNG = (TODAY - timedelta(days=days) for days in (36, 35, 1))
WAL = "0000000100000000000000A1"


@pytest.fixture
def backups(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "archive.id").write_bytes(bytes(16))
    for day in (OLD, EDGE, YOUNG):
        (folder / f"{day.isoformat()}-1f.sealed").write_bytes(b"sealed")
    return folder


def dump(folder, day, ending=".dump", content=b"dump"):
    path = folder / f"{day:%Y%m%d}T0200{ending}"
    path.write_bytes(content)
    return path.name


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_36_days_old_goes_and_what_is_35_days_old_stays(backups, archive):
    old, edge, young = (dump(backups, day) for day in (OLD, EDGE, YOUNG))
    done = prune(TODAY, backups, archive)
    assert left(backups) == sorted([edge, young])
    assert left(archive) == [f"{day.isoformat()}-1f.sealed" for day in (EDGE, YOUNG)] + ["archive.id"]
    assert done.deleted == [old, f"{OLD.isoformat()}-1f.sealed"]


def test_the_only_complete_backup_stays_and_so_does_the_archive_since_it(backups, archive):
    only = dump(backups, OLD)
    dump(backups, OLD - timedelta(days=1))
    dump(backups, YOUNG, ".dump.part")
    dump(backups, YOUNG, ".empty", b"")
    done = prune(TODAY, backups, archive)
    assert only in left(backups)
    assert len(left(backups)) == 3
    assert len(left(archive)) == 4
    assert done.newest == OLD


def test_without_any_complete_backup_the_archive_stays_whole(backups, archive):
    dump(backups, OLD, ".dump.part")
    prune(TODAY, backups, archive)
    assert left(backups) == []
    assert len(left(archive)) == 4


def test_without_a_backup_folder_the_archive_goes_by_its_days(archive):
    prune(TODAY, None, archive)
    assert len(left(archive)) == 3


@pytest.mark.parametrize(("manifest", "newest"), [(True, YOUNG), (False, OLD)])
def test_a_base_backup_is_complete_once_it_has_its_manifest(backups, manifest, newest):
    dump(backups, OLD)
    base = backups / f"{YOUNG:%Y%m%d}-base"
    base.mkdir()
    if manifest:
        (base / "backup_manifest").write_text("{}")
    assert prune(TODAY, backups, None).newest == newest


def test_an_old_base_backup_goes_with_all_its_files(backups):
    base = backups / f"{OLD:%Y%m%d}-base"
    (base / "base").mkdir(parents=True)
    (base / "base" / "1").write_text("DUBOIS")
    (base / "backup_manifest").write_text("{}")
    young = dump(backups, YOUNG)
    prune(TODAY, backups, None)
    assert left(backups) == [young]


def test_write_ahead_logs_go_by_their_date_of_change(backups):
    dump(backups, YOUNG)
    (backups / "wal").mkdir()
    for name, day in ((WAL, OLD), (WAL[:-1] + "2", EDGE), ("notes.txt", OLD)):
        path = backups / "wal" / name
        path.write_bytes(b"wal")
        at = (day - date(1970, 1, 1)).total_seconds()
        os.utime(path, (at, at))
    prune(TODAY, backups, None)
    assert left(backups / "wal") == [WAL[:-1] + "2", "notes.txt"]


def test_a_link_is_neither_followed_nor_deleted(backups, tmp_path):
    treasure = tmp_path / "elsewhere"
    treasure.mkdir()
    (treasure / "kept").write_text("kept")
    dump(backups, YOUNG)
    (backups / f"{OLD:%Y%m%d}-base").symlink_to(treasure)
    (backups / f"{OLD:%Y%m%d}-file").symlink_to(treasure / "kept")
    done = prune(TODAY, backups, None)
    assert done.deleted == []
    assert len(done.refused) == 2
    assert (treasure / "kept").exists()


def test_a_folder_that_is_a_link_or_not_there_is_refused(backups, tmp_path):
    (tmp_path / "link").symlink_to(backups)
    for folder in (tmp_path / "link", tmp_path / "nowhere"):
        with pytest.raises(RuleViolated, match="DOSSIER_INTERDIT"):
            prune(TODAY, folder, None)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("20270401T0200.dump", date(2027, 4, 1)),
        ("2027-04-01-1f.sealed", date(2027, 4, 1)),
        ("archive.id", None),
        ("20271301.dump", None),
        ("202704011.dump", None),
        ("old-20270401.dump", None),
        ("", None),
    ],
)
def test_a_day_stands_at_the_beginning_of_a_name(name, day):
    assert day_of_name(name) == day


def test_a_dry_run_deletes_nothing(backups, archive):
    for day in (OLD, YOUNG):
        dump(backups, day)
    assert len(prune(TODAY, backups, archive, dry_run=True).deleted) == 2
    assert (len(left(backups)), len(left(archive))) == (2, 4)


def test_nothing_from_the_future_and_nothing_without_a_day_is_touched(backups):
    names = [dump(backups, TODAY + timedelta(days=400)), dump(backups, YOUNG)]
    (backups / "README").write_text("days")
    prune(TODAY, backups, None)
    assert left(backups) == sorted([*names, "README"])


@pytest.fixture
def command(world, backups, archive, monkeypatch):
    monkeypatch.setattr(prune_backups, "current_centre", lambda: world.centre)
    options = replace(prune_backups.OPTIONS, backup_dir=str(backups), archive_dir=str(archive))
    monkeypatch.setattr(prune_backups, "OPTIONS", options)
    world.clock.at = world.centre.tables.directory.issued + timedelta(hours=1)
    return world


def test_the_command_says_what_it_deleted(command, backups, archive, capsys):
    today = command.clock.at.date()
    old, _ = (dump(backups, today - timedelta(days=days)) for days in (40, 1))
    call_command("prune_backups")
    assert f"Supprimé\u202f: {old}" in capsys.readouterr().out
    call_command("prune_backups", "--json")
    assert json.loads(capsys.readouterr().out)["deleted"] == []


def test_the_command_ends_with_1_when_backups_have_stopped(command, backups, capsys):
    dump(backups, command.clock.at.date() - timedelta(days=40))
    with pytest.raises(SystemExit) as ended:
        call_command("prune_backups")
    assert ended.value.code == 1
    assert "35 jours" in capsys.readouterr().err


def test_a_machine_whose_clock_is_in_doubt_deletes_no_backup(command, backups):
    for days in (400, 1):
        dump(backups, command.clock.at.date() + timedelta(days=400 - days))
    command.clock.at += timedelta(days=800)
    with pytest.raises(RuleViolated, match="HORLOGE_DOUTEUSE"):
        call_command("prune_backups")
    assert len(left(backups)) == 2


def test_the_window_is_the_one_that_is_announced():
    assert timedelta(days=35) == pruning.KEPT
