"""The files of the audit trail: one a day, only ever appended to, each line chained to the one before.

Several processes and threads write at once, one after the other under a lock of the system. A line is on the
disk before `append` returns, so a page that is answered has its trace. The mark of the last line is kept a
second time outside the folder: who cuts the end of a file off leaves a mark that points at nothing.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import sync_folder
from procuration.errors import CarrierUnavailable, RecordRejected
from server.traces.entries import (
    BEGINNING,
    LINE_BYTES_MAX,
    Draft,
    Entry,
    Mark,
    decode_unchecked,
    encode,
)

SUFFIX: Final = ".traces"
_NAME: Final = re.compile(r"\d{4}-\d{2}-\d{2}\.traces")
_HEAD: Final = re.compile(rb"(\d{20}) ([0-9a-f]{64})\n")
_KEY_BYTES: Final = 32
_FOR_US: Final = 0o600


@dataclass(frozen=True, slots=True)
class Trail:
    """One audit trail.

    Attributes:
        folder: where the files of days are.
        head_file: the mark of the last line; not in `folder`.
        key: authenticates each line; used for nothing else.
    """

    folder: Path
    head_file: Path
    key: bytes = field(repr=False)

    def append(self, draft: Draft, now: datetime) -> Mark:
        """Write one entry and wait for the disk.

        Raises: CarrierUnavailable TRACE_IMPOSSIBLE: the disk is full, absent or read-only; nothing that the
            entry speaks of may be shown.
        """
        try:
            with self.held():
                day, last = self._end(now.astimezone(UTC).date())
                line, mark = encode(Entry(draft, now, last.n + 1, last.mac), self.key)
                _append_durably(self.folder / f"{day.isoformat()}{SUFFIX}", line)
                self._keep_head(mark)
                return mark
        except OSError as error:
            raise CarrierUnavailable("TRACE_IMPOSSIBLE") from error

    def files(self) -> list[Path]:
        """The files of days, the oldest first; nothing else that lies in the folder."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if _NAME.fullmatch(path.name))

    def head(self) -> Mark | None:
        """The mark kept outside; None when there is none that can be read."""
        try:
            found = _HEAD.fullmatch(self.head_file.read_bytes()[:200])
        except FileNotFoundError:
            return None
        return Mark(int(found[1]), found[2].decode()) if found else None

    @contextmanager
    def held(self) -> Iterator[None]:
        """One writer at a time: each opening of the file is a lock of its own, between threads too."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.folder / "lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _FOR_US)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _end(self, today: date) -> tuple[date, Mark]:
        """The day whose file grows, and what the next line follows: the further of the last line and of the
        mark kept outside, so that a cut end stays a gap for ever."""
        files = self.files()
        day = max([today, *(day_of(path) for path in files[-1:])])
        written = next((mark for path in reversed(files) if (mark := last_mark(path))), BEGINNING)
        return day, max(written, self.head() or BEGINNING, key=lambda mark: mark.n)

    def _keep_head(self, mark: Mark) -> None:
        """Written in place and not waited for: after a power cut it may be behind the file, never ahead."""
        descriptor = os.open(self.head_file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _FOR_US)
        try:
            os.pwrite(descriptor, b"%020d %s\n" % (mark.n, mark.mac.encode()), 0)
        finally:
            os.close(descriptor)


def day_of(path: Path) -> date:
    """The UTC day of a file."""
    return date.fromisoformat(path.name.removesuffix(SUFFIX))


def last_mark(path: Path) -> Mark | None:
    """The mark of the last whole line of a file. What follows it is torn, by a power cut: no page waited for
    it, and it goes."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 2 * LINE_BYTES_MAX))
        tail = file.read(2 * LINE_BYTES_MAX)
        whole, end, torn = tail.rpartition(b"\n")
        if torn and (end or len(tail) == size):
            file.truncate(size - len(torn))
        line = whole.rpartition(b"\n")[2]
    try:
        return decode_unchecked(line)[1] if end else None
    except RecordRejected:
        return None


def _append_durably(path: Path, line: bytes) -> None:
    """All of the line or nothing of it. Raises: OSError."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _FOR_US)
    size = os.fstat(descriptor).st_size
    try:
        if os.write(descriptor, line) != len(line):
            raise OSError("written in part")
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)  # a full disk takes the beginning of a line
        raise
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def trail_key(path: Path) -> bytes:
    """The key of the trail, drawn once; two programs that start together agree on one.

    Raises: CarrierUnavailable TRACE_IMPOSSIBLE.
    """
    try:
        if not path.exists():
            _draw(path)
        key = path.read_bytes()
    except OSError as error:
        raise CarrierUnavailable("TRACE_IMPOSSIBLE") from error
    if len(key) != _KEY_BYTES:
        raise CarrierUnavailable("TRACE_IMPOSSIBLE")
    return key


def _draw(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    drawn = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(drawn, path)  # fails when another program was first: then its key is the one
    except FileExistsError:
        return
    finally:
        drawn.unlink()
