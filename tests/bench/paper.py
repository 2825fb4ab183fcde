"""How large the code of a receipt is on paper, for the longest request that each roll is promised to take."""

from collections.abc import Iterator
from typing import Any

from kiosk_app.sheet import DOTS_PER_INCH
from tests.kiosk.devices.printed_size import FIGURES, longest_text, picture, size_mm


def measure() -> Iterator[dict[str, Any]]:
    """Side of the code with its quiet zone, measured on the picture that the printer is sent."""
    for body_bytes, roll, most_mm in FIGURES:
        text = longest_text(body_bytes)
        yield {
            "name": f"receipt.code.{body_bytes}B",
            "value": round(size_mm(picture(text, roll)), 1),
            "unit": "mm",
            "context": {
                "roll_dots": roll.value,
                "dots_per_inch": DOTS_PER_INCH,
                "characters": len(text),
                "at_most": most_mm,
            },
        }
