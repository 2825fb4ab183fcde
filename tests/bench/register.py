"""What a question to the register costs with ten thousand electors and with a million: the same, in time and
in memory, because it is two look-ups; and how long the index of a million takes.

`python -m tests.bench register`; `PROCURATION_TEST_ELECTORS=100000` for a shorter list.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from provisioning.reference_data import build_register
from provisioning.reference_data.build_register import Country, Invented
from server.register.electors_file import FileRegister
from server.register.electors_index import about, build_index, check_index
from server.register.port import Question

SMALL, LARGE = 10_000, int(os.environ.get("PROCURATION_TEST_ELECTORS", "1000000"))
SEED = 7
QUESTIONS, AT_ONCE = 20_000, 500
GROWTH_MAX = 2.5
"""A look-up is one or two levels of a tree deeper; and the larger file does not fit in the page cache."""
MEMORY_MIB_MAX = 8
BUILD_MEMORY_MIB_MAX = 60


def measure() -> Iterator[dict[str, Any]]:
    """Each size in processes of their own, so that memory is its own."""
    with tempfile.TemporaryDirectory(prefix="procuration-bench-") as folder:
        found = {size: _of_size(Path(folder), size) for size in (SMALL, LARGE)}
    for size, figures in found.items():
        for name, value in figures.items():
            yield {"name": f"register: {name}", "value": value, "context": {"electors": size}}
    small, large = found[SMALL], found[LARGE]
    yield _limited(
        "time of a question, large list over small",
        large["us per question"] / small["us per question"],
        GROWTH_MAX,
    )
    yield _limited(
        "memory of asking, large over small, MiB",
        large["memory of asking MiB"] - small["memory of asking MiB"],
        MEMORY_MIB_MAX,
    )
    yield _limited(
        "memory of building, large over small, MiB",
        large["memory of building MiB"] - small["memory of building MiB"],
        BUILD_MEMORY_MIB_MAX,
    )


def _limited(name: str, value: float, at_most: float) -> dict[str, Any]:
    return {"name": f"register: {name}", "value": round(value, 2), "context": {"at_most": at_most}}


def _of_size(folder: Path, size: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for work in ("invent", "build", "check", "ask"):
        run = subprocess.run(
            [sys.executable, "-m", "tests.bench.register", work, str(folder), str(size)],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        figures |= json.loads(run.stdout)
    return figures


def _invent(csv: Path, _index: Path, size: int) -> dict[str, float]:
    started = process_time()
    build_register.write(csv, SEED, size, StringIO())
    return {"CPU s of inventing": round(process_time() - started, 1), "MiB of CSV": _mib(csv.stat().st_size)}


def _build(csv: Path, index: Path, _size: int) -> dict[str, float]:
    before, started = _peak(), process_time()
    build_index(csv, index, lambda _: None)
    seconds = round(process_time() - started, 1)
    return {
        "CPU s of building": seconds,
        "memory of building MiB": _peak() - before,
        "MiB of index": _mib(about(index).bytes),
    }


def _check(_csv: Path, index: Path, _size: int) -> dict[str, float]:
    started = process_time()
    check_index(index, lambda _: None)
    return {"CPU s of checking": round(process_time() - started, 1)}


def _ask(_csv: Path, index: Path, size: int) -> dict[str, float]:
    questions = list(_questions(size))
    register, before = FileRegister(index), _peak()
    register.ask(questions[:AT_ONCE])  # the first reading of the disk
    started, began, accepted = perf_counter(), process_time(), 0
    for first in range(0, len(questions), AT_ONCE):
        answers = register.ask(questions[first : first + AT_ONCE])
        accepted += sum(code is None for code in answers.values())
    seconds, cpu = perf_counter() - started, process_time() - began
    if accepted < len(questions) // 2:
        raise AssertionError("the invented electors are not on their own list")
    return {
        "answers per second": round(len(questions) / seconds),
        "us per question": round(cpu / len(questions) * 1e6, 1),
        "memory of asking MiB": _peak() - before,
    }


def _questions(size: int) -> Iterator[Question]:
    """About electors spread over the whole list: each of them gives to the next."""
    step, before = max(1, size // QUESTIONS), None
    country = Country.of_table()
    for number in range(min(QUESTIONS, size)):
        one = build_register.invented(SEED, number * step, country)
        if before is not None:
            yield Question(
                rid=str(number), mandant=_person(before), vote_place=_place(before), mandataire=_person(one)
            )
        before = one


def _person(one: Invented) -> Person:
    born = PartialDate(*map(int, one.born.split("-")))
    sex = Sex.FEMALE if one.sex == "F" else Sex.MALE
    return Person(
        birth_date=born,
        birth_name=one.birth_name,
        given_names=one.given_names or None,
        sex=sex,
        enrolment=_place(one),
    )


def _place(one: Invented) -> Place:
    code, kind = one.place
    return Place(code=code, type=PlaceType(kind), cog_year=2026)


def _mib(size: int) -> float:
    return round(size / (1 << 20), 1)


def _peak() -> float:
    """Most memory that this process ever held, MiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    work, where, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    files = where / f"{size}.csv", where / f"{size}.index"
    print(json.dumps({"invent": _invent, "build": _build, "check": _check, "ask": _ask}[work](*files, size)))
