"""What a screen reader is told of the stage: a tree of plain values, made from what the kit says of itself.

It decides which controls appear, in which order (that of Tab), under which names, and what may be asked of
each. It knows nothing of any protocol: the bridge carries the values, another module obeys.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from kivy.uix.widget import Widget

from kiosk_app.presenters.wording import Language, Wording
from kiosk_app.screens.kit import (
    AzertyKeyboard,
    Choice,
    ChoiceGroup,
    DateBoxes,
    Dialog,
    ErrorSummary,
    Field,
    Notice,
    Stepper,
    Suggest,
    TextBox,
    Title,
)
from kiosk_app.screens.kit.focus import Accessible, focusables
from kiosk_app.screens.kit.keyboard import Key
from kiosk_app.screens.kit.stepper import STEPS
from kiosk_app.screens.stage import Stage

Live = Literal["", "polite", "assertive"]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels from the upper left corner of the window."""

DOT: Final = "•"
ENDS: Final = ".?!…:"
LEAVES: Final = frozenset({"text", "heading", "button", "link", "image", "alert", "item"})
"""Roles that have nothing below them, when the widget is no kit component with parts of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing that can be read, and perhaps pressed or typed into. What a person typed is `repr=False`.

    Attributes:
        id: never given twice while the program runs.
        role: a word of the kit, or "window", "page", "password", "status", "shift".
        live: whether a change is to be spoken at once, and how urgently.
        actions: any of "click", "focus", "type".
        amount: how far, of how much: the steps.
        place: first, second... of how many: the radios of one question.
        caret: letters before the cursor, in a box.
    """

    id: int
    role: str
    name: str = field(default="", repr=False)
    value: str = field(default="", repr=False)
    description: str = field(default="", repr=False)
    states: frozenset[str] = frozenset()
    live: Live = ""
    bounds: Box = (0, 0, 0, 0)
    actions: tuple[str, ...] = ()
    children: tuple[int, ...] = ()
    amount: tuple[int, int] | None = None
    place: tuple[int, int] | None = None
    caret: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTree:
    """Everything on the stage now: nodes by id, the root first, then in the order of reading."""

    root: int
    focus: int
    language: str
    nodes: Mapping[int, Node] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Around:
    """What a control owes to what holds it: the label it stands under, its hint, its error."""

    label: str = ""
    hint: str = ""
    error: str = ""
    place: tuple[int, int] | None = None


def node_id(widget: Widget) -> int:
    """The id of a widget's node; Kivy never gives a number twice."""
    return 2 * int(widget.uid)


def second_id(widget: Widget) -> int:
    """The id of what a widget says beside itself: the line of a box, the count of offers."""
    return node_id(widget) + 1


def tag_of(language: Language) -> str:
    """The tag of a language (BCP 47): easy French is French."""
    return "en" if language is Language.ENGLISH else "fr"


def tree_of(stage: Stage, say: Wording) -> AccessTree:
    """The stage as it stands. With a question above the page, the page can not be reached: it is left out."""
    return _Reader(stage, say).tree()


