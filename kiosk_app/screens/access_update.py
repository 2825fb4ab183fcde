"""From the tree of the stage to AccessKit's, and from its requests to wishes. Imported only where there is
a bus: the library costs memory.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

import accesskit  # type: ignore[import-untyped]
from accesskit import Action, Live, Node, Rect, Role, TextPosition, TextSelection, Toggled

from kiosk_app.screens.access_hand import Wish
from kiosk_app.screens.access_tree import AccessTree
from kiosk_app.screens.access_tree import Node as Told


class Request(Protocol):
    """What AccessKit hands over (its ActionRequest; the package has no types)."""

    action: Any
    target: int
    data: Any


ROLES: Final = {
    "alert": Role.ALERT,
    "banner": Role.BANNER,
    "button": Role.BUTTON,
    "checkbox": Role.CHECK_BOX,
    "dialog": Role.DIALOG,
    "group": Role.GROUP,
    "heading": Role.HEADING,
    "image": Role.IMAGE,
    "item": Role.LIST_ITEM,
    "keyboard": Role.GROUP,  # Role.KEYBOARD would be passed over: AT-SPI calls it redundant
    "link": Role.LINK,
    "page": Role.PANE,
    "password": Role.PASSWORD_INPUT,
    "progressbar": Role.PROGRESS_INDICATOR,
    "radio": Role.RADIO_BUTTON,
    "radiogroup": Role.RADIO_GROUP,
    "row": Role.GROUP,
    "shift": Role.BUTTON,
    "status": Role.STATUS,
    "text": Role.LABEL,
    "textbox": Role.TEXT_INPUT,
    "window": Role.WINDOW,
}
BOXES: Final = frozenset({"textbox", "password"})
CHECKABLE: Final = frozenset({"radio", "checkbox", "shift"})
LIVE: Final = {"polite": Live.POLITE, "assertive": Live.ASSERTIVE}
ACTIONS: Final = {
    "click": (Action.CLICK,),
    "focus": (Action.FOCUS, Action.SCROLL_INTO_VIEW),
    "type": (Action.SET_VALUE, Action.SET_TEXT_SELECTION),
}


def new_adapter(
    activated: Callable[[], None], asked: Callable[[Request], None], deactivated: Callable[[], None]
) -> Any:
    """An adapter that calls these on its own thread. `activated` gives no tree: the first update will."""
    return accesskit.unix.Adapter(activated, asked, deactivated)


def place_window(adapter: Any, window: Any) -> None:
    """Tell where the window stands on the screen."""
    left, top = float(window.left), float(window.top)
    bounds = Rect(left, top, left + window.width, top + window.height)
    adapter.set_root_window_bounds(bounds, bounds)


def update_of(tree: AccessTree, told: AccessTree | None) -> Any:
    """What changed since the last tree, or everything."""
    update = accesskit.TreeUpdate(tree.focus)
    frame = accesskit.Tree(tree.root)
    frame.toolkit_name = "Kivy"
    update.tree = frame
    for known, node in tree.nodes.items():
        if told is None or told.nodes.get(known) != node:
            made = made_of(node)
            if known == tree.root:
                made.set_language(tree.language)
            update.nodes.append((known, made))
            if node.role in BOXES:
                update.nodes.append((known + 1, _line_of(node)))
    return update


def made_of(told: Told) -> Any:
    """One node of AccessKit."""
    node = Node(ROLES[told.role])
    node.set_bounds(Rect(*(float(side) for side in told.bounds)))
    node.set_children(list(told.children))
    if told.role in ("text", "status"):
        node.set_value(told.name)  # what is only read has no label
    else:
        node.set_label(told.name)
    if told.description:
        node.set_description(told.description)
    if told.live:
        node.set_live(LIVE[told.live])
    for action in told.actions:
        for each in ACTIONS[action]:
            node.add_action(each)
    _set_states(node, told)
    if told.role in BOXES:
        _set_line(node, told)
    return node


def _set_states(node: Any, told: Told) -> None:
    if told.role in CHECKABLE:
        node.set_toggled(Toggled.TRUE if "checked" in told.states else Toggled.FALSE)
    if "invalid" in told.states:
        node.set_invalid(accesskit.Invalid.TRUE)
    if told.role == "dialog":
        node.set_modal()
    if told.role == "heading":
        node.set_level(1)
    if told.place is not None:
        node.set_position_in_set(told.place[0])
        node.set_size_of_set(told.place[1])
    if told.amount is not None:
        node.set_min_numeric_value(0.0)
        node.set_numeric_value(float(told.amount[0]))
        node.set_max_numeric_value(float(told.amount[1]))


def _set_line(node: Any, told: Told) -> None:
    """The letters of a box stand in a node of their own, where the cursor is counted."""
    caret = TextPosition(told.id + 1, told.caret)
    node.set_value(told.value)
    node.set_children([told.id + 1])
    node.set_text_selection(TextSelection(caret, caret))


def _line_of(told: Told) -> Any:
    line = Node(Role.TEXT_RUN)
    line.set_value(told.value)
    line.set_character_lengths([len(letter.encode()) for letter in told.value])
    line.set_bounds(Rect(*(float(side) for side in told.bounds)))
    return line


def wish_of(request: Request) -> Wish | None:
    """What is asked, or None for what the tablet does not do."""
    match request.action:
        case Action.CLICK:
            return Wish(target=request.target, what="click")
        case Action.FOCUS:
            return Wish(target=request.target, what="focus")
        case Action.SCROLL_INTO_VIEW:
            return Wish(target=request.target, what="show")
        case Action.SET_VALUE:
            return _written(request)
        case Action.SET_TEXT_SELECTION:
            return _moved(request)
    return None


def _data(request: Request, kind: Any) -> Any:
    """AccessKit gives a pair, what it is and the thing; None when it is another thing than expected."""
    found, value = request.data or (None, None)
    return value if found == kind else None


def _written(request: Request) -> Wish | None:
    text = _data(request, accesskit.ActionDataKind.VALUE)
    return Wish(target=request.target, what="write", text=text) if isinstance(text, str) else None


def _moved(request: Request) -> Wish | None:
    """The cursor goes where the selection ends; nothing is ever selected."""
    selection = _data(request, accesskit.ActionDataKind.SET_TEXT_SELECTION)
    if selection is None:
        return None
    return Wish(target=request.target, what="move", caret=int(selection.focus.character_index))
