"""The carrier without a network: a folder PROCU on a USB key, whose files are the same sealed files.

Export writes every bundle and enrolment that waits, synced or not, the most urgent first: a key pulled out
too soon, or full, holds what the nearest closing depends on (R-55). Then what is carried for others, then the
proofs that the centre contradicted itself, then the signed tables. Import takes every sealed file of the
right size, whatever its name: answers to this tablet go to the app, which alone can open them; what is for
the centre, or for another tablet, is carried on. The key may come from anybody: see `adapters.stick`;
everything is staged on the tablet's own disk before anything reaches the spool, and what was read whole
counts even when the key is pulled out in the middle.
"""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from procuration.adapters.addresses import Way, read_addresses, way_of
from procuration.adapters.foreign_file import ForeignFile, read_regular
from procuration.adapters.spool import BUNDLE, ENROLMENT, SEALED_BYTES_MAX, AgentSpool, name_of
from procuration.adapters.stick import DOWN, SEALED_NAME, UP, StickFolder, open_stick
from procuration.adapters.stick_tables import StickFetcher, has_tables, write_tables
from procuration.adapters.turns import alone
from procuration.errors import CarrierUnavailable, RecordRejected
from sync_agent.courier import Courier
from sync_agent.mirror import Mirror
from sync_agent.plan import most_urgent_first

IMPORT_BYTES_MAX = 256 << 20  # what a key may put on the tablet's disk at once
STOPPED = "STICK_STOPPED"
TURN = "stick.lock"  # the service and a command at the same key take turns
FAILURES_MAX = 3  # a bad sector is passed over; three files in a row, and the key is gone
Watch = Callable[[int, int], bool]
"""Told after each file how many of how many are done; answers whether to go on."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came from a key.

    Attributes:
        answers: sealed files put into the spool for the app.
        carried: files for the centre or for other tablets, which this one now carries.
        passed_over: files that could not be taken: too large, changed while read, no sealed file, no room.
        too_many: whether the key has more names than are looked at.
        tables: whether newer signed tables arrived.
        tables_code: why the tables of the key were not believed; None when they were, or when it has none.
        code: why reading ended before the end; None when it did not.
        taken: names on the key of what is in the spool now.
    """

    answers: int
    passed_over: int
    tables: bool
    tables_code: str | None
    carried: int = 0
    too_many: bool = False
    code: str | None = None
    taken: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Exported:
    """What stands on a key, safely.

    Attributes:
        exported: our own files.
        carried: files of others.
        tables: whether the signed tables are there.
        stopped: whether somebody asked to stop before the end.
    """

    exported: int
    carried: int = 0
    tables: bool = False
    stopped: bool = False


def _go_on(_done: int, _total: int) -> bool:
    return True


def export_to(spool: AgentSpool, stick: Path, watch: Watch = _go_on, taken: Collection[str] = ()) -> Exported:
    """Copy everything that waits to the key, and wait until it is really there.

    Args:
        taken: names on the key of answers that are in our spool now: they need not travel any more.
    Raises: RuleViolated STICK_MISSING, when there is no key; CarrierUnavailable as `stick.told_of_the_stick`,
    with `done` and `total`: what was copied before is whole.
    """
    courier = Courier(spool.memory)
    with alone(spool.memory / TURN), open_stick(stick, make=True) as folder:
        own = most_urgent_first([file.name for file in spool.out_files()], spool.closings())
        work = [_Work(name, spool.read_out, ours=True) for name in own]
        work += [_Work(file.name, courier.read_waiting) for file in courier.waiting()]
        work += [_Work(file.name, courier.read_answer) for file in courier.answers()]
        work += [_Work(file.name, spool.read_contested, proof=True) for file in spool.contested_files()]
        folder.clear_leftovers()
        copied, stopped = _copy(folder, work, watch)
        tables = False
        if not stopped:
            _tidy(folder, {one.name for one in work}, taken)
            tables = write_tables(folder, spool.mirror)
        folder.flush()
    exported = sum(one.ours for one in copied)
    proofs = sum(one.proof for one in copied)
    return Exported(exported, len(copied) - exported - proofs, tables, stopped)


@dataclass(frozen=True, slots=True)
class _Work:
    """One file to be copied."""

    name: str
    read: Callable[[str], bytes]
    ours: bool = False
    proof: bool = False


def _copy(folder: StickFolder, work: list[_Work], watch: Watch) -> tuple[list[_Work], bool]:
    """What stands on the key now, and whether the watch said stop."""
    copied: list[_Work] = []
    for number, one in enumerate(work):
        if not watch(number, len(work)):
            return copied, True
        try:
            folder.write(one.name, one.read(one.name))
        except CarrierUnavailable as error:
            raise CarrierUnavailable(error.code, done=number, total=len(work)) from error
        except (FileNotFoundError, RecordRejected):
            continue  # taken back by the app meanwhile, or damaged on our disk: the app seals it again
        copied.append(one)
    watch(len(work), len(work))
    return copied, False


