"""The pages of the officers of a tablet (O7), made from the catalogue and what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk_app.presenters.brigade_pages import bar_commands
from kiosk_app.presenters.formats import day_in_words
from kiosk_app.presenters.officer_ports import OfficerShown, WhoIsThere
from kiosk_app.presenters.pages import (
    ChoiceAsked,
    Command,
    DateAsked,
    Message,
    Option,
    Progress,
    QuestionPage,
    ResultPage,
    TextAsked,
)
from kiosk_app.presenters.typed_date import NOTHING, TypedDate
from kiosk_app.presenters.wording import Wording
from procuration.domain.term import ENDING_DAYS

TEXT_CHARS_MAX = 120


@dataclass(slots=True)
class Form:
    """What was typed for one change, and what is wrong with it; forgotten with it."""

    texts: dict[str, str] = field(default_factory=dict, repr=False)
    dates: dict[str, TypedDate] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of this job has above it."""

    say: Wording
    bar: str

    def page(
        self,
        name: str,
        title: str,
        asked: tuple[TextAsked | DateAsked | ChoiceAsked, ...],
        commands: tuple[Command, ...],
        *,
        hint: str = "",
        message: Message | None = None,
        extra: tuple[Command, ...] = (),
        focus: str = "",
    ) -> QuestionPage:
        """A page with inputs; its summary counts what is wrong with them."""
        wrong = sum(1 for one in asked if one.error)
        return QuestionPage(
            name=name,
            bar=self.bar,
            bar_commands=bar_commands(self.say),
            title=title,
            hint=hint,
            message=message,
            asked=asked,
            extra=extra,
            focus="" if wrong or message else focus,
            summary=self.say.counted("errors", wrong) if wrong else "",
            commands=commands,
        )

    def command(self, key: str, text: str) -> Command:
        return Command(key=key, text=self.say(text))

    def on(self, key: str) -> tuple[Command, ...]:
        """« Retour » and « Continuer »."""
        return self.command("agents.back", "go.return"), self.command(key, "refuse.go_on")


def listed(
    frame: Frame, officers: Sequence[OfficerShown], chosen: str, error: str, message: Message | None,
    zone: ZoneInfo, *, leave: Command,
) -> QuestionPage:  # fmt: skip
    """O7: the officers of this tablet and what can be done about one of them."""
    say = frame.say
    options = tuple(
        Option(
            key=one.kid.hex(),
            text=f"{one.prenoms} {one.nom.upper()}",
            detail=say(
                "agents.detail",
                qualite=one.qualite,
                standing=say(f"agents.{one.standing}", day=day(say, one.not_after, zone)),
            ),
        )
        for one in officers
    )
    nobody = Message(tone="info", title=say("agents.none"), text=say("agents.none.text"))
    actions = ("renew", "revoke", "reset") if options else ()
    return frame.page(
        "O7-agents",
        say("agents.title"),
        (ChoiceAsked(key="agent", label=say("agents.choose"), options=options, chosen=chosen, error=error),)
        if options
        else (),
        (leave, frame.command("agents.add", "agents.add")),
        message=message or (None if options else nobody),
        extra=(
            *(frame.command(f"agents.{one}", f"agents.{one}") for one in (*actions, "phrase")),
            frame.command("transfer", "search.transfer"),
        ),
    )


def who(frame: Frame, form: Form) -> QuestionPage:
    """Names and quality, as they are in the register."""
    return frame.page(
        "O7-who",
        frame.say("agents.who"),
        (
            _text(frame, form, "nom", capitals=True),
            _text(frame, form, "prenoms"),
            _text(frame, form, "qualite", hint="agents.qualite.hint", layout="letters"),
        ),
        frame.on("agents.who"),
        focus="nom",
    )


def designation(frame: Frame, form: Form) -> QuestionPage:
    """Who designated them, when, and until when (R-14)."""
    return frame.page(
        "O7-designation",
        frame.say("agents.designation"),
        (
            _text(frame, form, "authority", hint="agents.authority.hint", layout="letters"),
            _date(frame, form, "designated_on"),
            _date(frame, form, "last_day"),
        ),
        frame.on("agents.designation"),
        focus="authority",
    )


