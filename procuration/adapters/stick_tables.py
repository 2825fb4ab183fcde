"""The signed tables on a stick: the same TUF repository, in PROCU/tuf.

Written, the list that names the newest comes last, and what no list names any more goes: a stick pulled out
in between holds the old state or the new one. Read, nothing of it is believed: the TUF client judges.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Snapshot, Targets, Timestamp
from tuf.ngclient.fetcher import FetcherInterface

from procuration.adapters.foreign_file import read_regular
from procuration.adapters.stick import TABLES, StickFolder
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.limits import TABLE_BYTES_MAX

METADATA, TARGETS = "metadata", "targets"
METADATA_BYTES_MAX: Final = 1 << 20
_TIMESTAMP: Final = "timestamp.json"
_ANY: Final = re.compile(r"[0-9a-z._-]{1,200}")
_ROOT: Final = re.compile(r"[0-9]{1,9}\.root\.json")
_CHUNK: Final = 64 << 10


class StickFetcher(FetcherInterface):
    """Gives the TUF client the files of the tables of one stick and of nothing else."""

    def __init__(self, folder: StickFolder) -> None:
        """Args:
        folder: PROCU, open as long as this is used.
        """
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        kind, _, name = urlsplit(url).path.lstrip("/").partition("/")
        if kind not in {METADATA, TARGETS}:
            raise DownloadError("neither metadata nor target")
        try:
            with (
                self._folder.below(TABLES) as tables,
                tables.below(kind) as inner,
                inner.opened(name) as (descriptor, _status),
            ):
                while chunk := os.read(descriptor, _CHUNK):
                    yield chunk
        except FileNotFoundError as error:
            raise DownloadHTTPError("not on the stick", 404) from error
        except (OSError, RecordRejected, CarrierUnavailable) as error:
            raise DownloadError("not a regular file of the stick") from error


def has_tables(folder: StickFolder) -> bool:
    """Whether there is something to read. Raises: CarrierUnavailable."""
    try:
        with folder.below(TABLES) as tables, tables.below(METADATA):
            return True
    except FileNotFoundError:
        return False


def write_tables(folder: StickFolder, repository: Path) -> bool:
    """Copy the newest state of a repository of this machine; returns whether there is one.

    Raises: CarrierUnavailable.
    """
    try:
        files = current_files(repository)
    except (FileNotFoundError, RecordRejected):
        return False
    with (
        folder.below(TABLES, make=True) as tables,
        tables.below(METADATA, make=True) as metadata,
        tables.below(TARGETS, make=True) as targets,
    ):
        for kind, inner in ((TARGETS, targets), (METADATA, metadata)):
            for name in files[kind]:
                inner.write(name, read_regular(repository / kind, name, TABLE_BYTES_MAX))
        for kind, inner in ((TARGETS, targets), (METADATA, metadata)):
            for file in inner.list(_ANY, 1 << 40).files:
                if file.name not in files[kind]:
                    inner.remove(file.name)
    return True


def current_files(repository: Path) -> dict[str, list[str]]:
    """The files of the newest state, by folder; the timestamp last.

    Raises: FileNotFoundError, RecordRejected TRUST_UNREADABLE.
    """
    folder = repository / METADATA
    try:
        timestamp = Metadata[Timestamp].from_bytes(read_regular(folder, _TIMESTAMP, METADATA_BYTES_MAX))
        snapshot_name = f"{timestamp.signed.snapshot_meta.version}.snapshot.json"
        snapshot = Metadata[Snapshot].from_bytes(read_regular(folder, snapshot_name, METADATA_BYTES_MAX))
        targets_name = f"{snapshot.signed.meta['targets.json'].version}.targets.json"
        targets = Metadata[Targets].from_bytes(read_regular(folder, targets_name, METADATA_BYTES_MAX))
    except (RepositoryError, KeyError) as error:
        raise RecordRejected("TRUST_UNREADABLE") from error
    roots = sorted(path.name for path in folder.glob("*.root.json") if _ROOT.fullmatch(path.name))
    names = sorted(target.get_prefixed_paths()[0] for target in targets.signed.targets.values())
    return {METADATA: [*roots, targets_name, snapshot_name, _TIMESTAMP], TARGETS: names}
