"""What the locked copies of a large département cost a brigade's tablet: to take in, to search, to hold."""

import gc
import statistics
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk_app.store.slots import Argon2Cost
from kiosk_app.use_cases.exchange import Exchange
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.errors import RuleViolated
from procuration.record.inbox import Entry, LockedCopy
from procuration.record.locked_copy import derive, lock
from tests import builders
from tests.kiosk.world import OFFICER_CODE, Agent, Centre, Tablet, World, draft

COPIES = 35_000
COPY_BYTES = 620
"""A typical request: 225 B of body, 240 B of signature part; taken longer, to be safe."""
IN_AN_ANSWER = 1_200
LOOK_UPS = 15
LOOK_UP_MS_MAX = 400
TAKING_IN_SECONDS_MAX = 60
STRETCH_MS_MAX = 250
"""The longest time for which the screen waits while copies are filed."""
GROWTH_MIB_MAX = 100
"""Of the peak, for one look-up: the 64 MiB of the key, and what the search reads."""
REFERENCE, BORN = Reference("XBQ7V3"), builders.ANGELA.birth_date


def measure() -> Iterator[dict[str, Any]]:
    """Taking in 35,000 copies by real answers, then look-ups among them, then memory."""
    with tempfile.TemporaryDirectory(prefix="bench-copies-") as folder:
        world = World(Path(folder))
        kiosk = world.kiosk().leases(REFERENCE)
        brigade = world.brigade().holds_epoch_key().enrols_officer()
        pair = brigade.find._read_receipt(kiosk.file(draft()).qr_text).pair
        keys = derive(REFERENCE, BORN, builders.REALM)
        until = builders.NOW + timedelta(days=61)
        own = LockedCopy(keys.tag, lock(pair, keys, builders.REALM, builders.Counted()), until)
        draw = builders.Counted("others")
        others = [LockedCopy(draw(16), draw(COPY_BYTES), until) for _ in range(COPIES - 1)]
        yield from _taken_in(brigade, Centre(world), [*others, own])
        yield from _held(brigade)
        yield from _look_ups(brigade)
        yield from _memory(brigade)
        for tablet in world.tablets:
            tablet.station.close()


