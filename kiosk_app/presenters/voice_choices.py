"""What the voice adds to the pages: « Écouter » in the bar, and its settings under « Affichage et son »."""

from dataclasses import replace
from typing import Final

from kiosk_app.presenters.pages import Answers, ChoiceAsked, Command, Option, Page
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.speech import Speech
from kiosk_app.presenters.voice import Rate, Volume
from kiosk_app.presenters.wording import Wording

VOICE_KEYS: Final = ("voice", "rate", "volume")


def with_listen(say: Wording, page: Page, speech: Speech) -> Page:
    """The page with « Écouter » beside « Affichage », where the voice is available."""
    if not speech.available:
        return page
    commands: list[Command] = []
    for command in page.bar_commands:
        commands.append(command)
        if command.key == "display":
            commands.append(Command(key="listen", text=say("bar.listen")))
    return replace(page, bar_commands=tuple(commands))


def voice_choices(say: Wording, speech: Speech) -> tuple[ChoiceAsked, ...]:
    """Three choices; none when the tablet cannot speak."""
    if not speech.available:
        return ()

    def asked(key: str, options: tuple[str, ...], chosen: str) -> ChoiceAsked:
        return ChoiceAsked(
            key=key,
            label=say(f"display.{key}"),
            options=tuple(Option(key=one, text=say(f"display.{key}.{one}")) for one in options),
            chosen=chosen,
            live=True,
        )

    return (
        asked("voice", ("on", "off"), "on" if speech.on else "off"),
        asked("rate", tuple(Rate), speech.rate),
        asked("volume", tuple(Volume), speech.volume),
    )


def voice_touched(key: str, answers: Answers, speech: Speech) -> bool:
    """Apply a touch on one of them at once; whether it was one."""
    if key not in VOICE_KEYS:
        return False
    rate, volume = text_of(answers, "rate"), text_of(answers, "volume")
    speech.rate = Rate(rate) if rate in tuple(Rate) else Rate.NORMAL
    speech.volume = Volume(volume) if volume in tuple(Volume) else Volume.NORMAL
    if key == "voice":
        speech.switch(on=answers.get("voice") == "on")
    return True
