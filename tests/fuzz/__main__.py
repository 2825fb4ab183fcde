"""`python -m tests.fuzz`: a million mutations for each parser, on every core; exit status 1 if one failed.

`--replay FILE` runs one input of the corpus again and shows what happens.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children
from pathlib import Path
from random import SystemRandom

from tests.fuzz.run import Report, crash_file, fuzz
from tests.fuzz.target import ACCEPTED
from tests.fuzz.targets import TARGETS

PARTS = 8
"""Of each parser's mutations: the cores share them, and progress is shown after each."""


def main() -> int:
    asked = _arguments()
    if asked.replay is not None:
        return replay(asked.replay)
    started = time.monotonic()
    seed = asked.seed or str(SystemRandom().randrange(10**9))
    names = asked.targets or list(TARGETS)
    print(f"{asked.mutations} mutations of each of {len(names)} parsers, --seed {seed}", flush=True)
    failed = run_all(names, asked.mutations, seed, asked.jobs)
    minutes = (time.monotonic() - started) / 60
    print(f"{len(names)} parsers, {failed} with failures, {minutes:.1f} min, --seed {seed}", flush=True)
    return 1 if failed else 0


def run_all(names: list[str], mutations: int, seed: str, jobs: int) -> int:
    """Says what each parser answered. Returns: how many failed."""
    totals = {name: Report() for name in names}
    missing = dict.fromkeys(names, PARTS)
    with stoppable_pool(jobs) as pool:
        parts = {
            pool.submit(
                run_part, name, -(-mutations // PARTS // TARGETS[name].share), f"{seed} {name} {part}"
            ): name
            for name in names
            for part in range(PARTS)
        }
        for future in as_completed(parts):
            name = parts[future]
            totals[name].add(future.result())
            missing[name] -= 1
            _say(name, totals[name], done=not missing[name])
    return sum(bool(total.failures) for total in totals.values())


@contextmanager
def stoppable_pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this one, also when it is interrupted or told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    pool = ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGTERM, signal.SIG_DFL))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in active_children():
            process.terminate()


def run_part(name: str, count: int, seed: str) -> Report:
    """In a process of the pool: a part of the mutations of one parser."""
    return fuzz(TARGETS[name], count, seed, may_end_the_process=True)


def _say(name: str, total: Report, *, done: bool) -> None:
    count, codes = total.outcomes.total(), len(total.outcomes.keys() - {ACCEPTED})
    rate = count / total.seconds if total.seconds else 0
    state = "done" if done else "    "
    accepted = total.outcomes[ACCEPTED]
    print(f"{state} {name:24} {count:9} at {rate:7.0f}/s, {codes:3} codes, {accepted:7} accepted", flush=True)
    if done:
        for data, what in total.failures.values():
            path = crash_file(TARGETS[name], data)
            print(f"FAILED {name}: {what}\n       again: python -m tests.fuzz --replay {path}", flush=True)


def replay(path: Path) -> int:
    """What the parser makes of one file of the corpus; its failure is raised."""
    target = next(one for one in TARGETS.values() if one.folder == path.parent.name)
    print(f"{target.name}: {target.outcome(path.read_bytes())}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="parser", help=f"among: {', '.join(TARGETS)}")
    parser.add_argument("--mutations", type=int, default=1_000_000)
    parser.add_argument("--seed", help="of an earlier run; a new one by default")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--replay", type=Path, metavar="FILE")
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"no parser of this name: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
