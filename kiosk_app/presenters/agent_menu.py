"""KA, the menu of the agent d’accueil: what the post has left, a test page, a copy to a USB key, closing.

Reached from K0 with the agent’s code. Nothing of an elector is shown here: the page counts and dates only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from kiosk_app.presenters import shortages, stick_copy
from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.connection import connection_in_words
from kiosk_app.presenters.formats import moment_in_words, room_in_words
from kiosk_app.presenters.pages import (
    Answers,
    Command,
    Message,
    Page,
    QuestionPage,
    Row,
    TextAsked,
    TransmissionPage,
)
from kiosk_app.presenters.paper_trouble import next_step
from kiosk_app.presenters.ports import Now, RunInBackground, Unlock
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.shortages import SuppliesSeen
from kiosk_app.presenters.wording import Wording
from procuration.errors import ProcurationError

PREFIX: Final = "agent"


class PrintTrial(Protocol):
    """Prints a test page. Raises: CarrierUnavailable."""

    def __call__(self) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentParts:
    """What the menu is given.

    Attributes:
        supplies: what the post has left. Raises: RuleViolated POSTE_FERME.
        close: ends the session; the next elector needs the agent’s code first.
        closed: whether nobody has given a code since.
    """

    supplies: Callable[[], SuppliesSeen]
    print_trial: PrintTrial
    stick: stick_copy.Copy
    close: Callable[[], None]
    closed: Callable[[], bool]


class AgentMenu:
    """Decides the pages of the menu; whoever owns it shows what comes before and after.

    Attributes:
        paper_failed: the last receipt or test page did not come out.
    """

    def __init__(
        self,
        say: Wording,
        parts: AgentParts,
        unlock: Unlock,
        run_in_background: RunInBackground,
        show: Callable[[Callable[[], Page]], None],
        leave: Callable[[], None],
        place: tuple[Now, ZoneInfo],
    ) -> None:
        """Args:
        show: puts a page on the screen, and can make it again.
        leave: back to the welcome, or to the closed post.
        place: what the clock shows, and where.
        """
        self._say, self._parts, self._unlock, self._run = say, parts, unlock, run_in_background
        self._show, self._leave, (self._now, self._zone) = show, leave, place
        self._follower = stick_copy.CopyFollower(parts.stick, run_in_background, self._stick_page)
        self._inside = self._busy = False
        self.paper_failed = False

    def warnings(self) -> tuple[str, ...]:
        """What is short, for K0; nothing while the post is closed."""
        try:
            supplies = self._parts.supplies()
        except ProcurationError:
            return ()  # closed: its page asks for the code, and the menu says the rest then
        return shortages.listed(self._say, supplies, paper_failed=self.paper_failed)

    def connection(self) -> str:
        """How the tablet is connected, for electors; "" while the post is closed."""
        try:
            last = self._parts.supplies().last_contact
        except ProcurationError:
            return ""
        return connection_in_words(self._say, last, self._now(), self._zone)

    def act(self, command: str, answers: Answers) -> bool:
        """A button; whether it was one of the menu. Without the code, only the code is asked."""
        if command == PREFIX:
            self._code_page("")
        elif command == f"{PREFIX}.enter":
            self._enter(text_of(answers, "code"))
        elif command == f"{PREFIX}.leave":
            self.forget()
            self._leave()
        elif self._inside and not self._busy:
            return self._act(command)
        else:
            return False
        return True

    def _act(self, command: str) -> bool:
        match command:
            case "agent.menu":
                self._follower.leave()
                self._menu()
            case "agent.print":
                self._busy = True
                self._run(attempted(self._parts.print_trial), self._printed)
            case "agent.close":
                self.forget()
                self._parts.close()
                self._leave()
            case stick_copy.AGAIN:
                self._follower.start()
            case stick_copy.STOP:
                self._follower.cancel()
            case _:
                return False
        return True

    def forget(self) -> None:
        """The agent has gone: the code is asked again."""
        self._follower.leave()
        self._inside = self._busy = False

    def _code_page(self, error: str, *, busy: bool = False) -> None:
        say = self._say
        self._show(
            lambda: QuestionPage(
                name="KA-code",
                bar=say("agent.bar"),
                title=say("agent.title"),
                asked=()
                if busy
                else (
                    TextAsked(
                        key="code", label=say("closed.code"), layout="secret", secret=True, error=error
                    ),
                ),
                message=Message(tone="info", title=say("busy.code")) if busy else None,
                focus="" if error or busy else "code",
                commands=()
                if busy
                else (
                    Command(key="agent.leave", text=say("go.return")),
                    Command(key="agent.enter", text=say("agent.open")),
                ),
            )
        )

    def _enter(self, code: str) -> None:
        if not code:
            self._code_page(self._say("error.CODE_MANQUANT"))
            return
        self._busy = True
        self._code_page("", busy=True)
        self._run(attempted(lambda: self._unlock(code)), self._entered)

    def _entered(self, outcome: object) -> None:
        if not self._busy:
            return  # the wipe came first: nobody is there
        self._busy = False
        if isinstance(outcome, ProcurationError):
            self._code_page(self._say.of_error(outcome))
            return
        self._inside = True
        self._menu()

    def _printed(self, outcome: object) -> None:
        self.paper_failed = isinstance(outcome, ProcurationError)
        if not self._busy:
            return
        self._busy = False
        say = self._say
        failed = Message(
            tone="warn",
            title=say("install.not_printed"),
            text=next_step(say, outcome, "install.not_printed.text"),
        )
        self._menu(failed if self.paper_failed else Message(tone="ok", title=say("install.printed")))

    def _menu(self, message: Message | None = None) -> None:
        self._show(lambda: self._menu_page(message))

    def _menu_page(self, message: Message | None) -> TransmissionPage:
        say, supplies, zone = self._say, self._parts.supplies(), self._zone
        last = (
            moment_in_words(say, supplies.last_contact, zone)
            if supplies.last_contact
            else say("transfer.never")
        )
        rows = (
            ("agent.paper", say("agent.paper.failed" if self.paper_failed else "agent.paper.good")),
            ("agent.references", str(supplies.references_left)),
            ("agent.contact", last),
            ("agent.clock", moment_in_words(say, self._now(), zone)),
            ("agent.room", room_in_words(say, supplies.free_bytes)),
        )
        short = shortages.listed(say, supplies, paper_failed=self.paper_failed)
        return TransmissionPage(
            name="KA-menu",
            bar=say("agent.bar"),
            title=say("agent.title"),
            rows=tuple(Row(label=say(label), value=value) for label, value in rows),
            promise=say("transfer.promise"),
            urgent_title=say("agent.short"),
            urgent=(),
            urgent_note="\n".join(short) if short else say("agent.short.none"),
            message=message,
            extra=(
                Command(key="agent.print", text=say("install.print")),
                Command(key=stick_copy.AGAIN, text=say("transfer.stick")),
            ),
            commands=(
                Command(key="agent.close", text=say("agent.close")),
                Command(key="agent.leave", text=say("go.return")),
            ),
        )

    def _stick_page(self, state: stick_copy.Progress | ProcurationError | None) -> None:
        back = Command(key="agent.menu", text=self._say("go.return"))
        self._show(
            lambda: stick_copy.page(self._say, state, bar=self._say("agent.bar"), bar_commands=(), back=back)
        )
