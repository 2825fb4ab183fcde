"""How controls stand on a page: columns, and rows that fold when the words grow."""

from collections.abc import Iterable
from typing import Any

from kivy.core.text import Label as Measure
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget

from kiosk_app.screens.tokens import FONT, metrics


def natural_width(text: str, font_size: float, *, bold: bool = False) -> float:
    """How wide the text is on one line, in pixels, without padding."""
    measure = Measure(font_name=FONT, font_size=font_size, bold=bold)
    return max((measure.get_extents(line)[0] for line in text.split("\n")), default=0)


def rows_that_fit(widgets: Iterable[Any], room: float, gap: float) -> list[list[Any]]:
    """Widgets in rows, as many beside each other as there is room for."""
    rows: list[list[Any]] = []
    used = 0.0
    for widget in widgets:
        if rows and used + gap + widget.width <= room + 1:
            rows[-1].append(widget)
            used += gap + widget.width
        else:
            rows.append([widget])
            used = widget.width
    return rows


class Column(BoxLayout):
    """Children below each other, as high as they need."""


class Row(BoxLayout):
    """Children beside each other, as high as the highest."""


class TwoColumns(BoxLayout):
    """Two columns beside each other when there is room for both, below each other otherwise.

    `ems`: how wide that room is, in type sizes; `lead`: the width of the first, the second being 1.
    """

    wide = BooleanProperty(True)
    ems = NumericProperty(30)
    lead = NumericProperty(1)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("wide", "children"):
            self.fbind(name, self._share)

    def _share(self, *_: object) -> None:
        if self.children:
            self.children[-1].size_hint_x = self.lead if self.wide else 1


class Fold(Layout):
    """A row that becomes several rows when its children do not fit; each child keeps its own width.

    With `spread`, the last child stands at the right edge: the way forward is always there.
    A child wider than the row is told its `max_width` and wraps its words.
    """

    spacing = NumericProperty(metrics.gap)
    spread = BooleanProperty(False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(size_hint=(1, None), **kwargs)
        self.fbind("pos", self._trigger_layout)
        self.fbind("size", self._trigger_layout)
        self.fbind("children", self._trigger_layout)

    def add_widget(self, widget: Widget, *args: object, **kwargs: object) -> None:
        super().add_widget(widget, *args, **kwargs)
        widget.fbind("size", self._trigger_layout)

    def remove_widget(self, widget: Widget, *args: object, **kwargs: object) -> None:
        widget.funbind("size", self._trigger_layout)
        super().remove_widget(widget, *args, **kwargs)

    def do_layout(self, *_: object) -> None:
        for child in self.children:
            if hasattr(child, "max_width"):
                child.max_width = self.width
        rows = rows_that_fit(reversed(self.children), self.width, self.spacing)
        heights = [max(child.height for child in row) for row in rows]
        self.height = sum(heights) + self.spacing * max(0, len(rows) - 1)
        top = self.top
        for row, height in zip(rows, heights, strict=True):
            self._place(row, top, height, last=row is rows[-1])
            top -= height + self.spacing

    def _place(self, row: list[Widget], top: float, height: float, *, last: bool) -> None:
        left = self.x
        for child in row:
            at_edge = self.spread and last and child is row[-1]
            child.pos = (self.right - child.width if at_edge else left, top - (height + child.height) / 2)
            left += child.width + self.spacing
