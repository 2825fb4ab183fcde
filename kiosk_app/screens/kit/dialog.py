"""A question above the page: nothing below it can be touched or reached until it is answered."""

from collections.abc import Callable, Sequence

from kivy.input.motionevent import MotionEvent
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout

from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.focus import Accessible, FocusScope
from kiosk_app.screens.kit.layout import Fold
from kiosk_app.screens.kit.text import Title, Txt


class DialogPanel(BoxLayout):
    """The sheet on which the question stands."""


class Dialog(Accessible, FocusScope, AnchorLayout):
    """Title, words, and the answers; the first answer has the focus: it is always the one that loses
    nothing.
    """

    def __init__(
        self, *, title: str, text: str = "", answers: Sequence[tuple[str, Callable[[], None]]]
    ) -> None:
        super().__init__()
        self.role, self.name = "dialog", title
        panel = DialogPanel()
        panel.add_widget(Title(text=title))
        self.words = Txt(text=text)
        if text:
            panel.add_widget(self.words)
        row = Fold()
        for position, (words, act) in enumerate(answers):
            button = Btn(text=words, kind="primary" if position == 0 else "secondary")
            button.bind(on_release=lambda _, answer=act: answer())
            row.add_widget(button)
        panel.add_widget(row)
        self.add_widget(panel)
        self._answers = row

    def focus_first(self) -> None:
        """Give the focus to the answer that loses nothing."""
        self._answers.children[-1].focus = True

    def on_touch_down(self, touch: MotionEvent) -> bool:
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        super().on_touch_move(touch)
        return True
