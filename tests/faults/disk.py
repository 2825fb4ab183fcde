"""A disk that forgets: what files and folders may hold after a power cut, by what was promised to be kept.

A file keeps what was written before its last fsync. Everything written later is kept, lost, reordered by
sectors of 512 bytes or torn, at random. A name (created, renamed, removed) is certain once its folder was
synced; before that each change is kept or lost by itself. This is less than what journalled file systems
give, and what POSIX promises.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

SECTOR_BYTES = 512
Change = TypeVar("Change")


@dataclass(eq=False)
class File:
    """The content of one file, whatever its name.

    Attributes:
        durable: what is on the disk for certain.
        pending: (offset, bytes) written since, or (size, None) for a truncation.
        size: as the running program sees it.
    """

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    size: int = 0

    def write(self, offset: int, data: bytes) -> None:
        self.pending.append((offset, data))
        self.size = max(self.size, offset + len(data))

    def truncate(self, size: int) -> None:
        self.pending.append((size, None))
        self.size = size

    def sync(self) -> None:
        for change in self.pending:
            _apply(self.durable, *change)
        self.pending.clear()

    def after_a_cut(self, chance: random.Random) -> bytes:
        content = bytearray(self.durable)
        for change in chosen(list(_by_sector(self.pending)), chance, torn=_torn):
            _apply(content, *change)
        return bytes(content)


@dataclass(frozen=True)
class NameChange:
    """One change in a folder: `new` now names `file` (None: nothing does), `old` names nothing more."""

    folder: str
    new: str
    file: File | None
    old: str | None = None


class Disk:
    """Files and names of one tree, fed with the operations of a program. Paths are absolute."""

    def __init__(self) -> None:
        self.names: dict[str, File] = {}
        self._durable_names: dict[str, File] = {}
        self._pending_names: list[NameChange] = []
        self.folders: set[str] = set()

    def create(self, path: str) -> File:
        file = File()
        self._change(NameChange(_folder_of(path), path, file))
        return file

    def remove(self, path: str) -> None:
        self._change(NameChange(_folder_of(path), path, None))

    def rename(self, old: str, new: str) -> None:
        self._change(NameChange(_folder_of(new), new, self.names[old], old))

    def sync_folder(self, folder: str) -> None:
        _settle(self._durable_names, (one for one in self._pending_names if one.folder == folder))
        self._pending_names = [one for one in self._pending_names if one.folder != folder]

    def _change(self, change: NameChange) -> None:
        self._pending_names.append(change)
        _settle(self.names, [change])

    def after_a_cut(self, chance: random.Random, root: str, image: Path) -> None:
        """Writes under `image` what a disk that lost its power now could hold under `root`."""
        names = dict(self._durable_names)
        _settle(names, chosen(self._pending_names, chance))
        for folder in self.folders:
            (image / Path(folder).relative_to(root)).mkdir(parents=True, exist_ok=True)
        for path, file in names.items():
            place = image / Path(path).relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.after_a_cut(chance))


def chosen(
    changes: list[Change],
    chance: random.Random,
    torn: Callable[[Change, random.Random], Change] | None = None,
) -> list[Change]:
    """Which unsynced changes reached the disk: none, all, the first ones (the last one torn), or any."""
    match chance.randrange(4):
        case 0:
            return []
        case 1:
            return changes
        case 2:
            kept = changes[: chance.randint(0, len(changes))]
            return [*kept[:-1], torn(kept[-1], chance)] if kept and torn else kept
        case _:
            return [change for change in changes if chance.random() < 0.5]


def _by_sector(changes: Iterable[tuple[int, bytes | None]]) -> Iterable[tuple[int, bytes | None]]:
    for offset, data in changes:
        if data is None:
            yield offset, None
            continue
        end = offset + len(data)
        while offset < end:
            cut = min(end, offset - offset % SECTOR_BYTES + SECTOR_BYTES)
            yield offset, data[len(data) - (end - offset) : len(data) - (end - cut)]
            offset = cut


def _torn(change: tuple[int, bytes | None], chance: random.Random) -> tuple[int, bytes | None]:
    offset, data = change
    return offset, data if data is None else data[: chance.randint(0, len(data))]


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


def _settle(names: dict[str, File], changes: Iterable[NameChange]) -> None:
    for change in changes:
        if change.old is not None:
            names.pop(change.old, None)
        if change.file is None:
            names.pop(change.new, None)
        else:
            names[change.new] = change.file


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]
