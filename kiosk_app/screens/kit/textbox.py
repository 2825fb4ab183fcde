"""The box that takes typed text. It forgets at once what it is told to forget, copies nothing and never
blinks.
"""

from kivy.cache import Cache
from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.textinput import TextInput

from kiosk_app.screens.kit.focus import Focusable, step_focus


class TextBox(Focusable, TextInput):
    """One line of typed text; `layout` names the screen keyboard that serves it.

    The name is the label of the field, the value what was typed; a secret shows dots and has no value.
    """

    layout = StringProperty("name")
    capitals = BooleanProperty(False)
    chars_max = NumericProperty(120)
    invalid = BooleanProperty(False)
    secret = BooleanProperty(False)

    def __init__(self, **kwargs: object) -> None:
        self._lines_soon = Clock.create_trigger(lambda _: self._refresh_text_from_property(), -1)
        self._options_soon = Clock.create_trigger(lambda _: self._refresh_line_options(), -1)
        super().__init__(personal=True, **kwargs)
        self.fbind("text", self._say_value)
        self.fbind("invalid", lambda _, invalid: self.set_state("invalid", invalid))
        self._say_value(self, self.text)

    def _say_value(self, _: object, text: str) -> None:
        self.value = "" if self.secret else text

    def insert_text(self, substring: str, from_undo: bool = False) -> None:
        room = int(self.chars_max) - len(self.text)
        super().insert_text(substring.replace("\n", " ")[: max(0, room)], from_undo=from_undo)
        self.reset_undo()  # a name that was erased must not wait in a list

    def wipe(self) -> None:
        """Forget the text: the box itself, its undo list and Kivy’s own caches of drawn lines."""
        self.text = ""
        self.cancel_selection()
        self.reset_undo()
        forget_drawn_lines()

    def keyboard_on_key_down(
        self, window: object, keycode: tuple[int, str], text: str, modifiers: list[str]
    ) -> bool:
        if keycode[1] == "tab":
            step_focus(self, backwards="shift" in modifiers)
            return True
        if keycode[1] in ("enter", "numpadenter"):
            self.dispatch("on_text_validate")
            return True
        if keycode[1] == "escape" or ("ctrl" in modifiers and keycode[1] not in ("left", "right")):
            return True  # no copy, no paste, no undo
        return bool(TextInput.keyboard_on_key_down(self, window, keycode, text, modifiers))

    def cut(self) -> None:
        """Nothing is ever copied."""

    def copy(self, data: str = "") -> None:
        """Nothing is ever copied."""

    def paste(self) -> None:
        """Nothing is ever pasted."""

    def _ensure_clipboard(self) -> None:
        """Kivy would open the clipboard here."""

    def _trigger_refresh_text(self, *_: object) -> None:
        """Kivy would draw the line one picture later: every page with a box would be drawn twice."""
        self._lines_soon()

    def _trigger_refresh_line_options(self, *_: object) -> None:
        self._options_soon()


def forget_drawn_lines() -> None:
    """Empty the two caches in which Kivy keeps every line that any box has drawn."""
    Cache.remove("textinput.label")
    Cache.remove("textinput.width")
