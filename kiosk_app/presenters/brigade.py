"""The officer's station: unlock, then one job at a time, until the lock.

The lock, by hand or after 120 s, empties the screen and asks for the code.
"""

from collections.abc import Callable

from kiosk_app.presenters import brigade_pages as pages
from kiosk_app.presenters import stopped
from kiosk_app.presenters.alarm import AlarmLine
from kiosk_app.presenters.brigade_parts import BrigadeParts
from kiosk_app.presenters.clock_page import ClockPage
from kiosk_app.presenters.desk import Desk, Job
from kiosk_app.presenters.display import DisplaySettings
from kiosk_app.presenters.idle import IdleWatch
from kiosk_app.presenters.pages import Answers
from kiosk_app.presenters.ports import FoundRequest, TabletView
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.station_day import DayJob
from kiosk_app.presenters.station_decision import DecisionJob
from kiosk_app.presenters.station_name import NameJob
from kiosk_app.presenters.station_officers import OfficersJob
from kiosk_app.presenters.station_on_site import OnSiteJob
from kiosk_app.presenters.station_revoke import RevokeJob
from kiosk_app.presenters.station_search import SearchJob
from kiosk_app.presenters.station_transfer import TransferJob
from kiosk_app.presenters.station_undo import UndoJob
from kiosk_app.presenters.wording import Wording
from procuration.errors import ProcurationError

QUIET_SECONDS = 120


class BrigadePresenter:
    """Decides every page of the officer's station."""

    def __init__(self, view: TabletView, say: Wording, parts: BrigadeParts) -> None:
        self._view, self._say, self._parts = view, say, parts
        self._desk = Desk(view, say, parts)
        alarm = AlarmLine(view, parts.timers, parts.alarm, say, "alarm.brigade")
        self._display = DisplaySettings(view, say, alarm.say_again)
        self._clock = ClockPage(say, parts.clock, view.show, self._locked_page, parts.run_in_background)
        self._idle = IdleWatch(parts.timers, warn=lambda _: None, resume=view.dismiss, expire=self._lock)
        date_to_confirm = self._clock.date_to_confirm
        self._on_site = OnSiteJob(self._desk, self._open, lambda: self._empty(self._home))
        self._revoke = RevokeJob(self._desk, date_to_confirm, self._lock, self._left)
        self._decision = DecisionJob(
            self._desk, date_to_confirm, self._lock, self._revoke.open, self._on_site.on_paper_instead
        )
        self._search = SearchJob(
            self._desk,
            self._decision.open,
            self._on_site.receipt_of_unknown_kiosk,
            lambda found: self._decision.open(found, scanned=True),
            self._idle.activity,
        )
        self._officers = OfficersJob(self._desk, parts.officers)
        day = DayJob(self._desk)
        self._jobs: tuple[Job, ...] = (
            self._search,
            self._decision,
            self._revoke,
            self._on_site,
            TransferJob(self._desk),
            day,
            UndoJob(self._desk, day, self._lock),
            NameJob(self._desk, self._decision.open),
            self._officers,
        )
        alarm.watch()

    def start(self) -> None:
        """The station is locked until an officer's code; a wrong hour is said before it."""
        self._clock.before_the_code()

    # ---- what the screen tells
    def activity(self) -> None:
        self._idle.activity()

    def typed(self, key: str, text: str) -> None:
        for job in self._jobs:
            job.typed(key, text)

    def picked(self, position: int) -> None:
        for job in self._jobs:
            job.picked(position)

    def touched(self, key: str, answers: Answers) -> None:
        if not self._display.touched(key, answers, self._say("station.bar")) and not self._desk.busy:
            for job in self._jobs:
                job.touched(key, answers)

    def act(self, command: str, answers: Answers) -> None:
        if command == "lock":
            self._lock()
        elif command == "centre.stop":
            self._search.stop_waiting()
        elif not self._desk.busy and not self._clock.act(command, answers):
            self._act(command, answers)

    def _act(self, command: str, answers: Answers) -> None:
        match command:
            case "unlock":
                self._unlock(text_of(answers, "code"), self._home)
            case "agents.open":
                self._unlock(text_of(answers, "code"), self._officers.page)
            case "display":
                for job in self._jobs:
                    job.keep(answers)
                self._view.show(self._display.page(self._say("station.bar")))
            case "display.done":
                self._desk.show_again()
            case "next":
                self._empty(self._home)
            case "search":
                self._home()
            case _:
                any(job.act(command, answers) for job in self._jobs)

    # ---- O0
    def _locked_page(self) -> None:
        self._desk.show(lambda: pages.locked(self._say))

    def _unlock(self, code: str, home: Callable[[], None]) -> None:
        if not code:
            self._desk.show(lambda: pages.locked(self._say, error=self._say("error.CODE_MANQUANT")))
            return
        self._view.show(pages.locked(self._say, busy=True))
        self._desk.run(lambda: self._parts.unlock(code), lambda outcome: self._unlocked(outcome, home))

    def _unlocked(self, outcome: object, home: Callable[[], None]) -> None:
        if isinstance(outcome, ProcurationError) and not stopped.is_stop(self._say, outcome.code):
            error = self._say.of_error(outcome)
            self._desk.show(lambda: pages.locked(self._say, error=error))
            return
        self._idle.start(QUIET_SECONDS, 0)
        self._empty(home)

    def _left(self, found: FoundRequest | None) -> None:
        """Back from a résiliation to where it was begun: the request, or the search."""
        if found is None:
            self._empty(self._home)
        else:
            self._decision.open(found)

    def _open(self, found: FoundRequest) -> None:
        """What was filed here is decided at once: the screen keeps nothing that was typed for it."""
        self._view.wipe()
        self._display.reapply()
        self._decision.open(found)

    def _lock(self) -> None:
        self._idle.stop()
        self._parts.lock()
        self._forget()
        self._display.reset()
        self._view.dismiss()
        self._view.wipe()
        self.start()

    def _home(self) -> None:
        """Where a session begins: at the search for an officer; who only opens the post neither searches nor
        acts, and may only be there for the officers."""
        stopped_for = self._parts.stopped()
        if stopped_for is None and not self._parts.officers.signed_in().is_officer:
            self._officers.page()
        else:
            self._search.page()

    def _empty(self, home: Callable[[], None]) -> None:
        """The next request starts on an empty screen."""
        self._forget()
        self._view.wipe()
        self._display.reapply()
        home()

    def _forget(self) -> None:
        self._desk.clear()
        for job in self._jobs:
            job.forget()
