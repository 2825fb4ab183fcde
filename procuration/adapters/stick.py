"""A folder of a USB stick: somebody else's, perhaps hostile, full, or pulled out between two calls.

It is held by its descriptor and every file is reached from there, by a plain name and through no link: what
is renamed or linked meanwhile leads nowhere else. What is read is a regular file with one name, small enough
before a byte is read, and the same at the end as at the beginning. What is written is whole or absent. What
the bytes are worth is for the callers (SECURITY-DESIGN 8). A stick has no owners and no modes to set.
"""

import ctypes
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from procuration.adapters.foreign_file import ENTRIES_MAX, ForeignFile
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated

FOLDER: Final = "PROCU"
TABLES: Final = "tuf"
INSTALL_FOLDER: Final = Path(FOLDER, "install")
TABLES_FOLDER: Final = Path(FOLDER, TABLES)
UP, ENROLMENT, DOWN = ".prb", ".enrol", ".down.prb"
"""How names end: a sealed bundle, a sealed enrolment, a sealed answer named after the bundle that it answers.
They only help whoever knows no key: what a file is, its seal says."""
SEALED_NAME: Final = re.compile(r"[^/\0.][^/\0]{0,250}\.(prb|enrol)", re.ASCII)
CONTESTED: Final = ".contestation"
"""How the name of a proof ends that the centre contradicted itself: nothing sealed, nothing secret."""
CONTESTED_NAME: Final = re.compile(r"[0-9a-f]{32}\.contestation", re.ASCII)
_LEFT_OVER: Final = re.compile(r"\.[0-9a-f]{8}\.tmp")
_CHUNK: Final = 1 << 20
_WHY: Final = {
    errno.ENOSPC: "STICK_FULL",
    errno.EDQUOT: "STICK_FULL",
    errno.EFBIG: "STICK_FULL",
    errno.EROFS: "STICK_READ_ONLY",
    errno.EACCES: "STICK_READ_ONLY",
    errno.EPERM: "STICK_READ_ONLY",
    errno.EISDIR: "STICK_OBSTRUCTED",
    errno.ENOTDIR: "STICK_OBSTRUCTED",
    errno.ELOOP: "STICK_OBSTRUCTED",
    errno.ENOTEMPTY: "STICK_OBSTRUCTED",
    errno.EEXIST: "STICK_OBSTRUCTED",
}
_NOT_REGULAR: Final = {errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG, errno.EISDIR, errno.EOPNOTSUPP}


