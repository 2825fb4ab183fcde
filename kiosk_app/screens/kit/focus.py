"""Who has the focus and who comes next: one closed ring for each page or dialog, in reading order."""

from collections.abc import Iterator

from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.behaviors import FocusBehavior
from kivy.uix.widget import Widget


class Accessible:
    """What speech, tests and a screen-reader bridge read of a control.

    Attributes:
        role: "button", "textbox", "radio", "checkbox", "link", "alert", "heading", "image", "text"...
        name: what the control is called, in the language shown.
        value: what it holds now; empty for what holds nothing.
        states: any of "focused", "checked", "invalid", "required", "pressed".
        personal: of an input or a row its value and states are personal; of anything else its name.
        spoken: False for what says nothing that is not said elsewhere.
    """

    role = StringProperty("")
    name = StringProperty("")
    value = StringProperty("")
    states = ListProperty([])
    personal = BooleanProperty(False)
    spoken = BooleanProperty(True)

    def set_state(self, state: str, present: bool) -> None:
        """Add or take away one state; the others stay."""
        if present != (state in self.states):
            self.states = [*self.states, state] if present else [s for s in self.states if s != state]


class FocusScope:
    """A page or a dialog: Tab never leaves it."""


class Focusable(Accessible, FocusBehavior):
    """A control that Tab reaches and that Enter or Space acts upon."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.is_focusable = True
        self.fbind("focus", self._say_focus)

    def _say_focus(self, _: object, focused: bool) -> None:
        self.set_state("focused", focused)
        if focused:
            reveal(self)

    def activate(self) -> None:
        """Do what a touch would do."""

    def keyboard_on_key_down(
        self, window: object, keycode: tuple[int, str], text: str, modifiers: list[str]
    ) -> bool:
        if keycode[1] == "tab":
            step_focus(self, backwards="shift" in modifiers)
            return True
        if keycode[1] in ("enter", "numpadenter", "spacebar"):
            self.activate()
            return True
        return False

    def keyboard_on_key_up(self, window: object, keycode: tuple[int, str]) -> bool:
        return False  # Escape never takes the focus away: it would be lost from sight


def focusables(root: Widget) -> Iterator[Focusable]:
    """Every control below `root` that Tab reaches, in reading order."""
    if isinstance(root, Focusable) and root.is_focusable and not root.disabled:
        yield root
    for child in reversed(root.children):
        yield from focusables(child)


def scope_of(widget: Widget) -> Widget | None:
    """The page or dialog that holds the widget."""
    current = widget
    while current is not None and current.parent is not current:
        if isinstance(current, FocusScope):
            return current
        current = current.parent
    return None


def step_focus(widget: Widget, *, backwards: bool = False) -> None:
    """Give the focus to the next control of the ring, or to the one before."""
    scope = scope_of(widget)
    if scope is None:
        return
    ring = list(focusables(scope))
    if widget not in ring:
        return
    ring[(ring.index(widget) + (-1 if backwards else 1)) % len(ring)].focus = True


def reveal(widget: Widget) -> None:
    """Ask the page that holds the widget to bring it into view."""
    scope = scope_of(widget)
    if scope is not None and hasattr(scope, "bring_into_view"):
        scope.bring_into_view(widget)
