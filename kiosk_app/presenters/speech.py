"""What one person hears: whether the voice speaks, how, and whether their answers may be heard here.

Personal data is spoken in a headset, or after « Lire à voix haute ici ? ». Nothing said is kept; the wipe
silences the voice and forgets the settings.
"""

from collections.abc import Callable, Iterable
from typing import Final

from kiosk_app.presenters.pages import Command, DialogAsked
from kiosk_app.presenters.spoken import Utterance
from kiosk_app.presenters.voice import Headset, Rate, Voice, Volume, no_headset
from kiosk_app.presenters.wording import Wording

UTTERANCES_MAX: Final = 400
"""More than the longest page has; no page can make the voice talk for ever."""


class Speech:
    """The voice of one person at a time.

    Attributes:
        on: whether pages are read; rate, volume: of the voice.
    """

    def __init__(self, voice: Voice, say: Wording, headset: Headset = no_headset) -> None:
        self._voice, self._say, self._headset = voice, say, headset
        self._ask: Callable[[], None] = _nobody
        self._read: Callable[[], None] = _nobody
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.on, self._refused = False, False
        self.rate, self.volume = Rate.NORMAL, Volume.NORMAL
        self._aloud: bool | None = None

    def ask_with(self, ask: Callable[[], None]) -> None:
        """How « Lire à voix haute ici ? » comes on the screen."""
        self._ask = ask

    def read_with(self, read: Callable[[], None]) -> None:
        """How the whole page is read."""
        self._read = read

    @property
    def available(self) -> bool:
        """Whether this tablet can speak now."""
        return self._voice.available

    @property
    def aloud_refused(self) -> bool:
        """Whether answers are replaced by « rempli »."""
        return self._aloud is False and not self._headset()

    def tell(self, said: Iterable[Utterance]) -> None:
        """Say this in the place of what is being said. The first personal thing asks, once, whether it may be
        heard; the rest waits for the answer."""
        if not self.on:
            return
        pieces = tuple(said)[:UTTERANCES_MAX]
        if any(piece.personal for piece in pieces):
            if self._aloud is None and not self._headset():
                self._ask()
                return
            if self.aloud_refused:
                pieces = tuple(_withheld(piece) for piece in pieces)
        texts = [str(piece.text) for piece in pieces if piece.text]  # a plain text, with nothing tied to it
        self._voice.speak(texts, self._say.language, self.rate, self.volume)

    def quiet(self) -> None:
        """Any action stops the voice."""
        self._voice.stop()

    def listen(self) -> None:
        """« Écouter »: the voice speaks from now on, and reads the whole page."""
        self.switch(on=True)
        self._read()

    def wake(self) -> bool:
        """The first key of a pad: the voice begins, unless the person has switched it off; whether it did."""
        if self.on or self._refused or not self.available:
            return False
        self.on = True
        return True

    def switch(self, *, on: bool) -> None:
        """What the person chose under « Affichage et son »."""
        self.on, self._refused = on and self.available, not on
        if not on:
            self.quiet()

    def answer(self, *, aloud: bool) -> None:
        """The answer to « Lire à voix haute ici ? », for this session."""
        self._aloud = aloud

    def reset(self) -> None:
        """The wipe: silence, nothing kept, the settings of everybody. Who was listening hears that it is
        done."""
        heard, rate, volume = self.on, self.rate, self.volume
        self._voice.stop()
        self._begin_anew()
        if heard:
            self._voice.speak([str(self._say("spoken.wiped"))], self._say.language, rate, volume)


def _withheld(piece: Utterance) -> Utterance:
    return Utterance(piece.instead) if piece.personal else piece


def _nobody() -> None:
    """Before the screen is there."""


def aloud_dialog(say: Wording) -> DialogAsked:
    """X6: may answers be heard here? The first answer loses nothing."""
    return DialogAsked(
        name="X6-aloud",
        title=say("aloud.title"),
        text=say("aloud.text"),
        commands=(Command(key="aloud.no", text=say("no")), Command(key="aloud.yes", text=say("yes"))),
    )
