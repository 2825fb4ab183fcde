"""How long a thousand bundles take to a USB stick and back; the stick is a folder here, each file flushed.

A real stick adds its own flushes: a thousand of 10 ms are ten seconds more.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from procuration.adapters.addresses import Addresses, write_addresses
from procuration.adapters.spool import AgentSpool, AppSpool
from procuration.domain.identifiers import Kid
from procuration.record import canonical
from sync_agent.carriers.usb import export_to, import_from

BUNDLES = 1_000
BUNDLE_BYTES = 20_000
SECONDS_MAX = 30
FLUSHES = 200
OURS, CENTRE = Kid(b"ours..//"), Kid(b"centre//")


def _sealed(kid: Kid) -> bytes:
    return canonical.encode([1, 2, kid, os.urandom(BUNDLE_BYTES)])


def _flush_ms(folder: Path) -> float:
    """The disk's own time for one new file of this size, without any of our code."""
    began = perf_counter()
    for number in range(FLUSHES):
        with (folder / str(number)).open("wb") as file:
            file.write(bytes(BUNDLE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    return (perf_counter() - began) * 1000 / FLUSHES


def measure() -> Iterator[dict[str, Any]]:
    """Seconds of an export and of an import."""
    with tempfile.TemporaryDirectory(prefix="bench-stick-") as name:
        folder = Path(name)
        app, agent = AppSpool(folder / "spool"), AgentSpool(folder / "spool")
        write_addresses(agent.folder, Addresses(frozenset({OURS}), frozenset({CENTRE})))
        for _ in range(BUNDLES):
            app.put_bundle(_sealed(CENTRE))
        for kind in ("raw", "stick", "back"):
            (folder / kind).mkdir()
        context = {
            "bundles": BUNDLES,
            "bytes": BUNDLE_BYTES,
            "flush_ms": round(_flush_ms(folder / "raw"), 2),
            "at_most": SECONDS_MAX,
        }
        began = perf_counter()
        assert export_to(agent, folder / "stick").exported == BUNDLES
        yield _line("stick.export", perf_counter() - began, context)
        began = perf_counter()
        assert export_to(agent, folder / "stick").exported == BUNDLES
        yield _line("stick.export_again", perf_counter() - began, context)
        (folder / "back" / "PROCU").mkdir()
        for number in range(BUNDLES):
            (folder / "back" / "PROCU" / f"{number}.prb").write_bytes(_sealed(OURS))
        began = perf_counter()
        assert import_from(agent, folder / "back", None).answers == BUNDLES
        yield _line("stick.import", perf_counter() - began, context)


def _line(name: str, seconds: float, context: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "value": round(seconds, 2), "unit": "s", "context": context}
