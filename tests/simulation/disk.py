"""The disk of one machine: what programs wrote on it, what of that it really has, and when its power fails.

Programs write through `os` and SQLite, and each of their steps is a *point* at which a fault may be armed:
power cut, end of the process, full disk. A power cut leaves what POSIX and SQLite promise and no more: data
that were never synced are cut at a random length; names changed in a folder that was not synced afterwards
may be as before (the last changes first, as a journal loses them); the write-ahead log may end anywhere
behind the last commit that was synced. Replaying every single write is another test's business.
"""

import errno
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from sqlcipher3 import dbapi2 as sqlcipher

_NOT_KEPT = shutil.ignore_patterns("*-shm", "turn", "ballast")
_WAL_HEADER, _FRAME_HEADER = 32, 24
_FULL = 2  # PRAGMA synchronous
_MEMORY_LOCK = "PRAGMA cipher_memory_security"  # locks each page in memory: slow, and of no matter to a disk


class PowerCut(BaseException):
    """The machine is off: nothing after this point happened. Not an Exception: no program can catch it."""


@dataclass
class Armed:
    """A fault that waits for its point: "power", "kill" or "full"."""

    kind: str
    point: int


@dataclass
class NameChange:
    """A name changed in a folder that was not synced since: it can be undone."""

    path: Path
    before: bytes | None  # what the name meant before


class Disk:
    """One folder as a medium, with everything its machine keeps."""

    _in_use: "Disk | None" = None
    _all: "list[Disk]" = []  # noqa: RUF012  of this run

    def __init__(self, root: Path, image: Path):
        self.root, self._image = root, image
        Disk._all.append(self)
        self.points = 0
        self.full = self.was_full = False
        self.armed: Armed | None = None
        self._unsynced: set[Path] = set()
        self._changes: list[NameChange] = []
        self._log_mark = (b"", 0)  # salts of the write-ahead log, and its length when it was synced last
        self.chance = None

    @contextmanager
    def used(self, chance):
        """What happens inside is done by programs of this machine."""
        before, Disk._in_use, self.chance = Disk._in_use, self, chance
        self.was_full = False
        try:
            yield
        finally:
            Disk._in_use = before
            self.armed, self.full = None, False

    def arm(self, kind: str, point: int) -> None:
        """At the point of that number from now on the power fails, the programs end or the disk is full."""
        self.armed = Armed(kind, point)

    def holds(self, path) -> bool:
        """Whether a path is on this disk."""
        return str(path).startswith(f"{self.root}/")

    # points

    def point(self) -> None:
        """One step of a program. Raises: PowerCut; OSError when the disk is full."""
        self.points += 1
        if self.armed is not None:
            self.armed.point -= 1
            if self.armed.point <= 0:
                self._strike(self.armed.kind)
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")

    def _strike(self, kind: str) -> None:
        self.armed = None
        if kind == "full":
            self.full = self.was_full = True
            return
        self.freeze(kind)
        raise PowerCut

    def freeze(self, kind: str) -> None:
        """Keep what the medium has at this very moment; `thaw` brings it back."""
        shutil.rmtree(self._image, ignore_errors=True)
        shutil.copytree(self.root, self._image, ignore=_NOT_KEPT, symlinks=True)
        if kind == "power":
            self._lose_names()
            self._lose_data()
            self._tear_log()

    def thaw(self) -> None:
        """The machine starts again from what the medium kept."""
        shutil.rmtree(self.root)
        self._image.rename(self.root)
        self._unsynced.clear()
        self._changes.clear()
        self._log_mark = (b"", 0)

    def _kept(self, path: Path) -> Path:
        return self._image / path.relative_to(self.root)

    def _lose_names(self) -> None:
        lost = self.chance.randint(0, len(self._changes))
        for change in reversed(self._changes[len(self._changes) - lost :]):
            kept = self._kept(change.path)
            if change.before is None:
                kept.unlink(missing_ok=True)
            else:
                kept.write_bytes(change.before)

    def _lose_data(self) -> None:
        for path in sorted(self._unsynced):
            kept = self._kept(path)
            if kept.exists():
                data = kept.read_bytes()
                kept.write_bytes(data[: self.chance.randint(0, max(0, len(data) - 1))])

    def _tear_log(self) -> None:
        for kept in self._image.rglob("store.db-wal"):
            salts, end = _valid_log(kept)
            synced = self._log_mark[1] if self._log_mark[0] == salts else 0
            with kept.open("r+b") as file:
                file.truncate(self.chance.randint(min(synced, end), end))

    # what programs did

    def created(self, path: Path) -> None:
        self._unsynced.add(path)
        self._changes.append(NameChange(path, None))

    def synced(self, path: Path) -> None:
        """A file: its data last. A folder: the names in it last."""
        if path.is_dir():
            self._changes = [change for change in self._changes if change.path.parent != path]
        self._unsynced.discard(path)

    def renamed(self, source: Path, target: Path, before: bytes | None) -> None:
        self._changes.append(NameChange(target, before))
        if source in self._unsynced:
            self._unsynced.discard(source)
            self._unsynced.add(target)

    def removed(self, path: Path, before: bytes | None) -> None:
        self._unsynced.discard(path)
        self._changes.append(NameChange(path, before))

    def log_synced(self, database: Path) -> None:
        """The commits so far are on the medium."""
        self._log_mark = _valid_log(database.with_name(database.name + "-wal"), *self._log_mark)

    @classmethod
    def of(cls, path) -> "Disk | None":
        """The disk of the machine that works now, when the path is on it."""
        disk = cls._in_use
        return disk if disk is not None and disk.holds(path) else None


