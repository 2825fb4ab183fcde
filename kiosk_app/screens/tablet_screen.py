"""What all screens share: they draw a page made by a presenter, and relay what is pressed with what is
typed.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.uix.widget import Widget

from kiosk_app.presenters.pages import Answers, Command, Frame, Message
from kiosk_app.presenters.ports import Listener
from kiosk_app.presenters.wording import Wording
from kiosk_app.screens.inputs import Input
from kiosk_app.screens.kit import AzertyKeyboard, Btn, Notice, Page, Title
from kiosk_app.screens.kit.focus import focusables

__all__ = ["Hands", "TabletScreen", "load_rules"]


BEFORE_THE_PICTURE, NEXT_FRAME = -1, 0
"""When Kivy's clock does something."""
PageShown = TypeVar("PageShown", bound=Frame)


@dataclass(slots=True)
class Hands:
    """What every screen is given: the sentences, the keyboard, and who listens."""

    say: Wording
    keyboard: AzertyKeyboard
    listener: Listener


def load_rules(python_file: str) -> None:
    """Load the .kv that stands beside a screen."""
    Builder.load_file(python_file.removesuffix(".py") + ".kv")


class TabletScreen(Page, Generic[PageShown]):
    """One kind of page. `fill` of each screen puts its own things into `content`."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(keyboard=hands.keyboard, more=hands.say("go.more"), on_next=self._next)
        self.hands = hands
        self.inputs: dict[str, Input] = {}
        self._forward = ""
        self._buttons: dict[str, Btn] = {}
        self._renders = 0

    def render(self, page: PageShown) -> None:
        """Draw the page in the place of what was there."""
        same, offset = page.name == self.name, self.scroller.offset
        self._clear()
        self.name = page.name
        self.set_bar(
            page.bar,
            [(command.text, self._presser(command)) for command in page.bar_commands],
            step=page.step,
        )
        self.fill(page)
        self._fill_actions(page.commands)
        self.scroller.offset = offset if same else 0
        self._settle()
        self._renders += 1
        drawn = self._renders
        # A page that begins at its top is whole in its first picture, its keyboard too: each picture costs
        # the person as much as the building. One that was scrolled has to be laid out before.
        when = NEXT_FRAME if same and offset else BEFORE_THE_PICTURE
        Clock.schedule_once(lambda _: self._open(page, offset if same else 0, drawn), when)

    def fill(self, page: PageShown) -> None:
        """Put the words and inputs of the page into `content`."""
        raise NotImplementedError

    def first_focus(self, page: PageShown) -> str:
        """The key of the input that has the focus at first, "command X" for a button, "" for none."""
        return str(getattr(page, "focus", ""))

    def answers(self) -> Answers:
        """What stands in the inputs now."""
        return {key: asked.read() for key, asked in self.inputs.items()}

    def press(self, command: str) -> None:
        """Tell that a button was pressed, with everything that stands on the page."""
        self.hands.listener.act(command, self.answers())

    def add(self, *widgets: Widget) -> None:
        """Put widgets below each other on the page."""
        for widget in widgets:
            self.content.add_widget(widget)

    def button(self, command: Command, kind: str = "secondary") -> Btn:
        """A button that tells its command."""
        button = Btn(text=command.text, kind=kind, personal=command.personal)
        button.bind(on_release=lambda _: self.press(command.key))
        self._buttons[command.key] = button
        return button

    def title(self, text: str) -> Title:
        """The heading of the page."""
        return Title(text=text)

    def notice(self, message: Message) -> Notice:
        """A framed message."""
        return Notice(kind=message.tone, title=message.title, text=message.text, personal=message.personal)

    def leave(self) -> None:
        """Another page comes: put the keyboard away and let go of the focus."""
        for widget in list(focusables(self)):
            widget.focus = False
        self.close_keyboard()

    def wipe(self) -> None:
        self._clear()
        super().wipe()
        self.name = ""

    def _presser(self, command: Command) -> "Press":
        return Press(self, command.key)

    def _clear(self) -> None:
        self.leave()
        for box in self.text_boxes():
            box.wipe()
        self.inputs.clear()
        self._buttons.clear()
        self.reset_foot()
        self.content.clear_widgets()
        self.actions.clear_widgets()

    def _fill_actions(self, commands: tuple[Command, ...]) -> None:
        self._forward = commands[-1].key if commands else ""
        for command in commands:
            self.actions.add_widget(
                self.button(command, "primary" if command is commands[-1] else "secondary")
            )

    def _next(self) -> None:
        if self._forward:
            self.press(self._forward)

    def _open(self, page: PageShown, offset: float, drawn: int) -> None:
        if self.parent is None or drawn != self._renders or self.parent.dialog is not None:
            return
        self.scroller.offset = offset
        wanted = self.first_focus(page)
        if wanted.startswith("command "):
            button = self._buttons.get(wanted.removeprefix("command "))
            if button is not None:
                button.focus = True
        elif wanted in self.inputs:
            self.inputs[wanted].focus()


@dataclass(slots=True)
class Press:
    """A button of the top bar, pressed."""

    screen: "TabletScreen[Frame]"
    command: str

    def __call__(self) -> None:
        self.screen.press(self.command)
