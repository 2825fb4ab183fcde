"""The carrier without a network: a folder PROCU on a USB key, whose files are the same sealed files.

Export writes every bundle and enrolment that waits, synced or not, the most urgent first: a key pulled out
too soon, or full, holds what the nearest closing depends on (R-55). Import takes every sealed file of the
right size, whatever its name and for whomever it is sealed: only the app can tell, and it throws away what
it cannot open. The key may come from anybody: regular files only, no links, a cap on count, size and sum,
staged on the tablet's own disk before anything reaches the spool. Mounting read-only is the business of the
machine.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import ForeignFile, list_regular, read_regular
from procuration.adapters.spool import BUNDLE, SEALED_BYTES_MAX, AgentSpool, name_of
from procuration.adapters.trust import FolderFetcher
from procuration.errors import RecordRejected, RuleViolated
from sync_agent.mirror import Mirror
from sync_agent.plan import most_urgent_first

FOLDER = "PROCU"
IMPORT_BYTES_MAX = 256 << 20  # what a key may put on the tablet's disk at once
_ANY_SEALED_NAME = re.compile(r"[^/\0.][^/\0]{0,250}\.prb")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came from a key.

    Attributes:
        answers: sealed files put into the spool.
        passed_over: files that could not be taken: too many, too large, changed while read, our own.
        tables: whether newer signed tables arrived.
        tables_code: why the tables of the key were not believed; None when they were, or when it has none.
    """

    answers: int
    passed_over: int
    tables: bool
    tables_code: str | None


def export_to(spool: AgentSpool, stick: Path) -> int:
    """Copy everything that waits to the key; returns how many files.

    Raises: RuleViolated STICK_MISSING, when the folder of the key does not exist; OSError, when it is full.
    """
    folder = _folder_of(stick)
    folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise RuleViolated("STICK_NOT_A_FOLDER")
    names = most_urgent_first([file.name for file in spool.out_files()], spool.closings())
    for name in names:
        write_durably(folder / name, spool.read_out(name))
    return len(names)


def import_from(spool: AgentSpool, stick: Path, mirror: Mirror) -> Imported:
    """Take the answers and the signed tables of a key.

    Raises: RuleViolated STICK_MISSING, when there is no key, or nothing of ours on it.
    """
    folder = _folder_of(stick)
    if folder.is_symlink() or not folder.is_dir():
        raise RuleViolated("STICK_MISSING")
    listed = list_regular(folder, _ANY_SEALED_NAME, SEALED_BYTES_MAX)
    staging = spool.memory / "staging"
    staging.mkdir(mode=0o700, exist_ok=True)
    staged = _stage(spool, folder, listed, staging)
    for name in staged:
        spool.put_answer(name, read_regular(staging, name + BUNDLE, SEALED_BYTES_MAX))
        (staging / (name + BUNDLE)).unlink()
    tables, code = _import_tables(folder / "tuf", mirror)
    return Imported(len(staged), len(listed) - len(staged), tables, code)


def _folder_of(stick: Path) -> Path:
    if not stick.is_dir():
        raise RuleViolated("STICK_MISSING")
    return stick / FOLDER


def _stage(spool: AgentSpool, folder: Path, listed: list[ForeignFile], staging: Path) -> set[str]:
    """Copy to our own disk first: a key pulled out, or one that lies the second time, changes nothing."""
    ours = {file.name.partition(".")[0] for file in spool.out_files()}
    staged: set[str] = set()
    left = IMPORT_BYTES_MAX
    for file in listed:
        if file.size > left:
            break
        try:
            data = read_regular(folder, file.name, SEALED_BYTES_MAX)
        except (FileNotFoundError, RecordRejected):
            continue
        name = name_of(data)
        if name not in ours and name not in staged:
            write_durably(staging / (name + BUNDLE), data)
            staged.add(name)
        left -= len(data)
    return staged


def _import_tables(repository: Path, mirror: Mirror) -> tuple[bool, str | None]:
    if repository.is_symlink() or not repository.is_dir():
        return False, None
    try:
        return mirror.refresh(FolderFetcher(repository)), None
    except RecordRejected as error:
        return False, error.code
