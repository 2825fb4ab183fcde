"""A box whose answer is chosen among the few buttons below it."""

from collections.abc import Sequence

from kivy.properties import BooleanProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.focus import Accessible, reveal
from kiosk_app.screens.kit.layout import Fold
from kiosk_app.screens.kit.text import Txt
from kiosk_app.screens.kit.textbox import TextBox
from kiosk_app.screens.tokens import metrics


class Suggest(Accessible, BoxLayout):
    """A text box and at most five places to tap. Dispatches `on_query` at each letter, `on_pick` with a
    position.
    """

    invalid = BooleanProperty(False)
    __events__ = ("on_query", "on_pick")

    def __init__(self, *, text: str = "", name: str = "", layout: str = "letters", **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.box = TextBox(text=text, name=name, layout=layout, capitals=True, chars_max=80)
        self.box.bind(text=lambda _, typed: self.dispatch("on_query", typed))
        self.fbind("invalid", lambda _, invalid: setattr(self.box, "invalid", invalid))
        self.offers = Fold(spacing=metrics.unit * 1.5)
        self.nothing_found = Txt(personal=True)
        self.add_widget(self.box)
        self.add_widget(self.offers)

    def offer(self, labels: Sequence[str], empty_message: str = "") -> None:
        """Show these places, or the sentence that says why there is none."""
        self.offers.clear_widgets()
        for position, label in enumerate(labels):
            button = Btn(text=label, personal=True)
            button.bind(on_release=lambda _, chosen=position: self.dispatch("on_pick", chosen))
            self.offers.add_widget(button)
        self.nothing_found.text = empty_message
        if empty_message and self.nothing_found.parent is None:
            self.add_widget(self.nothing_found)
        elif not empty_message:
            self.remove_widget(self.nothing_found)
        if self.box.focus:
            reveal(self)

    def focus_first(self) -> None:
        """Go to the box."""
        self.box.focus = True

    def on_query(self, typed: str) -> None:
        """The person typed."""

    def on_pick(self, position: int) -> None:
        """The person tapped a place."""
