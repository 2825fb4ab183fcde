"""The line above every page once the centre has contradicted itself (SECURITY-DESIGN 8): shown within
seconds, at every start, and never taken away.
"""

from collections.abc import Callable
from typing import Final

from kiosk_app.presenters.ports import TabletView, Timers
from kiosk_app.presenters.wording import Wording

LOOK_EVERY_SECONDS: Final = 2.0


class AlarmLine:
    """Looks for an alarm every two seconds until there is one; then it is said in the language of now."""

    def __init__(
        self, view: TabletView, timers: Timers, sounded: Callable[[], bool], say: Wording, key: str
    ) -> None:
        self._view, self._timers, self._sounded = view, timers, sounded
        self._say, self._key = say, key
        self._standing = False

    def watch(self) -> None:
        """Look now, and again later; nothing is known of a tablet that is still closed."""
        self._standing = self._sounded()
        if not self._standing:
            self._timers.after(LOOK_EVERY_SECONDS, self.watch)
        self.say_again()

    def say_again(self) -> None:
        """The line, if there is one: the language may be another."""
        if self._standing:
            self._view.alarm(self._say(self._key))
