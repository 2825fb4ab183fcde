"""The whole surface of the tablet: one page, at most one question above it, and the wipe.

It is the view that the presenters talk to. Screens are built at the first visit and thrown away by the wipe.
"""

import gc
from importlib import import_module
from typing import Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.behaviors import FocusBehavior
from kivy.uix.floatlayout import FloatLayout

from kiosk_app.freed_memory import write_over_freed_memory
from kiosk_app.memory import give_back_freed_memory, let_code_go
from kiosk_app.presenters import pages
from kiosk_app.presenters.ports import Listener
from kiosk_app.presenters.wording import Wording, text_again
from kiosk_app.screens.kit import AlarmBar, AzertyKeyboard, Dialog, TrainingBar
from kiosk_app.screens.kit.focus import focusables
from kiosk_app.screens.kit.textbox import forget_drawn_lines
from kiosk_app.screens.spots import Spot, spots_of
from kiosk_app.screens.tablet_screen import Hands, Press, TabletScreen
from kiosk_app.screens.tokens import look

SCREENS: Final[dict[type, tuple[str, str]]] = {
    pages.TextPage: ("reading", "ReadingScreen"),
    pages.QuestionPage: ("question", "QuestionScreen"),
    pages.ReviewPage: ("review", "ReviewScreen"),
    pages.FiledPage: ("filed", "FiledScreen"),
    pages.DisplayPage: ("display", "DisplayScreen"),
    pages.CheckPage: ("check", "CheckScreen"),
    pages.ResultPage: ("result", "ResultScreen"),
    pages.TransmissionPage: ("transmission", "TransmissionScreen"),
}
TAB_KEY: Final = 9
NEVER: Final = 1_000_000
"""Collections of the middle generation before one of the old."""
TIDY_SECONDS: Final = 0.4
"""After a page came: it is drawn, and the person reads. Later, and what a quick hand leaves would pile up."""
GIVE_BACK_SECONDS: Final = 1.0
"""After the wipe the first page is drawn first: it frees what drawing the page of the person had taken."""


