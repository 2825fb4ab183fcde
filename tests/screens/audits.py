"""What every page must satisfy, whatever it shows: each audit gives the list of what is wrong."""

from collections.abc import Iterator

from kivy.core.window import Window
from kivy.metrics import dp
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.choice import Choice
from kiosk_app.screens.kit.focus import Accessible, focusables
from kiosk_app.screens.kit.keyboard import Key
from kiosk_app.screens.kit.layout import natural_width
from kiosk_app.screens.kit.notice import ErrorSummary
from kiosk_app.screens.kit.page import Page, ancestors
from kiosk_app.screens.kit.qr_view import QrView
from kiosk_app.screens.kit.text import Txt
from kiosk_app.screens.kit.textbox import TextBox

SOLID = (Btn, Choice, TextBox, QrView, Key)
TOLERANCE = 1.5


def shown(page: Page) -> Iterator[Widget]:
    """The widgets of the page that are drawn: what gave way to the keyboard is left out."""
    for widget in page.walk(restrict=True):
        if widget.opacity and not any(not parent.opacity for parent in ancestors(widget)):
            yield widget


def described(widget: Widget) -> str:
    text = getattr(widget, "text", "") or getattr(widget, "name", "")
    return f"{type(widget).__name__} « {text[:40]} »"


def clipped_texts(page: Page) -> list[str]:
    """A text needs more room than it has, or a word is broken because its line is too short."""
    wrong = []
    for widget in shown(page):
        if not isinstance(widget, Label) or not widget.text:
            continue
        if (
            widget.texture_size[0] > widget.width + TOLERANCE
            or widget.texture_size[1] > widget.height + TOLERANCE
        ):
            wrong.append(f"{described(widget)} needs {widget.texture_size}, has {widget.size}")
        room = widget.width - widget.padding[0] - widget.padding[2]
        longest = max(
            natural_width(word, widget.font_size, bold=widget.bold) for word in widget.text.split(" ")
        )
        if longest > room + TOLERANCE:
            wrong.append(f"{described(widget)} breaks a word: {longest:.0f} > {room:.0f}")
    return wrong


def box(widget: Widget) -> tuple[float, float, float, float]:
    return widget.x, widget.y, widget.right, widget.top


def overlap(one: Widget, other: Widget) -> bool:
    a, b = box(one), box(other)
    return min(a[2], b[2]) - max(a[0], b[0]) > TOLERANCE and min(a[3], b[3]) - max(a[1], b[1]) > TOLERANCE


def overlaps(page: Page) -> list[str]:
    """Two things stand on each other inside the same part of the page."""
    wrong = []
    for part in (page.content, page.actions, page.bar, page.keyboard if page.keyboard_open else None):
        if part is None or not part.opacity:
            continue
        things = [
            widget
            for widget in part.walk(restrict=True)
            if isinstance(widget, (*SOLID, Txt))
            and widget.height > 0
            and (isinstance(widget, SOLID) or widget.text)
        ]
        for position, one in enumerate(things):
            for other in things[position + 1 :]:
                if one not in ancestors(other) and other not in ancestors(one) and overlap(one, other):
                    wrong.append(f"{described(one)} and {described(other)}")
    return wrong


def out_of_the_window(page: Page) -> list[str]:
    """Something reaches beyond the left or right edge: nobody can scroll there."""
    return [
        described(widget)
        for widget in shown(page)
        if isinstance(widget, (*SOLID, Txt))
        and (widget.x < -TOLERANCE or widget.right > Window.width + TOLERANCE)
    ]


def small_targets(page: Page) -> list[str]:
    """A control is smaller than a finger: 12.7 mm, 11.6 mm high for keys."""
    wrong = []
    for widget in shown(page):
        if isinstance(widget, Key) and widget.height < dp(73) - TOLERANCE:
            wrong.append(f"{described(widget)} {widget.height / dp(1):.0f} dp")
        elif isinstance(widget, (Btn, Choice, TextBox)) and min(widget.size) < dp(80) - TOLERANCE:
            wrong.append(f"{described(widget)} {widget.width / dp(1):.0f} x {widget.height / dp(1):.0f} dp")
    return wrong


def nameless(page: Page) -> list[str]:
    """A control that speech could not name."""
    return [
        type(widget).__name__
        for widget in shown(page)
        if isinstance(widget, Accessible)
        and isinstance(widget, (*SOLID, ErrorSummary))
        and not (widget.role and widget.name)
    ]


def ring(scope: Widget) -> list[Widget]:
    return list(focusables(scope))


def hidden_focus(page: Page) -> list[str]:
    """The control that has the focus is out of sight, or behind the keyboard."""
    wrong = []
    for widget in ring(page):
        if not widget.focus or widget.parent is None:
            continue
        in_content = any(parent is page.content for parent in ancestors(widget))
        low, high = (page.scroller.y, page.scroller.top) if in_content else (page.y, page.top)
        fits = widget.height <= high - low
        seen = widget.y >= low - TOLERANCE and widget.top <= high + TOLERANCE if fits else widget.top > low
        if not seen:
            wrong.append(f"{described(widget)} at {widget.y:.0f}-{widget.top:.0f}, seen {low:.0f}-{high:.0f}")
    return wrong


AUDITS = {
    "clipped": clipped_texts,
    "overlaps": overlaps,
    "out of the window": out_of_the_window,
    "small target": small_targets,
    "no name": nameless,
    "hidden focus": hidden_focus,
}