def _tidy(folder: StickFolder, kept: Collection[str], taken: Collection[str]) -> None:
    """Take from the key what need not travel any more: bundles whose answer stands beside, unless somebody
    still waits for it here, and answers that are taken."""
    names = {file.name for file in folder.list(SEALED_NAME, SEALED_BYTES_MAX).files}
    answered = {name for name in names if name.endswith(UP) and name.removesuffix(UP) + DOWN in names}
    for name in (answered | names.intersection(taken)) - set(kept):
        folder.remove(name)


def import_from(spool: AgentSpool, stick: Path, mirror: Mirror | None, watch: Watch = _go_on) -> Imported:
    """Take the answers, the files to carry and the signed tables of a key.

    Raises: RuleViolated STICK_MISSING, when there is no key, or nothing of ours on it; CarrierUnavailable, as
    `stick.told_of_the_stick`, when it cannot even be listed; OSError, when our own disk refuses.
    """
    with alone(spool.memory / TURN), open_stick(stick) as folder:
        visit = _Visit(spool, folder)
        listing = folder.list(SEALED_NAME, SEALED_BYTES_MAX)
        visit.take(listing.files, watch)
        tables, tables_code = False, None
        if visit.code is None and mirror is not None:
            tables, tables_code = _import_tables(folder, mirror)
        return Imported(
            answers=visit.answers,
            passed_over=visit.passed_over,
            tables=tables,
            tables_code=tables_code,
            carried=visit.carried,
            too_many=listing.too_many,
            code=visit.code,
            taken=tuple(visit.taken),
        )


class _Visit:
    """One reading of one key: what was staged, and what became of it."""

    def __init__(self, spool: AgentSpool, folder: StickFolder) -> None:
        self._spool, self._folder = spool, folder
        self._courier = Courier(spool.memory)
        self._addresses = read_addresses(spool.folder)
        self._ours = {file.name.partition(".")[0] for file in spool.out_files()}
        self._staging = spool.memory / "staging"
        self.answers = self.carried = self.passed_over = 0
        self.code: str | None = None
        self.taken: list[str] = []

    def take(self, listed: list[ForeignFile], watch: Watch) -> None:
        """Stage all, then file all. Raises: OSError of our own disk."""
        self._staging.mkdir(mode=0o700, exist_ok=True)
        self._clear()  # an earlier visit may have died here
        try:
            for name, (way, on_key) in self._stage(listed, watch).items():
                self._file(name, way, on_key)
        finally:
            self._clear()

    def _clear(self) -> None:
        for path in self._staging.iterdir():
            path.unlink(missing_ok=True)

    def _stage(self, listed: list[ForeignFile], watch: Watch) -> dict[str, tuple[Way, str]]:
        """Copy to our own disk first: a key pulled out, or one that lies the second time, changes nothing.

        Returns: name in the staging folder -> where it goes, and its name on the key.
        """
        staged: dict[str, tuple[Way, str]] = {}
        left, failures, code = _room(self._staging), 0, None
        for number, file in enumerate(listed):
            if failures == FAILURES_MAX or not watch(number, len(listed)):
                code = code or STOPPED
                break
            try:
                data = self._folder.read(file.name, min(left, SEALED_BYTES_MAX))
                way = way_of(file.name, data, self._addresses)
            except (FileNotFoundError, RecordRejected, CarrierUnavailable) as error:
                self.passed_over += 1
                if isinstance(error, CarrierUnavailable):
                    failures, code = failures + 1, error.code
                continue
            failures, code = 0, None
            name = name_of(data) + (ENROLMENT if file.name.endswith(ENROLMENT) else BUNDLE)
            if name.partition(".")[0] not in self._ours and name not in staged:
                (self._staging / name).write_bytes(data)  # not flushed: after a power cut it is read again
                staged[name] = way, file.name
                left -= len(data)
        self.code = code
        return staged

    def _file(self, name: str, way: Way, on_key: str) -> None:
        data = read_regular(self._staging, name, SEALED_BYTES_MAX)
        if way is Way.HERE:
            self._spool.put_answer(name.partition(".")[0], data)
            self.answers += 1
            self.taken.append(on_key)
        elif self._carry(name, data, way):
            self.carried += 1
        else:
            self.passed_over += 1

    def _carry(self, name: str, data: bytes, way: Way) -> bool:
        if way is Way.UP:
            return self._courier.take_up(data, enrolment=name.endswith(ENROLMENT))
        return self._courier.take_down(data)


def _room(folder: Path) -> int:
    """How many bytes a key may bring: never more than half of what is free."""
    disk = os.statvfs(folder)
    return min(IMPORT_BYTES_MAX, disk.f_bavail * disk.f_frsize // 2)


def _import_tables(folder: StickFolder, mirror: Mirror) -> tuple[bool, str | None]:
    try:
        if not has_tables(folder):
            return False, None
        return mirror.refresh(StickFetcher(folder)), None
    except (RecordRejected, CarrierUnavailable) as error:
        return False, error.code
