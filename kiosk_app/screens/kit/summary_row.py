"""One answer on the page of verification: its label, its value, and the way to change it."""

from collections.abc import Callable

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.focus import Accessible
from kiosk_app.screens.kit.layout import Column
from kiosk_app.screens.kit.text import Hint, Txt


class SummaryRow(Accessible, BoxLayout):
    """Label above value at the left, `Modifier` at the right when there is something to change."""

    label = StringProperty("")

    def __init__(
        self, *, change: str = "", on_change: Callable[[], None] | None = None, **kwargs: object
    ) -> None:
        super().__init__(personal=True, **kwargs)
        words = Column()
        words.add_widget(Hint(text=self.label))
        words.add_widget(Txt(text=self.value, bold=True))
        self.add_widget(words)
        if on_change is not None:
            button = Btn(text=change, pos_hint={"center_y": 0.5})
            button.name = f"{change} : {self.label}"
            button.bind(on_release=lambda _: on_change())
            self.add_widget(button)
