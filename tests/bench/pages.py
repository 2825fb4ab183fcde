"""How long the pages of the town halls and of the console take with a million procurations in PostgreSQL.

One real procuration, made through the ledger, is copied a million times by the database itself, with its
events, its bundles and its messages; then every list page is asked 50 times in process. The time is that of
Django and of the database, without the network. `PAGES_BENCH_ROWS` changes the million.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from tests.postgres import throw_away_cluster

ROWS = int(os.environ.get("PAGES_BENCH_ROWS", "1000000"))
TIMES = int(os.environ.get("PAGES_BENCH_TIMES", "50"))
P95_MS_AT_MOST = 300
DEVICES = 3_000
IN_ONE_TOWN_HALL = 200  # five thousand of a million: as many as a city of 300 000 electors
CONSOLE = (
    "",
    "a-trancher/",
    "a-trancher/decisions/",
    "urgences/",
    "en-attente/",
    "mis-de-cote/",
    "lots/",
    "lots/?poste=Poste+100",
    "lots/?suite=REFUSE",
    "postes/",
    "postes/?etat=silencieux&tri=unite",
    "parc/",
    "demandes/",
    "chiffres/",
    "chiffres/?jours=30",
    "constats/",
    "contestations/",
    "messages/",
    "recherche/",
    "exports/",
    "registres/",
)
TOWN_HALL = (
    "",
    "?page=200",
    "decisions/",
    "decisions/?page=200",
    "registres/",
    "mandataires/",
    "prevenir/",
    "recherche/",
)
SEARCHES = (
    ("console", "/console/recherche/", {"reference": "XBQ7V3"}),
    (
        "console",
        "/console/recherche/",
        {"nom": "dubois", "naissance": "24/08/1962", "motif": "controle"},
    ),
    ("mairie", "/mairie/recherche/", {"nom": "dubois"}),
)


def measure() -> Iterator[dict[str, Any]]:
    """In a process of its own: Django speaks to one database."""
    with throw_away_cluster() as url, tempfile.TemporaryDirectory(prefix="procuration-bench-") as home:
        settings = {
            "PROCURATION_HOME": home,
            "PROCURATION_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "server.config.settings",
        }
        command = [sys.executable, "-m", "tests.bench.pages"]
        run = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        for line in run.stdout:
            yield json.loads(line)
        if run.wait():
            raise RuntimeError("the child failed")


def _main() -> None:
    """The child: migrates, fills, measures."""
    import logging

    import server.config.wsgi  # noqa: F401  # sets Django up as a worker of `serve` does

    logging.disable(logging.WARNING)
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0, skip_checks=True)
    for line in _lines():
        print(json.dumps(line), flush=True)


def _lines() -> Iterator[dict[str, Any]]:
    from datetime import timedelta

    from server.config.centre import install_centre
    from server.console.following import follow_all
    from server.console.models import Finding
    from tests.server.centre import World, centre_of
    from tests.server.townhall import administrator, agent_of

    world = World(centre_of(Path(os.environ["PROCURATION_HOME"])))
    install_centre(world.centre)
    started = perf_counter()
    _fill(world)
    filled = perf_counter() - started
    world.clock.at += timedelta(days=7, hours=20)
    started = perf_counter()
    while follow_all(world.centre):
        pass
    yield {
        "name": f"console: {ROWS} procurations counted once",
        "value": round(perf_counter() - started, 1),
        "unit": "s",
        "context": {"filled_in_seconds": round(filled), "findings": Finding.objects.count()},
    }
    browsers = {"console": administrator(), "mairie": agent_of()}
    pages = [("console", f"/console/{page}", None) for page in CONSOLE]
    pages += [("mairie", f"/mairie/{page}", None) for page in TOWN_HALL]
    for who, address, asked in (*pages, *SEARCHES):
        yield _page_line(browsers[who], address, asked)


def _page_line(browser: Any, address: str, asked: Mapping[str, str] | None) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask() -> Any:
        return browser.get(address) if asked is None else browser.post(address, asked)

    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    asked_of_it = list(queries.captured_queries)  # read now: the next request forgets them
    slowest = max(asked_of_it, key=lambda one: float(one["time"]), default={"time": "0", "sql": ""})
    times, before = [], process_time()
    for _ in range(TIMES):
        started = perf_counter()
        ask()
        times.append(1000 * (perf_counter() - started))
    used = 1000 * (process_time() - before) / TIMES
    times.sort()
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    return {
        "name": f"p95 of {'POST' if asked else 'GET'} {address}{' ' + '+'.join(asked) if asked else ''}",
        "value": round(p95),
        "unit": "ms",
        "context": {
            "status": answer.status_code,
            "median": round(times[len(times) // 2]),
            "queries": len(asked_of_it),
            "django_ms_of_processor": round(used),
            "load": round(os.getloadavg()[0], 1),
            "slowest_query_ms": round(1000 * float(slowest["time"])),
            "slowest_query": slowest["sql"][:240] if p95 > P95_MS_AT_MOST else "",
            "at_most": P95_MS_AT_MOST,
        },
    }


def _fill(world: Any) -> None:
    """One real story, then copies of its rows."""
    from django.db import connection

    from server.dossiers import services
    from tests import builders
    from tests.server.townhall import Story, account_of

    officer = builders.key("officer")
    brigade = world.brigade()
    brigade.enrols(officer)
    story = Story(world, world.kiosk(), brigade, officer)
    rid = story.established(1)
    services.taken_in_by_town_hall(rid, account_of())
    services.decide(rid, account_of(), True, None)
    with connection.cursor() as cursor:
        # Only to fill faster: the database that is asked afterwards is like any other.
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)",
            [["dossiers_procuration", "ledger_event", "ledger_bundle", "notices_notice"]],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for statement in (*_statements(), *(definition for _, definition in indexes), "VACUUM ANALYZE"):
            cursor.execute(statement)
        cursor.execute("RESET session_replication_role; RESET synchronous_commit")


_DAY = "timestamptz '2027-04-01 06:00+00'"
_AT = f"{_DAY} + make_interval(secs => (n * 7 % 604800))"
"""Spread over the week before the clock of the bench."""
_OURS = f"n % {IN_ONE_TOWN_HALL} = 0"
_TOWN = f"(CASE WHEN {_OURS} THEN '98818' ELSE lpad(((n * 37) % 35000 + 1000)::text, 5, '0') END)"
# Seven of ten are decided. The town hall that is asked has received its own, so that asking writes nothing.
_STATUS = (
    "(CASE WHEN n % 10 < 7 THEN 5 WHEN n % 1000 = 9 THEN 11 "
    f"WHEN n % 10 = 8 AND n % {IN_ONE_TOWN_HALL} <> 0 THEN 3 ELSE 4 END)"
)
_DIGEST = "md5('{}' || n)"
_DEVICE = f"(SELECT min(id) FROM ledger_device) + 10 + n % {DEVICES}"


def _statements() -> Iterator[str]:
    """The copies, table by table; columns that are not named are those of the row that is copied."""
    from server.dossiers.models import Procuration
    from server.ledger.models import Bundle, Device, Event
    from server.notices.models import Notice

    yield _copies(
        Device,
        DEVICES + 20,
        "role = 1",
        {
            "id": "(SELECT min(id) FROM ledger_device) + 9 + n",
            "log_id": f"substr({_DIGEST.format('log')}, 1, 16)",
            "kid": f"substr({_DIGEST.format('kid')}, 1, 16)",
            "role": "1 + n % 2",
            "unit": "'unit-' || n / 3",
            "unit_name": "'Poste ' || n",
            "departement": "lpad((1 + n % 95)::text, 2, '0')",
            "head_seq": "1000",
            "last_contact": f"{_DAY} + make_interval(hours => n % 190)",
        },
    )
    yield _copies(
        Procuration,
        ROWS,
        "true",
        {
            "rid": _DIGEST.format("rid"),
            "reference": "translate(substr(upper(md5('ref' || n)), 1, 6), '01', 'GH')",
            "status": _STATUS,
            "code": f"CASE WHEN {_STATUS} = 11 THEN 'ORDRE_INCERTAIN' ELSE '' END",
            "place_code": _TOWN,
            "channel": "1 + n % 4",
            "filed_at": _AT,
            "established_at": _AT,
            "decided_at": f"CASE WHEN {_STATUS} = 5 THEN {_AT} END",
            "act_hash": f"{_DIGEST.format('a')} || {_DIGEST.format('b')}",
            "act_log": f"substr({_DIGEST.format('log')}, 1, 16)",
            "mandant_birth_date": "to_char(date '1935-01-01' + (n * 11 % 25000), 'YYYY-MM-DD')",
            "mandant_birth_name": "'NOM' || n % 20000",
            "mandant_folded": "'nom' || n % 20000 || ' angela'",
            "mandant_key": _DIGEST.format("m"),
            "mandataire_key": "md5('d' || n / 2)",
            "moment_key": _DIGEST.format("t"),
            "own": f"jsonb_set(t.own, '{{officer}}', to_jsonb(md5('o' || n % {2 * DEVICES})))",
        },
    )
    for kind, only, hash_ in (
        (1, "n % 4 = 0", "decode(md5('f' || n) || md5('g' || n), 'hex')"),
        (2, "true", "decode(md5('a' || n) || md5('b' || n), 'hex')"),
        (4, "n % 40 < 7", "decode(md5('x' || n) || md5('y' || n), 'hex')"),
    ):
        yield _copies(
            Event,
            ROWS,
            f"kind = {kind}",
            {
                "device_id": _DEVICE,
                "seq": f"10 * (n / {DEVICES}) + {kind}",
                "hash": hash_,
                "rid": _DIGEST.format("rid"),
                "wall": f"extract(epoch FROM {_AT})::bigint + {kind} * 600",
                "received_at": f"{_AT} + make_interval(mins => {kind} * 40)",
                "bundle_id": "NULL",
            },
            only,
        )
    yield _copies(
        Bundle,
        ROWS // 10,
        "true",
        {
            "device_id": _DEVICE,
            "received_at": f"{_DAY} + make_interval(secs => n * 70 % 604800)",
            "first_seq": f"10 * (n / {DEVICES})",
            "count": "10",
            "added": "10",
            "outcome": "CASE WHEN n % 50 = 0 THEN 'REFUSE' WHEN n % 51 = 0 THEN 'EN_ATTENTE' "
            "ELSE 'ACCEPTE' END",
            "code": "CASE WHEN n % 50 = 0 THEN 'EVENEMENTS_INVALIDES' ELSE '' END",
        },
    )
    for number, kind in enumerate((1, 2)):
        yield _copies(
            Notice,
            ROWS,
            "true",
            {
                "kind": str(kind),
                "cause": f"{_DIGEST.format('c')} || {_DIGEST.format('d')}",
                "rid": _DIGEST.format("rid"),
                "created_at": _AT,
                "state": f"CASE WHEN n % 2000 = {number} THEN 'failed' "
                "WHEN n % 300 = 7 THEN 'waiting' ELSE 'sent' END",
                "code": f"CASE WHEN n % 2000 = {number} THEN 'ADRESSE_REFUSEE' ELSE '' END",
            },
        )


def _copies(model: Any, count: int, which: str, changed: Mapping[str, str], only: str = "true") -> str:
    """INSERT of `count` copies, numbered n, of the row t that `which` names; those that `only` leaves. A key
    that the database gives is left out."""
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if field.column in changed or not (field.primary_key and field.get_internal_type() == "BigAutoField")
    ]
    assert not set(changed) - set(columns)
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    copied = f"(SELECT * FROM {table} WHERE {which} ORDER BY 1 LIMIT 1) t"
    numbers = f"generate_series(1, {count}) n"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {copied}, {numbers} WHERE {only}"


if __name__ == "__main__":
    _main()
