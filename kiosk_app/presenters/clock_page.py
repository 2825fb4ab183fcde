"""The page of the hour (X5), reached before any code: what the tablet believes, what was proved, and how a
supervisor corrects it. It always lets the post open: a wrong clock stops no elector."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.formats import day_in_full, moment_in_words
from kiosk_app.presenters.pages import Answers, Asked, Command, Message, QuestionPage, TextAsked
from kiosk_app.presenters.ports import RunInBackground
from kiosk_app.presenters.questions import date_of, text_of
from kiosk_app.presenters.typed_date import NOTHING, TypedDate
from kiosk_app.presenters.typed_instant import instant_asked, parse_instant
from kiosk_app.presenters.wording import Wording
from procuration.domain.clock_evidence import ClockDoubt
from procuration.errors import ProcurationError


class ClockShown(Protocol):
    """What is known of the hour."""

    @property
    def wall(self) -> datetime: ...
    @property
    def proved(self) -> datetime | None: ...
    @property
    def doubt(self) -> ClockDoubt | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockParts:
    """What the page is given once, at start."""

    shown: Callable[[], ClockShown]
    correct: Callable[[str, datetime], None]
    zone: ZoneInfo


@dataclass(slots=True)
class _Typed:
    date: TypedDate = NOTHING
    time: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class ClockPage:
    """Decides what the page shows; whoever owns it shows what comes before and after."""

    def __init__(
        self,
        say: Wording,
        parts: ClockParts,
        show: Callable[[QuestionPage], None],
        later: Callable[[], None],
        run_in_background: RunInBackground,
    ) -> None:
        """With what shows a page, and what comes after it."""
        self._say, self._parts, self._show, self._run = say, parts, show, run_in_background
        self._later = later
        self._typed = _Typed()
        self._busy = False

    def before_the_code(self) -> None:
        """The page when the hour is certainly wrong, else what follows it. A clock far ahead may be right: a
        month without news."""
        if self._parts.shown().doubt is ClockDoubt.BEHIND:
            self.open()
        else:
            self._later()

    def date_to_confirm(self) -> str:
        """The date in full when an officer must confirm it before signing, else empty."""
        shown = self._parts.shown()
        if shown.doubt is not ClockDoubt.FAR_AHEAD:
            return ""
        return day_in_full(self._say, shown.wall.astimezone(self._parts.zone).date())

    def act(self, command: str, answers: Answers) -> bool:
        """What was pressed; says whether it was about the hour."""
        match command:
            case "clock":
                self.open()
            case "clock.later" if not self._busy:
                self._later()
            case "clock.set" if not self._busy:
                self._set(answers)
            case _:
                return command.startswith("clock.")
        return True

    def open(self) -> None:
        """Shows the page with nothing typed."""
        self._typed = _Typed()
        self._render(None)

    def _set(self, answers: Answers) -> None:
        """« Régler l’heure » : checks what was typed, then the phrase, then the machine is asked."""
        self._typed = _Typed(date_of(answers, "date"), text_of(answers, "time"))
        at, phrase = self._read(), text_of(answers, "code")
        if not phrase:
            self._typed.errors["code"] = self._say("error.PHRASE_MANQUANTE")
        if at is None or not phrase:
            self._render(None)
            return
        self._busy = True
        self._render(Message(tone="info", title=self._say("busy.code")))
        moment = at
        self._run(attempted(lambda: self._parts.correct(phrase, moment)), self._done)

    def _done(self, outcome: object) -> None:
        self._busy = False
        if isinstance(outcome, ProcurationError):
            self._render(self._refused(outcome))
            return
        self._typed = _Typed()
        self._render(Message(tone="ok", title=self._say("clock.set.done")), done=True)

    def _refused(self, error: ProcurationError) -> Message:
        if error.code == "HORLOGE_NON_REGLABLE":
            return Message(tone="warn", title=self._say("clock.set.no"), text=self._say("clock.set.no.text"))
        return Message(tone="error", title=self._say.of_error(error))

    def _read(self) -> datetime | None:
        """The typed instant at the place of the tablet; None when one part is no date or no hour."""
        read = parse_instant(self._say, self._typed.date, self._typed.time, self._parts.zone)
        if isinstance(read, datetime):
            return read
        self._typed.errors.update(read)
        return None

    def _render(self, message: Message | None, *, done: bool = False) -> None:
        shown, say, errors = self._parts.shown(), self._say, self._typed.errors
        title = "clock.title" if shown.doubt is None else f"clock.title.{shown.doubt.value}"
        nothing_asked = self._busy or done
        later = Command(key="clock.later", text=say("clock.go_on" if done else "clock.later"))
        commands = (later,) if done else (Command(key="clock.set", text=say("clock.set")), later)
        self._show(
            QuestionPage(
                name="X5-clock",
                bar=say("clock.bar"),
                title=say(title),
                hint=self._said(shown),
                message=message,
                asked=() if nothing_asked else self._asked(),
                summary=say.counted("errors", len(errors)) if errors else "",
                commands=() if self._busy else commands,
            )
        )

    def _asked(self) -> tuple[Asked, ...]:
        """Date and hour of the place, then the phrase."""
        say, typed, errors = self._say, self._typed, self._typed.errors
        return (
            *instant_asked(say, say("clock.date"), errors, typed.date, typed.time),
            TextAsked(
                key="code",
                label=say("clock.code"),
                layout="letters",
                secret=True,
                error=errors.get("code", ""),
            ),
        )

    def _said(self, shown: ClockShown) -> str:
        zone, say = self._parts.zone, self._say
        lines = [say("clock.shows", moment=moment_in_words(self._say, shown.wall, zone))]
        if shown.proved is not None:
            lines.append(say("clock.proved", moment=moment_in_words(self._say, shown.proved, zone)))
        if shown.doubt is not None:
            lines.append(say("clock.goes_on"))
        return "\n".join(lines)
