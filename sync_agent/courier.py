"""What this agent carries for others: sealed files of other tablets and answers for them, met on sticks.

    agent/courier/up/<hash>.prb, .enrol    for the centre: by HTTPS when there is a line, or on a next stick
    agent/courier/down/<name>.down.prb     answers for others: on every next stick, until they are old

It opens none of them and never gives them to the app. Bounded in number, bytes and age, each way by itself: a
stranger's stick can fill the courier's bag, and nothing else.
"""

import re
import time
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import sync_folder, write_durably
from procuration.adapters.foreign_file import ForeignFile, list_regular, read_regular
from procuration.adapters.spool import SEALED_BYTES_MAX, name_of
from procuration.adapters.stick import DOWN, ENROLMENT, UP

FILES_MAX: Final = 2_000
BYTES_MAX: Final = 128 << 20
AGE_DAYS_MAX: Final = 35
_UP_NAME: Final = re.compile(r"[0-9a-f]{32}\.(prb|enrol)")
_DOWN_NAME: Final = re.compile(r"[0-9a-f]{32}\.down\.prb")
_DAY_NS: Final = 86_400 * 1_000_000_000


class _Bag:
    """One way: files of one folder, oldest first."""

    def __init__(self, folder: Path, pattern: re.Pattern[str]) -> None:
        self.folder, self._pattern = folder, pattern

    def files(self) -> list[ForeignFile]:
        return list_regular(self.folder, self._pattern, SEALED_BYTES_MAX)

    def put(self, name: str, data: bytes, *, instead: bool) -> bool:
        """Whether it is carried now.

        Args:
            instead: whether the oldest may go to make room.
        """
        files = [file for file in self.files() if file.name != name]
        while len(files) >= FILES_MAX or sum(file.size for file in files) + len(data) > BYTES_MAX:
            if not instead or not files:
                return False
            self.remove(files.pop(0).name)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self.folder / name, data)
        return True

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
        if self.folder.is_dir():
            sync_folder(self.folder)

    def forget_old(self, now_ns: int) -> None:
        for file in self.files():
            # A clock that was set back makes nothing young again for ever: the age counts both ways.
            if abs(now_ns - file.modified_ns) > AGE_DAYS_MAX * _DAY_NS:
                self.remove(file.name)

    def clear_leftovers(self) -> None:
        for path in self.folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)


class Courier:
    """The bag of one agent; several processes may use it, each file is whole or absent."""

    def __init__(self, memory: Path) -> None:
        """Args:
        memory: the agent's own folder.
        """
        folder = memory / "courier"
        self._up, self._down = _Bag(folder / "up", _UP_NAME), _Bag(folder / "down", _DOWN_NAME)

    def waiting(self) -> list[ForeignFile]:
        """For the centre: enrolments first, without them it knows no bundle; then the oldest."""
        return sorted(self._up.files(), key=lambda file: not file.name.endswith(ENROLMENT))

    def answers(self) -> list[ForeignFile]:
        """For other tablets, oldest first."""
        return self._down.files()

    def read_waiting(self, name: str) -> bytes:
        """Raises: FileNotFoundError, RecordRejected."""
        return read_regular(self._up.folder, name, SEALED_BYTES_MAX)

    def read_answer(self, name: str) -> bytes:
        """Raises: FileNotFoundError, RecordRejected."""
        return read_regular(self._down.folder, name, SEALED_BYTES_MAX)

    def take_up(self, data: bytes, *, enrolment: bool) -> bool:
        """A file for the centre, from a stick; returns whether there was room for it."""
        name = name_of(data)
        if (self._down.folder / f"{name}{DOWN}").exists():
            return True  # the centre has answered it: the answer is what travels now
        return self._up.put(name + (ENROLMENT if enrolment else UP), data, instead=False)

    def take_down(self, data: bytes) -> bool:
        """An answer for another tablet, from a stick; returns whether there was room for it."""
        return self._down.put(name_of(data) + DOWN, data, instead=False)

    def answered(self, name: str, answer: bytes) -> None:
        """The centre answered a carried bundle: its answer takes the place of the bundle."""
        self._down.put(name.removesuffix(UP) + DOWN, answer, instead=True)
        self._up.remove(name)

    def done(self, name: str) -> None:
        """The centre has it, or will never take it."""
        self._up.remove(name)

    def forget_old(self, now_ns: int | None = None) -> None:
        """Let go what is too old."""
        for bag in (self._up, self._down):
            bag.forget_old(time.time_ns() if now_ns is None else now_ns)

    def clear_leftovers(self) -> None:
        """Remove what a crash left half-written."""
        for bag in (self._up, self._down):
            bag.clear_leftovers()
