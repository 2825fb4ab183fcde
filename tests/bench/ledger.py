"""How fast the centre takes in sealed bundles, beside how fast the same core checks bare signatures in the
same run: with the library alone (the figure that decides), and through the function of the product.

Counted in signatures: a filed event has one, an act three (device, officer, and the request it carries).
The clock runs from the sealed bytes to the committed rows, dossiers and messages owed included; the context
says what is left with the leaf, its checkpoint and the answer.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.postgres import throw_away_cluster

ROUNDS = 15
ACCEPTED_AT_LEAST = {"postgresql": 0.35, "sqlite": 0.25}


def measure() -> Iterator[dict[str, Any]]:
    """Both databases, each in a process of its own: Django speaks to one."""
    with throw_away_cluster() as url:
        yield from _measured_in_child({"PROCURATION_DATABASE_URL": url})
    yield from _measured_in_child({})


def _measured_in_child(environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="procuration-bench-") as home:
        settings = {"PROCURATION_HOME": home, "DJANGO_SETTINGS_MODULE": "server.config.settings"}
        run = subprocess.run(
            [sys.executable, "-m", "tests.bench.ledger"],
            env={**os.environ, **settings, **environment},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    for line in run.stdout.splitlines():
        yield json.loads(line)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _main() -> None:
    """The child: migrates, then measures."""
    import logging

    import server.config.wsgi  # noqa: F401  # sets Django up as a worker of `serve` does

    logging.disable(logging.INFO)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    for line in _lines():
        print(json.dumps(line))


def _lines() -> Iterator[dict[str, Any]]:
    from django.db import connection

    from server.config.centre import leave_alone_what_stays
    from tests import builders
    from tests.server.centre import World, centre_of

    world = World(centre_of(Path(os.environ["PROCURATION_HOME"])))
    leave_alone_what_stays()  # as a worker does once it has read its tables
    at_least = ACCEPTED_AT_LEAST[connection.vendor]
    # The limit holds where events outweigh what each bundle costs once (opening, statements, commit).
    for count, limit in ((100, None), (500, at_least)):
        yield _line(world, f"ledger import, {count} filed events", _filed_bundles(world, count), count, limit)
    officer = builders.key("officer")
    yield _line(world, "ledger import, 100 acts", _act_bundles(world, 100, officer), 300, None)
    yield _durable_line(world, 500)


def _filed_bundles(world: Any, count: int, series: int = 0) -> Iterator[tuple[Any, bytes]]:
    """Bundles of a kiosk that hides its bodies, as in production; the next one is made between two
    measures.
    """
    kiosk = world.kiosk(f"kiosk {count} {series}")
    kiosk.starts_hiding_bodies()
    world.hears(kiosk)
    for round_ in range(ROUNDS):
        for number in range(count):
            kiosk.files(1_000_000 * (count + series) + 1_000 * round_ + number, reference=None)
        yield kiosk, kiosk.sealed()


def _act_bundles(world: Any, count: int, officer: Any) -> Iterator[tuple[Any, bytes]]:
    """Bundles of a brigade whose requests the centre has not heard of: each act stands alone."""
    kiosk, brigade = world.kiosk("kiosk of acts"), world.brigade("brigade of acts")
    brigade.enrols(officer)
    world.hears(brigade)
    for round_ in range(ROUNDS):
        for number in range(count):
            rid = 10_000_000 + 1_000 * round_ + number
            brigade.acts(kiosk.files(rid, reference=None), officer, rid)
        yield brigade, brigade.sealed()


def _line(
    world: Any, name: str, bundles: Iterator[tuple[Any, bytes]], signatures: int, at_least: float | None
) -> dict[str, Any]:
    from django.db import connection

    from server.ledger.services import import_bundle

    ratios, rates, answered, of_the_product = [], [], [], []
    for tablet, sealed in bundles:
        before = _bare_rate(tablet)
        at = world.clock.now()
        imported = _seconds(lambda sealed=sealed, at=at: import_bundle(world.centre, sealed, at))
        rest = _seconds(lambda tablet=tablet: world.takes(tablet.sealed(len(tablet.pairs))))
        tablet.sent = len(tablet.pairs)
        limit = statistics.mean((before, _bare_rate(tablet)))
        rates.append(signatures / imported)
        ratios.append(rates[-1] / limit)
        of_the_product.append(rates[-1] / _product_rate(tablet))
        answered.append(signatures / (imported + rest) / limit)
    context = {
        "database": connection.vendor,
        "signatures_per_second": round(statistics.median(rates)),
        "spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "rounds": len(ratios),
        "share_of_the_products_check": round(statistics.median(of_the_product), 3),
        "share_with_leaf_and_answer": round(statistics.median(answered), 3),
        "sealed_bytes": len(sealed),
    }
    if at_least is not None:
        context["at_least"] = at_least
    return {
        "name": f"{name}, {connection.vendor}: share of the signature check rate",
        "value": round(statistics.median(ratios), 3),
        "unit": "ratio",
        "context": context,
    }


DURABLE_COSTS_AT_MOST = 1.10


def _durable_line(world: Any, count: int) -> dict[str, Any]:
    """Sealed bytes to sealed answer, with the archive and without it, one after the other."""
    from dataclasses import replace

    from django.db import connection

    from server.ledger.durability import is_promised

    without = world.centre
    folder = Path(os.environ["PROCURATION_HOME"]) / "archive"
    folder.mkdir()
    with_archive = replace(without, archive_dir=folder)
    assert is_promised(with_archive)
    seconds: dict[str, list[float]] = {"without": [], "with": []}
    sides = (("without", without, 1), ("with", with_archive, 2))
    bundles = [(name, centre, _filed_bundles(world, count, series)) for name, centre, series in sides]
    for _ in range(ROUNDS):
        for name, centre, of_side in bundles:
            world.centre = without
            tablet, sealed = next(of_side)
            world.centre = centre
            seconds[name].append(_seconds(lambda sealed=sealed: world.takes(sealed)))
            tablet.sent = len(tablet.pairs)
    world.centre = without
    ratios = [one / other for one, other in zip(seconds["with"], seconds["without"], strict=True)]
    return {
        "name": f"bundle of {count} answered durable, {connection.vendor}: time beside received",
        "value": round(statistics.median(seconds["with"]) / statistics.median(seconds["without"]), 3),
        "unit": "ratio",
        "context": {
            "database": connection.vendor,
            "milliseconds": {name: round(1000 * statistics.median(of), 1) for name, of in seconds.items()},
            "median_of_pairs": round(statistics.median(ratios), 3),
            "rounds": ROUNDS,
            "at_most": DURABLE_COSTS_AT_MOST,
        },
    }


CHECKS = 500
Check = Callable[[bytes, bytes], None]


def _bare_rate(tablet: Any) -> float:
    """Checks per second of real event signatures by the fastest library of the product (decision 0007)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return _rate(tablet, Ed25519PublicKey.from_public_bytes(tablet.key.cose_key[-32:]).verify)


def _product_rate(tablet: Any) -> float:
    """The same through the function that the import calls."""
    from procuration.record.cose_key import VerifyingKey

    return _rate(tablet, VerifyingKey(tablet.key.cose_key).check)


def _rate(tablet: Any, check: Check) -> float:
    from procuration.record.signed import parse_signed, to_be_signed

    signed = [parse_signed(pair.sign1, max_bytes=4096) for pair in tablet.pairs[-100:]]
    messages = [(one.signature, to_be_signed(one.protected, one.payload, tablet.realm)) for one in signed]
    times = CHECKS // len(messages)

    def check_all() -> None:
        for _ in range(times):
            for signature, message in messages:
                check(signature, message)

    return times * len(messages) / _seconds(check_all)


if __name__ == "__main__":
    _main()
