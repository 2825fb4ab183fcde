"""How long `procuration-server verify` takes for 100,000 events on two cores: signatures, chains, columns,
bodies, tree, and every state against a fresh fold.

The ledger is what a centre has: kiosks that hide their bodies, a brigade that acts on one request in ten, the
receptions that the centre signs. The time for 100,000 is worked out from the events per second.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.postgres import throw_away_cluster

REQUESTS = 18_000
ACTS = 1_800
KIOSKS = 6
PROCESSES = 2
EVENTS = 100_000
SECONDS_AT_MOST = 60.0


def measure() -> Iterator[dict[str, Any]]:
    """PostgreSQL: where a ledger of that size is kept."""
    with throw_away_cluster() as url, tempfile.TemporaryDirectory(prefix="procuration-bench-") as home:
        settings = {
            "PROCURATION_DATABASE_URL": url,
            "PROCURATION_HOME": home,
            "DJANGO_SETTINGS_MODULE": "server.config.settings",
        }
        run = subprocess.run(
            [sys.executable, "-m", "tests.bench.verify"],
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    for line in run.stdout.splitlines():
        yield json.loads(line)


def bench_centre() -> Any:
    """The centre of this process's home; each process makes its own."""
    from tests.server.centre import centre_of

    return centre_of(Path(os.environ["PROCURATION_HOME"]))


def _processor_seconds() -> float:
    """Of this process and of those it started and waited for; the database's own are not among them."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _main() -> None:
    """The child: migrates, fills, then measures with one process and with two."""
    import logging

    import server.config.wsgi  # noqa: F401  # sets Django up

    logging.disable(logging.INFO)
    from django.core.management import call_command
    from django.db import connection

    from server.ledger.verifying import verify_everything

    call_command("migrate", verbosity=0, skip_checks=True)
    centre = _filled()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for processes in (1, PROCESSES):
        started, worked = perf_counter(), _processor_seconds()
        audit = verify_everything(centre, lambda _: None, processes=processes, source=bench_centre)
        seconds = perf_counter() - started
        assert audit.faults == [], audit.faults[:5]
        context = {
            "events": audit.events,
            "dossiers": audit.dossiers,
            "leaves": audit.leaves,
            "seconds": round(seconds, 1),
            # on a machine that does other things too, this says what two free cores would take at best
            "processor_seconds": round(_processor_seconds() - worked, 1),
            "events_per_second": round(audit.events / seconds),
            "cores": os.cpu_count(),
        }
        if processes == PROCESSES:
            context["at_most"] = SECONDS_AT_MOST
        line = {
            "name": f"verify, {processes} process{'es' * (processes > 1)}: seconds for 100,000 events",
            "value": round(EVENTS / (audit.events / seconds), 1),
            "unit": "s",
            "context": context,
        }
        print(json.dumps(line), flush=True)


def _filled() -> Any:
    from tests import builders
    from tests.server.centre import World

    world = World(bench_centre())
    officer = builders.key("officer")
    brigade = world.brigade("brigade")
    brigade.enrols(officer)
    acted = 0
    for number in range(KIOSKS):
        kiosk = world.kiosk(f"kiosk {number}")
        kiosk.starts_hiding_bodies()
        for first in range(0, REQUESTS // KIOSKS, 500):
            for one in range(first, first + 500):
                rid = 1_000_000 * number + one
                request = kiosk.files(rid, reference=None)
                if one % (REQUESTS // ACTS) == 0:
                    brigade.acts(request, officer, rid)
                    acted += 1
            world.hears(kiosk)
            world.hears(brigade)
    return world.centre


if __name__ == "__main__":
    _main()
