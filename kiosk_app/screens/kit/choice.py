"""Choices: one of several (radio), or a yes (check). The whole line is the target."""

from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

from kiosk_app.screens.kit.focus import Focusable, step_focus


class Choice(ButtonBehavior, Focusable, BoxLayout):
    """One line with a circle (radio) or a box (check) and its words, and a detail below if it has one. Which
    is chosen is personal, except among settings.
    """

    shape = OptionProperty("check", options=("radio", "check"))
    text = StringProperty("")
    detail = StringProperty("")
    key = StringProperty("")
    checked = BooleanProperty(False)
    invalid = BooleanProperty(False)
    mark_size, frame = NumericProperty(0), NumericProperty(0)

    __events__ = ("on_chosen",)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(personal=True, **kwargs)
        self.role = "radio" if self.shape == "radio" else "checkbox"
        self.fbind("checked", lambda _, checked: self.set_state("checked", checked))
        self.fbind("invalid", lambda _, invalid: self.set_state("invalid", invalid))
        self.set_state("checked", self.checked)

    def on_release(self) -> None:
        self.checked = True if self.shape == "radio" else not self.checked
        self.dispatch("on_chosen")

    def on_chosen(self) -> None:
        """The person chose; the group listens."""

    def activate(self) -> None:
        self.dispatch("on_release")

    def keyboard_on_key_down(
        self, window: object, keycode: tuple[int, str], text: str, modifiers: list[str]
    ) -> bool:
        if self.shape == "radio" and keycode[1] in ("up", "down"):
            step_focus(self, backwards=keycode[1] == "up")
            return True
        return super().keyboard_on_key_down(window, keycode, text, modifiers)


class ChoiceGroup(BoxLayout):
    """Radios of which one at most is checked."""

    invalid = BooleanProperty(False)
    chosen = StringProperty("")

    def __init__(self, *, choices: tuple[Choice, ...], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.choices = choices
        for choice in choices:
            self.add_widget(choice)
            choice.bind(on_chosen=self._chosen)
            if choice.checked:
                self.chosen = choice.key
        self.fbind("invalid", self._spread_invalid)

    def _chosen(self, chosen: Choice) -> None:
        for choice in self.choices:
            choice.checked = choice is chosen
        self.chosen = chosen.key

    def _spread_invalid(self, _: object, invalid: bool) -> None:
        for choice in self.choices:
            choice.invalid = invalid

    def focus_first(self) -> None:
        """Go to the choice made, or to the first."""
        next((choice for choice in self.choices if choice.checked), self.choices[0]).focus = True
