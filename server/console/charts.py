"""Bars drawn on the server: where each stands in its picture. Pure; words and tables are of the page.

A picture is 360 units wide, about the width of a telephone, so that its words keep their size there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

WIDTH: Final = 360
HEIGHT: Final = 170
_LEFT: Final = 44
_RIGHT: Final = 4
_TOP: Final = 14
_BOTTOM: Final = 26
_GAP: Final = 0.2
"""Share of a day left empty between two bars."""
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle, in units of the picture; `title`: what it counts."""

    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place of the picture. `anchor`: start, middle or end, as SVG names them."""

    x: str
    y: str
    words: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """One measure over some days."""

    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    days: tuple[Mark, ...]
    total: int


def nice_top(largest: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50... that nothing passes."""
    for power in count():
        for step in _STEPS:
            if step * 10**power >= largest:
                return int(step * 10**power)
    raise AssertionError("numbers have an end here")


def _at(value: float) -> str:
    """A coordinate as SVG reads it, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


def day_chart(days: Sequence[tuple[date, int]], short: Sequence[str], titles: Sequence[str]) -> DayChart:
    """Bars of one measure.

    Args:
        days: in their order, with what each counted.
        short: the word of each day under the axis; titles: what each bar says when asked.
    """
    top = nice_top(max((number for _, number in days), default=0) or 1)
    wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    step = wide / max(1, len(days))
    bars = []
    for place, ((_, number), title) in enumerate(zip(days, titles, strict=True)):
        height = high * number / top
        x = _LEFT + step * (place + _GAP / 2)
        bars.append(Bar(_at(x), _at(_TOP + high - height), _at(step * (1 - _GAP)), _at(height), title))
    levels = (0, top // 2, top) if top > 1 else (0, 1)
    lines = [
        Mark(_at(_LEFT - 6), _at(_TOP + high - high * level / top), thousands(level), "end")
        for level in levels
    ]
    shown = sorted({0, len(days) // 2, len(days) - 1}) if days else []
    marks = [
        Mark(_at(_LEFT + step * (place + 0.5)), _at(HEIGHT - 8), short[place], _anchor(place, len(days)))
        for place in shown
    ]
    return DayChart(
        bars=tuple(bars), lines=tuple(lines), days=tuple(marks), total=sum(number for _, number in days)
    )


def _anchor(place: int, days: int) -> str:
    if days > 2 and place == days - 1:
        return "end"
    return "start" if days > 2 and place == 0 else "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of a list of shares. `bar`: out of 100, of the largest; `percent`: of the whole."""

    name: str
    number: str
    bar: str
    percent: str


def shares(numbers: Sequence[tuple[str, int]]) -> list[Share]:
    """Each with its bar beside the largest."""
    whole, largest = sum(number for _, number in numbers), max((number for _, number in numbers), default=0)
    return [
        Share(
            name=name,
            number=thousands(number),
            bar=_at(100 * number / largest) if largest else "0",
            percent=f"{round(100 * number / whole)}\u00a0%" if whole else "–",
        )
        for name, number in numbers
    ]


def thousands(number: int) -> str:
    """A whole number as French people write it: a narrow no-break space between thousands."""
    return f"{number:,}".replace(",", "\u202f")
