"""The child of `pages`: migrates, fills what is empty, then asks every page and says how long each took."""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, Final

from tests.bench.pages import ONLY, ROWS, TIMES

P95_MS_AT_MOST: Final = 300
STORIES: Final = 55
"""Real procurations that wait: one to open, fifty to validate together."""
EVENTS_COUNTED: Final = 300_000
TOKEN: Final = "0123456789abcdef0123456789abcdef"
CONSOLE: Final = (
    "",
    "etat/",
    "a-trancher/",
    "a-trancher/?page=9",
    "a-trancher/decisions/",
    "urgences/",
    "en-attente/",
    "mis-de-cote/",
    "lots/",
    "lots/?page=3000",
    "lots/?poste=Poste+100",
    "lots/?suite=REFUSE",
    "lots/?jour=2027-04-03",
    "postes/",
    "postes/?etat=silencieux&tri=unite",
    "postes/{log}/",
    "parc/",
    "demandes/",
    "chiffres/",
    "chiffres/?jours=30",
    "constats/",
    "contestations/",
    "repertoire/",
    "messages/",
    "messages/?page=40",
    "messages/revenus/",
    "recherche/",
    "dossiers/{rid}/",
    "exports/",
    "registres/",
    "registres/unite/?unite=unit-100",
)
BIG_TOWN: Final = (
    "",
    "?page=200",
    "?voie=1",
    "?vote=periode",
    "?mandataire=2",
    "?mandataire=3",
    "decisions/",
    "decisions/?page=500",
    "procurations/{rid}/",
    "procurations/{rid}/valider/",
    "registres/",
    "registres/2027-04-11/1/public/",
    "registres/2027-04-11/1/interne/?page=300",
    "registres/2027-04-11/1/emargement/?page=200",
    "mandataires/",
    "repertoire/",
    "prevenir/",
    "recherche/",
)
TOWN: Final = (
    "",
    "?page=10",
    "?mandataire=2",
    "decisions/",
    "registres/",
    "registres/2027-04-11/1/interne/",
    "prevenir/",
)
VILLAGE: Final = ("", "decisions/", "registres/", "mandataires/", "prevenir/")
FOLLOW: Final = "/suivi/"
UNKNOWN_REFERENCE: Final = "ZZZZZZ"
SAME_TIME_AT_MOST: Final = 1.05
"""Medians of a page that an attacker sees through a network, whose own noise is far above."""
ELECTORS: Final = ("/demande/", "/suivi/", "/points-accueil/", "/v1/health")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One thing to ask. `posted`: what a form sends; `undone`: whether what it writes is taken back."""

    who: str
    address: str
    posted: Mapping[str, Any] | None = None
    undone: bool = False


def main() -> None:
    """Prints one line of JSON for each figure."""
    import server.config.wsgi  # noqa: F401  # sets Django up as a worker of `serve` does

    logging.disable(logging.WARNING)
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0, skip_checks=True)
    for line in _lines():
        print(json.dumps(line), flush=True)


def _lines() -> Iterator[dict[str, Any]]:
    from server.config.centre import install_centre
    from tests.server.centre import World, centre_of

    home = Path(os.environ["PROCURATION_HOME"])
    world = World(centre_of(home))
    install_centre(world.centre)
    rows = int(os.environ.get(ROWS, "1000000"))
    kept = home / "bench.json"
    if not kept.exists():
        started = perf_counter()
        rids = _filled(world, rows)
        filled = {"rows": rows, "rids": rids, "seconds": round(perf_counter() - started)}
        kept.write_text(json.dumps(filled), "utf-8")
    filled = json.loads(kept.read_text("utf-8"))
    world.clock.at += timedelta(days=7, hours=20)
    yield from _jobs(world, filled)
    browsers = _browsers(world, home)
    only = os.environ.get(ONLY, "")
    for page in _pages(filled["rids"]):
        if only in f"{page.who} {page.address}":
            yield _page_line(browsers[page.who], page)
    if only in FOLLOW:
        yield _same_time(browsers["nobody"], filled["rids"])


def _filled(world: Any, rows: int) -> list[str]:
    """What is in the database; most of its events are called counted already, or counting would take longer
    than everything else."""
    from django.db.models import Max

    from server.console.models import Followed
    from server.ledger.models import Event
    from tests.bench._pages_data import fill

    rids = fill(world, rows, STORIES)
    last = Event.objects.aggregate(last=Max("pk"))["last"]
    Followed.objects.update_or_create(name="evenements", defaults={"event_id": max(0, last - EVENTS_COUNTED)})
    return rids


def _jobs(world: Any, filled: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the background process counts: the first time, and each minute."""
    from server.console import kept
    from server.console.following import follow_all
    from server.console.models import Finding, Kept

    started = perf_counter()
    while follow_all(world.centre):
        pass
    yield {
        "name": f"console: {EVENTS_COUNTED} events counted once, 0 when they were",
        "value": round(perf_counter() - started, 1),
        "unit": "s",
        "context": {"filled_in_seconds": filled["seconds"], "findings": Finding.objects.count()},
    }
    Kept.objects.all().delete()
    started = perf_counter()
    kept.refresh(world.centre.tables, world.centre.clock.now())
    yield {
        "name": "console: what is kept counted again by the job",
        "value": round(perf_counter() - started, 1),
        "unit": "s",
        "context": {},
    }


