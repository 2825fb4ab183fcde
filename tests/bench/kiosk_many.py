"""Whether the kiosk grows over two hundred requests in a row: what the process alone holds, after the
twentieth and after the two hundredth. Every page is drawn; the answers come without a finger, or it would
take an hour.
"""

import tempfile
import time
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


def measure() -> Iterator[dict[str, Any]]:
    """The growth from the first weighing to the last, with those between."""
    with tempfile.TemporaryDirectory(prefix="bench-kiosk-many-") as folder:
        kiosk = InstalledKiosk(Path(folder) / "stage")
        try:
            yield _growth(kiosk)
        finally:
            kiosk.stop()


def _growth(kiosk: InstalledKiosk) -> dict[str, Any]:
    day = WithoutPictures(kiosk.stage, kiosk.programs, kiosk.builder, lambda _: None)
    hand = Actor(kiosk.programs, "kiosk", kiosk.command("tests.bench._timed_player"), OFFSCREEN)
    day.open_kiosk(hand)
    own, done, weight = [], 0, {"Pss": 0, "renderer": 0}
    for number in WEIGHED:
        hand.do("requests", number=number - done)
        done = number
        time.sleep(AFTER_A_REQUEST_SECONDS)
        weight = weigh(hand)
        own.append(weight["Private_Dirty"])
    return {
        "name": f"kiosk: memory growth from request {WEIGHED[0]} to {WEIGHED[-1]}",
        "value": mib(own[-1] - own[0]),
        "unit": "MiB of its own",
        "context": {
            "requests": list(WEIGHED),
            "own_mib": [mib(one) for one in own],
            **pss_without_renderer(weight),
            "at_most": GROWTH_MIB_MAX,
        },
    }
