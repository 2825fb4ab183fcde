"""How long the pages of the town halls, of the console, of officers and of electors take with a million
procurations in PostgreSQL.

Real procurations are made through the ledger; one is copied a million times by the database itself
(`_pages_data`); then every page is asked 50 times in process (`_pages_child`). The time is that of Django and
of the database, without the network. Filling takes minutes: `--cluster` keeps what was filled.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tests.postgres import kept_cluster

CLUSTER: Final = "PAGES_BENCH_CLUSTER"
ROWS: Final = "PAGES_BENCH_ROWS"
TIMES: Final = "PAGES_BENCH_TIMES"
ONLY: Final = "PAGES_BENCH_ONLY"
# Filled faster, then asked as any other. A page writes little, and what it writes is taken back.
_SETTINGS: Final = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "full_page_writes": "off",
    "random_page_cost": "1.1",
}


def measure() -> Iterator[dict[str, Any]]:
    """In a process of its own: Django speaks to one database."""
    with ExitStack() as stack:
        kept = os.environ.get(CLUSTER, "")
        folder = Path(
            kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="procuration-pg-"))
        ).absolute()
        url = stack.enter_context(kept_cluster(folder, _SETTINGS))
        (folder / "home").mkdir(exist_ok=True)
        settings = {
            "PROCURATION_HOME": str(folder / "home"),
            "PROCURATION_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "server.config.settings",
        }
        command = [sys.executable, "-m", "tests.bench._pages_child"]
        run = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        for line in run.stdout:
            yield json.loads(line)
        if run.wait():
            raise RuntimeError("the child failed")


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    parser.add_argument(
        "--cluster",
        metavar="DIR",
        help="keep the PostgreSQL cluster in this folder, and use it again when it is there: 8 GB, and the "
        "path must be short, for a socket. Delete the folder to fill it anew. Also " + CLUSTER,
    )
    parser.add_argument("--rows", type=int, help=f"procurations to fill, a million by default. Also {ROWS}")
    parser.add_argument("--times", type=int, help=f"how often each page is asked, 50. Also {TIMES}")
    parser.add_argument("--only", help=f"pages whose address has this part. Also {ONLY}")
    given = parser.parse_args()
    for name, value in ((CLUSTER, given.cluster), (ROWS, given.rows), (TIMES, given.times)):
        if value is not None:
            os.environ[name] = str(value)
    if given.only is not None:
        os.environ[ONLY] = given.only
    from tests.bench.__main__ import misses

    missed = []
    for line in measure():
        print(json.dumps(line, ensure_ascii=False), flush=True)
        if misses(line):
            missed.append(line["name"])
    if missed:
        print(f"bench: over the limit: {', '.join(map(str, missed))}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(_main())