def _taken_in(brigade: Tablet, centre: Centre, copies: list[LockedCopy]) -> Iterator[dict[str, Any]]:
    stretches: list[float] = []
    last = [0.0]

    def pause(seconds: float) -> None:
        stretches.append(perf_counter() - last[0])
        sleep(seconds)
        last[0] = perf_counter()

    brigade.exchange = Exchange(brigade.station, brigade.spool, pause)
    agent = Agent(brigade, centre)
    seconds = 0.0
    _reset_peak()
    before = _peak_mib()
    for start in range(0, len(copies), IN_AN_ANSWER):
        _puts(centre, brigade, start, copies[start : start + IN_AN_ANSWER])
        brigade.exchange.ask_again()
        brigade.exchange.step()
        agent.carries()
        began = last[0] = perf_counter()
        brigade.exchange._apply()
        seconds += perf_counter() - began
    assert brigade.store.locked_copies.count == COPIES
    context = {
        "copies": COPIES,
        "answers": -(-COPIES // IN_AN_ANSWER),
        "pauses_s": round(0.02 * len(stretches), 1),
    }
    yield {
        "name": "copies: taken in",
        "value": round(seconds, 2),
        "unit": "s",
        "context": context | {"at_most": TAKING_IN_SECONDS_MAX},
    }
    p99 = statistics.quantiles(stretches, n=100)[98]
    yield {
        "name": "copies: between two pauses, p99",
        "value": round(1000 * p99, 1),
        "unit": "ms",
        "context": {"max_ms": round(1000 * max(stretches), 1), "at_most": STRETCH_MS_MAX},
    }
    yield _growth("copies: memory growth while they are taken in", _peak_mib() - before)


def _puts(centre: Centre, brigade: Tablet, start: int, copies: list[LockedCopy]) -> None:
    """The next entries of the inbox; those applied are not kept."""
    centre.inboxes[brigade.log_id] = [Entry(start + place + 1, copy) for place, copy in enumerate(copies)]


def _held(brigade: Tablet) -> Iterator[dict[str, Any]]:
    """What they weigh on the disk, and on the start of the program."""
    began = perf_counter()
    brigade.store.connection.snapshot()
    snapshot = perf_counter() - began
    size = (brigade.folder / "store.db").stat().st_size
    brigade.station.close()
    began = perf_counter()
    brigade.starts()
    opened = perf_counter() - began
    yield {"name": "copies: store on the disk", "value": round(size / 2**20, 1), "unit": "MiB", "context": {}}
    context = {"snapshot_s": round(snapshot, 2), "code": "at a cost of nearly nothing"}
    yield {"name": "copies: store opened", "value": round(opened, 2), "unit": "s", "context": context}
    brigade.unlock(OFFICER_CODE)


def _look_ups(brigade: Tablet) -> Iterator[dict[str, Any]]:
    """The limit is on the work of all threads: an officer waits no longer on a tablet that does nothing
    else."""
    alone = [_ms(lambda: derive(REFERENCE, BORN, builders.REALM)) for _ in range(LOOK_UPS)]
    found = [_ms(lambda: brigade.find.by_reference(REFERENCE, BORN)) for _ in range(LOOK_UPS)]
    missed = [_ms(lambda: _misses(brigade)) for _ in range(LOOK_UPS)]
    waited = [wall for wall, _ in found]
    worked = statistics.median(work for _, work in found)
    context = {
        "copies": COPIES,
        "runs": LOOK_UPS,
        "on_the_clock_ms": round(statistics.median(waited)),
        "spread_ms": [round(min(waited)), round(max(waited))],
        "missed_ms": round(statistics.median(work for _, work in missed)),
        "key_alone_ms": round(statistics.median(work for _, work in alone)),
        "at_most": LOOK_UP_MS_MAX,
    }
    value = round(worked, 1)
    yield {"name": "copies: look-up with its key", "value": value, "unit": "ms of a core", "context": context}


def _misses(brigade: Tablet) -> None:
    try:
        brigade.find.by_reference(REFERENCE, PartialDate(1962, 8, 25))
    except RuleViolated as error:
        assert error.code == "DEMANDE_INTROUVABLE"  # noqa: PT017
        return
    raise AssertionError("nobody has that birth date")


def _memory(brigade: Tablet) -> Iterator[dict[str, Any]]:
    def look_up() -> object:
        return brigade.find.by_reference(REFERENCE, BORN)

    def unlock() -> object:
        cost = Argon2Cost()
        return Argon2id(
            salt=bytes(16),
            length=32,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive(b"code")

    yield _growth("copies: memory growth of a look-up", _peak_of(look_up), GROWTH_MIB_MAX)
    twice = _peak_of(look_up, look_up)
    yield _growth("copies: memory growth of two look-ups at once", twice, GROWTH_MIB_MAX)
    both = _peak_of(look_up, unlock)
    yield _growth("copies: memory growth of a look-up while a code of 256 MiB is checked", both)


def _growth(name: str, mib: float, at_most: int | None = None) -> dict[str, Any]:
    context = {} if at_most is None else {"at_most": at_most}
    return {"name": name, "value": round(mib, 1), "unit": "MiB RSS", "context": context}


def _peak_of(*works: Callable[[], object]) -> float:
    """How far the resident memory rises above where it stood, with all of these at once."""
    gc.collect()
    _reset_peak()
    before = _peak_mib()
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _peak_mib() - before


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the kernel says it of every process")


def _ms(work: Callable[[], object]) -> tuple[float, float]:
    """On the clock, and of a core."""
    began, worked = perf_counter(), process_time()
    work()
    return 1000 * (perf_counter() - began), 1000 * (process_time() - worked)
