"""The tablet of a point d'accueil: from the welcome page to the reference, and the wipe after each
elector.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk_app.presenters import accueil_pages as pages
from kiosk_app.presenters import stopped
from kiosk_app.presenters.alarm import AlarmLine
from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.clock_page import ClockPage, ClockParts
from kiosk_app.presenters.display import DisplaySettings
from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.idle import IdleWatch
from kiosk_app.presenters.journey import Journey
from kiosk_app.presenters.pages import Answers, Command, DialogAsked, Page
from kiosk_app.presenters.ports import (
    Calendar,
    CompleteRequest,
    FiledReceipt,
    Now,
    PlaceFound,
    RunInBackground,
    Stopped,
    TabletView,
    Timers,
    Unlock,
)
from kiosk_app.presenters.questions import Errors, Question, WrongAnswers, text_of
from kiosk_app.presenters.questions_contact import PlaceQuestion
from kiosk_app.presenters.review import review_page
from kiosk_app.presenters.wording import Wording
from procuration.domain.people import is_certainly_minor
from procuration.domain.validity import Rounds
from procuration.errors import ProcurationError, RuleViolated

QUIET_SECONDS, WARNING_SECONDS = 180, 40
FILED_QUIET_SECONDS = 60
QUERY_LETTERS_MIN, SUGGESTIONS_MAX = 2, 5


class PrintReceipt(Protocol):
    """Prints the receipt. Raises CarrierUnavailable when no paper came out."""

    def __call__(self, receipt: FiledReceipt) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccueilParts:
    """What the presenter is given once, at start."""

    unlock: Unlock
    search: Callable[[str], list[PlaceFound]]
    calendar: Calendar
    file_request: Callable[[CompleteRequest], FiledReceipt]
    print_receipt: PrintReceipt
    clock: ClockParts
    timers: Timers
    run_in_background: RunInBackground
    now: Now
    zone: ZoneInfo
    alarm: Callable[[], bool]
    stopped: Callable[[], Stopped | None]


class AccueilPresenter:
    """Decides every page of the elector's tablet. One elector at a time; nothing of them outlives `_wipe`."""

    def __init__(self, view: TabletView, say: Wording, parts: AccueilParts) -> None:
        self._view, self._say, self._parts = view, say, parts
        self._display = DisplaySettings(view, say)
        self._clock = ClockPage(say, parts.clock, view.show, self._closed_page, parts.run_in_background)
        self._journey = Journey(say, parts.calendar, self._today)
        self._idle = IdleWatch(parts.timers, warn=self._warn, resume=view.dismiss, expire=self._wipe)
        self._question: Question | None = None
        self._errors: Errors = {}
        self._changing = False
        self._busy = False
        self._offered: list[PlaceFound] = []
        self._receipt: FiledReceipt | None = None
        self._show_again: Callable[[], None] = self.start
        AlarmLine(view, parts.timers, parts.alarm, say("alarm.accueil")).watch()

    @property
    def draft(self) -> Draft:
        """The answers so far."""
        return self._journey.draft

    def start(self) -> None:
        """The tablet has just been switched on: it is closed until the agent's code; a wrong hour is said
        before it."""
        self._clock.before_the_code()

    def _closed_page(self) -> None:
        self._show(lambda: pages.closed(self._say))

    # ---- what the screen tells
    def activity(self) -> None:
        self._idle.activity()

    def act(self, command: str, answers: Answers) -> None:
        if self._busy or self._clock.act(command, answers):
            return  # one event even on a double tap
        match command.split():
            case ["unlock"]:
                self._unlock(text_of(answers, "code"))
            case ["display"]:
                self._keep(answers)
                self._view.show(self._display.page(self._say("bar.welcome")))
            case ["display.done"]:
                self._show_again()
            case ["quit"]:
                self._keep(answers)
                self._view.ask(pages.quit_dialog(self._say))
            case ["quit.stay" | "idle.stay"]:
                self._view.dismiss()
            case ["quit.wipe" | "idle.wipe" | "end"]:
                self._wipe()
            case _:
                self._act_on_request(command, answers)

    def typed(self, key: str, text: str) -> None:
        if not isinstance(self._question, PlaceQuestion):
            return
        query = text.strip()
        if len(query) < QUERY_LETTERS_MIN:
            self._offered = []
            self._view.offer((), "")
            return
        self._offered = self._parts.search(query)[:SUGGESTIONS_MAX]
        empty = "" if self._offered else self._say("error.LIEU_INCONNU", typed=query)
        self._view.offer(tuple(self._offer_text(found) for found in self._offered), empty)

    def picked(self, position: int) -> None:
        question = self._question
        if self._busy or not isinstance(question, PlaceQuestion) or position >= len(self._offered):
            return
        person, found = question.person(self.draft), self._offered[position]
        moved = person.place is None or person.place.place != found.place
        person.place, person.typed_place = found, found.label
        if moved and person is self.draft.mandant:
            self.draft.forget_ballot()
        self._accepted(question)

    def touched(self, key: str, answers: Answers) -> None:
        if key in ("size", "contrast"):
            self._display.touched(answers)

    # ---- K0 to K6
    def _act_on_request(self, command: str, answers: Answers) -> None:
        match command.split():
            case ["stopped"]:
                self._welcome()
            case ["start"] if self._parts.stopped() is not None:
                self._welcome()
            case ["start"]:
                self._show(lambda: pages.your_data(self._say, self._bar_commands()))
                self._idle.start(QUIET_SECONDS, WARNING_SECONDS)
            case ["data.more"]:
                self._show(lambda: pages.full_notice(self._say, self._bar_commands()))
            case ["data"]:
                self._show(lambda: pages.your_data(self._say, self._bar_commands()))
            case ["welcome"]:
                self._wipe()
            case ["understood"]:
                self._ask(self._journey.wanted()[0])
            case ["back"]:
                self._back(answers)
            case ["continue"]:
                self._continue(answers)
            case ["change", key]:
                self._changing = True
                self._ask(self._journey.question(key))
            case ["validate" | "again"]:
                self._file()
            case ["review"]:
                self._review()
            case ["print"]:
                self._print()
            case [own]:
                self._own_command(own, answers)

    def _own_command(self, command: str, answers: Answers) -> None:
        question = self._question
        if question is None:
            return
        question.keep(self.draft, answers)
        if not question.command(self.draft, command):
            self._ask(question)
        elif command == "no_email":
            self._accepted(question)
        else:
            self._accept(question)

    def _ask(self, question: Question, errors: Errors | None = None) -> None:
        self._question, self._errors = question, errors or {}
        self._offered = []
        self._show(
            lambda: pages.question(self._say, question, self.draft, self._errors, self._bar_commands())
        )

    def _continue(self, answers: Answers) -> None:
        if self._question is not None:
            self._question.keep(self.draft, answers)
            self._accept(self._question)

    def _accept(self, question: Question) -> None:
        try:
            question.accept(self.draft)
        except WrongAnswers as wrong:
            self.draft.answered.discard(question.key)
            self._ask(question, wrong.errors)
            return
        self._accepted(question)

    def _accepted(self, question: Question) -> None:
        self.draft.answered.add(question.key)
        following = self._journey.after(
            question, changing=self._changing and not self._opens_others(question)
        )
        if following is not None:
            self._ask(following)
        else:
            self._review()

    def _opens_others(self, question: Question) -> bool:
        """A change of the kind of election leads through the rest of the fourth step again."""
        return question.step == 4

    def _back(self, answers: Answers) -> None:
        question = self._question
        if question is None:  # from K6
            self._changing = False
            self._ask(self._journey.last())
            return
        question.keep(self.draft, answers)
        self._doubt_if_wrong(question)
        if self._changing and not self._missing():
            self._review()
            return
        before = self._journey.before(question)
        if before is not None:
            self._ask(before)
        else:
            self._question = None
            self._show(lambda: pages.your_data(self._say, self._bar_commands()))

    def _doubt_if_wrong(self, question: Question) -> None:
        """Going back is always allowed; an answer left wrong is asked again before the verification."""
        if question.key in self.draft.answered:
            try:
                question.accept(self.draft)
            except WrongAnswers:
                self.draft.answered.discard(question.key)

    def _missing(self) -> bool:
        return any(question.key not in self.draft.answered for question in self._journey.wanted())

    def _review(self) -> None:
        self._question, self._changing = None, False
        if self._missing():
            self._ask(next(q for q in self._journey.wanted() if q.key not in self.draft.answered))
        elif pages.needs_paper(self.draft):
            self._show(lambda: pages.paper_only(self._say, self._bar_commands()))
        elif self._too_young():
            self._show(lambda: pages.too_young(self._say, self._bar_commands()))
        else:
            self._show(lambda: review_page(self._say, self.draft, self._bar_commands()))

    def _too_young(self) -> bool:
        """Whether nobody born that day is 18 at the last poll of the choice (R-09)."""
        draft = self.draft
        born = draft.mandant.birth_date
        if draft.by_period and draft.period is not None:
            last = draft.period.last_day
        elif draft.scrutin is not None and draft.rounds is not None:
            last = [
                round_.day
                for position, round_ in enumerate(draft.scrutin.rounds)
                if draft.rounds & Rounds(1 << position)
            ][-1]
        else:
            return False
        return born is not None and is_certainly_minor(born, last)

    # ---- filing
    def _file(self) -> None:
        self._busy = True
        self._view.show(review_page(self._say, self.draft, (), busy=self._say("busy.saving")))
        request = self.draft.complete()
        self._parts.run_in_background(attempted(lambda: self._parts.file_request(request)), self._filed)

    def _filed(self, outcome: FiledReceipt | ProcurationError) -> None:
        self._busy = False
        if isinstance(outcome, ProcurationError):
            reason = self._say.of_error(outcome) if isinstance(outcome, RuleViolated) else ""
            self._show(lambda: pages.not_filed(self._say, reason, self._bar_commands()))
            return
        self._receipt = outcome
        self._idle.start(FILED_QUIET_SECONDS, WARNING_SECONDS)
        self._show(lambda: pages.filed(self._say, outcome, self.draft))
        self._print()

    def _print(self) -> None:
        receipt = self._receipt
        if receipt is None:
            return
        self._busy = True
        self._parts.run_in_background(attempted(lambda: self._parts.print_receipt(receipt)), self._printed)

    def _printed(self, outcome: object) -> None:
        self._busy = False
        receipt, failed = self._receipt, isinstance(outcome, ProcurationError)
        if receipt is not None and failed:
            self._show(lambda: pages.filed(self._say, receipt, self.draft, printed=False))

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
        self._journey.forget()
        self._question, self._receipt, self._offered = None, None, []
        self._errors, self._changing = {}, False
        self._display.reset()
        self._view.dismiss()
        self._view.wipe()
        self._welcome()

    def _welcome(self) -> None:
        """K0, or why nobody can be welcome here any more."""
        why = self._parts.stopped()
        if why is None:
            self._show(lambda: pages.welcome(self._say))
        else:
            self._show(lambda: stopped.page(self._say, why, self._say("bar.welcome")))

    # ---- small things
    def _show(self, make: Callable[[], Page]) -> None:
        """Show a page, and remember how to make it again after « Affichage »."""
        self._show_again = lambda: self._view.show(make())
        self._show_again()

    def _keep(self, answers: Answers) -> None:
        if self._question is not None and answers:
            self._question.keep(self.draft, answers)

    def _bar_commands(self) -> tuple[Command, ...]:
        return pages.bar_commands(self._say)

    def _offer_text(self, found: PlaceFound) -> str:
        if found.known_as:
            return self._say("place.known_as", label=found.label, name=found.known_as)
        return found.label

    def _today(self) -> date:
        return self._parts.now().astimezone(self._parts.zone).date()