def _valid_log(path: Path, known_salts: bytes = b"", known_end: int = 0) -> tuple[bytes, int]:
    """Salts of a write-ahead log, and where its last frame of these salts ends (SQLite's file format, 4).

    Args:
        known_salts, known_end: what it said last time, so that only new frames are read.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return b"", 0
    with file:
        header = file.read(_WAL_HEADER)
        if len(header) < _WAL_HEADER:
            return b"", 0
        frame = _FRAME_HEADER + int.from_bytes(header[8:12], "big")
        salts, size = header[16:24], os.fstat(file.fileno()).st_size
        end = known_end if salts == known_salts else _WAL_HEADER
        while end + frame <= size:
            file.seek(end)
            if file.read(_FRAME_HEADER)[8:16] != salts:
                break
            end += frame
    return salts, end


class RecordedDatabase:
    """A SQLite connection whose statements are points of a disk. Reads are not,
    nor is a rollback: it needs no room."""

    def __init__(self, database, path: Path):
        self._database, self._path = database, path
        self._syncs: bool | None = None

    def __getattr__(self, name):
        return getattr(self._database, name)

    def execute(self, sql, values=()):
        if sql.startswith(_MEMORY_LOCK):
            return None
        disk = Disk.of(self._path)
        verb = sql.lstrip()[:6].upper()
        if disk is None or verb in ("SELECT", "PRAGMA", "ROLLBA"):
            done = self._database.execute(sql, values)
            if verb == "COMMIT" and self._is_synced():
                self._synced_in_peace()
            return done
        self._point(disk)
        done = self._database.execute(sql, values)
        if verb == "COMMIT":
            self._point(disk)  # written, not yet synced
            if self._is_synced():
                disk.log_synced(self._path)
            self._point(disk)
        return done

    def _synced_in_peace(self) -> None:
        """A commit while nothing can strike: the installation, a start in the morning."""
        for disk in Disk._all:
            if disk.holds(self._path):
                disk.log_synced(self._path)

    def _point(self, disk: Disk) -> None:
        try:
            disk.point()
        except OSError as error:
            full = sqlcipher.OperationalError("database or disk is full")
            full.sqlite_errorcode, full.sqlite_errorname = 13, "SQLITE_FULL"
            raise full from error

    def _is_synced(self) -> bool:
        """SQLite syncs its log at each commit only with `synchronous = FULL` (or above)."""
        if self._syncs is None:
            self._syncs = self._database.execute("PRAGMA synchronous").fetchone()[0] >= _FULL
        return self._syncs


class _CutShort:
    """A file that takes half of what is written to it: the disk is full."""

    def __init__(self, file):
        self._file = file

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def write(self, data):
        self._file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


def _bytes_of(path) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def recorded_disks():
    """Every write of the programs goes through `Disk` as long as this lasts."""
    real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "unlink", "fdopen", "statvfs")}
    connect = sqlcipher.connect

    def open_(path, flags, *rest, **more):
        disk = Disk.of(path) if flags & os.O_CREAT else None
        if disk is not None:
            disk.point()
        descriptor = real["open"](path, flags, *rest, **more)
        if disk is not None:
            disk.created(Path(path))
        return descriptor

    def fdopen(descriptor, *rest, **more):
        disk = Disk.of(os.readlink(f"/proc/self/fd/{descriptor}"))
        try:
            if disk is not None:
                disk.point()
        except OSError:
            return _CutShort(real["fdopen"](descriptor, *rest, **more))
        except PowerCut:
            os.close(descriptor)
            raise
        return real["fdopen"](descriptor, *rest, **more)

    def fsync(descriptor):
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        disk = Disk.of(path)
        if disk is None:
            return
        disk.point()
        disk.synced(path)

    def replace(source, target, **more):
        disk = Disk.of(target)
        before = _bytes_of(target) if disk is not None else None
        if disk is not None:
            disk.point()
        real["replace"](source, target, **more)
        if disk is not None:
            disk.renamed(Path(source), Path(target), before)

    def unlink(path, **more):
        disk = Disk.of(path)
        before = _bytes_of(path) if disk is not None else None
        real["unlink"](path, **more)
        if disk is not None and before is not None:
            disk.removed(Path(path), before)
            disk.point()

    def statvfs(path):
        disk, answer = Disk.of(path), real["statvfs"](path)
        if disk is None or not disk.full:
            return answer
        return os.statvfs_result((*answer[:3], 0, 0, *answer[5:10]))

    def connected(path, *rest, **more):
        return RecordedDatabase(connect(path, *rest, **more), Path(path))

    with (
        mock.patch.multiple(
            os, open=open_, fdopen=fdopen, fsync=fsync, replace=replace, unlink=unlink, statvfs=statvfs
        ),
        mock.patch.object(sqlcipher, "connect", connected),
    ):
        yield
    Disk._all.clear()
