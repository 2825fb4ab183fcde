"""What locked copies cost the centre: to make one, to look whether one is due, to tell a new brigade all."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from tests.postgres import throw_away_cluster

MADE = 20
COPIES = 35_000
IDLE_MS_MAX = 1_500
ANSWER_MS_MAX = 500


def measure() -> Iterator[dict[str, Any]]:
    """Both databases, each in a process of its own: Django speaks to one."""
    with throw_away_cluster() as url:
        yield from _measured_in_child({"PROCURATION_DATABASE_URL": url})
    yield from _measured_in_child({})


def _measured_in_child(environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="procuration-bench-") as home:
        settings = {"PROCURATION_HOME": home, "DJANGO_SETTINGS_MODULE": "server.config.settings"}
        run = subprocess.run(
            [sys.executable, "-m", "tests.bench.copying"],
            env={**os.environ, **settings, **environment},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    yield from map(json.loads, run.stdout.splitlines())


def _main() -> None:
    import logging

    import server.config.wsgi  # noqa: F401  # sets Django up as a worker of `serve` does

    logging.disable(logging.INFO)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    for line in _lines():
        print(json.dumps(line))


def _lines() -> Iterator[dict[str, Any]]:
    from django.db import connection

    from server.dossiers.copying import keep_copies
    from tests import builders
    from tests.server.centre import World, centre_of

    world = World(centre_of(Path(os.environ["PROCURATION_HOME"])))
    kiosk = world.kiosk()
    for number in range(MADE):
        kiosk.files(number + 1, reference=f"XBQ7{'ABCDEFGH'[number // 8]}{number % 8 + 2}")
    world.hears(kiosk)
    began, worked = perf_counter(), process_time()
    kept = keep_copies(world.centre, run_ms=10**9)
    each, worked = (perf_counter() - began) / MADE, (process_time() - worked) / MADE
    assert kept.made == MADE
    context = {"database": connection.vendor, "runs": MADE, "of_a_core_ms": round(1000 * worked, 1)}
    yield {"name": "copies: made, each", "value": round(1000 * each, 1), "unit": "ms", "context": context}
    _fill(builders.Counted("rows"))
    times = []
    for _ in range(5):
        began = perf_counter()
        assert keep_copies(world.centre).made == 0
        times.append(1000 * (perf_counter() - began))
    context = {"database": connection.vendor, "copies": COPIES, "at_most": IDLE_MS_MAX}
    value = round(statistics.median(times), 1)
    yield {"name": "copies: a run with nothing to do", "value": value, "unit": "ms", "context": context}
    yield _told(world)


def _fill(draw: Any) -> None:
    """As many requests, each with its copy."""
    from django.db import transaction

    from server.dossiers.models import Procuration
    from server.ledger.models import RequestCopy
    from server.ledger.rows import insert_rows

    row, copy = Procuration.objects.first(), RequestCopy.objects.first()
    assert row is not None
    assert copy is not None
    columns = [field.attname for field in Procuration._meta.fields]
    of_copy = [field.attname for field in RequestCopy._meta.fields if field.attname != "id"]
    rids = [draw(16).hex() for _ in range(COPIES - MADE)]
    with transaction.atomic():
        insert_rows(Procuration, columns, (_values(row, columns, rid=rid) for rid in rids))
        insert_rows(RequestCopy, of_copy, (_values(copy, of_copy, rid=rid, tag=draw(16)) for rid in rids))


def _values(row: Any, columns: list[str], **changes: Any) -> list[Any]:
    return [changes.get(name, getattr(row, name)) for name in columns]


def _told(world: Any) -> dict[str, Any]:
    """A brigade enrolled today asks until it has everything."""
    from django.db import connection

    brigade = world.brigade("new brigade")
    times = []
    while True:
        applied, sealed = brigade.applied, brigade.sealed()
        began = perf_counter()
        answer = world.takes(sealed)
        times.append(1000 * (perf_counter() - began))
        brigade.reads(sealed, answer)
        if brigade.applied == applied:
            break
    assert brigade.applied >= COPIES
    context = {
        "database": connection.vendor,
        "answers": len(times),
        "max_ms": round(max(times)),
        "nothing_new_ms": round(times[-1], 1),
        "at_most": ANSWER_MS_MAX,
    }
    value = round(statistics.median(times[:-1]), 1)
    return {
        "name": "copies: an answer that is full of them",
        "value": value,
        "unit": "ms",
        "context": context,
    }


if __name__ == "__main__":
    _main()