def last_day(frame: Frame, form: Form) -> QuestionPage:
    """Only the new end."""
    return frame.page(
        "O7-last-day",
        frame.say("agents.last_day.title"),
        (_date(frame, form, "last_day"),),
        frame.on("agents.last_day"),
        focus="last_day",
    )


def new_code(frame: Frame, form: Form, *, phrase: bool) -> QuestionPage:
    """The officer's own code, or the supervisor's phrase, typed twice."""
    kind = "agents.code.phrase" if phrase else "agents.code"
    labels = {"code": "agents.new_phrase" if phrase else "agents.new_code", "again": "agents.again"}
    return frame.page(
        "O7-code",
        frame.say(kind),
        tuple(_secret(frame, form, key, label, phrase=phrase) for key, label in labels.items()),
        frame.on("agents.code"),
        hint=frame.say(f"{kind}.hint"),
        focus="code",
    )


def confirm(
    frame: Frame, form: Form, action: str, name: str, lines: Sequence[str], message: Message | None,
    *, busy: bool,
) -> QuestionPage:  # fmt: skip
    """The two people and their codes; every change is signed, and asks for both again."""
    say = frame.say
    labels = {"phrase": "agents.phrase_of", "second": "agents.second"}
    secrets = [_secret(frame, form, key, label, phrase=key == "phrase") for key, label in labels.items()]
    return frame.page(
        "O7-confirm",
        say(f"agents.confirm.{action}", name=name),
        () if busy else tuple(secrets),
        ()
        if busy
        else (
            frame.command("agents.back", "go.return"),
            frame.command("agents.do", f"agents.do.{action}"),
        ),
        hint="\n".join((*lines, say("agents.confirm.two"))),
        message=Message(tone="info", title=say("agents.busy")) if busy else message,
    )


def done(frame: Frame, action: str, name: str, until: str, *, received: bool) -> ResultPage:
    """What was changed, then only what is proved."""
    say = frame.say
    title = say(f"agents.done.{action}", name=name)
    told = say("agents.received" if received else "agents.received.not_yet")
    return ResultPage(
        name="O7-done",
        bar=frame.bar,
        bar_commands=bar_commands(say),
        title=title,
        message=Message(tone="ok", title=title, text=say("agents.done.until", day=until) if until else ""),
        progress_title=say("agents.progress"),
        progress=(Progress(text=say("agents.kept"), done=True), Progress(text=told, done=received)),
        commands=(frame.command("agents.list", "agents.back"),),
    )


def ending(say: Wording, there: WhoIsThere, zone: ZoneInfo) -> Message | None:
    """Said to the officer from a week before the end of their habilitation on (R-14)."""
    if there.days_left is None or there.not_after is None or there.days_left > ENDING_DAYS:
        return None
    if there.days_left < 0:
        title = say("station.ending.over")
    elif there.days_left == 0:
        title = say("station.ending.today")
    else:
        title = say.counted("station.ending", there.days_left)
    return Message(
        tone="warn", title=title, text=say("station.ending.text", day=day(say, there.not_after, zone))
    )


def day(say: Wording, moment: datetime, zone: ZoneInfo) -> str:
    """The local day of an instant."""
    return day_in_words(say, moment.astimezone(zone).date())


def _text(
    frame: Frame, form: Form, key: str, *, hint: str = "", layout: str = "name", capitals: bool = False
) -> TextAsked:
    return TextAsked(
        key=key,
        label=frame.say(f"agents.{key}"),
        hint=frame.say(hint) if hint else "",
        value=form.texts.get(key, ""),
        layout=layout,
        capitals=capitals,
        chars_max=TEXT_CHARS_MAX,
        error=form.errors.get(key, ""),
    )


def _secret(frame: Frame, form: Form, key: str, label: str, *, phrase: bool = False) -> TextAsked:
    return TextAsked(
        key=key,
        label=frame.say(label),
        layout="letters" if phrase else "secret",
        secret=True,
        error=form.errors.get(key, ""),
    )


def _date(frame: Frame, form: Form, key: str) -> DateAsked:
    say = frame.say
    return DateAsked(
        key=key,
        label=say(f"agents.{key}"),
        labels=(say("date.day"), say("date.month"), say("date.year")),
        values=form.dates.get(key, NOTHING),
        error=form.errors.get(key, ""),
    )
