"""What a screen reader may ask of the stage, done as a finger would do it: on the thread of the screen, only
to what can be reached now, and told to the presenter as a sign that somebody is there.
"""

from dataclasses import dataclass, field
from typing import Literal

from kivy.uix.widget import Widget

from kiosk_app.screens.access_tree import node_id
from kiosk_app.screens.kit import TextBox
from kiosk_app.screens.kit.focus import Focusable, reveal
from kiosk_app.screens.kit.keyboard import Key
from kiosk_app.screens.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One thing asked, from another thread: of which node, what, and with which words or place in them."""

    target: int
    what: Literal["click", "focus", "show", "write", "move"]
    text: str = field(default="", repr=False)
    caret: int = 0


def obey(stage: Stage, wish: Wish) -> bool:
    """Do what is asked. False when its control has gone meanwhile, or can not do that: nothing happens then.

    A reader answers late: between its sight of the page and its wish, the page may have changed or a question
    may have come above it.
    """
    widget = _within_reach(stage, wish.target)
    if widget is None:
        return False
    stage.somebody()
    match wish.what:
        case "show":
            reveal(widget)
        case "focus" if isinstance(widget, Focusable):
            widget.focus = True
        case "click" if isinstance(widget, Key):
            widget.dispatch("on_release")
        case "click" if isinstance(widget, Focusable):
            widget.focus = True
            widget.activate()
        case "write" if isinstance(widget, TextBox):
            _write(widget, wish.text)
        case "move" if isinstance(widget, TextBox):
            widget.cursor = widget.get_cursor_from_index(max(0, min(wish.caret, len(widget.text))))
        case _:
            return False
    return True


def _within_reach(stage: Stage, target: int) -> Widget | None:
    """The control, if a finger could get at it: never what lies below a question."""
    scope = stage.dialog or stage.page
    if scope is None:
        return None
    return next((widget for widget in scope.walk(restrict=True) if node_id(widget) == target), None)


def _write(box: TextBox, text: str) -> None:
    """In the place of what stands there; the box keeps its own limit of letters."""
    box.focus = True
    box.text = ""
    box.insert_text(text)
