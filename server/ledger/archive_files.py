"""The files of the sealed archive, on a disk of their own: one for each UTC day and process that writes.

A file has one writer, so no append waits for another process; its name begins with its day, so that what is
too old is deleted by name. A file where a write failed is left as it is and another one begun.
"""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

from procuration.adapters.durable_file import PRIVATE, sync_folder
from procuration.domain.identifiers import Kid, LogId, Realm
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.archive import (
    FRAME_BYTES_MAX,
    ID_BYTES,
    ArchivedEvents,
    FileKey,
    encode_events,
    frame,
    header,
    new_file_key,
    open_header,
    read_events,
    read_frames,
)
from procuration.record.sealed import SealingPrivateKey, SealingPublicKey

SUFFIX: Final = ".sealed"
_ID_NAME: Final = "archive.id"


class ArchiveWriter:
    """What this process appends to; threads take turns."""

    def __init__(self, folder: Path, realm: Realm) -> None:
        self._folder, self._realm = folder, realm
        self._lock = Lock()
        self._process = os.getpid()
        self._descriptor: int | None = None
        self._day = ""
        self._key = FileKey(realm, b"", b"")
        self._frames = 0
        self._logs: set[LogId] = set()

    def append(
        self,
        records: Sequence[ArchivedEvents],
        *,
        archive_id: bytes,
        recipient: SealingPublicKey,
        now: datetime,
    ) -> None:
        """Write records and wait until the disk has them. An enrolment goes in once for each file and log.

        Raises: OSError, with nothing to be relied on of these records.
        """
        with self._lock:
            self._leave_if_other(archive_id, now)
            try:
                new = self._descriptor is None
                if new:
                    self._begin(archive_id, recipient, now)
                assert self._descriptor is not None, "just opened"
                for record in records:
                    self._put(self._descriptor, frame(self._key.encrypt(self._frames, self._plain(record))))
                os.fdatasync(self._descriptor)
                if new:
                    sync_folder(self._folder)
            except OSError:
                self._leave()
                raise

    def _leave_if_other(self, archive_id: bytes, now: datetime) -> None:
        other_process = self._process != os.getpid()  # after a fork the file is the parent's
        other = self._day != day_text(now) or self._key.archive_id != archive_id
        if self._descriptor is not None and (other or other_process):
            self._leave()
        self._process = os.getpid()

    def _begin(self, archive_id: bytes, recipient: SealingPublicKey, now: datetime) -> None:
        self._day = day_text(now)
        self._key = new_file_key(self._realm, archive_id, os.urandom)
        self._logs = set()
        self._frames = 0
        path = self._folder / f"{self._day}.{secrets.token_hex(8)}{SUFFIX}"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, 0o600)
        self._put(self._descriptor, frame(header(self._key, recipient)))

    def _plain(self, record: ArchivedEvents) -> bytes:
        if record.log_id in self._logs:
            record = ArchivedEvents(record.log_id, record.first_seq, record.written_us, None, record.events)
        self._logs.add(record.log_id)
        return encode_events(record)

    def _put(self, descriptor: int, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        self._frames += 1

    def _leave(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):  # the disk is gone: nothing of this file was said to be durable
                os.close(self._descriptor)
        self._descriptor = None


def day_text(at: datetime) -> str:
    """The day of a file's name."""
    return at.date().isoformat()


def archive_files(folder: Path) -> list[Path]:
    """The files of the archive, the oldest day first."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file() and not path.is_symlink())


def find_id(folder: Path) -> bytes | None:
    """Which archive this folder is, None when it is none (yet, or because its disk is not mounted).

    Raises: OSError, CarrierUnavailable ARCHIVE_ABSENTE when the file says something else.
    """
    try:
        with (folder / _ID_NAME).open("rb") as file:
            found = file.read(ID_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(found) != ID_BYTES:
        raise CarrierUnavailable("ARCHIVE_ABSENTE")
    return found


def give_id(folder: Path) -> bytes:
    """Make this folder an archive; two processes at once agree on one. Raises: OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    aside = folder / f".{_ID_NAME}.{secrets.token_hex(8)}"
    descriptor = os.open(aside, flags, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(ID_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):  # another process was first: its number is the one
            os.link(aside, folder / _ID_NAME)
    finally:
        aside.unlink()
    sync_folder(folder)
    found = find_id(folder)
    assert found is not None, "linked just now"
    return found


def read_archive_file(
    path: Path, keys: Mapping[Kid, SealingPrivateKey], realm: Realm
) -> Iterator[tuple[int, ArchivedEvents]]:
    """The records of a file and where each begins; the whole file is never in memory.

    Raises: RecordRejected: a frame is damaged, or the file is not for us; what came before it is sound.
    """
    with path.open("rb") as file:
        key: FileKey | None = None
        for number, one in enumerate(read_frames(file.read)):
            if key is None:
                key = open_header(one.data, keys, realm)
                continue
            yield one.offset, read_events(key.decrypt(number, one.data))


def read_record_at(
    path: Path, offset: int, number: int, keys: Mapping[Kid, SealingPrivateKey], realm: Realm
) -> ArchivedEvents:
    """One record again, by where it begins and its number in the file. Raises: RecordRejected, OSError."""
    with path.open("rb") as file:
        first = next(read_frames(file.read), None)
        file.seek(offset)
        wanted = next(read_frames(file.read), None)
    if first is None or wanted is None or len(wanted.data) > FRAME_BYTES_MAX:
        raise RecordRejected("ARCHIVE_DAMAGED", offset=offset)
    return read_events(open_header(first.data, keys, realm).decrypt(number, wanted.data))
