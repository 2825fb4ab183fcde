"""What a real program asked of its disk, call by call, as strace saw it; and the disk after each call.

A program says what it has acknowledged by one write to the file of marks, which lies outside its folder: the
mark stands between the calls, at the moment when a person would have been told.
"""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.faults.disk import Disk, File

TRACED = (
    "openat,open,creat,write,pwrite64,writev,pwritev,lseek,ftruncate,truncate,fsync,fdatasync,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,link,linkat,copy_file_range,sendfile"
)
ON_A_DESCRIPTOR = frozenset(
    "write pwrite64 writev pwritev lseek ftruncate fsync fdatasync copy_file_range sendfile".split()
)
LONGEST_WRITE_BYTES = 16 << 20
# -shm is mapped memory that SQLite builds again; the ballast holds nothing; the turn and the locks are empty.
FORGOTTEN = re.compile(r"(-shm|/ballast|/turn|/lock)$")
NOTHING: Mapping[str, bytes] = MappingProxyType({})
_CALL = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_BEGUN = re.compile(r"(\d+) +(\w+\(.*?),? *<unfinished \.\.\.>$")
_ENDED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(?:, )?(.*)$")


@dataclass(frozen=True)
class Call:
    """One finished system call: its arguments in words, and what it returned."""

    name: str
    arguments: list[str]
    result: int


def record(command: Sequence[str], trace: Path, *, environment: dict[str, str] | None = None) -> None:
    """Runs a program to its end under strace."""
    watched = ["strace", "--seccomp-bpf", "-f", "-y", "-xx", "-s", str(LONGEST_WRITE_BYTES)]
    subprocess.run(
        [*watched, "-e", f"trace={TRACED}", "-e", "signal=none", "-o", str(trace), *command],
        check=True,
        env={**os.environ, **(environment or {})},
        cwd=Path(__file__).parents[2],
        timeout=300,
    )


def files_under(root: Path) -> dict[str, bytes]:
    """What stands in a folder now, by absolute path."""
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


def mark(descriptor: int, **said: object) -> None:
    """Says in the recording what the program has acknowledged until here."""
    os.write(descriptor, json.dumps(said).encode())


@dataclass(frozen=True)
class Cut:
    """A moment without power: after how many calls, what had been acknowledged, and the disk then.

    Attributes:
        write: puts under a folder one of the states in which the disk may then be.
    """

    calls: int
    marks: list[dict[str, Any]]
    write: Callable[[Path], None]


class Recording:
    """The calls of one program that touch one folder, and its marks."""

    def __init__(self, trace: Path, root: Path, marks: Path, before: Mapping[str, bytes] = NOTHING) -> None:
        """Args:
        before: files that were there, and on the disk, when the program started.
        """
        self.root, self._marks, self._before = str(root), str(marks), before
        self.calls = [call for call in _calls(trace) if self._matters(call)]

    def _matters(self, call: Call) -> bool:
        touched = [_path_of(call)] if call.name in ON_A_DESCRIPTOR else _names(call.arguments)
        return any(path == self._marks or path.startswith(self.root) for path in touched)

    def without_syncs(self) -> "Recording":
        """The same life of a program that never flushes: what the tests must then find."""
        other = copy(self)
        other.calls = [call for call in self.calls if call.name not in ("fsync", "fdatasync")]
        return other

    def cuts(self, numbers: Sequence[int], chance: random.Random) -> Iterator["Cut"]:
        """The disk when its power was cut after each of these numbers of calls, in rising order."""
        replay, marks, done = Replay(self.root, self._before), [], 0
        for number in sorted(numbers):
            for call in self.calls[done:number]:
                if self.is_mark(call):
                    marks.append(json.loads(_text(call.arguments[1])))
                else:
                    replay.apply(call)
            done = max(done, number)
            yield Cut(done, marks, partial(replay.disk.after_a_cut, chance, self.root))

    def is_mark(self, call: Call) -> bool:
        return call.name == "write" and _path_of(call) == self._marks


