"""Paper of a training tablet: the same as the real one, with « FORMATION » above, across and below."""

import io
from typing import Final

from PIL import Image, ImageDraw

from kiosk_app.devices.printer import Printer, PrinterState
from kiosk_app.sheet import BLACK, WHITE, font_of, printout_of
from procuration.domain.identifiers import Rid

MARK: Final = "FORMATION"
_BAND: Final = 76
_LETTERS: Final = 52
_EVERY: Final = 420
"""Dots between two marks: no part of the paper that somebody could use is without one."""


class TrainingPrinter:
    """Marks what another printer prints."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    def print_receipt(self, rid: Rid, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable, as the printer."""
        marked_png, marked_pdf = marked(image_png)
        self._printer.print_receipt(rid, marked_png, marked_pdf)

    def print_paper(self, name: str, image_png: bytes, pdf: bytes) -> None:
        """Raises: CarrierUnavailable, as the printer."""
        marked_png, marked_pdf = marked(image_png)
        self._printer.print_paper(f"formation-{name}", marked_png, marked_pdf)

    def state(self) -> PrinterState:
        """Raises: CarrierUnavailable, as the printer."""
        return self._printer.state()


def marked(image_png: bytes) -> tuple[bytes, bytes]:
    """The picture cut into parts, a black band with white letters before each and after the last."""
    source = Image.open(io.BytesIO(image_png)).convert("L")
    parts = [
        source.crop((0, top, source.width, min(top + _EVERY, source.height)))
        for top in range(0, source.height, _EVERY)
    ]
    paper = Image.new("L", (source.width, source.height + (len(parts) + 1) * _BAND), WHITE)
    y = 0
    for part in parts:
        _band(paper, y)
        paper.paste(part, (0, y + _BAND))
        y += _BAND + part.height
    _band(paper, y)
    made = printout_of(paper)
    return made.png, made.pdf


def _band(paper: Image.Image, top: int) -> None:
    draw = ImageDraw.Draw(paper)
    draw.rectangle((0, top, paper.width - 1, top + _BAND - 1), fill=BLACK)
    font = font_of(_LETTERS, bold=True)
    x = (paper.width - font.getlength(MARK)) / 2
    draw.text((x, top), MARK, font=font, fill=WHITE)
