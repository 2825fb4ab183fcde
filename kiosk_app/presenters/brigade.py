"""The officer's station: unlock, find a request, check the person, decide, and see what is proved of
the decision.

One request at a time. The lock, by hand or after 120 s, empties the screen and asks for the code.
"""

from collections.abc import Callable
from datetime import date, timedelta

from kiosk_app.presenters import brigade_pages as pages
from kiosk_app.presenters import stopped, transmission
from kiosk_app.presenters.alarm import AlarmLine
from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.brigade_parts import BrigadeParts
from kiosk_app.presenters.check_list import CheckList
from kiosk_app.presenters.clock_page import ClockPage
from kiosk_app.presenters.display import DisplaySettings
from kiosk_app.presenters.idle import IdleWatch
from kiosk_app.presenters.pages import Answers, Message, Page
from kiosk_app.presenters.ports import ActState, FoundRequest, TabletView, Timer
from kiosk_app.presenters.questions import Refusals, WrongAnswers, date_of, text_of
from kiosk_app.presenters.typed_date import NOTHING, TypedDate, parse_birth_date
from kiosk_app.presenters.wording import Wording
from procuration.domain.people import PartialDate, check_birth_date
from procuration.domain.reference import Reference, parse_reference
from procuration.domain.refusal import RefusalCode
from procuration.errors import ProcurationError, RecordRejected

QUIET_SECONDS = 120
FRESH_CONTACT = timedelta(minutes=2)
CENTRE_WAIT_SECONDS, POLL_SECONDS = 20, 1
STATE_POLL_SECONDS = 2


