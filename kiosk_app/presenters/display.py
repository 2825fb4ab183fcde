"""The settings of the person in front of the tablet: size of the words, contrast, language, voice. They last
until the wipe.
"""

from collections.abc import Callable

from kiosk_app.presenters.pages import Answers, ChoiceAsked, Command, DisplayPage, Option
from kiosk_app.presenters.ports import TabletView
from kiosk_app.presenters.speech import Speech
from kiosk_app.presenters.voice_choices import voice_choices, voice_touched
from kiosk_app.presenters.wording import Language, Wording

DISPLAY_KEYS = ("size", "contrast", "language")
SIZES = {"1": 1.0, "1.4": 1.4, "1.75": 1.75}


class DisplaySettings:
    """Makes the page « Affichage » and applies each touch at once. `speech`: where pages can be heard."""

    def __init__(
        self,
        view: TabletView,
        say: Wording,
        also_in_words: Callable[[], None] = lambda: None,
        *,
        speech: Speech | None = None,
    ) -> None:
        """`also_in_words`: says again what stands outside the page, after the language has changed."""
        self._view, self._say, self._also_in_words = view, say, also_in_words
        self._speech = speech
        self.reset()

    def reset(self) -> None:
        """What everybody starts with; the wipe of the screen sets the look itself."""
        self._size, self._strong = "1", False
        if self._speech is not None:
            self._speech.reset()
        self.speak(self._say.first)

    def reapply(self) -> None:
        """Set the look as chosen, after a wipe that does not end the session."""
        self._view.set_look(strong=self._strong, scale=SIZES[self._size])

    def speak(self, language: str) -> None:
        """Go on in this language, when the tablet has it."""
        if language in self._say.languages and language != self._say.language:
            self._say.speak(Language(language))
            self._view.name_again()
            self._also_in_words()

    def speak_for(self, command: str) -> bool:
        """Whether a button of `language_commands` was pressed; its language is then spoken."""
        prefix, _, language = command.partition(".")
        if prefix != "language":
            return False
        self.speak(language)
        return True

    def language_commands(self) -> tuple[Command, ...]:
        """A button for each language, in its own words."""
        return tuple(
            Command(key=f"language.{one}", text=self._say(f"language.{one}")) for one in self._say.languages
        )

    def page(self, bar: str) -> DisplayPage:
        """The page with the choices and a sample."""
        say = self._say
        sizes = tuple(Option(key=size, text=say(f"display.size.{size}")) for size in SIZES)
        contrasts = tuple(
            Option(key=key, text=say(f"display.contrast.{key}")) for key in ("normal", "strong")
        )
        return DisplayPage(
            name="X3-display",
            bar=bar,
            title=say("display.title.sound" if self._speech else "display.title"),
            sample=say("display.sample"),
            size=ChoiceAsked(
                key="size", label=say("display.size"), options=sizes, chosen=self._size, live=True
            ),
            contrast=ChoiceAsked(
                key="contrast",
                label=say("display.contrast"),
                options=contrasts,
                chosen="strong" if self._strong else "normal",
                live=True,
            ),
            language=ChoiceAsked(
                key="language",
                label=say("display.language"),
                options=tuple(Option(key=one, text=say(f"language.{one}")) for one in say.languages),
                chosen=say.language,
                live=True,
            ),
            voice=voice_choices(say, self._speech) if self._speech else (),
            no_voice=say("display.no_voice") if self._speech and not self._speech.available else "",
            commands=(Command(key="display.done", text=say("display.done")),),
        )

    def touched(self, key: str, answers: Answers, bar: str) -> bool:
        """Apply what stands on the page now; whether the touch was for this page. Another language writes the
        page again."""
        if self._speech is not None and voice_touched(key, answers, self._speech):
            return True
        if key not in DISPLAY_KEYS:
            return False
        language = answers.get("language")
        if key == "language" and isinstance(language, str):
            self.speak(language)
            self._view.show(self.page(bar))
            return True
        size = answers.get("size")
        self._size = size if isinstance(size, str) and size in SIZES else "1"
        self._strong = answers.get("contrast") == "strong"
        self._view.set_look(strong=self._strong, scale=SIZES[self._size])
        return True
