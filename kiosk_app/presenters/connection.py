"""How the tablet is connected, in words (UX 6). Known from the last verified answer of the centre: nothing is
asked of the network for it, and nobody waits for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk_app.presenters.formats import time_in_words
from kiosk_app.presenters.ports import Timers
from kiosk_app.presenters.wording import Wording

ONLINE_WITHIN: Final = timedelta(minutes=20)
LOOK_EVERY_SECONDS: Final = 60.0


def connection_in_words(say: Wording, last_contact: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """« Connecté – dernier contact à 14 h 05 », or that everything is kept here."""
    if last_contact is None or now - last_contact >= ONLINE_WITHIN:
        return say("state.offline")
    return say("state.online", time=time_in_words(say, last_contact, zone))


class ConnectionLine:
    """The sentence on the first page, which may stand there for hours: looked at every minute, and said anew
    when it has changed."""

    def __init__(self, timers: Timers, words: Callable[[], str], changed: Callable[[], None]) -> None:
        """Args: changed: shows the first page again."""
        self._timers, self._words, self._changed = timers, words, changed
        self._standing, self._said = False, ""

    def watch(self) -> None:
        """Look now, and again later."""
        self._timers.after(LOOK_EVERY_SECONDS, self.watch)
        if self._standing and self._words() != self._said:
            self._changed()

    def stands(self) -> str:
        """The sentence, for the first page that is shown now."""
        self._standing, self._said = True, self._words()
        return self._said

    def leave(self) -> None:
        """Somebody does something: the page stays as it is for them."""
        self._standing = False