class BrigadePresenter:
    """Decides every page of the officer's station."""

    def __init__(self, view: TabletView, say: Wording, parts: BrigadeParts) -> None:
        self._view, self._say, self._parts = view, say, parts
        self._display = DisplaySettings(view, say)
        self._clock = ClockPage(say, parts.clock, view.show, self._locked_page, parts.run_in_background)
        self._idle = IdleWatch(parts.timers, warn=lambda _: None, resume=view.dismiss, expire=self._lock)
        self._busy = False
        self._typed: tuple[str, TypedDate] = ("", NOTHING)
        self._found: FoundRequest | None = None
        self._check = CheckList(say, ())
        self._reason: RefusalCode | None = None
        self._poll: Timer | None = None
        self._waited = 0
        self._show_again: Callable[[], None] = self.start
        AlarmLine(view, parts.timers, parts.alarm, say("alarm.brigade")).watch()

    def start(self) -> None:
        """The station is locked until an officer's code; a wrong hour is said before it."""
        self._clock.before_the_code()

    def _locked_page(self) -> None:
        self._show(lambda: pages.locked(self._say))

    # ---- what the screen tells
    def activity(self) -> None:
        self._idle.activity()

    # Nothing is suggested at the station.
    def typed(self, key: str, text: str) -> None: ...

    def picked(self, position: int) -> None: ...

    def touched(self, key: str, answers: Answers) -> None:
        if key in ("size", "contrast"):
            self._display.touched(answers)
        elif self._found is not None and not self._busy:
            self._check.keep(answers)
            self._show_check(focus=key)

    def act(self, command: str, answers: Answers) -> None:
        if command == "lock":
            self._lock()
        elif command == "centre.stop":
            self._stop_polling()
            self._not_found()
        elif not self._busy and not self._clock.act(command, answers):
            self._act(command, answers)

    def _act(self, command: str, answers: Answers) -> None:
        match command:
            case "unlock":
                self._unlock(text_of(answers, "code"))
            case "display":
                self._keep(answers)
                self._view.show(self._display.page(self._say("station.bar")))
            case "display.done":
                self._show_again()
            case "search" | "stopped":
                self._search_page()
            case "scan":
                self._scan()
            case "find":
                self._find(text_of(answers, "reference"), date_of(answers, "birth_date"))
            case "next":
                self._empty()
            case "transfer":
                self._transfer()
            case "transmit":
                self._transmit()
            case _ if self._found is not None:
                self._act_on_request(self._found, command, answers)

    def _act_on_request(self, found: FoundRequest, command: str, answers: Answers) -> None:
        self._keep(answers)
        match command:
            case "validate":
                self._ask_code_to_validate()
            case "check":
                self._reason = None
                self._show_check()
            case "refuse":
                self._show(lambda: pages.reasons(self._say, self._bar(), ""))
            case "reason":
                self._reason_chosen(text_of(answers, "reason"))
            case "sign":
                self._sign(found, text_of(answers, "code"))

    def _keep(self, answers: Answers) -> None:
        if "reference" in answers:
            self._typed = text_of(answers, "reference"), date_of(answers, "birth_date")
        if "present" in answers:
            self._check.keep(answers)

    # ---- O0
    def _unlock(self, code: str) -> None:
        if not code:
            self._show(lambda: pages.locked(self._say, error=self._say("error.CODE_MANQUANT")))
            return
        self._busy = True
        self._view.show(pages.locked(self._say, busy=True))
        self._parts.run_in_background(attempted(lambda: self._parts.unlock(code)), self._unlocked)

    def _unlocked(self, outcome: object) -> None:
        self._busy = False
        if isinstance(outcome, ProcurationError) and not stopped.is_stop(self._say, outcome.code):
            error = self._say.of_error(outcome)
            self._show(lambda: pages.locked(self._say, error=error))
            return
        self._idle.start(QUIET_SECONDS, 0)
        self._empty()

    def _lock(self) -> None:
        self._idle.stop()
        self._parts.lock()
        self._forget()
        self._display.reset()
        self._view.dismiss()
        self._view.wipe()
        self.start()

    # ---- O1
    def _empty(self) -> None:
        """The next request starts on an empty screen."""
        self._forget()
        self._view.wipe()
        self._display.reapply()
        self._search_page()

    def _forget(self) -> None:
        self._stop_polling()
        self._found, self._reason, self._typed = None, None, ("", NOTHING)
        self._check = CheckList(self._say, self._parts.sites())

    def _search_page(self, errors: dict[str, str] | None = None, message: Message | None = None) -> None:
        if (why := self._parts.stopped()) is not None:
            self._show(lambda: stopped.page(self._say, why, self._say("station.bar")))
            return
        said = message or transmission.ageing(self._say, self._parts.status())
        self._show(lambda: pages.search(self._say, self._bar(), self._typed, errors or {}, said))

    def _find(self, typed_reference: str, typed_date: TypedDate) -> None:
        self._typed = typed_reference, typed_date
        try:
            reference, birth_date = self._read_search()
        except WrongAnswers as wrong:
            self._search_page(wrong.errors)
            return
        self._wait_for(
            lambda: self._parts.find.by_reference(reference, birth_date),
            lambda outcome: self._found_or_centre(outcome, reference, birth_date),
        )

    def _read_search(self) -> tuple[Reference, PartialDate]:
        refusals = Refusals(self._say, "officer")
        read: dict[str, object] = {}
        reference, typed_date = self._typed
        refusals.trying("reference", lambda: read.update(reference=parse_reference(reference)))
        refusals.trying(
            "birth_date",
            lambda: read.update(
                birth_date=check_birth_date(parse_birth_date(typed_date, partial=True), self._today())
            ),
        )
        refusals.finish()
        found_reference, found_date = read["reference"], read["birth_date"]
        assert isinstance(found_reference, str)
        assert isinstance(found_date, PartialDate)
        return Reference(found_reference), found_date

    def _scan(self) -> None:
        self._wait_for(self._scanned, self._found_or_said)

    def _scanned(self) -> FoundRequest | None:
        text = self._parts.scan()
        return None if text is None else self._parts.find.by_qr(text)

    def _wait_for(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        self._busy = True
        self._view.show(pages.searching(self._say, self._bar()))
        self._parts.run_in_background(attempted(work), then)

    def _found_or_centre(self, outcome: object, reference: Reference, birth_date: PartialDate) -> None:
        unknown = isinstance(outcome, ProcurationError) and outcome.code == "DEMANDE_INTROUVABLE"
        if unknown and self._contact_is_fresh():
            self._parts.find.by_centre(reference, birth_date)
            self._waited = 0
            self._view.show(pages.asking_centre(self._say, self._bar()))
            self._poll_centre()
        else:
            self._found_or_said(outcome)

    def _poll_centre(self) -> None:
        try:
            found = self._parts.find.poll()
        except ProcurationError as error:  # the centre has answered that it has no such request
            self._stop_polling()
            self._found_or_said(error)
            return
        if found is not None or self._waited >= CENTRE_WAIT_SECONDS:
            self._stop_polling()
            self._busy = False
            if found is not None:
                self._open(found)
            else:
                self._not_found()
            return
        self._waited += POLL_SECONDS
        self._poll = self._parts.timers.after(POLL_SECONDS, self._poll_centre)

    def _found_or_said(self, outcome: object) -> None:
        self._busy = False
        if outcome is None:
            self._search_page()
        elif isinstance(outcome, RecordRejected):
            say = self._say
            self._search_page(
                message=Message(
                    tone="error", title=say("search.unreadable"), text=say("search.unreadable.text")
                )
            )
        elif isinstance(outcome, ProcurationError):
            if outcome.code == "DEMANDE_INTROUVABLE":
                self._not_found()
            else:
                self._search_page(message=Message(tone="error", title=self._say.of_error(outcome)))
        else:
            self._open(outcome)  # type: ignore[arg-type]

    def _not_found(self) -> None:
        self._busy = False
        self._search_page(
            message=pages.not_found(self._say, self._parts.status().last_contact, self._parts.zone)
        )

    def _contact_is_fresh(self) -> bool:
        last = self._parts.status().last_contact
        return last is not None and self._parts.now() - last < FRESH_CONTACT

    def _stop_polling(self) -> None:
        if self._poll is not None:
            self._poll.cancel()
        self._poll = None

    # ---- O2, O3, O4
    def _open(self, found: FoundRequest) -> None:
        self._found = found
        self._check = CheckList(self._say, self._parts.sites(), self._clock.date_to_confirm())
        self._show_check()

    def _show_check(self, *, focus: str = "", summary: str = "", message: Message | None = None) -> None:
        found = self._found
        if found is None:
            return
        rows = pages.request_rows(
            self._say, found, self._parts.place_label, self._parts.calendar_words(found), self._parts.zone
        )
        self._show(
            lambda: pages.check(
                self._say,
                self._bar(),
                found,
                rows,
                self._check.asked(),
                focus=focus,
                summary=summary,
                message=message,
            )
        )

    def _ask_code_to_validate(self) -> None:
        missing = self._check.first_unanswered()
        if missing is not None:
            key, point = missing
            self._show_check(focus=key, summary=self._say("check.answer_first", point=point))
            return
        status = self._parts.status()
        age = status.directory_age_days
        if age > status.directory_days_max:
            self._show_check(message=Message(tone="warn", title=self._say.counted("check.stale", age)))
            return
        self._reason = None
        self._confirm("")

    def _reason_chosen(self, reason: str) -> None:
        if reason not in pages.REASONS:
            self._show(lambda: pages.reasons(self._say, self._bar(), self._say("error.RAISON_MANQUANTE")))
            return
        self._reason = RefusalCode(reason)
        self._confirm("")

    def _confirm(self, error: str, *, busy: bool = False, message: Message | None = None) -> None:
        found, reason = self._found, self._reason
        if found is not None:
            self._show(
                lambda: pages.confirm(
                    self._say, self._bar(), found, reason, error, busy=busy, message=message
                )
            )

    def _sign(self, found: FoundRequest, code: str) -> None:
        if not code:
            self._confirm(self._say("error.CODE_MANQUANT"))
            return
        self._busy = True
        reason, checked = self._reason, self._check.checked()
        self._confirm("", busy=True)
        if reason is None:
            work = attempted(lambda: self._parts.validate(found.rid, checked, code))
        else:
            work = attempted(lambda: self._parts.refuse(found.rid, reason, checked, code))
        self._parts.run_in_background(work, self._signed)

    def _signed(self, outcome: object) -> None:
        self._busy = False
        if isinstance(outcome, ProcurationError):
            if outcome.code in ("CODE_INCORRECT", "ATTENDRE"):
                self._confirm(self._say.of_error(outcome))
            elif outcome.code == "ACCES_BLOQUE":
                self._lock()
            else:
                self._confirm("", message=pages.not_recorded(self._say, outcome))
            return
        self._result()

    # ---- O5, O6
    def _result(self) -> None:
        found, refused = self._found, self._reason is not None
        if found is None:
            return
        state = self._parts.act_state(found.rid)
        self._show(
            lambda: pages.result(self._say, self._bar(), state, refused=refused, zone=self._parts.zone)
        )
        if not state.decided:
            self._poll = self._parts.timers.after(STATE_POLL_SECONDS, lambda: self._watch_state(state))

    def _watch_state(self, known: ActState) -> None:
        """Redraw only when something new is proved."""
        if self._found is None:
            return
        if self._parts.act_state(self._found.rid) != known:
            self._result()
        else:
            self._poll = self._parts.timers.after(STATE_POLL_SECONDS, lambda: self._watch_state(known))

    def _transfer(self, message: Message | None = None) -> None:
        self._show(lambda: transmission.transfer(self._say, self._parts, message))

    def _transmit(self) -> None:
        self._parts.transmit()
        self._transfer(
            Message(tone="info", title=self._say("transfer.asked"), text=self._say("transfer.asked.text"))
        )

    # ---- small things
    def _show(self, make: Callable[[], Page]) -> None:
        self._show_again = lambda: self._view.show(make())
        self._show_again()

    def _bar(self) -> str:
        return transmission.bar(self._say, self._parts)

    def _today(self) -> date:
        return self._parts.now().astimezone(self._parts.zone).date()
