"""How a leaflet looks: one image as wide as the roll, the same on an A4 page."""

from typing import Final

from PIL import Image, ImageDraw

from kiosk_app.leaflet import Fact, Leaflet
from kiosk_app.receipt_image import Printout, _broken, _font, _pdf, _png

WIDE: Final = 512
"""Dots of a roll of 80 mm at 203 dpi; 384 on a roll of 58 mm."""
_MARGIN: Final = 16
_BLACK, _WHITE = 0, 255
_BODY, _SMALL, _TITLE = 25, 21, 31
_INDENT: Final = 38
_BLANK_LINE: Final = 46
_HEIGHT_MAX: Final = 6000


def leaflet_printout(leaflet: Leaflet, width: int = WIDE) -> Printout:
    """The leaflet as an image of that many dots, and the same image in its true size on one A4 page."""
    drawn = _drawn(leaflet, width)
    return Printout(png=_png(drawn), pdf=_pdf(drawn))


class _Column:
    """A sheet written from top to bottom, cut at the end."""

    def __init__(self, width: int) -> None:
        self.width, self.y = width, _MARGIN
        self._image = Image.new("L", (width, _HEIGHT_MAX), _WHITE)
        self._draw = ImageDraw.Draw(self._image)

    def write(
        self, words: str, size: int, *, bold: bool = False, centred: bool = False, left: int = _MARGIN,
        colour: int = _BLACK,
    ) -> None:  # fmt: skip
        """A paragraph."""
        face = _font(size, bold)
        for line in _broken(words, face, self.width - left - _MARGIN):
            x = (self.width - face.getlength(line)) / 2 if centred else left
            self._draw.text((x, self.y), line, font=face, fill=colour)
            self.y += round(size * 1.35)

    def rule(self, *, below: int = 12) -> None:
        """A thin line."""
        self.y += 12
        self._draw.line((_MARGIN, self.y, self.width - _MARGIN, self.y), fill=_BLACK, width=2)
        self.y += below

    def warn(self, words: str) -> None:
        """White on black, as high as its lines."""
        lines = _broken(words, _font(_BODY, bold=True), self.width - 4 * _MARGIN)
        bottom = self.y + 22 + round(len(lines) * _BODY * 1.35)
        self._draw.rectangle((_MARGIN, self.y, self.width - _MARGIN - 1, bottom), fill=_BLACK)
        self.y += 8
        for line in lines:
            self.write(line, _BODY, bold=True, centred=True, colour=_WHITE)
        self.y = bottom + 14

    def cut(self) -> Image.Image:
        """What was written, with a white margin."""
        return self._image.crop((0, 0, self.width, self.y + _MARGIN))


def _drawn(leaflet: Leaflet, width: int) -> Image.Image:
    column = _Column(width)
    column.write(leaflet.over, _SMALL, centred=True)
    column.write(leaflet.title, _TITLE, bold=True, centred=True)
    column.rule()
    if leaflet.warning:
        column.warn(leaflet.warning)
    for fact in leaflet.facts:
        _write_fact(column, fact)
    if leaflet.steps:
        column.rule()
    for number, step in enumerate(leaflet.steps, start=1):
        top = column.y
        column.write(f"{number}.", _BODY, bold=True)
        column.y = top
        column.write(step, _BODY, left=_MARGIN + _INDENT)
        column.y += 6
    if leaflet.notes:
        column.rule()
    for note in leaflet.notes:
        column.write(note, _SMALL)
        column.y += 6
    if leaflet.foot:
        column.rule(below=8)
        column.write(leaflet.foot, _SMALL)
    return column.cut()


def _write_fact(column: _Column, fact: Fact) -> None:
    column.write(fact.label, _SMALL)
    for line in fact.lines:
        column.write(line, _BODY, bold=True)
    if fact.blank:
        column.y += _BLANK_LINE - 24
        column.rule(below=4)
    column.y += 8
