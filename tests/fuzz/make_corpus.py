"""Writes the corpus again: `python -m tests.fuzz.make_corpus`.

For each parser, the smallest input found for each way through it: the code of the rejection and the functions
that it passed on its way up. A file is named after its outcome, so that the tests need no list beside it.
Crash files stay: each was a bug.
"""

import shutil
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final

from procuration.errors import RecordRejected
from tests.fuzz.mutator import Mutator
from tests.fuzz.run import CORPUS
from tests.fuzz.target import ACCEPTED, Target
from tests.fuzz.targets import TARGETS

MUTATIONS: Final = 40_000
FILES_MAX: Final = 32
BYTES_MAX: Final = 8_000
"""Of one parser; and no file is larger than its largest seed by more than a little."""
_OURS: Final = ("procuration", "kiosk_app", "sync_agent", "server")


def main() -> None:
    CORPUS.mkdir(exist_ok=True)
    total = sum(write(target, CORPUS) for target in TARGETS.values())
    print(f"{total} bytes of corpus for {len(TARGETS)} parsers")


def write(target: Target, corpus: Path) -> int:
    """Replaces the files of one parser. Returns: their bytes."""
    folder = corpus / target.folder
    crashes = {path.name: path.read_bytes() for path in folder.glob("crash-*")}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    kept = crashes | {file_name(target, data): data for data in chosen(target)}
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    return sum(map(len, kept.values()))


def file_name(target: Target, data: bytes) -> str:
    """`OUTCOME-12345678`: the outcome that the tests expect, and eight digits of the hash."""
    return f"{target.outcome(data)}-{sha256(data).hexdigest()[:8]}"


def expected_of(name: str) -> str:
    """The outcome in the name of a file; "crash" for one that only must not fail again."""
    return name.rpartition("-")[0]


def chosen(target: Target) -> Iterator[bytes]:
    """One input for each code, then for each other way through the parser while there is room."""
    found = ways(target)
    by_outcome: dict[str, list[bytes]] = {}
    for (outcome, *_), data in sorted(found.items(), key=lambda item: len(item[1])):
        by_outcome.setdefault(outcome, []).append(data)
    first = [inputs[0] for inputs in by_outcome.values()]
    others = sorted((data for inputs in by_outcome.values() for data in inputs[1:]), key=len)
    left = BYTES_MAX
    for data in (sorted(first, key=len) + others)[:FILES_MAX]:
        left -= len(data)
        if left >= 0:
            yield data


def ways(target: Target) -> dict[tuple[str, ...], bytes]:
    """The smallest input of each way through a parser."""
    mutations = Mutator(target.seeds, target.form, Random(f"corpus {target.name}"), target.prefix)
    longest = max(map(len, target.seeds)) + 512
    found: dict[tuple[str, ...], bytes] = {}
    for number in range(MUTATIONS // target.share):
        data = target.seeds[number] if number < len(target.seeds) else mutations()
        way = way_of(target, data)
        if len(data) <= longest and (way not in found or len(data) < len(found[way])):
            found[way] = data
    return found


def way_of(target: Target, data: bytes) -> tuple[str, ...]:
    """The outcome, then where it was decided."""
    try:
        target.read(data)
    except (RecordRejected, *target.also_raises) as error:
        return target.outcome(data), *_functions(error)
    return (ACCEPTED,)


def _functions(error: BaseException) -> Iterator[str]:
    """Our functions between the reader and the fault, of the innermost error."""
    while isinstance(error.__cause__, RecordRejected):
        error = error.__cause__
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_globals.get("__name__", "").partition(".")[0] in _OURS:
            yield f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}"
        place = place.tb_next


if __name__ == "__main__":
    sys.exit(main())