class Stage(FloatLayout):
    """Shows pages and questions; tells the listener that somebody is there.

    Dispatches `on_shown` when what is on the screen has changed: "page", "dialog", "dismissed", "offers" or
    "wiped"; `on_named` when the language has.
    """

    __events__ = ("on_shown", "on_named")

    def __init__(self, say: Wording, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._say = say
        self.keyboard = AzertyKeyboard(sentence=say)
        self.keyboard.bind(on_next=lambda _: self._next_pressed())
        self._screens: dict[type, TabletScreen[pages.Frame]] = {}
        self._listener: Listener | None = None
        self.page: TabletScreen[pages.Frame] | None = None
        self.dialog: Dialog | None = None
        self._dialog_name = ""
        self._alarm, self._training, self._trained = AlarmBar(), TrainingBar(), ""
        self.add_widget(self._alarm)
        self.add_widget(self._training)
        self.fbind("height", self._make_room)
        self._alarm.fbind("height", self._make_room)
        self._training.fbind("height", self._make_room)
        self._somebody = Clock.create_trigger(lambda _: self._tell_activity(), 0)
        self._tidying = Clock.create_trigger(lambda _: gc.collect(), TIDY_SECONDS)
        self._emptying = Clock.create_trigger(lambda _: _empty_what_was_freed(), GIVE_BACK_SECONDS)
        Window.bind(on_touch_down=self._noticed, on_touch_up=self._noticed, on_key_down=self._key_down)

    def listen_with(self, listener: Listener) -> None:
        """Tell this presenter what happens."""
        self._listener = listener

    def close(self) -> None:
        """Let go of the window."""
        Window.unbind(on_touch_down=self._noticed, on_touch_up=self._noticed, on_key_down=self._key_down)
        self._somebody.cancel()
        self._tidying.cancel()

    # ---- TabletView
    def show(self, page: pages.Page) -> None:
        """Show a page in the place of the one before."""
        screen = self._screen_for(page)
        if screen is not self.page:
            if self.page is not None:
                self.page.leave()
                self.remove_widget(self.page)
            self.page = screen
            self.add_widget(screen, index=len(self.children))
            self._make_room()
        screen.render(page)
        self._tidying()
        self.dispatch("on_shown", "page")

    def ask(self, dialog: pages.DialogAsked) -> None:
        """Put a question above the page, or change its words when it is already there."""
        if self.dialog is not None and self._dialog_name == dialog.name:
            self.dialog.words.text = dialog.text
            return
        self.dismiss()
        assert self.page is not None
        answers = [(command.text, Press(self.page, command.key)) for command in dialog.commands]
        self.dialog, self._dialog_name = (
            Dialog(title=dialog.title, text=dialog.text, answers=answers),
            dialog.name,
        )
        self.add_widget(self.dialog)
        self._make_room()
        self.dialog.focus_first()
        self.dispatch("on_shown", "dialog")

    def dismiss(self) -> None:
        """Take the question away."""
        if self.dialog is not None:
            for widget in list(focusables(self.dialog)):
                widget.focus = False
            self.remove_widget(self.dialog)
            self.dialog, self._dialog_name = None, ""
            self.dispatch("on_shown", "dismissed")

    def offer(self, labels: tuple[str, ...], empty: str) -> None:
        """Show the places that what is typed may mean."""
        offer = getattr(self.page, "offer", None)
        if offer is not None:
            offer(labels, empty)
            self.dispatch("on_shown", "offers")

    def set_look(self, *, strong: bool, scale: float) -> None:
        """Change contrast and size at once."""
        look.strong, look.scale = strong, scale

    def answers(self) -> pages.Answers:
        """What stands in the inputs of the page now; nothing without a page."""
        return self.page.answers() if self.page is not None else {}

    def name_again(self) -> None:
        """Write the keys, « Voir la suite » and the band in the language of now."""
        self._training.text = text_again(self._trained)
        self.keyboard.name_again()
        for screen in self._screens.values():
            screen.name_more(self._say("go.more"))
        self.dispatch("on_named")

    def wipe(self) -> None:
        """Forget everything that any page has shown or held, and set the look back."""
        self.dismiss()
        self.dispatch("on_shown", "wiped")
        for screen in self._screens.values():
            screen.wipe()
            self.remove_widget(screen)
        self._screens.clear()
        self.page = None
        self.keyboard.wipe()
        FocusBehavior.ignored_touch.clear()
        forget_drawn_lines()
        look.reset()
        self._emptying.cancel()  # once for wipes that follow each other
        self._emptying()

    def alarm(self, text: str) -> None:
        """Put a line above every page, from now on."""
        self._alarm.text = text

    def training(self, text: str) -> None:
        """Put a band above every page; a training hears of no centre, so that no alarm stands there too."""
        self._training.text = self._trained = text

    def on_shown(self, what: str) -> None:
        """For whoever reads the screen aloud."""

    def on_named(self) -> None:
        """For whoever holds words outside the stage."""

    def alarm_spots(self) -> list[Spot]:
        """The lines above every page, for whoever reads them aloud."""
        return [*spots_of(self._alarm), *spots_of(self._training)]

    def somebody(self) -> None:
        """A person is there, though neither finger nor key came here: a screen reader or a pad took it."""
        self._somebody()

    # ---- inside
    def _make_room(self, *_: object) -> None:
        """Pages and questions stand below the line of the alarm."""
        for widget in (self.page, self.dialog):
            if widget is not None:
                widget.size_hint_y = None
                widget.height = self.height - self._alarm.height - self._training.height

    def _screen_for(self, page: pages.Page) -> TabletScreen[pages.Frame]:
        kind = type(page)
        if kind not in self._screens:
            assert self._listener is not None
            module, name = SCREENS[kind]
            screen_class = getattr(import_module(f"kiosk_app.screens.{module}"), name)
            self._screens[kind] = screen_class(Hands(self._say, self.keyboard, self._listener))
        return self._screens[kind]

    def _next_pressed(self) -> None:
        if self.page is not None:
            self.page.next_pressed()

    def _noticed(self, *_: object) -> None:
        self._somebody()

    def _key_down(self, _: object, key: int, *rest: object) -> bool:
        self._somebody()
        scope = self.dialog or self.page
        if key != TAB_KEY or scope is None:
            return False
        ring = list(focusables(scope))
        if ring and not any(widget.focus for widget in ring):
            ring[0].focus = True
            return True
        return False

    def _tell_activity(self) -> None:
        if self._listener is not None:
            self._listener.activity()


def collect_only_when_nobody_waits() -> None:
    """What pages leave behind is looked for by the stage, once the next one stands. Python would do it by
    itself at every fourth page, in the middle of its change, for a tenth of a second and more.
    """
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)


def _empty_what_was_freed() -> None:
    """Some hundredths of a second, while nobody has begun yet."""
    gc.collect()
    write_over_freed_memory()
    give_back_freed_memory()
    let_code_go()
