"""Buttons: they act when the finger leaves them, and sliding off cancels."""

from kivy.properties import BooleanProperty, NumericProperty, OptionProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.label import Label

from kiosk_app.screens.kit.focus import Focusable
from kiosk_app.screens.kit.layout import natural_width
from kiosk_app.screens.tokens import metrics


class Btn(ButtonBehavior, Focusable, Label):
    """One action. `primary` goes on, `secondary` does something else, `quiet` is text with a line below.

    `fitted` takes the width of the words, up to `max_width`; otherwise the button fills its place.
    """

    kind = OptionProperty("secondary", options=("primary", "secondary", "quiet"))
    fitted = BooleanProperty(True)
    max_width = NumericProperty(100_000)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("text", "font_size", "max_width", "fitted", "padding"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        if self.fitted:
            words = natural_width(self.text, self.font_size, bold=self.bold)
            self.width = min(
                self.max_width, max(metrics.target, words + self.padding[0] + self.padding[2] + 4)
            )

    def activate(self) -> None:
        self.dispatch("on_release")
