"""A person who hears and has five keys: every decision is made from what was said after the last press."""

from collections.abc import Callable
from typing import Final

from kiosk_app.presenters.letters import letter_name
from kiosk_app.presenters.wording import Wording
from tests.kiosk.presenters.fakes import VoiceHeard

UP, DOWN, LEFT, RIGHT, SELECT = 273, 274, 276, 275, 13
PRESSES_MAX: Final = 40


class Listener:
    """Presses keys and listens; never looks.

    Attributes:
        heard: what was said since the last press, piece by piece; presses: how many keys so far.
    """

    def __init__(self, driver: object, voice: VoiceHeard, say: Wording) -> None:
        self._driver, self._voice, self._say = driver, voice, say
        self.heard: tuple[str, ...] = ()
        self.presses = 0

    def press(self, key: int) -> str:
        already = len(self._voice.said)
        self._driver.key(key)
        self._driver.frames(8)
        self.presses += 1
        said = self._voice.said[already:]
        self.heard = tuple(plain(text) for texts in said for text in texts)
        assert self.heard, "a press after which nothing was said"
        return self.heard[-1]

    def until(self, words: str, key: int = DOWN) -> None:
        """Go on until these words are heard."""
        self._press_until(lambda: any(words in piece for piece in self.heard), key, words)

    def choose(self, words: str, key: int = DOWN) -> None:
        """Go to what says these words, and take it."""
        self.until(words, key)
        self.press(SELECT)

    def pick(self, words: str) -> None:
        """Take one of several choices, then go on."""
        self.choose(words, RIGHT)
        assert any(self.said("spoken.radio.checked") in piece for piece in self.heard)
        self.choose(self.said("go.on"))

    def write(self, text: str) -> None:
        """Write with the letters offered, and say that it is finished."""
        for letter in text:
            self._write(letter)
        done = self.said("letters.done")
        self._press_until(lambda: self.heard[-1] == done, LEFT, done)
        self.press(SELECT)

    def said(self, key: str, **values: object) -> str:
        """A sentence as it is heard, in the language of now."""
        return plain(self._say(key, **values))

    def _write(self, letter: str) -> None:
        name = plain(letter_name(self._say, letter))
        if not self._offered(letter):
            self._press_until(lambda: self._offered(letter), RIGHT, letter)
        if self.heard[-1] != name:
            self.press(SELECT)
            self._press_until(lambda: self.heard[-1] == name, RIGHT, name)
        self.press(SELECT)
        assert self.said("letters.typed", letter=name) in self.heard

    def _offered(self, letter: str) -> bool:
        """Whether what was said last is this letter, or the group in which it must be."""
        said = self.heard[-1]
        first, last = said[:1], said[-1:]
        if said == self.said("letters.range", first=first, last=last):
            return first <= letter.upper() <= last
        if said == self.said("letters.group.accents"):
            return letter in "éèêëàâäçîïôùûü"
        if said == self.said("letters.group.signs"):
            return letter in " -’.@"
        return said == plain(letter_name(self._say, letter))

    def _press_until(self, reached: Callable[[], bool], key: int, wanted: str) -> None:
        for _ in range(PRESSES_MAX):
            if reached():
                return
            self.press(key)
        raise AssertionError(f"« {wanted} » was never said")


def plain(text: str) -> str:
    """With plain spaces: nobody hears how a space is written."""
    return " ".join(text.split())
