"""The line above every page once the centre has contradicted itself (SECURITY-DESIGN 8): shown within
seconds, at every start, and never taken away.
"""

from collections.abc import Callable
from typing import Final

from kiosk_app.presenters.ports import TabletView, Timers

LOOK_EVERY_SECONDS: Final = 2.0


class AlarmLine:
    """Looks for an alarm every two seconds until there is one."""

    def __init__(self, view: TabletView, timers: Timers, sounded: Callable[[], bool], text: str) -> None:
        self._view, self._timers, self._sounded, self._text = view, timers, sounded, text

    def watch(self) -> None:
        """Look now, and again later; nothing is known of a tablet that is still closed."""
        if self._sounded():
            self._view.alarm(self._text)
        else:
            self._timers.after(LOOK_EVERY_SECONDS, self.watch)
