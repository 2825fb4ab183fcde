"""The bar at the top of every page, and the line that says how the tablet is connected."""

from collections.abc import Callable, Sequence

from kivy.metrics import sp
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.layout import Layout

from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.focus import Accessible
from kiosk_app.screens.kit.layout import natural_width, rows_that_fit
from kiosk_app.screens.kit.text import Txt
from kiosk_app.screens.tokens import look, metrics


class StatusLine(Txt):
    """« Hors connexion – tout est gardé sur cette tablette »: a state in words, never a lamp alone."""


class AlarmBar(Accessible, Label):
    """One line above every page that nothing takes away. Its letters keep their size: at the largest one it
    would hide what is asked.
    """


class TrainingBar(AlarmBar):
    """« FORMATION »: the same line in another colour, for a tablet on which nothing counts."""


class TopBar(Accessible, Layout):
    """Words at the left, help and exit at the right, always at the same place; folds in two when the
    words grow.
    """

    text = StringProperty("")
    pad = NumericProperty(metrics.unit)
    hidden = BooleanProperty(False)

    def __init__(self, *, actions: Sequence[tuple[str, Callable[[], None]]] = (), **kwargs: object) -> None:
        super().__init__(size_hint=(1, None), **kwargs)
        self.status = StatusLine(text=self.text, fitted=False, size_hint=(None, None))
        self.add_widget(self.status)
        self.buttons = [self._button(words, act) for words, act in actions]
        self.fbind("text", lambda _, text: setattr(self.status, "text", text))
        for name in ("pos", "size", "text", "hidden"):
            self.fbind(name, self._trigger_layout)
        self.status.fbind("height", self._trigger_layout)

    def _button(self, words: str, act: Callable[[], None]) -> Btn:
        button = Btn(text=words)
        button.bind(on_release=lambda _: act())
        button.fbind("size", self._trigger_layout)
        self.add_widget(button)
        return button

    def _hide(self) -> None:
        self.height = 0
        for child in self.children:
            child.pos = (self.x, -10 * metrics.target)

    def _fit_words(self, room: float) -> tuple[float, float]:
        """The largest size at which the words need two lines at most, and their width on one line."""
        widths = [(size, natural_width(self.text, size, bold=True)) for size in (look.body, sp(31), sp(24))]
        size, words = next((found for found in widths if found[1] <= max(room, 1) * 1.85), widths[-1])
        return widths[0] if widths[0][1] <= room else (size, words)

    def do_layout(self, *_: object) -> None:
        edge = metrics.gap
        taken = sum(button.width + metrics.gap for button in self.buttons)
        room = self.width - 2 * edge - taken
        if self.hidden:
            self._hide()
            return
        size, words = self._fit_words(room)
        beside = words <= room or (self.width > metrics.content_width * 0.7 and room > self.width * 0.35)
        self.status.font_size = size if beside else self._fit_words(self.width - 2 * edge)[0]
        self.status.width = max(1, room if beside else self.width - 2 * edge)
        rows = rows_that_fit(self.buttons, self.width - 2 * edge, metrics.gap)  # the last ones stand lowest
        tall = sum(max(button.height for button in row) + edge for row in rows) - edge if rows else 0
        said = self.status.height if self.text else 0
        self.height = (max(tall, said) if beside else tall + said) + 2 * self.pad
        base = self.y + self.pad
        self.status.pos = (self.x + edge, base + ((max(tall, said) - said) / 2 if beside else tall))
        self._place_buttons(rows, base + (max(tall, said) - tall) / 2 if beside else base)

    def _place_buttons(self, rows: list[list[Btn]], base: float) -> None:
        for row in reversed(rows):
            right = self.right - metrics.gap
            for button in reversed(row):
                button.pos = (right - button.width, base)
                right -= button.width + metrics.gap
            base += max(button.height for button in row) + metrics.gap
