"""Reading the trail again: every line authentic, none missing between two others, nor at either end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from procuration.errors import RecordRejected
from server.traces.entries import BEGINNING, LINE_BYTES_MAX, Entry, Mark, Read, decode
from server.traces.trail import Trail


class Fault(StrEnum):
    """What is wrong at a line, or after it."""

    UNREADABLE = "TRACE_ILLISIBLE"
    ALTERED = "TRACE_ALTEREE"
    MISSING = "TRACES_MANQUANTES"
    BEGINNING_MISSING = "DEBUT_MANQUANT"
    END_MISSING = "FIN_MANQUANTE"


@dataclass(frozen=True, slots=True)
class Found:
    """One fault: in which file, at which line (from 1; 0 for what is not there)."""

    file: str
    line: int
    fault: Fault


@dataclass(slots=True)
class Checked:
    """What a reading of the whole trail found."""

    files: int = 0
    entries: int = 0
    last: Mark = BEGINNING
    faults: list[Found] = field(default_factory=list)


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file without their ends; one that is too long is given cut, and does not decode."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LINE_BYTES_MAX + 1):
            number += 1
            yield number, line.removesuffix(b"\n")


def entries_of(trail: Trail) -> Iterator[Entry]:
    """Every authentic entry, the oldest first; the others are left out: `check` counts them."""
    for path in trail.files():
        for _, line in lines_of(path):
            try:
                yield decode(line, trail.key)[0]
            except RecordRejected:
                continue


def check(trail: Trail, *marks: Mark) -> Checked:
    """Read everything again.

    Args:
        marks: places that the chain is known to have had, from a log kept elsewhere.
    """
    head = trail.head()  # before the files: what is written meanwhile is after it
    wanted = {*marks, *((head,) if head else ())}
    done, ended = Checked(), set[str]()
    first: Mark | None = None
    for path in trail.files():
        done.files += 1
        for number, line in lines_of(path):
            try:
                entry, mark = decode(line, trail.key)
            except RecordRejected as error:
                done.faults.append(Found(path.name, number, Fault(error.code)))
                continue
            before = Mark(entry.n - 1, entry.prev)
            if first is None:
                first = before
            elif before != done.last:
                done.faults.append(Found(path.name, number, Fault.MISSING))
            if entry.draft.what is Read.RETENTION:
                ended.add(entry.draft.subject)
            wanted.discard(mark)
            done.entries, done.last = done.entries + 1, mark
    if first not in (None, BEGINNING) and str(first) not in ended:
        done.faults.append(Found(trail.files()[0].name, 0, Fault.BEGINNING_MISSING))
    if any(first is None or mark.n > first.n for mark in wanted):
        done.faults.append(Found(trail.head_file.name, 0, Fault.END_MISSING))
    return done
