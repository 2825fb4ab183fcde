"""The part of a page that moves up and down when it is higher than the screen.

Kivy’s own ScrollView holds every tap back for a fraction of a second and animates; this one passes taps
at once
and moves only under a finger, a button or the focus.
"""

from kivy.input.motionevent import MotionEvent
from kivy.metrics import dp
from kivy.properties import NumericProperty
from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from kiosk_app.screens.tokens import metrics

SWIPE_STARTS_AT = dp(20)


class Scroller(StencilView):
    """Shows one column; `offset` is how far it is moved up, in pixels, from 0 to `offset_max`."""

    offset = NumericProperty(0)
    offset_max = NumericProperty(0)
    bar_top, bar_height = NumericProperty(0), NumericProperty(0)

    def __init__(self, *, content: Widget, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.content = content
        self.add_widget(content)
        content.fbind("height", self._place)
        for name in ("pos", "size", "offset"):
            self.fbind(name, self._place)

    def _place(self, *_: object) -> None:
        self.offset_max = max(0, self.content.height - self.height)
        self.offset = min(max(0, self.offset), self.offset_max)
        self.content.width = self.width
        self.content.pos = (self.x, self.top - self.content.height + self.offset)
        if self.offset_max:
            self.bar_height = max(dp(48), self.height * self.height / self.content.height)
            self.bar_top = self.top - (self.height - self.bar_height) * self.offset / self.offset_max
        else:
            self.bar_height = 0

    def show(self, widget: Widget) -> None:
        """Move as little as needed for the widget to be seen, its top first when it is too high."""
        margin = max(0, min(metrics.gap, (self.height - widget.height) / 2))
        above = self.content.top - widget.top - margin
        below = self.content.top - widget.y + margin - self.height
        if self.offset < below:
            self.offset = below
        if self.offset > above:
            self.offset = max(0, above)

    def show_from_top(self, widget: Widget) -> None:
        """Show the widget with as much of what it holds as there is room for."""
        self.offset = min(self.offset_max, max(0, self.content.top - widget.top - metrics.gap))

    def page_down(self) -> None:
        """Show what comes next; one line is kept in sight."""
        self.offset = min(self.offset_max, self.offset + max(metrics.target, self.height - metrics.target))

    def page_up(self) -> None:
        """Go back by one screen."""
        self.offset = max(0, self.offset - max(metrics.target, self.height - metrics.target))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        if touch.is_mouse_scrolling:
            self.offset += metrics.target * (1 if touch.button == "scrollup" else -1)
            return True
        touch.ud["swipe_from"] = (touch.y, self.offset)
        return bool(super().on_touch_down(touch))

    def on_touch_move(self, touch: MotionEvent) -> bool:
        start = touch.ud.get("swipe_from")
        if start is not None and touch.grab_current is None:
            moved = touch.y - start[0]
            if self.offset_max and (touch.ud.get("swiped") or abs(moved) > SWIPE_STARTS_AT):
                touch.ud["swiped"] = True
                self.offset = start[1] + moved
        return bool(super().on_touch_move(touch))
