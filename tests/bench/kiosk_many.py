"""Whether the kiosk grows over two hundred requests in a row: what the process alone holds, and how many
objects Python has, on the way from the twentieth to the two hundredth. Every page is drawn; the answers come
without a finger, or it would take an hour.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provisioning.demo.processes import Actor
from tests.bench.kiosk_memory import (
    AFTER_A_REQUEST_SECONDS,
    WithoutPictures,
    mib,
    pss_without_renderer,
    weigh,
)
from tests.demo.installed import OFFSCREEN, InstalledKiosk

WEIGHED = (20, 65, 110, 155, 200)
GROWTH_MIB_MAX = 4
GROWTH_OBJECTS_MAX = (WEIGHED[-1] - WEIGHED[1]) // 2
"""One object kept for each request would be twice as much. What is built once, when nobody is there, may come
after the twentieth: objects are counted from the second weighing on."""


def measure() -> Iterator[dict[str, Any]]:
    """The growth from the first weighing to the last, with those between."""
    with tempfile.TemporaryDirectory(prefix="bench-kiosk-many-") as folder:
        kiosk = InstalledKiosk(Path(folder) / "stage")
        try:
            yield from _growth(kiosk)
        finally:
            kiosk.stop()


def _growth(kiosk: InstalledKiosk) -> Iterator[dict[str, Any]]:
    day = WithoutPictures(kiosk.stage, kiosk.programs, kiosk.builder, lambda _: None)
    hand = Actor(kiosk.programs, "kiosk", kiosk.command("tests.bench._timed_player"), OFFSCREEN)
    day.open_kiosk(hand)
    weights: list[dict[str, int]] = []
    objects: list[Counter[str]] = []
    done = 0
    for number in WEIGHED:
        hand.do("requests", number=number - done)
        done = number
        time.sleep(AFTER_A_REQUEST_SECONDS)
        weights.append(weigh(hand))
        objects.append(Counter(hand.do("objects")["objects"]))
    yield _of_memory(weights)
    yield _of_objects(objects)


def _of_memory(weights: list[dict[str, int]]) -> dict[str, Any]:
    own = [weight["Private_Dirty"] for weight in weights]
    return {
        "name": f"kiosk: memory growth from request {WEIGHED[0]} to {WEIGHED[-1]}",
        "value": mib(own[-1] - own[0]),
        "unit": "MiB of its own",
        "context": {
            "requests": list(WEIGHED),
            "own_mib": [mib(one) for one in own],
            **pss_without_renderer(weights[-1]),
            "at_most": GROWTH_MIB_MAX,
        },
    }


def _of_objects(objects: list[Counter[str]]) -> dict[str, Any]:
    held = [kept.total() for kept in objects]
    return {
        "name": f"kiosk: Python objects more at request {WEIGHED[-1]} than at {WEIGHED[1]}",
        "value": held[-1] - held[1],
        "unit": "objects",
        "context": {
            "requests": list(WEIGHED),
            "objects": held,
            "grown": dict((objects[-1] - objects[1]).most_common(5)),
            "at_most": GROWTH_OBJECTS_MAX,
        },
    }
