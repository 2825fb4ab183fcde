"""Deletes backups, archive files and write-ahead logs older than 35 days: for so long may a copy hold what
was purged, and no longer (`procuration-server prune-backups`).

A day stands at the beginning of a name, `20270401...` or `2027-04-01...`; a name without one is left alone.
Never deleted: the newest complete backup, and the archive and the logs that a restore from it would read.
"""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from procuration.errors import RuleViolated

KEPT: Final = timedelta(days=35)
DAY_OF_NAME: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
"""How names of backups and of the archive begin."""
WAL_NAME: Final = re.compile(r"[0-9A-F]{24}(\.[0-9A-Za-z.]+)?")
"""Write-ahead logs as PostgreSQL archives them; they have no day, their date of change counts."""
WAL_FOLDER: Final = "wal"
UNFINISHED: Final = (".part", ".partial", ".tmp")
"""How the name of a backup ends while it is being written."""
_MANIFEST: Final = "backup_manifest"  # pg_basebackup writes it last


@dataclass(slots=True)
class Pruned:
    """What was done.

    Attributes:
        deleted: names, as they stood in their folder.
        refused: links, which are never followed nor deleted.
        newest: day of the newest complete backup, None when there is none.
    """

    deleted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    newest: date | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """One entry of a folder, looked at without following links."""

    name: str
    day: date | None
    is_folder: bool
    changed: date
    complete: bool


def prune(today: date, backups: Path | None, archive: Path | None, *, dry_run: bool = False) -> Pruned:
    """Delete what is older than 35 days.

    Raises: RuleViolated DOSSIER_INTERDIT for a folder that is a link or not there.
    """
    done = Pruned()
    oldest_kept = today - KEPT
    if backups is not None:
        oldest_kept = _prune_backups(backups, oldest_kept, done, dry_run=dry_run)
        if (backups / WAL_FOLDER).exists():
            _prune_wal(backups / WAL_FOLDER, oldest_kept, done, dry_run=dry_run)
    if archive is not None:
        for one in _entries(archive, done):
            if one.day is not None and one.day < oldest_kept and not one.is_folder:
                _delete(archive, one, done, dry_run=dry_run)
    return done


def _prune_backups(folder: Path, oldest_kept: date, done: Pruned, *, dry_run: bool) -> date:
    """Returns: the day from which archive and logs are kept, that of the newest backup when it is older."""
    found = [one for one in _entries(folder, done) if one.day is not None]
    complete = sorted((one.day, one.name) for one in found if one.complete and one.day is not None)
    newest = complete[-1] if complete else None
    done.newest = None if newest is None else newest[0]
    for one in found:
        if one.day is not None and one.day < oldest_kept and (one.day, one.name) != newest:
            _delete(folder, one, done, dry_run=dry_run)
    if newest is None:
        return date.min  # nothing to restore from: whatever is there may be all there is
    return min(oldest_kept, newest[0])


def _prune_wal(folder: Path, oldest_kept: date, done: Pruned, *, dry_run: bool) -> None:
    for one in _entries(folder, done):
        if WAL_NAME.fullmatch(one.name) and one.changed < oldest_kept and not one.is_folder:
            _delete(folder, one, done, dry_run=dry_run)


def _entries(folder: Path, done: Pruned) -> Iterator[_Found]:
    """The entries of a folder by name; links are noted and left."""
    if folder.is_symlink() or not folder.is_dir():
        raise RuleViolated("DOSSIER_INTERDIT")
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            done.refused.append(entry.name)
            continue
        is_folder = stat.S_ISDIR(status.st_mode)
        yield _Found(
            name=entry.name,
            day=day_of_name(entry.name),
            is_folder=is_folder,
            changed=datetime.fromtimestamp(status.st_mtime, UTC).date(),
            complete=_is_complete(Path(entry.path), status, is_folder=is_folder),
        )


def day_of_name(name: str) -> date | None:
    """The day at the beginning of a name, None when there is none."""
    found = DAY_OF_NAME.match(name)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _is_complete(path: Path, status: os.stat_result, *, is_folder: bool) -> bool:
    """A dump that has its final name and is not empty; a base backup that has its manifest."""
    if path.name.endswith(UNFINISHED):
        return False
    return (path / _MANIFEST).is_file() if is_folder else status.st_size > 0


def _delete(folder: Path, one: _Found, done: Pruned, *, dry_run: bool) -> None:
    """By name within its open folder: what somebody puts there meanwhile cannot lead elsewhere."""
    done.deleted.append(one.name)
    if dry_run:
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if one.is_folder:
            shutil.rmtree(one.name, dir_fd=descriptor)
        else:
            os.unlink(one.name, dir_fd=descriptor)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
