"""What a person waits for at the tablet, and what an event weighs on the wire."""

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from kiosk_app.sheet import Printout
from kiosk_app.use_cases import file_request
from procuration.domain.events import Kind
from procuration.record.bundle import UpManifest, encode_up
from procuration.record.event import EventPair
from procuration.record.sealed import Purpose, seal
from tests.kiosk.world import CHECKED, OFFICER_CODE, Tablet, World, draft

SAVES = 400
FLUSHES = 400
WRITTEN_BYTES = 12 * 1024
"""What SQLCipher writes to its log for one request: three pages."""
EVENTS_PER_BUNDLE = 100


def _flushes_ms(folder: Path) -> list[float]:
    """The disk's own time: the same bytes appended and flushed, without a database."""
    times, path = [], folder / "raw"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in range(FLUSHES):
        data = os.urandom(WRITTEN_BYTES)
        began = perf_counter()
        os.write(descriptor, data)
        os.fdatasync(descriptor)
        times.append((perf_counter() - began) * 1000)
    os.close(descriptor)
    path.unlink()
    return times


@contextmanager
def _printing(instead: Callable[[object], Printout]) -> Iterator[None]:
    """Filing with something else in the place of the drawing, which comes after the disk has the event."""
    drawing = file_request.printout
    file_request.printout = instead
    try:
        yield
    finally:
        file_request.printout = drawing


def _saves_ms(kiosk: Tablet) -> list[float]:
    """From « Valider » to written: rules, signature, transaction and QR text; not the drawing."""
    written: list[float] = []

    def note(_: object) -> Printout:
        written.append(perf_counter())
        return Printout(png=b"", pdf=b"")

    began: list[float] = []
    with _printing(note):
        kiosk.file(draft())
        written.clear()
        for _ in range(SAVES):
            began.append(perf_counter())
            kiosk.file(draft())
    return [(end - start) * 1000 for start, end in zip(began, written, strict=True)]


def _p(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


def _saves(kiosk: Tablet) -> Iterator[dict[str, Any]]:
    flushes, saves = _flushes_ms(kiosk.folder), _saves_ms(kiosk)
    context = {
        "runs": SAVES,
        "flush_p50_ms": round(_p(flushes, 50), 3),
        "flush_p99_ms": round(_p(flushes, 99), 3),
    }
    yield {"name": "tablet.save.p50", "value": round(_p(saves, 50), 3), "unit": "ms", "context": context}
    yield {
        "name": "tablet.save.p99",
        "value": round(_p(saves, 99), 3),
        "unit": "ms",
        "context": {**context, "at_most": 50},
    }
    ratio = _p(saves, 50) / _p(flushes, 50)
    yield {
        "name": "tablet.save.per_flush",
        "value": round(ratio, 2),
        "unit": "x flush p50",
        "context": context,
    }


def _bytes_per_event(tablet: Tablet, kind: Kind) -> int:
    """The sealed size of a bundle of a hundred events of one kind, shared between them."""
    store = tablet.store
    events = store.log.of_kind(kind)[:EVENTS_PER_BUNDLE]
    assert len(events) == EVENTS_PER_BUNDLE
    manifest = UpManifest(
        log_id=store.log.log_id,
        first_seq=events[0].seq,
        count=len(events),
        nonce=os.urandom(16),
        checkpoint_size=1_000_000,
        inbox_number=1_000,
        directory_version=100,
    )
    pairs = tuple(EventPair(event.pair.sign1, event.pair.body) for event in events)
    plaintext = encode_up(manifest, pairs, store.signer, store.log.realm)
    sealed = seal(plaintext, store.tables.centre_key(tablet.clock.now()), Purpose.UP, store.log.realm)
    return round(len(sealed) / EVENTS_PER_BUNDLE)


def _wire(world: World, kiosk: Tablet) -> Iterator[dict[str, Any]]:
    brigade = world.brigade().holds_epoch_key().enrols_officer()
    with _printing(lambda *_: Printout(png=b"", pdf=b"")):
        for _ in range(EVENTS_PER_BUNDLE):
            found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
            brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    for name, tablet, kind, limit in (
        ("tablet.wire.filed", kiosk, Kind.FILED, 640),
        ("tablet.wire.act", brigade, Kind.ACT, 1200),
    ):
        context = {"bundle": EVENTS_PER_BUNDLE, "at_most": limit}
        yield {"name": name, "value": _bytes_per_event(tablet, kind), "unit": "B/event", "context": context}
    brigade.station.close()


def _receipt_ms(kiosk: Tablet) -> float:
    """From « Valider » to the picture of the receipt, ready to be shown and printed."""
    times = []
    for _ in range(20):
        began = perf_counter()
        kiosk.file(draft())
        times.append((perf_counter() - began) * 1000)
    return statistics.median(times)


def measure() -> Iterator[dict[str, Any]]:
    """Durable save of one request beside the disk's own flush; bytes per event, sealed."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        kiosk = world.kiosk().leases(*_references(2 * SAVES))
        yield from _saves(kiosk)
        value = round(_receipt_ms(kiosk), 1)
        yield {"name": "tablet.receipt", "value": value, "unit": "ms", "context": {"runs": 20}}
        yield from _wire(world, kiosk)
        kiosk.station.close()


def _references(count: int) -> list[str]:
    letters = "ABCDEFGHJK"
    return ["K" + "".join(letters[int(digit)] for digit in f"{number:05d}") for number in range(count)]