class Replay:
    """Does to a `Disk` what the program did to its own."""

    def __init__(self, root: str, before: Mapping[str, bytes] = NOTHING) -> None:
        self.disk = Disk()
        self.disk.folders.add(root)
        for path, content in before.items():
            file = self.disk.create(path)
            file.write(0, content)
            file.sync()
            self.disk.sync_folder(path.rpartition("/")[0])
        self._root = root
        self._positions: dict[int, int] = {}

    def apply(self, call: Call) -> None:
        """Raises: KeyError, when a call names a file that was never created: the recording is not whole."""
        match call.name:
            case "openat" | "open" | "creat":
                self._open(call)
            case "write" | "pwrite64" | "lseek" | "ftruncate" | "fsync" | "fdatasync":
                self._change(call)
            case "rename" | "renameat" | "renameat2":
                old, new = _names(call.arguments)
                self.disk.rename(old, new)
            case "unlink" | "unlinkat":
                (path,) = _names(call.arguments)
                if not self._forgotten(path) and "AT_REMOVEDIR" not in call.arguments:
                    self.disk.remove(path)
            case "mkdir" | "mkdirat":
                self.disk.folders.add(_names(call.arguments)[0])
            case _:
                raise NotImplementedError(f"{call.name} is not replayed")

    def _forgotten(self, path: str) -> bool:
        return not path.startswith(self._root) or FORGOTTEN.search(path) is not None

    def _open(self, call: Call) -> None:
        (path,) = _names(call.arguments)
        self._positions[call.result] = 0
        flags = " ".join(call.arguments)
        if self._forgotten(path) or "O_DIRECTORY" in flags:
            return
        if path not in self.disk.names:
            if "O_CREAT" not in flags:
                return
            self.disk.create(path)
        file = self.disk.names[path]
        if "O_TRUNC" in flags and file.size:
            file.truncate(0)
        if "O_APPEND" in flags:
            self._positions[call.result] = file.size

    def _change(self, call: Call) -> None:
        path = _path_of(call)
        if self._forgotten(path):
            return
        if path in self.disk.folders:
            self.disk.sync_folder(path)
        elif path in self.disk.names:
            self._change_file(call, self.disk.names[path])
        elif not path.endswith("(deleted)"):
            raise KeyError(path)

    def _change_file(self, call: Call, file: File) -> None:
        descriptor = int(call.arguments[0].partition("<")[0])
        match call.name:
            case "write":
                data = _bytes(call.arguments[1])[: call.result]
                file.write(self._positions[descriptor], data)
                self._positions[descriptor] += call.result
            case "pwrite64":
                file.write(int(call.arguments[3]), _bytes(call.arguments[1])[: call.result])
            case "lseek":
                self._positions[descriptor] = call.result
            case "ftruncate":
                file.truncate(int(call.arguments[1]))
            case _:
                file.sync()


def _calls(trace: Path) -> Iterator[Call]:
    """Finished, successful calls, in the order in which they ended."""
    begun: dict[str, str] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if found := _BEGUN.match(line):
                begun[found[1]] = found[2]
                continue
            if found := _ENDED.match(line):
                first = begun.pop(found[1])
                comma = "" if first.endswith("(") or found[2].startswith(")") else ", "
                line = f"{found[1]} {first}{comma}{found[2]}"
            if (found := _CALL.match(line)) and not found[4].startswith("-"):
                yield Call(found[2], found[3].split(", "), int(found[4]))


def _bytes(argument: str) -> bytes:
    return bytes.fromhex(argument.strip('"').replace("\\x", ""))


def _text(argument: str) -> str:
    return _bytes(argument).decode()


def _path_of(call: Call) -> str:
    """The file behind the descriptor of a call; with a mark when it has no name any more."""
    path = _path_behind(call.arguments[0])
    return path + "(deleted)" if call.arguments[0].endswith("(deleted)") else path


def _path_behind(argument: str) -> str:
    """`3<path>`, as strace writes a descriptor."""
    inside = argument.partition("<")[2].rpartition(">")[0]
    return _text(inside) if inside.startswith("\\x") else inside  # pipe:[1]


def _names(arguments: Sequence[str]) -> list[str]:
    """The paths a call names, those relative to a folder's descriptor made whole."""
    names, folder = [], ""
    for argument in arguments:
        if "<" in argument:
            folder = _path_behind(argument)
        elif argument.startswith('"'):
            name = _text(argument)
            names.append(name if name.startswith("/") else f"{folder}/{name}")
    return names
