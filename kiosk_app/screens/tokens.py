"""The look of the tablet: colours of the two contrasts, sizes of type, of targets and of gaps.

Every colour is a Kivy property, so that a change of contrast or of size shows at once on the screen
that is open. `look` belongs to the tablet, its settings to one person: the wipe sets them back.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty
from kivy.utils import get_color_from_hex

FONTS: Final = Path(__file__).resolve().parent.parent / "fonts"
FONT: Final = "NotoSans"
OUT_OF_SIGHT: Final = (-999, -999, 9, 9)
"""Where a frame stands that is not to be seen. Kivy draws a line with no colour through a stencil, at more
than a millisecond each: twice what the words of a page cost.
"""
SIZES: Final = (1.0, 1.4, 1.75)

NORMAL: Final = {
    "text": "#161616",
    "bg": "#FFFFFF",
    "input_bg": "#EEEEEE",
    "hint": "#4A4A4A",
    "primary": "#22307A",
    "primary_text": "#FFFFFF",
    "pressed": "#DADDF0",
    "panel": "#F4F5FB",
    "error": "#A80400",
    "ok": "#0F5A2C",
    "warn": "#853000",
    "info": "#004A9C",
    "focus": "#0A5BD3",
    "inactive": "#8A8A8A",
    "key_border": "#666666",
    "rule": "#DDDDDD",
}
STRONG: Final = {
    "text": "#FFFFFF",
    "bg": "#000000",
    "input_bg": "#000000",
    "hint": "#FFFFFF",
    "primary": "#FFFF00",
    "primary_text": "#000000",
    "pressed": "#444400",
    "panel": "#000000",
    "error": "#FF9C9C",
    "ok": "#8CFF9E",
    "warn": "#FFB066",
    "info": "#9CC4FF",
    "focus": "#00FFFF",
    "inactive": "#FFFFFF",
    "key_border": "#FFFFFF",
    "rule": "#FFFFFF",
}


class Look(EventDispatcher):
    """What the eye meets: colours by role, type sizes in pixels, and the two settings a person may change."""

    strong = BooleanProperty(False)
    scale = NumericProperty(1.0)

    text, bg, input_bg, hint = ColorProperty(), ColorProperty(), ColorProperty(), ColorProperty()
    primary, primary_text, pressed, panel = ColorProperty(), ColorProperty(), ColorProperty(), ColorProperty()
    error, ok, warn, info = ColorProperty(), ColorProperty(), ColorProperty(), ColorProperty()
    focus, inactive, key_border, rule = ColorProperty(), ColorProperty(), ColorProperty(), ColorProperty()

    body, title, reference = NumericProperty(1), NumericProperty(1), NumericProperty(1)

    def __init__(self) -> None:
        super().__init__()
        self.bind(strong=lambda *_: self._paint(), scale=lambda *_: self._measure())
        self._paint()
        self._measure()

    def reset(self) -> None:
        """Give the next person the sizes and colours that everybody starts with."""
        self.strong, self.scale = False, 1.0

    def _paint(self) -> None:
        with _nothing_collected():
            for role, colour in (STRONG if self.strong else NORMAL).items():
                setattr(self, role, get_color_from_hex(colour))

    def _measure(self) -> None:
        with _nothing_collected():
            self.body, self.title = sp(31) * self.scale, sp(40) * self.scale
            self.reference = sp(80) * min(self.scale, 1.4)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Kivy tells each rule that follows a colour in turn. A collection in the middle would take away widgets
    of pages that are gone, and the next rule of one of them would end the program (ReferenceError).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Metrics:
    """Lengths that do not change while the program runs, in pixels; dp are physical (1/160 inch)."""

    target: Final = dp(80)
    key: Final = dp(73)
    gap: Final = dp(16)
    field_gap: Final = dp(24)
    unit: Final = dp(8)
    content_width: Final = dp(1150)
    ring: Final = dp(3)
    ring_gap: Final = dp(3)
    line_height: Final = 1.0  # Noto Sans is drawn 1.36 em high: that is the 1.35 of the design


def register_fonts() -> None:
    """Make the two shipped fonts known under one name."""
    LabelBase.register(FONT, str(FONTS / "NotoSans-Regular.ttf"), fn_bold=str(FONTS / "NotoSans-Bold.ttf"))


register_fonts()
look: Final = Look()
metrics: Final = Metrics()