def _browsers(world: Any, home: Path) -> dict[str, Any]:
    """Somebody of each role; those of an earlier run are taken away first."""
    from dataclasses import replace

    from django.contrib.auth.models import User
    from django.test import Client

    from server.health import metrics
    from tests.builders import LAON, NOUMEA
    from tests.server.townhall import LIFOU, administrator, agent_of

    names = iter(f"bench-{User.objects.count()}-{number}" for number in range(9))
    token = home / "metrics.token"
    token.write_text(TOKEN, "utf-8")
    metrics.OPTIONS = replace(metrics.OPTIONS, metrics_token_file=str(token))
    return {
        "console": administrator(next(names)),
        "mairie": agent_of(NOUMEA, next(names)),
        "ville": agent_of(LAON, next(names)),
        "village": agent_of(LIFOU, next(names)),
        "brigade": _officer(world, next(names)),
        "nobody": Client(),
        "machine": Client(headers={"Authorization": f"Bearer {TOKEN}"}),
    }


def _officer(world: Any, name: str) -> Any:
    from tests.server.brigade.conftest import officer_on_line
    from tests.server.townhall import signed_in

    officer = officer_on_line(world, name)
    officer.is_entitled()
    return signed_in(officer.account.user)


def _pages(rids: list[str]) -> Iterator[Page]:
    from server.dossiers.models import Procuration
    from server.ledger.models import Device

    one = Procuration.objects.get(rid=rids[0])
    known = {"rid": one.rid, "log": Device.objects.filter(role=2).order_by("pk")[50].log_id}
    for who, root, pages in (
        ("console", "console", CONSOLE),
        ("mairie", "mairie", BIG_TOWN),
        ("ville", "mairie", TOWN),
        ("village", "mairie", VILLAGE),
    ):
        for page in pages:
            yield Page(who=who, address=f"/{root}/{page.format(**known)}")
    for address in ELECTORS:
        yield Page(who="nobody", address=address)
    yield Page(who="machine", address="/metrics")
    yield Page(who="brigade", address="/brigade/")
    yield from _forms(one)
    yield from _decisions(rids)


def _forms(one: Any) -> Iterator[Page]:
    """Searches: by a reference, by names that few, many and no elector bear."""
    person = {"nom": "dubois", "naissance": "24/08/1962", "motif": "controle"}
    yield Page(who="console", address="/console/recherche/", posted={"reference": "XBQ7V3"})
    yield Page(who="console", address="/console/recherche/", posted=person)
    for who, name in (
        ("mairie", "dubois"),
        ("mairie", "martin marie"),
        ("mairie", "ma"),
        ("mairie", "xyzzy"),
    ):
        yield Page(who=who, address="/mairie/recherche/", posted={"nom": name})
    yield Page(who="mairie", address="/mairie/recherche/", posted={"nom": one.reference or "XBQ7V3"})
    yield Page(who="village", address="/mairie/recherche/", posted={"nom": "dubois"})
    year, month, day = one.mandant_birth_date.split("-")
    born = {"day": day, "month": month, "year": year}
    yield Page(who="nobody", address="/suivi/", posted={"reference": one.reference, **born}, undone=True)
    found = {"reference": one.reference, "birth_date": f"{day}/{month}/{year}"}
    yield Page(who="brigade", address="/brigade/", posted=found, undone=True)


def _decisions(rids: list[str]) -> Iterator[Page]:
    """What writes, and is taken back: the time is that before it is committed."""
    from server.dossiers.models import Procuration
    from server.dossiers.plain import state_token

    yield Page(who="mairie", address=f"/mairie/procurations/{rids[0]}/valider/", posted={}, undone=True)
    fifty = Procuration.objects.in_bulk(rids[1:51])
    yield Page(who="mairie", address="/mairie/valider-ensemble/", posted={"rid": list(fifty)})
    seen = [f"{rid}.{state_token(one)}" for rid, one in fifty.items()]
    confirmed = {"step": "confirmed", "seen": seen}
    yield Page(who="mairie", address="/mairie/valider-ensemble/", posted=confirmed, undone=True)