class _Reader:
    """One walk over the stage."""

    def __init__(self, stage: Stage, say: Wording) -> None:
        self._stage, self._say = stage, say
        self._nodes: dict[int, Node] = {}
        scope = stage.dialog or stage.page
        self._heading = _heading_of(scope) if scope is not None else None

    def tree(self) -> AccessTree:
        root, scope = node_id(self._stage), self._stage.dialog or self._stage.page
        self._nodes[root] = Node(id=root, role="window")
        held = [widget for widget in reversed(self._stage.children) if widget is not self._stage.page]
        below = [*held, self._stage.page] if self._stage.dialog is None else held
        children = [child for widget in below if widget is not None for child in self._read(widget, Around())]
        name = self._question
        self._keep(Node(id=root, role="window", name=name, bounds=self._bounds(self._stage)), children)
        focused = next((w for w in focusables(scope) if w.focus), None) if scope is not None else None
        focus = node_id(focused) if focused is not None else root
        return AccessTree(
            root=root,
            focus=focus if focus in self._nodes else root,
            language=tag_of(self._say.language),
            nodes=self._nodes,
        )

    # ---- one widget
    def _read(self, widget: Widget, around: Around) -> list[int]:
        """The ids that stand for a widget: one, none, or those of its children when it is only a frame."""
        match widget:
            case TextBox():
                return self._box(widget, around)
            case Choice():
                return self._leaf(widget, widget.role, around, description=str(widget.detail))
            case Key():
                return self._key(widget)
            case Field():
                inside = Around(widget.label or self._question, widget.hint, widget.error)
                return self._below(widget, inside)
            case ChoiceGroup() | DateBoxes():
                return self._group(widget, around)
            case Suggest():
                return [*self._below(widget, around), *self._count_of_offers(widget)]
            case Notice():
                return self._notice(widget)
            case Stepper():
                return self._leaf(widget, widget.role, around, amount=(int(widget.step), STEPS))
        return self._other(widget, around)

    def _other(self, widget: Widget, around: Around) -> list[int]:
        role = widget.role if isinstance(widget, Accessible) else ""
        if role == "banner" and not widget.name and not widget.children:  # a band that says nothing
            return []
        if isinstance(widget, ErrorSummary | Dialog | AzertyKeyboard) or role in ("page", "row", "banner"):
            return self._container(widget, role, around)
        if role in LEAVES:
            return self._leaf(widget, "heading" if widget is self._heading else role, around)
        return self._below(widget, around)

    def _below(self, widget: Widget, around: Around) -> list[int]:
        return [child for part in reversed(widget.children) for child in self._read(part, around)]

    def _leaf(
        self,
        widget: Widget,
        role: str,
        around: Around,
        *,
        description: str = "",
        amount: tuple[int, int] | None = None,
    ) -> list[int]:
        if not widget.name:
            return []
        node = replace(
            self._plain(widget, role),
            description=description or str(widget.value),
            live=_live(widget),
            place=around.place,
            amount=amount,
        )
        return [self._keep(node, [])]

    def _container(self, widget: Widget, role: str, around: Around) -> list[int]:
        node = self._plain(widget, role)
        self._nodes[node.id] = node  # before its children: the order of reading
        match widget:
            case Dialog():
                node = replace(node, description=str(widget.words.text))
            case AzertyKeyboard():
                node = replace(node, name=str(self._say("reader.keyboard")))
            case ErrorSummary():
                node = replace(node, live="assertive")
        if role == "page":
            node = replace(node, name=self._question)
        return [self._keep(node, self._below(widget, around))]

    def _group(self, widget: Widget, around: Around) -> list[int]:
        """Radios, or the boxes of a date: the group has the label, the hint and the error of the field."""
        node = replace(
            self._plain(widget, widget.role),
            name=str(around.label),
            description=_described(around),
            actions=(),
        )
        self._nodes[node.id] = node
        if not isinstance(widget, ChoiceGroup):
            return [self._keep(node, self._below(widget, Around(error=around.error)))]
        count = len(widget.choices)
        read = [
            child
            for position, choice in enumerate(widget.choices, start=1)
            for child in self._read(choice, Around(place=(position, count)))
        ]
        return [self._keep(node, read)]

    def _notice(self, widget: Notice) -> list[int]:
        live: Live = "assertive" if widget.kind == "error" else "polite"
        name = _sentences(widget.title, widget.text)
        node = replace(self._plain(widget, widget.role), name=name, live=live)
        self._nodes[node.id] = node
        return [self._keep(node, self._below(widget, Around()))]

    def _box(self, widget: TextBox, around: Around) -> list[int]:
        """A secret shows one dot for each letter here as on the screen, and nothing else."""
        shown = DOT * len(widget.text) if widget.secret else str(widget.text)
        node = replace(
            self._plain(widget, "password" if widget.secret else widget.role),
            value=shown,
            caret=int(widget.cursor_index()),
            description=_described(around),
            actions=("focus", "click", "type"),
        )
        return [self._keep(node, [])]

    def _key(self, widget: Key) -> list[int]:
        """Keys are pressed and never take the focus; the one that makes capitals says whether it is held."""
        is_shift = widget.spec.action == "shift"
        states = frozenset({"checked"}) if is_shift and widget.is_held else frozenset()
        node = replace(
            self._plain(widget, "shift" if is_shift else widget.role), states=states, actions=("click",)
        )
        return [self._keep(node, [])]

    def _count_of_offers(self, widget: Suggest) -> list[int]:
        """The places offered come and go as letters are typed: how many there are is spoken."""
        offered = len(widget.offers.children)
        said = str(self._say.counted("reader.offers", offered) if offered else widget.nothing_found.text)
        node = Node(
            id=second_id(widget),
            role="status",
            name=said,
            live="polite",
            bounds=self._bounds(widget),
        )
        return [self._keep(node, [])]

    # ---- shared
    @property
    def _question(self) -> str:
        return str(self._heading.text) if self._heading is not None else ""

    def _plain(self, widget: Widget, role: str) -> Node:
        focusable = bool(getattr(widget, "is_focusable", False))
        return Node(
            id=node_id(widget),
            role=role,
            name=str(getattr(widget, "name", "")),
            states=frozenset(getattr(widget, "states", ())) - {"focused"},
            bounds=self._bounds(widget),
            actions=("focus", "click") if focusable else (),
        )

    def _keep(self, node: Node, children: list[int]) -> int:
        self._nodes[node.id] = replace(node, children=tuple(children))
        return node.id

    def _bounds(self, widget: Widget) -> Box:
        height = self._stage.height
        left, right = int(widget.x), int(widget.right)
        return left, int(height - widget.top), right, int(height - widget.y)


def _described(around: Around) -> str:
    """The error first: it is what the person came back for."""
    return " ".join(words for words in (around.error, around.hint) if words)


def _sentences(*said: str) -> str:
    """One after the other, with a stop between them even where the page has only a new line."""
    words = [each for each in said if each]
    return " ".join(each if each[-1] in ENDS or each is words[-1] else f"{each}." for each in words)


def _live(widget: Widget) -> Live:
    """An error of a field is spoken by the summary, which takes the focus: not a second time by itself."""
    return "assertive" if widget.role == "alert" and not isinstance(widget.parent, Field) else ""


def _heading_of(scope: Widget) -> Widget | None:
    """The words that title a page or a dialog: its title, or that of its first message when it has none."""
    titles, messages = _of(scope, Title), _of(scope, Notice)
    message = next(messages, None)
    return next(titles, message.children[-1] if message is not None and message.children else None)


def _of(scope: Widget, kind: type) -> Iterator[Widget]:
    for widget in scope.walk(restrict=True):
        if isinstance(widget, kind):
            yield widget