@contextmanager
def told_of_the_stick() -> Iterator[None]:
    """Failures of the stick by a code that its holder can act on.

    Raises: CarrierUnavailable STICK_FULL, STICK_READ_ONLY, STICK_OBSTRUCTED (a folder or link stands where a
    file or folder of ours belongs), STICK_GONE (pulled out, or damaged).
    """
    try:
        yield
    except OSError as error:
        raise CarrierUnavailable(_WHY.get(error.errno or 0, "STICK_GONE")) from error


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds: the first files that may be read, oldest first, and whether it holds too many
    names to look at all of them."""

    files: list[ForeignFile]
    too_many: bool


class StickFolder:
    """An open folder of a stick; good for one visit."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def list(self, pattern: re.Pattern[str], bytes_max: int) -> Listing:
        """The regular files of this name and size among the first 5,000 names; no more names are asked for.

        Raises: CarrierUnavailable.
        """
        found: list[ForeignFile] = []
        with told_of_the_stick(), self._entries() as entries:
            for number, entry in enumerate(entries):
                if number >= ENTRIES_MAX:
                    return Listing(_oldest_first(found), too_many=True)
                if pattern.fullmatch(entry.name) and (file := self._described(entry.name, bytes_max)):
                    found.append(file)
        return Listing(_oldest_first(found), too_many=False)

    @contextmanager
    def _entries(self) -> Iterator[Iterator["os.DirEntry[str]"]]:
        again = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self._descriptor)
        try:
            with os.scandir(again) as entries:
                yield entries
        finally:
            os.close(again)

    def _described(self, name: str, bytes_max: int) -> ForeignFile | None:
        try:
            status = os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if not _is_plain(status) or not 0 < status.st_size <= bytes_max:
            return None
        return ForeignFile(name, status.st_size, status.st_mtime_ns)

    def read(self, name: str, bytes_max: int) -> bytes:
        """All bytes of one file.

        Raises: FileNotFoundError; RecordRejected FILE_NOT_REGULAR, FILE_TOO_LARGE, FILE_CHANGED (while it was
        read); CarrierUnavailable.
        """
        with self.opened(name) as (descriptor, before):
            if before.st_size > bytes_max:
                raise RecordRejected("FILE_TOO_LARGE")
            with told_of_the_stick():
                data = _read(descriptor, before.st_size + 1)
                after = os.fstat(descriptor)
        if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (
            before.st_size,
            before.st_mtime_ns,
        ):
            raise RecordRejected("FILE_CHANGED")
        return data

    @contextmanager
    def opened(self, name: str) -> Iterator[tuple[int, os.stat_result]]:
        """Descriptor and state of one file. Raises: FileNotFoundError, RecordRejected FILE_NOT_REGULAR,
        CarrierUnavailable.
        """
        descriptor = self._open(_plain_name(name))
        try:
            with told_of_the_stick():
                status = os.fstat(descriptor)
            if not _is_plain(status):
                raise RecordRejected("FILE_NOT_REGULAR")
            yield descriptor, status
        finally:
            os.close(descriptor)

    def _open(self, name: str) -> int:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        try:
            return os.open(name, flags, dir_fd=self._descriptor)
        except FileNotFoundError:
            raise
        except OSError as error:
            if error.errno in _NOT_REGULAR:  # a link, a socket, an invented name
                raise RecordRejected("FILE_NOT_REGULAR") from error
            with told_of_the_stick():
                raise

    def write(self, name: str, data: bytes) -> bool:
        """Put a file there, whole or not at all; returns whether it was not there already.

        Raises: CarrierUnavailable; nothing but perhaps a temporary file is then left of it.
        """
        if self._holds(_plain_name(name), data):
            return False
        aside = f".{secrets.token_hex(4)}.tmp"
        with told_of_the_stick():
            try:
                self._write_aside(aside, data)
                os.rename(aside, name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
            except OSError:
                self._forget(aside)
                raise
            os.fsync(self._descriptor)
        return True

    def _write_aside(self, aside: str, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(aside, flags, 0o644, dir_fd=self._descriptor)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _holds(self, name: str, data: bytes) -> bool:
        try:
            return self.read(name, len(data)) == data
        except (FileNotFoundError, RecordRejected):
            return False

    def remove(self, name: str) -> None:
        """Take a file away; one that is not there is no fault. Raises: CarrierUnavailable."""
        with told_of_the_stick():
            try:
                os.unlink(_plain_name(name), dir_fd=self._descriptor)
            except FileNotFoundError:
                return

    def _forget(self, aside: str) -> None:
        try:
            os.unlink(aside, dir_fd=self._descriptor)
        except OSError:  # the stick is gone: what is left has a name that nobody reads
            return

    def clear_leftovers(self) -> None:
        """Remove what an earlier visit left half-written, or empty. Raises: CarrierUnavailable."""
        with told_of_the_stick(), self._entries() as entries:
            left = [one.name for one in islice(entries, ENTRIES_MAX) if _LEFT_OVER.fullmatch(one.name)]
        for name in left:
            self.remove(name)

    @contextmanager
    def below(self, name: str, *, make: bool = False) -> Iterator["StickFolder"]:
        """A folder in this one, reached through no link.

        Raises: FileNotFoundError, when it is not there and not to be made; CarrierUnavailable.
        """
        descriptor = _open_folder(_plain_name(name), self._descriptor, make=make)
        try:
            yield StickFolder(descriptor)
        finally:
            os.close(descriptor)

    def flush(self) -> None:
        """Wait until all that was written to the stick is on it: it may then be pulled out. Raises:
        CarrierUnavailable.
        """
        with told_of_the_stick():
            os.fsync(self._descriptor)
            if ctypes.CDLL(None, use_errno=True).syncfs(self._descriptor):
                raise OSError(ctypes.get_errno(), "syncfs")


@contextmanager
def open_folder(path: Path) -> Iterator[StickFolder]:
    """Any folder, as that of a stick. Raises: CarrierUnavailable."""
    with told_of_the_stick():
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield StickFolder(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def open_stick(stick: Path, *, make: bool = False) -> Iterator[StickFolder]:
    """The folder PROCU of a stick mounted here.

    Raises: RuleViolated STICK_MISSING, when there is no stick, or nothing of ours on it; CarrierUnavailable.
    """
    try:
        with told_of_the_stick():
            top = os.open(stick, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except CarrierUnavailable as error:
        raise RuleViolated("STICK_MISSING") from error
    try:
        try:
            descriptor = _open_folder(FOLDER, top, make=make)
        except FileNotFoundError as error:
            raise RuleViolated("STICK_MISSING") from error
        try:
            yield StickFolder(descriptor)
        finally:
            os.close(descriptor)
    finally:
        os.close(top)


def _open_folder(name: str, above: int, *, make: bool) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(name, flags, dir_fd=above)
    except FileNotFoundError:
        if not make:
            raise
    except OSError:
        with told_of_the_stick():
            raise
    with told_of_the_stick():
        os.mkdir(name, 0o755, dir_fd=above)
        os.fsync(above)
        return os.open(name, flags, dir_fd=above)


def _plain_name(name: str) -> str:
    if not name or "/" in name or "\0" in name or name in {".", ".."}:
        raise RecordRejected("FILE_NOT_REGULAR")
    return name


def _is_plain(status: os.stat_result) -> bool:
    """A regular file with one name: a second one, a hard link, could be anybody's file on the same disk."""
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _oldest_first(files: list[ForeignFile]) -> list[ForeignFile]:
    return sorted(files, key=lambda file: (file.modified_ns, file.name))


def _read(descriptor: int, bytes_max: int) -> bytes:
    parts: list[bytes] = []
    while bytes_max > 0 and (part := os.read(descriptor, min(bytes_max, _CHUNK))):
        parts.append(part)
        bytes_max -= len(part)
    return b"".join(parts)
