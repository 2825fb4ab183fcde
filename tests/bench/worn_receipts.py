"""How many worn receipts the product reads, by kind of damage, at four and three camera points for a module.

Four is what a camera is planned for and has a limit; three is only told. Then the time that one frame takes.
"""

import statistics
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from kiosk_app.devices.code_in_picture import text_of
from tests.kiosk.devices import damage

RECEIPTS = 60
LEAST = {4: 0.99, 3: 0.0}


def measure() -> Iterator[dict[str, Any]]:
    """Share read within four frames, for each kind and over all."""
    for pixels, least in LEAST.items():
        rates = []
        for kind in damage.KINDS:
            needed = [damage.frames_needed(kind, number, pixels) for number in range(RECEIPTS)]
            rates.append(sum(map(bool, needed)) / RECEIPTS)
            context = {"receipts": RECEIPTS, "first_frame": round(needed.count(1) / RECEIPTS, 3)}
            yield _line(f"receipt.read.{pixels}px.{kind}", rates[-1], context)
        yield _line(f"receipt.read.{pixels}px", statistics.mean(rates), {"at_least": least})
    yield {"name": "receipt.read.frame", "value": _frame_ms(), "unit": "ms", "context": {"runs": RECEIPTS}}


def _line(name: str, rate: float, context: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "value": round(rate, 4), "unit": "share", "context": context}


def _frame_ms() -> float:
    """Median time for one frame with everything wrong at once."""
    times = []
    for number in range(RECEIPTS):
        picture = next(damage.one_receipt("everything at once", number, 4)[1])
        began = perf_counter()
        text_of(picture)
        times.append((perf_counter() - began) * 1000)
    return round(statistics.median(times), 1)
