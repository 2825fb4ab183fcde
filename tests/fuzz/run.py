"""Runs mutations against one parser: what it answered how often, and which inputs it failed on.

A failure is any error but the documented ones, a second encoding of one value, an input that takes longer
than SECONDS_MAX, or one that takes more memory than its size allows.
"""

import faulthandler
import signal
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from random import Random
from types import FrameType
from typing import Final

from tests.fuzz.mutator import Mutator
from tests.fuzz.target import Target

CORPUS: Final = Path(__file__).with_name("corpus")
SECONDS_MAX: Final = 5.0
"""Of one input, on the processor: not a speed test, but the difference between slow and never."""
DEAD_SECONDS: Final = 300
"""Of a batch of `make fuzz`: what no signal interrupts, or what waits, ends the process and shows where."""
BATCH: Final = 1_000
MEMORY_BYTES: Final = 2 << 20
"""What any reading may cost, beside what its size allows: a file is read a megabyte at a time."""


class TakesTooLong(AssertionError):
    """One input kept the parser busy for longer than SECONDS_MAX."""


class TakesTooMuch(AssertionError):
    """One input cost more memory than its size allows."""


@dataclass(slots=True)
class Report:
    """What a run saw.

    Attributes:
        outcomes: how often each code, or ACCEPTED, was the answer.
        failures: the first input of each sort of failure, with what happened.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, other: "Report") -> None:
        """Take in the report of another part of the run."""
        self.outcomes.update(other.outcomes)
        self.failures = other.failures | self.failures
        self.seconds += other.seconds


@contextmanager
def no_longer_than(seconds: float) -> Iterator[list[int]]:
    """Raises TakesTooLong into what runs, once the number in the list has not changed for so long.

    Seconds of the processor: how busy the machine is does not matter.

    A look at the number at each half of the time costs the loop nothing; an alarm for each input would.
    """
    done, seen = [0], [-1, 0]

    def look(_signal: int, _frame: FrameType | None) -> None:
        seen[:] = [done[0], seen[1] + 1 if seen[0] == done[0] else 0]
        if seen[1] >= 2:
            raise TakesTooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, seconds / 2, seconds / 2)
    try:
        yield done
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def memory_of(call: Callable[[bytes], object], data: bytes) -> int:
    """Bytes allocated at the peak of a call, what was there before not counted."""
    tracemalloc.start()
    try:
        call(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def check_memory(target: Target, data: bytes) -> str:
    """The outcome. Raises: TakesTooMuch, or what the parser raises."""
    outcomes: list[str] = []
    peak = memory_of(lambda given: outcomes.append(target.outcome(given)), data)
    if peak > MEMORY_BYTES + target.memory_factor * len(data):
        raise TakesTooMuch(f"{peak} bytes at the peak for an input of {len(data)}")
    return outcomes[0]


def fuzz(target: Target, count: int, seed: str, *, may_end_the_process: bool = False) -> Report:
    """So many mutations; the same for the same seed. One in BATCH is measured.

    Args:
        may_end_the_process: whether a batch that lasts DEAD_SECONDS ends the process.
    """
    report, mutations = Report(), Mutator(target.seeds, target.form, Random(seed), target.prefix)
    for data in target.seeds:
        target.outcome(data)  # what is built once, tables and caches, is no cost of an input
    started, left = time.perf_counter(), count
    while left > 0:
        if may_end_the_process:
            faulthandler.dump_traceback_later(DEAD_SECONDS, exit=True)
        with no_longer_than(SECONDS_MAX) as done:
            _batch(target, mutations, min(left, BATCH), report, done)
        left -= BATCH
    if may_end_the_process:
        faulthandler.cancel_dump_traceback_later()
    report.seconds = time.perf_counter() - started
    return report


def _batch(target: Target, mutations: Mutator, count: int, report: Report, done: list[int]) -> None:
    outcomes, outcome = report.outcomes, target.outcome
    for _ in repeat(None, count):
        data = mutations()
        done[0] += 1
        try:
            outcomes[outcome(data) if done[0] % BATCH else check_memory(target, data)] += 1
        except Exception as error:  # noqa: BLE001  # any error at all is what is looked for
            _note(report, data, error)


def _note(report: Report, data: bytes, error: Exception) -> None:
    """The shortest input of each sort of failure is kept."""
    place, at = error.__traceback__, ""
    while place is not None:
        at, place = f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}", place.tb_next
    sort = f"{type(error).__name__} in {at}"
    report.outcomes["FAILED"] += 1
    if sort not in report.failures or len(report.failures[sort][0]) > len(data):
        report.failures[sort] = (data, f"{sort}: {str(error)[:300]}")


def crash_file(target: Target, data: bytes, corpus: Path = CORPUS) -> Path:
    """Keeps a failing input in the corpus, where the tests meet it until it is answered."""
    path = corpus / target.folder / f"crash-{sha256(data).hexdigest()[:8]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
