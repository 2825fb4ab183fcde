"""From « Scanner le reçu » to the decision screen, drawn: the camera, the seal, the signatures, the page.

The station is real: screens without a display, presenter, use case, encrypted store, and a camera whose first
frame shows the receipt. In a process of its own: what draws the screens stays in the memory of its process.
The figure is processor time, of all threads: nothing waits here, so that a tablet with nothing else to do
takes no longer, and neighbours on the machine of the test do not count. Wall times stand beside it.
"""

import io
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from PIL import Image

RUNS = 15
SECONDS_MAX = 1.0
LONG_RUNS = {"a usual request": 0, "the longest names": 60}
"""Letters added to each name."""


def measure() -> Iterator[dict[str, Any]]:
    """Median processor seconds; spread of the wall time, and the part of the reader alone."""
    command = [sys.executable, "-m", "tests.bench.scan"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    yield from (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


def _lines() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="bench-scan-") as folder:
        for name, letters in LONG_RUNS.items():
            processor, wall, reads = _times(Path(folder) / str(letters), letters)
            yield {
                "name": f"brigade: scan to decision screen, {name}",
                "value": round(statistics.median(processor), 3),
                "unit": "s of processor",
                "context": {
                    "runs": RUNS,
                    "spread_s": [round(min(processor), 3), round(max(processor), 3)],
                    "wall_s": [round(min(wall), 3), round(statistics.median(wall), 3), round(max(wall), 3)],
                    "reader_alone_s": round(statistics.median(reads), 3),
                    "at_most": SECONDS_MAX,
                },
            }


def _times(folder: Path, letters: int) -> tuple[list[float], list[float], list[float]]:
    """Of each whole scan the processor and the wall seconds; processor seconds of the reader alone."""
    from tests.kiosk.world import World
    from tests.screens.driver import Driver  # isort: skip

    from kiosk_app.devices.choice import read_description, reader_of
    from kiosk_app.parts import PluggedIn, Workshop
    from kiosk_app.presenters.brigade import BrigadePresenter
    from kiosk_app.screens.app import TabletApp
    from tests.kiosk.presenters.fakes import VirtualTime, at_once, wording
    from tests.kiosk.world import OFFICER_CODE

    folder.mkdir()
    world, camera = World(folder), folder / "camera.avi"
    kiosk = world.kiosk().leases(*(f"XBQ7V{n}" for n in "3456789ABCDEFGHJ"))
    brigade = world.brigade().holds_epoch_key().enrols_officer()
    described = read_description(f"camera:{camera}")
    parts = Workshop(brigade.station, brigade.spool, PluggedIn.of_options(None, described))
    driver = Driver(
        TabletApp(
            say=wording(),
            presenter_for=lambda view: BrigadePresenter(
                view, wording(), parts.brigade(VirtualTime(), at_once)
            ),
        )
    )
    presenter = driver.app.presenter
    presenter.act("unlock", {"code": OFFICER_CODE})
    processor, wall, reads = [], [], []
    for _ in range(RUNS):
        _hold_before(camera, kiosk, letters)
        driver.frames(3)
        began, worked = perf_counter(), process_time()
        presenter.act("scan", {})
        driver.frames(1)
        processor.append(process_time() - worked)
        wall.append(perf_counter() - began)
        assert brigade.station.session.opened, "the request is open"
        presenter.act("next", {})
        worked = process_time()
        reader_of(described).read()
        reads.append(process_time() - worked)
    driver.close()
    return processor, wall, reads


def _hold_before(camera: Path, kiosk: Any, letters: int) -> None:
    """A new request, printed and filmed."""
    from dataclasses import replace

    from tests import builders
    from tests.kiosk.devices.film import film, seen
    from tests.kiosk.world import draft

    mandant = replace(builders.ANGELA, birth_name="DUBOIS" + "X" * letters, used_name="Y" * letters or None)
    receipt = kiosk.file(draft(mandant=mandant))
    paper = Image.open(io.BytesIO(receipt.image_png)).convert("L").crop((0, 250, 512, 940))
    film(camera, [seen(paper)])


if __name__ == "__main__":
    for line in _lines():
        print(json.dumps(line, ensure_ascii=False), flush=True)
