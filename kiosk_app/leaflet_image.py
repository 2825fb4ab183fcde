"""How a leaflet looks: one image as wide as the roll, the same on an A4 page."""

from typing import Final

from PIL import Image

from kiosk_app.leaflet import Fact, Leaflet
from kiosk_app.sheet import (
    BLACK,
    BODY,
    MARGIN,
    SMALL,
    TITLE,
    WHITE,
    Printout,
    Roll,
    Sheet,
    broken,
    font_of,
    printout_of,
)

_INDENT: Final = 38
_BLANK_LINE: Final = 20


def leaflet_printout(leaflet: Leaflet, roll: int = Roll.MM_80) -> Printout:
    """The leaflet as an image, and the same image in its true size on one A4 page.

    Args: roll: dots that the printer prints side by side.
    """
    return printout_of(_drawn(leaflet, roll))


def _drawn(leaflet: Leaflet, width: int) -> Image.Image:
    sheet = Sheet.new(width)
    sheet.text(leaflet.over, SMALL, centred=True)
    sheet.text(leaflet.title, TITLE, bold=True, centred=True)
    sheet.rule()
    if leaflet.warning:
        _warn(sheet, leaflet.warning)
    for fact in leaflet.facts:
        _write_fact(sheet, fact)
    if leaflet.steps:
        sheet.rule()
    for number, step in enumerate(leaflet.steps, start=1):
        top = sheet.y
        sheet.text(f"{number}.", BODY, bold=True)
        sheet.y = top
        sheet.text(step, BODY, left=MARGIN + _INDENT)
        sheet.gap(6)
    if leaflet.notes:
        sheet.rule()
    for note in leaflet.notes:
        sheet.text(note, SMALL)
        sheet.gap(6)
    if leaflet.foot:
        sheet.rule(below=8)
        sheet.text(leaflet.foot, SMALL)
    return sheet.cut()


def _warn(sheet: Sheet, words: str) -> None:
    """White on black, as high as its lines."""
    lines = broken(words, font_of(BODY, bold=True), sheet.width - 4 * MARGIN)
    bottom = sheet.y + 22 + round(len(lines) * BODY * 1.35)
    sheet.draw.rectangle((MARGIN, sheet.y, sheet.width - MARGIN - 1, bottom), fill=BLACK)
    sheet.gap(8)
    for line in lines:
        sheet.text(line, BODY, bold=True, centred=True, colour=WHITE)
    sheet.y = bottom + 14


def _write_fact(sheet: Sheet, fact: Fact) -> None:
    sheet.text(fact.label, SMALL)
    for line in fact.lines:
        sheet.text(line, BODY, bold=True)
    if fact.blank:
        sheet.gap(_BLANK_LINE)
        sheet.rule(below=4)
    sheet.gap(8)
