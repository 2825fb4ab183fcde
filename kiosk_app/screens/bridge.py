"""Carries the tree of the stage to screen readers, and their wishes back: AccessKit, which speaks AT-SPI.

Nothing is read nor sent until somebody listens. From then on the tree is made anew only after something was
drawn: what does not change the picture does not change the tree. AccessKit calls from its own thread; those
calls leave a note and an appointment with the thread of the screen.

Two rules keep the two threads from waiting for each other: AccessKit holds its lock while it calls
`_somebody_listens`, which needs the interpreter; so nothing here calls AccessKit before that call has been
made, and that call answers at once, without a tree.
"""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kivy.clock import Clock
from kivy.core.window import Window

from kiosk_app.presenters.wording import Wording
from kiosk_app.screens.access_hand import obey
from kiosk_app.screens.access_tree import AccessTree, tree_of
from kiosk_app.screens.stage import Stage

if TYPE_CHECKING:
    from kiosk_app.screens.access_update import Request

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.05
"""Between two trees: a page that scrolls under a finger is drawn sixty times a second."""


def bus_address(environment: Mapping[str, str]) -> str:
    """Where a screen reader would be met: the bus of the session; "" when there is none."""
    named = environment.get("DBUS_SESSION_BUS_ADDRESS", "")
    usual = Path(environment.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
    return named or (f"unix:path={usual}" if usual.exists() else "")


class Bridge:
    """One stage, offered to whoever reads screens. `close` at the end: what was said of a person goes."""

    def __init__(self, stage: Stage, say: Wording) -> None:
        self._stage, self._say = stage, say
        self._adapter: Any = None
        self._listened = False
        self._told: AccessTree | None = None
        self._look = Clock.create_trigger(self._tell, LOOK_SECONDS)

    def open(self) -> None:
        """Wait for a screen reader. Without a bus, or if AccessKit can not start, the tablet does without."""
        if not bus_address(os.environ):
            log.info("screen_reader_without_bus")
            return
        try:
            from kiosk_app.screens.access_update import new_adapter

            self._adapter = new_adapter(self._somebody_listens, self._asked, self._nobody_listens)
        except (ImportError, OSError, RuntimeError) as error:
            log.warning("screen_reader_bridge_failed", extra={"code": type(error).__name__})
            return
        Window.bind(on_flip=self._drawn, focus=self._window_focus)

    def close(self) -> None:
        """Take everything back, and let go of the bus."""
        if self._adapter is None:
            return
        Window.unbind(on_flip=self._drawn, focus=self._window_focus)
        self._look.cancel()
        self._tell()
        self._listened, self._told, self._adapter = False, None, None

    # ---- on AccessKit's thread
    def _somebody_listens(self) -> None:
        self._listened = True
        Clock.schedule_once(self._start, 0)

    def _nobody_listens(self) -> None:
        self._listened = False
        Clock.schedule_once(self._forget, 0)

    def _asked(self, request: "Request") -> None:
        Clock.schedule_once(lambda _: self._obey(request), 0)

    # ---- on the thread of the screen
    def _start(self, _: float) -> None:
        if not self._listened or self._adapter is None:
            return
        from kiosk_app.screens.access_update import place_window

        log.info("screen_reader_listens")
        self._told = None
        place_window(self._adapter, Window)
        self._tell()
        self._adapter.update_window_focus_state(bool(Window.focus))

    def _forget(self, _: float) -> None:
        if not self._listened:
            log.info("screen_reader_left")
            self._told = None

    def _drawn(self, _: object) -> None:
        if self._listened:
            self._look()

    def _window_focus(self, _: object, focused: bool) -> None:
        if self._listened:
            self._adapter.update_window_focus_state(focused)

    def _tell(self, *_: object) -> None:
        if not self._listened or self._adapter is None:
            return
        from kiosk_app.screens.access_update import update_of

        tree = tree_of(self._stage, self._say)
        if tree != self._told:
            update = update_of(tree, self._told)
            self._told = tree
            self._adapter.update_if_active(lambda: update)

    def _obey(self, request: "Request") -> None:
        from kiosk_app.screens.access_update import wish_of

        wish = wish_of(request)
        if wish is None or not self._listened or not obey(self._stage, wish):
            log.info("screen_reader_wish_refused")
