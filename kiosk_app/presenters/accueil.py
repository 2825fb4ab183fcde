"""The tablet of a point d'accueil: from the welcome page to the reference, and the wipe after each
elector.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk_app.presenters import accueil_pages as pages
from kiosk_app.presenters import places_page, stopped, web_page
from kiosk_app.presenters.agent_menu import AgentMenu, AgentParts
from kiosk_app.presenters.alarm import AlarmLine
from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.clock_page import ClockPage, ClockParts
from kiosk_app.presenters.connection import ConnectionLine
from kiosk_app.presenters.display import DisplaySettings
from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.idle import IdleWatch
from kiosk_app.presenters.journey import Journey
from kiosk_app.presenters.pages import Answers, Command, DialogAsked, Message, Page
from kiosk_app.presenters.paper_trouble import of_receipt
from kiosk_app.presenters.ports import (
    Calendar,
    CompleteRequest,
    FiledReceipt,
    FileRequest,
    FindPlaces,
    Now,
    PlaceFound,
    RunInBackground,
    Stopped,
    TabletView,
    Timers,
    Unlock,
)
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.request_form import FormParts, RequestForm
from kiosk_app.presenters.review import review_page
from kiosk_app.presenters.said_again import said_again
from kiosk_app.presenters.speech import Speech, aloud_dialog
from kiosk_app.presenters.voice_choices import with_listen
from kiosk_app.presenters.wording import Wording
from procuration.errors import ProcurationError, RuleViolated

QUIET_SECONDS, WARNING_SECONDS = 180, 40
FILED_QUIET_SECONDS = 60


class PrintReceipt(Protocol):
    """Prints the receipt. Raises CarrierUnavailable when no paper came out."""

    def __call__(self, receipt: FiledReceipt) -> object: ...


class PrintPreparation(Protocol):
    """Prints the sheet from which the paper form is filled in (R-27, R-73). Raises: CarrierUnavailable."""

    def __call__(self, asked: CompleteRequest) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccueilParts:
    """What the presenter is given once, at start.

    Attributes:
        print_aside: printing waits there, so that no code and no request waits behind a printer.
        invented: on a training tablet, people to practise with.
        speech: where pages can be heard.
        web: address of the web service, "" when electors are not told of one.
    """

    unlock: Unlock
    search: Callable[[str], list[PlaceFound]]
    calendar: Calendar
    file_request: FileRequest
    print_receipt: PrintReceipt
    print_preparation: PrintPreparation
    find_places: FindPlaces
    clock: ClockParts
    timers: Timers
    run_in_background: RunInBackground
    print_aside: RunInBackground | None = None
    now: Now
    zone: ZoneInfo
    alarm: Callable[[], bool]
    stopped: Callable[[], Stopped | None]
    agent: AgentParts
    invented: Callable[[], Draft] | None = None
    speech: Speech | None = None
    web: str = ""


class AccueilPresenter:
    """Decides every page of the elector's tablet. One elector at a time; nothing of them outlives `_wipe`.

    Attributes:
        form: the questions, with the answers so far.
    """

    def __init__(self, view: TabletView, say: Wording, parts: AccueilParts) -> None:
        self._view, self._say, self._parts = view, say, parts
        alarm = AlarmLine(view, parts.timers, parts.alarm, say, "alarm.accueil")
        self._display = DisplaySettings(view, say, alarm.say_again, speech=parts.speech)
        if parts.speech is not None:
            parts.speech.ask_with(lambda: view.ask(aloud_dialog(say)))
        self._clock = ClockPage(say, parts.clock, view.show, self._closed_page, parts.run_in_background)
        self._idle = IdleWatch(parts.timers, warn=self._warn, resume=view.dismiss, expire=self._wipe)
        self.form = RequestForm(say, Journey(say, parts.calendar, self._today), self._form_parts())
        place = (parts.now, parts.zone)
        self._agent = AgentMenu(
            say, parts.agent, parts.unlock, parts.run_in_background, self._show, self._after_agent, place
        )
        self._line = ConnectionLine(parts.timers, self._agent.connection, self._welcome)
        self._busy = False
        self._receipt: FiledReceipt | None = None
        self._printing: FiledReceipt | None = None
        self._paper: Callable[[], Message | None] | None = None
        self._show_again: Callable[[], None] = self.start
        alarm.watch()
        self._line.watch()

    @property
    def draft(self) -> Draft:
        """The answers so far."""
        return self.form.draft

    def start(self) -> None:
        """The tablet has just been switched on: it is closed until the agent's code; a wrong hour is said
        before it."""
        self._clock.before_the_code()

    def _closed_page(self) -> None:
        self._show(lambda: pages.closed(self._say))

    def _form_parts(self) -> FormParts:
        return FormParts(
            search=self._parts.search,
            show=self._show,
            offer=self._view.offer,
            bar_commands=self._bar_commands,
            review=lambda draft: review_page(self._say, draft, self._bar_commands()),
            paper=lambda: pages.paper_only(self._say, self._bar_commands()),
            left=self._your_data,
        )

    # ---- what the screen tells
    def activity(self) -> None:
        self._idle.activity()

    def act(self, command: str, answers: Answers) -> None:
        if self._busy or self._clock.act(command, answers):
            return  # one event even on a double tap
        self._line.leave()
        match command:
            case "unlock":
                self._unlock(text_of(answers, "code"))
            case "display":
                self.form.keep(answers)
                self._view.show(self._display.page(self._say("bar.welcome")))
            case _ if self._display.speak_for(command):
                self._show_again()
            case "display.done":
                self._show_again()
            case "quit":
                self.form.keep(answers)
                self._view.ask(pages.quit_dialog(self._say))
            case "quit.stay" | "idle.stay":
                self._view.dismiss()
            case "listen" | "aloud.yes" | "aloud.no" if self._parts.speech is not None:
                self._heard(command, self._parts.speech)
            case "quit.wipe" | "idle.wipe" | "end" | "welcome":
                self._wipe()
            case "agent":
                self._wipe()  # whatever an elector answered is gone before the agent's page is drawn
                self._agent.act(command, answers)
                self._idle.start(FILED_QUIET_SECONDS, WARNING_SECONDS)
            case _ if self._agent.act(command, answers):
                self._idle.start(FILED_QUIET_SECONDS, WARNING_SECONDS)
            case _:
                self._act_on_request(command, answers)

    def typed(self, key: str, text: str) -> None:
        self.form.typed(text)

    def picked(self, position: int) -> None:
        if not self._busy:
            self.form.picked(position)

    def touched(self, key: str, answers: Answers) -> None:
        self._display.touched(key, answers, self._say("bar.welcome"))

    # ---- K0 to K6
    def _act_on_request(self, command: str, answers: Answers) -> None:
        match command:
            case "stopped":
                self._welcome()
            case "start" if self._parts.stopped() is not None:
                self._welcome()
            case web_page.WEB if self._parts.web and self._parts.stopped() is None:
                self._show(lambda: web_page.page(self._say, self._parts.web))
                self._idle.start(QUIET_SECONDS, WARNING_SECONDS)
            case "start":
                self._your_data()
                self._idle.start(QUIET_SECONDS, WARNING_SECONDS)
            case "data.more":
                self._show(lambda: pages.full_notice(self._say, self._bar_commands()))
            case "data":
                self._your_data()
            case "understood" if self._parts.invented is not None:
                self.form.begin_with(self._parts.invented())
            case "understood":
                self.form.begin()
            case "validate" | "again":
                self._file()
            case "print":
                self._print()
            case "prepare":
                self._prepare()
            case "filed" | places_page.HERE | places_page.THERE if self._receipt is not None:
                self._where_to_go(command)
            case _:
                self.form.act(command, answers)

    def _your_data(self) -> None:
        self._show(lambda: pages.your_data(self._say, self._bar_commands()))

    # ---- filing
    def _file(self) -> None:
        self._busy = True
        self._view.show(review_page(self._say, self.draft, (), busy=self._say("busy.saving")))
        request, language = self.draft.complete(), self._say.language
        self._parts.run_in_background(
            attempted(lambda: self._parts.file_request(request, language=language)), self._filed
        )

    def _filed(self, outcome: FiledReceipt | ProcurationError) -> None:
        self._busy = False
        if isinstance(outcome, ProcurationError):
            reason = self._say.of_error(outcome) if isinstance(outcome, RuleViolated) else ""
            self._show(lambda: pages.not_filed(self._say, reason, self._bar_commands()))
            return
        self._receipt = outcome
        self._idle.start(FILED_QUIET_SECONDS, WARNING_SECONDS)
        self._show_filed(outcome)
        self._print()

    def _show_filed(self, receipt: FiledReceipt) -> None:
        connection, paper = self._agent.connection, self._paper or (lambda: None)
        self._show(lambda: pages.filed(self._say, receipt, self.draft, self._today(), connection(), paper()))

    def _print(self) -> None:
        """The elector goes on meanwhile: a printer that is slow, or stopped, holds nobody."""
        receipt = self._receipt
        if receipt is None or self._printing is receipt:
            return
        self._printing = receipt
        parts, asked = self._parts, self.draft.complete() if receipt.form_needed else None

        def work() -> None:
            parts.print_receipt(receipt)
            if asked is not None:  # signed policy wants the paper form
                parts.print_preparation(asked)

        run = parts.print_aside or parts.run_in_background
        run(attempted(work), lambda outcome: self._printed(receipt, outcome))

    def _printed(self, receipt: FiledReceipt, outcome: object) -> None:
        """Said to the elector whose receipt it is, unless they have left; when it came out at once, the paper
        says it."""
        if self._printing is receipt:
            self._printing = None
        self._agent.paper_failed = failed = isinstance(outcome, ProcurationError)
        if receipt is self._receipt and (failed or self._paper is not None):
            self._paper = lambda: of_receipt(self._say, receipt, outcome)
            self._show_filed(receipt)

    def _where_to_go(self, command: str) -> None:
        """K7-places and back. Near this tablet first: that is where the elector stands."""
        receipt, vote = self._receipt, self.draft.mandant.place
        assert receipt is not None, "asked before"
        self._idle.start(FILED_QUIET_SECONDS, WARNING_SECONDS)
        if command == "filed":
            self._show_filed(receipt)
            return
        find, elsewhere = self._parts.find_places, ""
        if vote is not None and places_page.is_elsewhere(vote.place, find.here()):
            elsewhere = vote.label
        near = vote.place.code if vote is not None and command == places_page.THERE else None
        self._busy = True
        self._parts.run_in_background(
            attempted(lambda: find(near)), lambda found: self._places_found(found, near, elsewhere)
        )

    def _places_found(self, found: object, near: str | None, elsewhere: str) -> None:
        """An error can only be a post that closed meanwhile: then nothing is known here."""
        self._busy = False
        places = found if isinstance(found, tuple) else ()
        near_vote, there = (elsewhere, "") if near else ("", elsewhere)
        self._show(lambda: places_page.page(self._say, places, near_vote=near_vote, there=there))

    def _prepare(self) -> None:
        """X4-paper: what was answered, on a sheet to fill in the form from; nothing is filed (R-73)."""
        self._busy = True
        asked = self.draft.complete()
        self._parts.run_in_background(attempted(lambda: self._parts.print_preparation(asked)), self._prepared)

    def _prepared(self, outcome: object) -> None:
        self._busy = False
        failed = isinstance(outcome, ProcurationError)
        said = pages.not_prepared(self._say) if failed else pages.prepared(self._say)
        self._show(lambda: pages.paper_only(self._say, self._bar_commands(), said))

    # ---- K-1, dialogs, wipe
    def _unlock(self, code: str) -> None:
        if not code:
            self._show(lambda: pages.closed(self._say, error=self._say("error.CODE_MANQUANT")))
            return
        self._busy = True
        self._view.show(pages.closed(self._say, busy=True))
        self._parts.run_in_background(attempted(lambda: self._parts.unlock(code)), self._unlocked)

    def _unlocked(self, outcome: object) -> None:
        self._busy = False
        if isinstance(outcome, ProcurationError) and stopped.is_stop(self._say, outcome.code):
            self._welcome()
        elif isinstance(outcome, ProcurationError):
            error = self._say.of_error(outcome)
            self._show(lambda: pages.closed(self._say, error=error))
        else:
            self._wipe()

    def _warn(self, seconds: int) -> None:
        say = self._say
        self._view.ask(
            DialogAsked(
                name="X1-idle",
                title=say("idle.title"),
                text=say.counted("idle.text", seconds),
                commands=(
                    Command(key="idle.stay", text=say("idle.stay")),
                    Command(key="idle.wipe", text=say("idle.wipe")),
                ),
            )
        )

    def _wipe(self) -> None:
        """Forget this elector and welcome the next one."""
        self._idle.stop()
        self.form.forget()
        self._agent.forget()
        self._receipt = self._paper = None
        self._display.reset()
        self._view.dismiss()
        self._view.wipe()
        self._welcome()

    def _after_agent(self) -> None:
        """Back to the welcome; a post that the agent closed asks for the code first."""
        self._wipe()
        if self._parts.agent.closed():
            self._closed_page()

    def _welcome(self) -> None:
        """K0, or why nobody can be welcome here any more."""
        why = self._parts.stopped()
        if why is None:
            self._show(self._welcome_page)
        else:
            self._show(lambda: stopped.page(self._say, why, self._say("bar.welcome")))

    def _welcome_page(self) -> Page:
        languages, short = self._display.language_commands(), self._agent.warnings()
        connection = self._line.stands()
        return pages.welcome(self._say, languages, short, connection, web=bool(self._parts.web))

    # ---- small things
    def _heard(self, command: str, speech: Speech) -> None:
        if command == "listen":
            speech.listen()
            return
        speech.answer(aloud=command == "aloud.yes")
        self._view.dismiss()

    def _show(self, make: Callable[[], Page]) -> None:
        """Show a page, and remember how to make it again after « Affichage »."""
        speech = self._parts.speech
        self._show_again = lambda: self._view.show(
            said_again(make() if speech is None else with_listen(self._say, make(), speech))
        )
        self._show_again()

    def _bar_commands(self) -> tuple[Command, ...]:
        return pages.bar_commands(self._say)

    def _today(self) -> date:
        return self._parts.now().astimezone(self._parts.zone).date()
