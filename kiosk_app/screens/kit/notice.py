"""Messages in a frame: good news, warnings, and the list of what is to be corrected."""

from collections.abc import Callable, Sequence

from kivy.properties import ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.focus import Accessible, Focusable
from kiosk_app.screens.kit.text import Txt


class Notice(Accessible, BoxLayout):
    """A framed message; its kind is a colour and, because colour is never alone, a sign."""

    kind = OptionProperty("info", options=("error", "ok", "info", "warn"))
    title = StringProperty("")
    text = StringProperty("")
    tint = ColorProperty()
    upright = NumericProperty(1)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        if self.title:
            self.add_widget(Txt(text=self.title, bold=True))
        if self.text:
            self.add_widget(Txt(text=self.text))


class SummaryLink(Btn):
    """One thing to correct: it leads to its field."""


class ErrorSummary(Focusable, BoxLayout):
    """« Il y a 2 réponses à corriger »: takes the focus when it appears; each line leads to its field."""

    title = StringProperty("")

    def __init__(self, *, errors: Sequence[tuple[str, Callable[[], None]]], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._first = errors[0][1]
        self.add_widget(Txt(text=self.title, bold=True))
        for message, go in errors:
            link = SummaryLink(text=message)
            link.bind(on_release=lambda _, lead=go: lead())
            self.add_widget(link)

    def activate(self) -> None:
        self._first()
