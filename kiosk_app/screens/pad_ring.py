"""The frame around what a pad stands on when it is only read: controls draw their own."""

from kivy.graphics import Color, InstructionGroup, Line
from kivy.metrics import dp
from kivy.uix.widget import Widget

from kiosk_app.screens.tokens import look, metrics


class PadRing:
    """One frame, drawn on one widget at a time."""

    def __init__(self) -> None:
        self._group = InstructionGroup()
        self._colour, self._line = Color(), Line(width=dp(1.5))
        self._group.add(self._colour)
        self._group.add(self._line)
        self._around: Widget | None = None

    def put(self, widget: Widget) -> None:
        """Draw it around this widget, and follow it when the page moves."""
        self.lift()
        self._around = widget
        self._colour.rgba = look.focus
        widget.canvas.after.add(self._group)
        widget.bind(pos=self._follow, size=self._follow)
        self._follow()

    def lift(self) -> None:
        """Draw it nowhere."""
        if self._around is not None:
            self._around.unbind(pos=self._follow, size=self._follow)
            self._around.canvas.after.remove(self._group)
            self._around = None

    def _follow(self, *_: object) -> None:
        if self._around is not None:
            x, y, edge = self._around.x, self._around.y, metrics.ring_gap
            width, height = self._around.size
            self._line.rectangle = (x - edge, y - edge, width + 2 * edge, height + 2 * edge)
