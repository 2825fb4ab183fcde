"""The Kivy application: one stage, one presenter, nothing of Kivy's own conveniences."""

import gc
import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import glFinish

from kiosk_app.logs import milliseconds_alive
from kiosk_app.presenters.pad import Pad
from kiosk_app.presenters.ports import Listener, TabletView
from kiosk_app.presenters.speech import Speech
from kiosk_app.presenters.wording import Wording
from kiosk_app.screens.at_rest import Ahead, AtRest, preparing
from kiosk_app.screens.bridge import Bridge
from kiosk_app.screens.reader import Reader
from kiosk_app.screens.stage import Stage, collect_only_when_nobody_waits
from kiosk_app.screens.tokens import look

log = logging.getLogger(__name__)


class TabletPresenter(Listener, Protocol):
    """The presenter of a profile."""

    def start(self) -> None:
        """Show the first page."""


class TabletApp(App):
    """The program on the screen. `presenter_for` makes the presenter of the profile for this view; `speech`
    and `pad` are those of a tablet that can be heard; `ahead` is built while nobody is there.
    """

    def __init__(
        self,
        *,
        say: Wording,
        presenter_for: Callable[[TabletView], TabletPresenter],
        speech: Speech | None = None,
        pad: Pad | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        super().__init__()
        self._ahead = ahead
        self._at_rest: AtRest | None = None
        self._speech, self._pad = speech, pad
        self._reader: Reader | None = None
        self.use_kivy_settings = False
        self.title = say("bar.welcome")
        self._say, self._presenter_for = say, presenter_for

    def build(self) -> Stage:
        Window.clearcolor = look.bg
        Window.bind(on_flip=_finish_drawing)
        look.bind(bg=lambda _, colour: setattr(Window, "clearcolor", colour))
        stage = Stage(self._say)
        stage.bind(on_named=lambda _: setattr(self, "title", self._say("bar.welcome")))
        if self._speech is not None:
            self._reader = Reader(stage, self._speech, self._say, self._pad)
        self.presenter = self._presenter_for(stage)
        stage.listen_with(self.presenter)
        # What is loaded now stays: the wipe looks only at what came since. The first page comes afterwards,
        # or it would stay too, with its keys: a tenth of the memory of the program.
        gc.freeze()
        self.presenter.start()
        self._bridge = Bridge(stage, self._say)
        return stage

    def on_start(self) -> None:
        """Say how long it took once the second frame begins: the first one is then on the screen."""
        Clock.schedule_once(lambda _: Clock.schedule_once(_first_page_shown, 0), 0)
        self._bridge.open()
        if self._ahead is not None:
            self._at_rest = AtRest(self.root, partial(preparing, self.root, self._ahead))
        collect_only_when_nobody_waits()

    def open_settings(self, *_: object) -> bool:
        """F1 does nothing here."""
        return False

    def on_stop(self) -> None:
        Window.unbind(on_flip=_finish_drawing)
        if self._at_rest is not None:
            self._at_rest.close()
        self.root.wipe()
        if self._reader is not None:
            self._reader.close()
        self.root.close()
        self._bridge.close()


def _finish_drawing(_: object) -> None:
    """One picture is drawn before the next begins: Mesa’s software renderer keeps the memory of as many as
    ever waited for it at once, up to 64 of 36 MiB (llvmpipe: MAX_SCENES, LP_SCENE_MAX_SIZE).
    """
    glFinish()


def _first_page_shown(_: float) -> None:
    log.info("first_page_shown", extra={"ms": milliseconds_alive()})
