"""« Installer ce poste »: the pages of a tablet that was never installed, up to the test print.

Each step may be left and found again: what was prepared is kept, what was typed is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk_app.presenters import install_network
from kiosk_app.presenters import install_pages as pages
from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.display import DisplaySettings
from kiosk_app.presenters.idle import IdleWatch
from kiosk_app.presenters.install_network import Become, NetworkParts
from kiosk_app.presenters.pages import Answers, Message, Page
from kiosk_app.presenters.ports import Now, RunInBackground, TabletView, Timer, Timers
from kiosk_app.presenters.questions import date_of, text_of
from kiosk_app.presenters.said_again import said_again
from kiosk_app.presenters.typed_date import TypedDate
from kiosk_app.presenters.typed_instant import parse_instant
from kiosk_app.presenters.wording import Wording
from procuration.domain.joining import Sending, Step
from procuration.errors import ProcurationError, RecordRejected

QUIET_SECONDS, WARNING_SECONDS = 600, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallParts:
    """What the presenter is given once.

    Attributes:
        prepared: whether keys and store are made already.
        finish: leaves this program for the one of the installed tablet.
    """

    prepared: Callable[[], bool]
    fingerprint: Callable[[], str]
    prepare: Callable[[str, str], None]
    request_fingerprint: Callable[[], str]
    write_request: Callable[[], None]
    read_answer: Callable[[str], Become]
    network: NetworkParts
    print_test: Callable[[], None]
    set_clock: Callable[[datetime], None]
    finish: Callable[[], None]
    timers: Timers
    run_in_background: RunInBackground
    now: Now


class InstallPresenter:
    """Decides every page of the installation."""

    def __init__(self, view: TabletView, say: Wording, parts: InstallParts) -> None:
        self._view, self._say, self._parts = view, say, parts
        self._display = DisplaySettings(view, say)
        self._idle = IdleWatch(parts.timers, warn=lambda _: None, resume=view.dismiss, expire=self._expire)
        self._busy = False
        self._zone = ZoneInfo(pages.ZONES[0])
        self._become: Become | None = None
        self._show_again: Callable[[], None] = self.start
        self._watch: Timer | None = None

    def start(self) -> None:
        """The first page; or the request, when the keys were made before."""
        if self._parts.prepared() and self._parts.network.sending().step is not Step.NOT_SENT:
            self._network_page()
        elif self._parts.prepared():
            self._show(lambda: pages.resumed(self._say))
        else:
            self._show(lambda: pages.welcome(self._say, self._display.language_commands()))

    # ---- what the screen tells
    def activity(self) -> None:
        self._idle.activity()

    def typed(self, key: str, text: str) -> None: ...

    def picked(self, position: int) -> None: ...

    def touched(self, key: str, answers: Answers) -> None:
        if not self._display.touched(key, answers, self._say("install.bar")) and key == "zone":
            self._zone = ZoneInfo(text_of(answers, "zone"))
            self._hour_page()

    def act(self, command: str, answers: Answers) -> None:
        if self._busy:
            return
        self._idle.start(QUIET_SECONDS, WARNING_SECONDS)
        self._watch_no_more()
        if command.partition(".")[0] == "network":
            self._act_by_network(command, answers)
            return
        match command:
            case "display":
                self._view.show(self._display.page(self._say("install.bar")))
            case _ if self._display.speak_for(command):
                self._show_again()
            case "display.done":
                self._show_again()
            case "begin" | "hour":
                self._hour_page()
            case "hour.set":
                self._set_hour(date_of(answers, "date"), text_of(answers, "time"))
            case "authority":
                self._run(self._parts.fingerprint, self._authority_read)
            case "codes":
                self._show(lambda: pages.codes(self._say, {}))
            case "prepare":
                self._prepare(answers)
            case "request":
                self._request_page()
            case "request.write":
                self._run(self._parts.write_request, self._request_written)
            case "answer":
                self._show(lambda: pages.answer(self._say))
            case "answer.read":
                self._read_answer(text_of(answers, "code"))
            case "print":
                self._run(self._parts.print_test, self._printed)
            case "finish":
                self._parts.finish()

    def _act_by_network(self, command: str, answers: Answers) -> None:
        match command:
            case "network" if self._parts.network.sending().step is not Step.NOT_SENT:
                self._network_page()
            case "network" | "network.again":
                self._run(self._parts.network.send, self._sent)
            case "network.stick":
                self._parts.network.take_back()
                self._request_page()
            case "network.answer":
                self._show(lambda: install_network.network_answer(self._say))
            case "network.read":
                self._read_network_answer(text_of(answers, "code"))

    # ---- the steps
    def _hour_page(self, errors: dict[str, str] | None = None, message: Message | None = None) -> None:
        now, zone = self._parts.now(), self._zone
        self._show(lambda: pages.hour(self._say, now, zone, errors or {}, message))

    def _set_hour(self, typed: TypedDate, time: str) -> None:
        read = parse_instant(self._say, typed, time, self._zone)
        if isinstance(read, datetime):
            self._run(lambda: self._parts.set_clock(read), self._hour_set)
        else:
            self._hour_page(read)

    def _hour_set(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            self._hour_page(message=pages.clock_refused(self._say))
        else:
            self._hour_page(message=Message(tone="ok", title=self._say("clock.set.done")))

    def _authority_read(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            refused = self._refused(outcome)
            self._show(lambda: pages.authority_missing(self._say, refused))
        else:
            self._show(lambda: pages.authority(self._say, str(outcome)))

    def _prepare(self, answers: Answers) -> None:
        errors = _different(self._say, answers)
        if errors:
            self._show(lambda: pages.codes(self._say, errors))
            return
        agent, supervisor = text_of(answers, "agent"), text_of(answers, "supervisor")
        self._view.show(pages.working(self._say, "install.preparing"))
        self._run(lambda: self._parts.prepare(agent, supervisor), self._prepared)

    def _prepared(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            refused = self._refused(outcome)
            self._show(lambda: pages.codes(self._say, {}, refused))
        else:
            self._view.wipe()
            self._request_page()

    def _request_page(self, message: Message | None = None) -> None:
        fingerprint = self._parts.request_fingerprint()
        self._show(lambda: pages.request(self._say, fingerprint, message))

    def _request_written(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            self._request_page(self._refused(outcome))
        else:
            done = Message(tone="ok", title=self._say("install.written"), text=self._say("install.remove"))
            self._request_page(done)

    def _read_answer(self, code: str) -> None:
        if not code:
            missing = self._say("error.CODE_MANQUANT")
            self._show(lambda: pages.answer(self._say, error=missing))
            return
        self._view.show(pages.working(self._say, "install.reading"))
        self._run(lambda: self._parts.read_answer(code), self._answered)

    def _answered(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            refused = self._refused(outcome)
            self._show(lambda: pages.answer(self._say, message=refused))
            return
        self._become = outcome  # type: ignore[assignment]
        self._view.wipe()
        self._done_page(None)

    def _sent(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            self._request_page(self._refused(outcome))
        else:
            self._network_page()

    def _network_page(self, message: Message | None = None) -> None:
        """Stays until something is heard of the request, or somebody leaves it."""
        fingerprint, now = self._parts.request_fingerprint(), self._parts.network.sending()

        def show() -> None:
            self._view.show(install_network.sending(self._say, fingerprint, now, message))
            self._watch_for(now)

        self._show_again = show
        show()

    def _watch_for(self, shown: Sending) -> None:
        def look() -> None:
            if self._parts.network.sending() == shown:
                self._watch_for(shown)
            else:
                self._network_page()

        self._watch_no_more()
        self._watch = self._parts.timers.after(install_network.LOOK_SECONDS, look)

    def _watch_no_more(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = None

    def _read_network_answer(self, code: str) -> None:
        if not code:
            missing = self._say("error.CODE_MANQUANT")
            self._show(lambda: install_network.network_answer(self._say, error=missing))
            return
        self._view.show(pages.working(self._say, "install.reading"))
        self._run(lambda: self._parts.network.read_answer(code), self._answered_by_network)

    def _answered_by_network(self, outcome: object) -> None:
        if isinstance(outcome, RecordRejected):
            self._network_page(install_network.worthless(self._say))
        elif isinstance(outcome, ProcurationError):
            refused = self._refused(outcome)
            self._show(lambda: install_network.network_answer(self._say, message=refused))
        else:
            self._answered(outcome)

    def _printed(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            self._done_page(pages.not_printed(self._say, outcome))
        else:
            self._done_page(Message(tone="ok", title=self._say("install.printed")))

    def _done_page(self, message: Message | None) -> None:
        become = self._become
        assert become is not None, "shown once the answer was read"
        self._show(lambda: pages.done(self._say, become.unit_name, become.profile, message))

    # ---- small things
    def _run(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        self._busy = True

        def done(outcome: object) -> None:
            self._busy = False
            then(outcome)

        self._parts.run_in_background(attempted(work), done)

    def _refused(self, error: ProcurationError) -> Message:
        """Why, and what to do; a file that is not signed as it should be has one sentence."""
        say = self._say
        if isinstance(error, RecordRejected) and not say.has(f"error.{error.code}"):
            return Message(tone="error", title=say("install.refused"), text=say("install.refused.text"))
        return Message(tone="error", title=say.of_error(error))

    def _expire(self) -> None:
        """Nobody is there any more: nothing typed stays on the screen."""
        self._view.wipe()
        self._watch_no_more()
        if self._become is None:
            self.start()
        else:
            self._done_page(None)

    def _show(self, make: Callable[[], Page]) -> None:
        self._show_again = lambda: self._view.show(said_again(make()))
        self._show_again()


def _different(say: Wording, answers: Answers) -> dict[str, str]:
    """Each code is typed twice."""
    errors = {}
    for key in ("agent", "supervisor"):
        if not text_of(answers, key):
            errors[key] = say("error.CODE_MANQUANT" if key == "agent" else "error.PHRASE_MANQUANTE")
        elif text_of(answers, key) != text_of(answers, f"{key}.again"):
            errors[f"{key}.again"] = say("install.different")
    return errors
