"""How long the whole law takes: the fold of 100,000 events of 30,000 procurations, its growth, and what one
more event costs a centre that has few or many dossiers.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from procuration.domain.fold import fold
from tests.builders import NOUMEA
from tests.histories import CALENDAR, LAW, History, person, utc

SIZES = (10_000, 30_000, 100_000)
SECONDS_MAX = 10
GROWTH_MAX = 1.5
DOSSIERS = (200, 4_000)
ONE_MORE_MAX = 1.5
ROUNDS = 9


def measure() -> Iterator[dict[str, Any]]:
    """The fold in memory, then one act at the centre."""
    yield from _fold_lines()
    with tempfile.TemporaryDirectory(prefix="procuration-bench-") as home:
        settings = {"PROCURATION_HOME": home, "DJANGO_SETTINGS_MODULE": "server.config.settings"}
        run = subprocess.run(
            [sys.executable, "-m", "tests.bench.law"],
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    for line in run.stdout.splitlines():
        yield json.loads(line)


def history_of(events: int) -> History:
    """Three or four events for each procuration: a hundred brigades, two mandants for each mandataire, one
    decision in three, most clocks proved."""
    told, first = History(utc(2027, 4, 1)), utc(2027, 4, 1, 8)
    number = 0
    while len(told.events) < events:
        for _ in range(min(1_000, (events - len(told.events)) // 3 + 1)):
            tablet, at = f"brigade {number % 100}", first + timedelta(minutes=number)
            act = told.establishes(
                number,
                at,
                tablet,
                mandant=person(f"MANDANT {number}"),
                mandataire=person(f"MANDATAIRE {number // 2}", NOUMEA),
            )
            told.receives(act, at + timedelta(hours=1))
            if number % 3 == 0:
                told.decides(act, at + timedelta(hours=2))
            if number % 300 < 100:
                told.proves(tablet, at + timedelta(minutes=30))
            number += 1
    return told


def _fold_lines() -> Iterator[dict[str, Any]]:
    seconds, procurations = {}, 0
    for size in SIZES:
        events = history_of(size).events[:size]
        gc.collect()
        gc.freeze()  # the events are there before the fold: the collector's walks over them are not its work
        started = process_time()
        procurations = len(fold(events, LAW, CALENDAR).standings)
        seconds[size] = process_time() - started
        gc.unfreeze()
    small, _, large = (seconds[size] / size for size in SIZES)
    context = {
        "procurations": procurations,
        "seconds": {size: round(took, 2) for size, took in seconds.items()},
    }
    yield {
        "name": "law: fold of 100,000 events on one core",
        "value": round(seconds[SIZES[-1]], 2),
        "unit": "s",
        "context": context | {"at_most": SECONDS_MAX},
    }
    yield {
        "name": "law: time per event at 100,000 / at 10,000",
        "value": round(large / small, 2),
        "unit": "ratio",
        "context": context | {"at_most": GROWTH_MAX},
    }


def _main() -> None:
    """The child: a centre that takes in one more act beside few dossiers, then beside many."""
    import logging

    import server.config.wsgi  # noqa: F401  # sets Django up as a worker of `serve` does

    logging.disable(logging.INFO)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    print(json.dumps(_one_more_line()))


def _one_more_line() -> dict[str, Any]:
    from server.config.centre import install_centre
    from tests import builders
    from tests.server.centre import World, centre_of

    world = World(centre_of(Path(os.environ["PROCURATION_HOME"])))
    install_centre(world.centre)
    kiosk, brigade, officer = world.kiosk(), world.brigade(), builders.key("officer")
    brigade.enrols(officer)
    number, medians = 0, []
    for dossiers in DOSSIERS:
        while number < dossiers:
            number += 1
            brigade.acts(kiosk.files(number, reference=None), officer, number)
            if number % 200 == 0:
                world.hears(brigade)
        took = []
        for _ in range(ROUNDS):
            number += 1
            rival = builders.people(number - 50)["mandataire"]  # one rival among those that are there
            brigade.acts(kiosk.files(number, reference=None, mandataire=rival), officer, number)
            sealed = brigade.sealed()
            started = perf_counter()
            world.takes(sealed)
            took.append(perf_counter() - started)
            brigade.sent = len(brigade.pairs)
        medians.append(statistics.median(took))
    return {
        "name": f"law: one more act beside {DOSSIERS[1]:,} dossiers / beside {DOSSIERS[0]:,}",
        "value": round(medians[1] / medians[0], 2),
        "unit": "ratio",
        "context": {"milliseconds": [round(1000 * one, 1) for one in medians], "at_most": ONE_MORE_MAX},
    }


if __name__ == "__main__":
    _main()
