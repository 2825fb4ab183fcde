"""The AZERTY keyboard on the screen. Keys act when the finger leaves them and never take the focus from
the box.
"""

from collections.abc import Callable, Iterator

from kivy.input.motionevent import MotionEvent
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior, FocusBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label

from kiosk_app.screens.kit.focus import Accessible
from kiosk_app.screens.kit.keyboard_layouts import LAYOUTS, NARROW, KeySpec, Row
from kiosk_app.screens.kit.layout import natural_width
from kiosk_app.screens.kit.textbox import TextBox
from kiosk_app.screens.tokens import look, metrics

WORD_STARTS = " -’'"
STEPS = (1.0, 0.85, 0.7, 0.55, 0.4)


class Key(ButtonBehavior, Accessible, Label):
    """One key: a letter, or an action in words."""

    spec: KeySpec
    is_action = BooleanProperty(False)
    is_next = BooleanProperty(False)
    is_held = BooleanProperty(False)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        FocusBehavior.ignored_touch.append(touch)  # the box keeps the focus
        return bool(super().on_touch_down(touch))

    def fit(self) -> None:
        """Make the words as large as the type size of the person, or the largest step that the key allows.

        Steps, because Kivy opens the font file anew for each size and keeps 64 of them.
        """
        words = natural_width(self.text, look.body, bold=self.bold)
        room = max(1.0, self.width - 2 * metrics.unit)
        wanted = min(look.body, look.body * room / max(1.0, words), self.height * 0.68)
        self.font_size = next(
            (step for step in map(look.body.__mul__, STEPS) if step <= wanted), look.body * STEPS[-1]
        )


class KeyRow(BoxLayout):
    """Keys beside each other."""


class AzertyKeyboard(Accessible, BoxLayout):
    """The keys of one layout, written into `target`; `on_next` is the key « Suivant ». `kept_away`: the
    person writes with a pad.
    """

    target = ObjectProperty(None, allownone=True)
    layout_name = StringProperty("")
    narrow = BooleanProperty(False)
    capital = BooleanProperty(False)
    kept_away = BooleanProperty(False)
    __events__ = ("on_next",)

    def __init__(self, *, sentence: Callable[[str], str], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._sentence = sentence
        self._page = 0
        self._keys: list[Key] = []
        self._rows: dict[Row, KeyRow] = {}
        self.fbind("capital", self._reface)
        look.fbind("body", self._refit)

    def serve(self, target: TextBox) -> None:
        """Show the keys that suit this box and write into it from now on."""
        self.target = target
        if self.layout_name != target.layout or self._page:
            self.layout_name, self._page = target.layout, 0
            self._build()
        self._offer_capital()

    @staticmethod
    def height_for(layout: str) -> float:
        """How high the keys of a layout stand, in pixels."""
        return float(len(LAYOUTS[layout][0]) * (metrics.key + dp(6)) + dp(6))

    @property
    def page_shown(self) -> int:
        """Which of the pages of keys of the layout stands there."""
        return self._page

    def wipe(self) -> None:
        """Let go of the box of the person who leaves."""
        self.target, self.kept_away = None, False

    def on_next(self) -> None:
        """The person wants to go on."""

    def prepare(self, layout: str) -> Iterator[None]:
        """Build the keys of a layout before anybody needs them, one row at each step. Keys say nothing of
        anybody: they stay when a person leaves, one for all the layouts that have the same row.
        """
        for row in LAYOUTS[layout][0]:
            if row not in self._rows:
                self._row(row)
                yield

    def _row(self, row: Row) -> KeyRow:
        if row not in self._rows:
            line = self._rows[row] = KeyRow()
            for spec in row:
                line.add_widget(self._key(spec))
        return self._rows[row]

    def _build(self) -> None:
        self.clear_widgets()
        self.narrow = self.layout_name in NARROW or (self.layout_name == "secret" and self._page == 0)
        for row in LAYOUTS[self.layout_name][self._page]:
            self.add_widget(self._row(row))
        self._keys = [key for line in reversed(self.children) for key in reversed(line.children)]
        self._reface()

    def _key(self, spec: KeySpec) -> Key:
        key = Key(
            size_hint_x=spec.width,
            is_action=bool(spec.action) and not spec.action.startswith("type"),
            is_next=spec.action == "next",
        )
        key.spec = spec
        key.bind(on_release=self._pressed, size=_fit, text=_fit)
        self._face(key)
        return key

    def name_again(self) -> None:
        """The language of the sentences has changed."""
        self._forget_hidden()
        self._reface()

    def _reface(self, *_: object) -> None:
        for key in self._keys:
            self._face(key)

    def _face(self, key: Key) -> None:
        face = key.spec.face
        if face.startswith("key."):
            key.text, key.name = self._sentence(face), self._sentence(face + ".name")
        else:
            key.text = key.name = face.upper() if self.capital and len(face) == 1 and face != "ß" else face
        key.is_held = self.capital and key.spec.action == "shift"

    def _refit(self, *_: object) -> None:
        self._forget_hidden()
        for key in self._keys:
            key.fit()

    def _forget_hidden(self) -> None:
        """Only the keys in use are kept: to change them all would let the person wait."""
        self._rows = {row: line for row, line in self._rows.items() if line.parent is self}

    def _pressed(self, key: Key) -> None:
        match key.spec.action.split():
            case ["shift"]:
                self.capital = not self.capital
                return
            case ["page", number]:
                self._page = int(number)
                self._build()
            case ["next"]:
                self.dispatch("on_next")
            case [action, *rest]:
                self._edit(action, rest)
            case _:
                self._type(key.text)
        self._offer_capital()

    def _edit(self, action: str, rest: list[str]) -> None:
        if self.target is None:
            return
        match action:
            case "erase":
                self.target.do_backspace()
                self.target.reset_undo()
            case "left" | "right":
                self.target.do_cursor_movement(f"cursor_{action}")
            case "space":
                self._type(" ")
            case "type":
                self._type(rest[0])

    def _type(self, text: str) -> None:
        if self.target is not None:
            self.target.insert_text(text)

    def _offer_capital(self) -> None:
        if self.target is None or not self.target.capitals:
            self.capital = False
            return
        before = self.target.text[: self.target.cursor_index()]
        self.capital = not before or before[-1] in WORD_STARTS


def _fit(key: Key, _: object) -> None:
    key.fit()
