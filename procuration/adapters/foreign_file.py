"""A file that somebody else put in a folder: read only if it is regular, reached through no link, and small.

Decides what may be opened at all; its callers decide what the bytes are worth. Spool, mirror and USB stick
are read through here: another account, or a stranger's stick, can put a link, a pipe or a huge file there.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from procuration.errors import RecordRejected

ENTRIES_MAX = (
    5_000  # SECURITY-DESIGN 8: a folder with more is somebody's attack, or somebody's holiday pictures
)


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """What a folder says of one of its regular files, before anything is read.

    Attributes:
        name: its name in the folder, without any separator.
        size: in bytes.
        modified_ns: wall time of the last change, nanoseconds since 1970.
    """

    name: str
    size: int
    modified_ns: int


def list_regular(folder: Path, pattern: re.Pattern[str], bytes_max: int) -> list[ForeignFile]:
    """The regular files whose whole name matches and whose size is 1 to `bytes_max`, oldest change first.

    Links, pipes, folders, other names, empty and oversized files are passed over, and so is everything after
    the first `ENTRIES_MAX` entries. A missing folder is an empty one.
    """
    found = list(_matching(folder, pattern, bytes_max))
    return sorted(found, key=lambda file: (file.modified_ns, file.name))


def _matching(folder: Path, pattern: re.Pattern[str], bytes_max: int) -> Iterator[ForeignFile]:
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    with entries:
        for number, entry in enumerate(entries):
            if number >= ENTRIES_MAX:
                return
            if pattern.fullmatch(entry.name) and (file := _described(entry)) and 0 < file.size <= bytes_max:
                yield file


def _described(entry: os.DirEntry[str]) -> ForeignFile | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # the other program removed it meanwhile
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return ForeignFile(entry.name, status.st_size, status.st_mtime_ns)


def read_regular(folder: Path, name: str, bytes_max: int) -> bytes:
    """All bytes of one regular file of the folder.

    Raises: FileNotFoundError; RecordRejected FILE_NOT_REGULAR (link, pipe, device, folder, a name that leaves
    the folder) or FILE_TOO_LARGE.
    """
    with open_regular(folder, name) as descriptor:
        return _read_capped(descriptor, bytes_max)


@contextmanager
def open_regular(folder: Path, name: str) -> Iterator[int]:
    """Descriptor of an open regular file; no pipe blocks it, no link leads it. Raises as `read_regular`."""
    if not name or "/" in name or "\0" in name or name in {".", ".."}:
        raise RecordRejected("FILE_NOT_REGULAR")
    descriptor = _open(folder / name)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise RecordRejected("FILE_NOT_REGULAR")
        yield descriptor
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG}:  # link, socket, invented name
            raise RecordRejected("FILE_NOT_REGULAR") from error
        raise


def _read_capped(descriptor: int, bytes_max: int) -> bytes:
    parts: list[bytes] = []
    left = bytes_max + 1  # one more than allowed: a file that grows after it was listed is noticed
    while left > 0 and (part := os.read(descriptor, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    if left == 0:
        raise RecordRejected("FILE_TOO_LARGE")
    return b"".join(parts)