def _ask(browser: Any, page: Page) -> tuple[Any, float]:
    """The answer, and in how many milliseconds; limits of how often are forgotten first."""
    from django.db import transaction

    from server.config.centre import current_centre
    from server.ledger.ledger_head import FILE_NAME
    from server.pages.models import RateCount
    from server.usagers.models import FollowTry

    RateCount.objects.all().delete()
    FollowTry.objects.all().delete()
    with transaction.atomic():
        started = perf_counter()
        answer = browser.get(page.address) if page.posted is None else browser.post(page.address, page.posted)
        spent = 1000 * (perf_counter() - started)
        transaction.set_rollback(page.undone)
    if (
        page.undone
    ):  # else the centre would see a database that is behind what it remembers, as after a restore
        (current_centre().home / FILE_NAME).unlink(missing_ok=True)
    return answer, spent


def _page_line(browser: Any, page: Page) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer, _ = _ask(browser, page)
    asked_of_it = list(queries.captured_queries)  # read now: the next request forgets them
    slowest = max(asked_of_it, key=lambda one: float(one["time"]), default={"time": "0", "sql": ""})
    asked = int(os.environ.get(TIMES, "50"))
    times, before, backend = [], process_time(), _backend_seconds()
    for _ in range(asked):
        again, spent = _ask(browser, page)
        assert again.status_code == answer.status_code, (page.address, again.status_code)
        times.append(spent)
    used, answered = 1000 * (process_time() - before) / asked, 1000 * (_backend_seconds() - backend) / asked
    times.sort()
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    return {
        "name": _name(page),
        "value": round(p95),
        "unit": "ms",
        "context": {
            "status": answer.status_code,
            "median": round(times[len(times) // 2]),
            "ratio": round(p95 / P95_MS_AT_MOST, 2),
            "queries": len(asked_of_it),
            "django_ms_of_processor": round(used),
            "postgresql_ms_of_processor": round(answered),
            "load": round(os.getloadavg()[0], 1),
            "slowest_query_ms": round(1000 * float(slowest["time"])),
            "slowest_query": slowest["sql"][:400] if p95 > P95_MS_AT_MOST / 3 else "",
            "at_most": P95_MS_AT_MOST,
        },
    }


def _same_time(browser: Any, rids: list[str]) -> dict[str, Any]:
    """Whether the time of « Suivre ma demande » tells a wrong birth date from an unknown reference: one and
    the other are asked by turns."""
    from server.dossiers.models import Procuration

    one = Procuration.objects.exclude(pk__in=rids).exclude(reference=None).order_by("rid").first()
    assert one is not None
    born = {"day": "29", "month": "02", "year": "1956"}
    asked = {"wrong": str(one.reference), "unknown": UNKNOWN_REFERENCE}
    assert not Procuration.objects.filter(reference=UNKNOWN_REFERENCE).exists()
    pages = {
        kind: Page(who="nobody", address=FOLLOW, posted={"reference": reference, **born}, undone=True)
        for kind, reference in asked.items()
    }
    times: dict[str, list[float]] = {kind: [] for kind in pages}
    for number in range(4 * int(os.environ.get(TIMES, "50"))):
        for kind in sorted(pages, reverse=bool(number % 2)):
            times[kind].append(_ask(browser, pages[kind])[1])
    wrong, unknown = (median(times[kind]) for kind in ("wrong", "unknown"))
    return {
        "name": f"POST {FOLLOW}: a wrong birth date against an unknown reference",
        "value": round(wrong / unknown, 3),
        "unit": "x",
        "context": {
            "asked": len(times["wrong"]),
            "wrong_ms": round(wrong, 3),
            "unknown_ms": round(unknown, 3),
            "spread_ms": [round(part, 3) for part in quantiles(times["unknown"], n=4)],
            "at_most": SAME_TIME_AT_MOST,
        },
    }


def _backend_seconds() -> float:
    """What the session of this process has used of a processor in the database, as the kernel counts it;
    helpers that PostgreSQL starts for one question are not in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _name(page: Page) -> str:
    if page.posted is None:
        return f"p95 of GET {page.address} ({page.who})"
    said = "+".join(
        f"{name}={value}" if isinstance(value, str) else name for name, value in page.posted.items()
    )
    return f"p95 of POST {page.address} ({page.who}) {said[:60]}"


if __name__ == "__main__":
    main()
