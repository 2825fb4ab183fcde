"""The frame of every page: bar, steps, what is asked, the ways back and forward, and the keyboard below.

The keyboard opens when a text box has the focus; the page then shrinks, so that the box is never behind it.
Nothing moves while a finger is down: what it is about to touch must not slip away.
"""

from collections.abc import Callable, Sequence

from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk_app.screens.kit.bars import TopBar
from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.focus import Accessible, FocusScope, focusables
from kiosk_app.screens.kit.keyboard import AzertyKeyboard
from kiosk_app.screens.kit.layout import Column, Fold
from kiosk_app.screens.kit.scroller import Scroller
from kiosk_app.screens.kit.stepper import Stepper
from kiosk_app.screens.kit.textbox import TextBox
from kiosk_app.screens.tokens import metrics

ROOM_ABOVE_KEYS = 3.4 * metrics.target
"""With less room than this above the keys, the bar and the steps give way to the box that is being filled."""


class PageContent(Column):
    """The column of a page, never wider than a comfortable line."""


class PageActions(BoxLayout):
    """The row of buttons at the foot of a page; at the end of what is read when the screen is too low
    for both.
    """

    in_content = BooleanProperty(False)


class Page(FocusScope, Accessible, BoxLayout):
    """One page. Fill `content` and `actions`; `keyboard` is shared by all pages of the tablet."""

    keyboard = ObjectProperty(None, allownone=True)
    keyboard_open = BooleanProperty(False)

    def __init__(
        self, *, keyboard: AzertyKeyboard, more: str, on_next: Callable[[], None], **kwargs: object
    ) -> None:
        super().__init__(keyboard=keyboard, **kwargs)
        self.role = "page"
        self._on_next = on_next
        self._finger_down = False
        self._wanted: Widget | None = None
        self._keys_shown: tuple[TextBox | None, int] = None, 0
        self._keys_turned = Clock.create_trigger(self._show_box_again, 0.02)  # once they have their height
        self._settle = Clock.create_trigger(self._settled, -1)
        self._decide = Clock.create_trigger(self._decide_foot, 0.02)
        self.bar = TopBar()
        self.stepper = Stepper()
        self.content = PageContent()
        self.scroller = Scroller(content=self.content)
        self.actions = Fold(spread=True)
        self._foot = PageActions()
        self._foot.add_widget(self.actions)
        self._more = Btn(text=more, kind="quiet", spoken=False)  # a voice reads what lies below anyway
        self._more.bind(on_release=lambda _: self.scroller.page_down())
        self._below = PageActions()  # holds « Voir la suite » alone while the buttons are in the content
        self.add_widget(self.scroller)
        self.add_widget(self._foot)
        self.scroller.fbind("offset_max", self._settle)
        self.scroller.fbind("offset", self._settle)
        self.actions.fbind("height", self._settle)  # buttons fold when their words have their width
        self.fbind("size", self.reset_foot)

    def set_bar(self, text: str, actions: Sequence[tuple[str, Callable[[], None]]], *, step: int = 0) -> None:
        """Say where the person is, and offer help and exit."""
        for old in (self.bar, self.stepper):
            self.remove_widget(old)
        self.bar = TopBar(text=text, actions=actions)
        self.stepper = Stepper(step=step, name=text)
        self.add_widget(self.bar, index=len(self.children))
        if step:
            self.add_widget(self.stepper, index=len(self.children) - 1)

    def text_boxes(self) -> list[TextBox]:
        """The boxes of the page, in reading order."""
        return [widget for widget in focusables(self.content) if isinstance(widget, TextBox)]

    def next_pressed(self) -> None:
        """« Suivant » goes to the next box of the page; after the last one it does what « Continuer »
        does.
        """
        boxes = self.text_boxes()
        focused = [position for position, box in enumerate(boxes) if box.focus]
        if focused and focused[0] + 1 < len(boxes):
            boxes[focused[0] + 1].focus = True
        else:
            self._on_next()

    def question_stays_in_sight(self, asked: Widget) -> bool:
        """Whether the bar, the title and the box have room above the keys that would open for this input."""
        box = next((widget for widget in focusables(asked) if isinstance(widget, TextBox)), None)
        if box is None or self.keyboard.kept_away:
            return True
        return bool(self.height - self.keyboard.height_for(box.layout) >= ROOM_ABOVE_KEYS)

    def keep_keyboard_away(self, away: bool) -> None:
        """Whether letters come from elsewhere than the keys on the screen."""
        if self.keyboard.kept_away != away:
            self.keyboard.kept_away = away
            self._settle()

    def bring_into_view(self, widget: Widget) -> None:
        """Remember what must be seen; the page moves once no finger is down and the layout is done."""
        self._wanted = widget
        self._settle()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self._finger_down = True
        return bool(super().on_touch_down(touch))

    def on_touch_up(self, touch: MotionEvent) -> bool:
        taken = bool(super().on_touch_up(touch))
        self._finger_down = False
        self._settle()
        return taken

    def wipe(self) -> None:
        """Forget everything that was typed or shown here."""
        self.close_keyboard()
        for widget in self.content.walk(restrict=True):
            if widget is not self.content and hasattr(widget, "wipe"):
                widget.wipe()
        self.content.clear_widgets()
        self._wanted, self._keys_shown = None, (None, 0)

    def close_keyboard(self) -> None:
        """Put the keyboard away."""
        if self.keyboard_open:
            self.keyboard_open = False
            self._decide()
            self.remove_widget(self.keyboard)
            self.keyboard.wipe()

    def _settled(self, *_: object) -> None:
        if self._finger_down or self.parent is None:
            return
        box = next((box for box in self.text_boxes() if box.focus), None)
        if box is None or self.keyboard.kept_away:
            self.close_keyboard()
        else:
            self._open_keyboard(box)
        self._fit_parts()
        self._scroll_to_wanted()

    def _open_keyboard(self, box: TextBox) -> None:
        if self.keyboard.target is not box:
            self.keyboard.serve(box)
        if not self.keyboard_open:
            if self.keyboard.parent is not None:
                self.keyboard.parent.remove_widget(self.keyboard)
            self.keyboard_open = True
            self.add_widget(self.keyboard)
            self._wanted = self._wanted or box
        before, self._keys_shown = self._keys_shown, (box, self.keyboard.page_shown)
        if before[0] is box and before[1] != self.keyboard.page_shown:
            self._keys_turned()

    def _show_box_again(self, *_: object) -> None:
        """Other keys for the same box were asked for: they may stand higher, and cover it."""
        box = self._keys_shown[0]
        if self.keyboard_open and box is not None:
            self.bring_into_view(box)

    def _fit_parts(self) -> None:
        """Hide the foot behind the keyboard; on a low screen the bar and the steps give way to the box
        that is being filled.
        """
        needed = self.actions.height + 2 * metrics.gap if self.actions.children else 0
        foot = 0 if self.keyboard_open and not self._foot.in_content else needed
        self._foot.height, self._foot.opacity = foot, 1 if foot else 0
        kept = self.height - (self.keyboard.height if self.keyboard_open else 0)
        low = self.keyboard_open and kept < ROOM_ABOVE_KEYS
        self.bar.hidden, self.bar.opacity = low, 0 if low else 1
        self.stepper.hidden = low
        self._offer_more()

    def reset_foot(self, *_: object) -> None:
        """Put the buttons back at the foot; they stay in the content once they had to go there, or they
        would jump.
        """
        self._place_foot(in_content=False)
        self._settle()
        self._decide()

    def _decide_foot(self, *_: object) -> None:
        """Once the parts have their sizes: is there room to read between the bar and the buttons?"""
        if self.parent is None or self.keyboard_open or not self.actions.children:
            return
        room = self.height - self.bar.height - self.actions.height - 2 * metrics.gap
        if room < 2.5 * metrics.target:
            self._place_foot(in_content=True)
            # A button that had the focus at the foot has just gone out of sight with it.
            focused = next((button for button in focusables(self.actions) if button.focus), None)
            self._wanted = focused or self._wanted
            self._settle()

    def _place_foot(self, *, in_content: bool) -> None:
        holder = self.content if in_content else self
        if self._foot.parent is holder:
            return
        if self._foot.parent is not None:
            self._foot.parent.remove_widget(self._foot)
        self._foot.in_content = in_content
        holder.add_widget(self._foot, index=1 if self.keyboard_open and not in_content else 0)

    def name_more(self, text: str) -> None:
        """What the button says that shows what lies below."""
        self._more.text = text

    def _offer_more(self) -> None:
        """« Voir la suite », where fingers find it without sliding: among the buttons, or alone at the foot
        while these are in the content.
        """
        hidden_below = self.scroller.offset_max - self.scroller.offset > metrics.unit
        wanted = hidden_below and not self.keyboard_open and bool(self.actions.children)
        holder = self._below if self._foot.in_content else self.actions
        shown_in = self._more.parent
        if shown_in is not None and (shown_in is not holder or not (wanted or self._more.focus)):
            shown_in.remove_widget(self._more)
        if wanted and self._more.parent is None:
            holder.add_widget(self._more, index=min(1, len(holder.children)))
        self._below.height = self._more.height + 2 * metrics.gap
        if self._more.parent is not self._below:
            self.remove_widget(self._below)
        elif self._below.parent is None:
            self.add_widget(self._below)

    def _scroll_to_wanted(self) -> None:
        if self._wanted is None:
            return
        widget, self._wanted = self._wanted, None
        if any(parent is self.content for parent in ancestors(widget)):
            Clock.schedule_once(lambda _: self._show(widget), 0)

    def _show(self, widget: Widget) -> None:
        for parent in ancestors(widget):
            if getattr(parent, "from_top", False):
                self.scroller.show_from_top(parent)
                return
            # What is higher than the view would be shown by its top, and the widget stay below.
            if getattr(parent, "keep_together", False) and parent.height <= self.scroller.height:
                widget = parent
        self.scroller.show(widget)


def ancestors(widget: Widget) -> list[Widget]:
    """The widgets that hold this one, nearest first."""
    found: list[Widget] = []
    current = widget.parent
    while (
        current is not None
        and current is not getattr(current, "parent", None)
        and isinstance(current, Widget)
    ):
        found.append(current)
        current = current.parent
    return found
