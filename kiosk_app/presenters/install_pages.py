"""The pages of « Installer ce poste », made from the catalogue."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk_app.presenters.formats import day_in_full, time_in_words
from kiosk_app.presenters.pages import (
    ChoiceAsked,
    Command,
    Message,
    Option,
    QuestionPage,
    TextAsked,
    TextPage,
)
from kiosk_app.presenters.paper_trouble import next_step
from kiosk_app.presenters.typed_instant import instant_asked
from kiosk_app.presenters.wording import Wording

ZONES: Final = (
    "Europe/Paris",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Marquesas",
    "Pacific/Gambier",
    "Pacific/Wallis",
    "Indian/Reunion",
    "Indian/Mayotte",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
)
"""Where a tablet may stand (DOMAIN 3): only to show the hour, until the signed answer says it."""


def bar_commands(say: Wording) -> tuple[Command, ...]:
    """In the bar of every page of the installation."""
    return (Command(key="display", text=say("bar.display")),)


def _text(
    say: Wording,
    name: str,
    paragraphs: tuple[str, ...],
    commands: tuple[Command, ...],
    message: Message | None = None,
) -> TextPage:
    return TextPage(
        name=f"I-{name}",
        bar=say("install.bar"),
        bar_commands=bar_commands(say),
        title=say(f"install.{name}"),
        paragraphs=paragraphs,
        message=message,
        commands=commands,
    )


def welcome(say: Wording, languages: tuple[Command, ...]) -> TextPage:
    """What this is, and what must be at hand."""
    keys = ("lead", "stick", "codes", "paper")
    paragraphs = tuple(say(f"install.welcome.{key}") for key in keys)
    page = _text(say, "welcome", paragraphs, (Command(key="begin", text=say("install.begin")),))
    return replace(page, languages=languages)


def resumed(say: Wording) -> TextPage:
    """The keys were made before: the request and the answer remain."""
    commands = (
        Command(key="request", text=say("install.to_request")),
        Command(key="answer", text=say("install.to_answer")),
    )
    return _text(say, "resumed", (say("install.resumed.text"),), commands)


def hour(
    say: Wording, now: datetime, zone: ZoneInfo, errors: dict[str, str], message: Message | None
) -> QuestionPage:
    """Where the tablet stands and what its clock shows; a wrong clock would refuse every signature."""
    local = now.astimezone(zone)
    return QuestionPage(
        name="I-hour",
        bar=say("install.bar"),
        bar_commands=bar_commands(say),
        title=say("install.hour"),
        hint=say(
            "install.hour.shows", day=day_in_full(say, local.date()), time=time_in_words(say, now, zone)
        ),
        message=message,
        summary=say.counted("errors", len(errors)) if errors else "",
        asked=(
            ChoiceAsked(
                key="zone",
                label=say("install.zone"),
                options=tuple(Option(key=key, text=say(f"install.zone.{key}")) for key in ZONES),
                chosen=zone.key,
                live=True,
            ),
            *instant_asked(say, say("install.hour.date"), errors),
        ),
        commands=(
            Command(key="hour.set", text=say("clock.set")),
            Command(key="authority", text=say("install.hour.right")),
        ),
    )


def clock_refused(say: Wording) -> Message:
    """This program may not set the clock of the machine."""
    return Message(tone="warn", title=say("clock.set.no"), text=say("clock.set.no.text"))


def authority(say: Wording, fingerprint: str) -> TextPage:
    """The one moment when a person decides what the tablet will believe."""
    paragraphs = (say("install.authority.compare"), fingerprint, say("install.authority.otherwise"))
    commands = (
        Command(key="hour", text=say("go.back")),
        Command(key="codes", text=say("install.authority.same")),
    )
    return _text(say, "authority", paragraphs, commands)


def authority_missing(say: Wording, message: Message) -> TextPage:
    """No root on the stick, or none that can be read."""
    commands = (
        Command(key="hour", text=say("go.back")),
        Command(key="authority", text=say("install.again")),
    )
    paragraphs = (say("install.authority.plug"), say("install.network.authority"))
    return _text(say, "authority", paragraphs, commands, message)


def codes(say: Wording, errors: dict[str, str], message: Message | None = None) -> QuestionPage:
    """The two ways to open the tablet, each typed twice."""
    keys = ("agent", "agent.again", "supervisor", "supervisor.again")
    hints = {"agent": say("install.code.agent.hint"), "supervisor": say("install.code.supervisor.hint")}
    return QuestionPage(
        name="I-codes",
        bar=say("install.bar"),
        bar_commands=bar_commands(say),
        title=say("install.codes"),
        hint=say("install.codes.lead"),
        message=message,
        summary=say.counted("errors", len(errors)) if errors else "",
        focus="" if errors or message else "agent",
        asked=tuple(
            TextAsked(
                key=key,
                label=say(f"install.code.{key}"),
                hint=hints.get(key, ""),
                layout="secret" if key.startswith("agent") else "letters",
                secret=True,
                error=errors.get(key, ""),
            )
            for key in keys
        ),
        commands=(
            Command(key="authority", text=say("go.back")),
            Command(key="prepare", text=say("install.prepare")),
        ),
    )


def working(say: Wording, key: str) -> TextPage:
    """Long work is going on."""
    return TextPage(
        name="I-working", bar=say("install.bar"), title=say(key), paragraphs=(say("install.wait"),)
    )


def request(say: Wording, fingerprint: str, message: Message | None) -> TextPage:
    """What the supervisor needs, and how they recognize it."""
    paragraphs = (
        say("install.request.carry"),
        say("install.request.fingerprint", fingerprint=fingerprint),
        say("install.request.then"),
    )
    read_answer = Command(key="answer", text=say("install.to_answer"))
    write = Command(key="request.write", text=say("install.request.write"))
    written = message is not None and message.tone == "ok"
    network = Command(key="network", text=say("install.network.send"))
    commands = (network, write, read_answer) if written else (read_answer, network, write)
    return _text(say, "request", paragraphs, commands, message)


def answer(
    say: Wording, *, error: str = "", message: Message | None = None, way: str = "stick"
) -> QuestionPage:
    """The signed answer, read under a code of this tablet. Args: way: stick or network."""
    by_stick = way == "stick"
    return QuestionPage(
        name="I-answer",
        bar=say("install.bar"),
        bar_commands=bar_commands(say),
        title=say("install.answer"),
        hint=say("install.answer.lead" if by_stick else "install.network.answer.lead"),
        message=message,
        asked=(
            TextAsked(
                key="code", label=say("install.answer.code"), layout="secret", secret=True, error=error
            ),
        ),
        focus="" if error or message else "code",
        commands=(
            Command(key="request" if by_stick else "network", text=say("go.back")),
            Command(key="answer.read" if by_stick else "network.read", text=say("install.answer.read")),
        ),
    )


def done(say: Wording, unit_name: str, profile: str, message: Message | None) -> TextPage:
    """The tablet is installed: test the paper, then open."""
    paragraphs = (
        say("install.done.unit", unit=unit_name, profile=say(f"install.profile.{profile}")),
        say("install.done.print"),
        say("install.done.stick"),
    )
    commands = (
        Command(key="print", text=say("install.print")),
        Command(key="finish", text=say("install.finish")),
    )
    return _text(say, "done", paragraphs, commands, message)


def not_printed(say: Wording, outcome: object) -> Message:
    """The tablet works without paper; the receipt is then noted by hand."""
    return Message(
        tone="warn",
        title=say("install.not_printed"),
        text=next_step(say, outcome, "install.not_printed.text"),
    )
