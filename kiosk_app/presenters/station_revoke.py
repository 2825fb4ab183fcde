"""O7: a mandant ends procurations before an officer, with the request at hand or by their identity alone."""

from collections.abc import Callable
from dataclasses import replace

from kiosk_app.presenters import brigade_pages, revoke_pages
from kiosk_app.presenters.act_paper import ActPaper
from kiosk_app.presenters.check_list import CheckList
from kiosk_app.presenters.desk import Desk
from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.pages import Answers, Message, Page, Row
from kiosk_app.presenters.ports import ActSigned, ActState, FoundRequest, Timer
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.request_form import FormParts, RequestForm
from kiosk_app.presenters.review import full_name
from kiosk_app.presenters.revoke_form import RevokeJourney, asked_of, rows_of
from kiosk_app.presenters.station_decision import STATE_POLL_SECONDS
from procuration.errors import ProcurationError

NOT_ASKED = frozenset({"l72_1"})
"""The box about the mandataire chosen: it says nothing of who ends a procuration (`missing_to_revoke`)."""


class RevokeJob:
    """One résiliation, from who ends what to what is proved of it."""

    def __init__(
        self,
        desk: Desk,
        date_to_confirm: Callable[[], str],
        lock: Callable[[], None],
        left: Callable[[FoundRequest | None], None],
    ) -> None:
        """Args:
        date_to_confirm: the date in full when the clock stands far ahead of what is proved, "" otherwise.
        lock: the code was refused too often.
        left: the officer goes back, to the request it was begun from or to the search.
        """
        self._desk, self._date_to_confirm, self._lock, self._left = desk, date_to_confirm, lock, left
        journey = RevokeJourney(desk.say, desk.parts.revocation.calendar, desk.today)
        self._form = RequestForm(desk.say, journey, self._form_parts())
        self._paper = ActPaper(desk, self._paper_told)
        self._active = False
        self.forget()

    def _form_parts(self) -> FormParts:
        desk = self._desk
        return FormParts(
            search=desk.parts.revocation.search,
            show=lambda make: desk.show(lambda: self._at_the_station(make())),
            offer=desk.view.offer,
            bar_commands=lambda: brigade_pages.bar_commands(desk.say),
            review=lambda _: self._check_page(),
            age_matters=False,
            left=self._leave,
        )

    def _at_the_station(self, page: Page) -> Page:
        """A page of the form, without the steps of a kiosk."""
        return replace(page, bar=self._desk.bar(), step=0)

    def open(self, found: FoundRequest) -> None:
        """The résiliation of one opened request."""
        self._begin(found)
        self._show_check()

    # ---- what the screen tells
    def act(self, command: str, answers: Answers) -> bool:
        if command == "revoke":
            self._begin(None)
            self._form.begin()
        elif not self._active:
            return False
        elif command == "print.act":
            self._paper.print()
        elif not command.startswith("revoke."):
            return self._form.act(command, answers)
        else:
            self.keep(answers)
            self._act(command, answers)
        return True

    def _act(self, command: str, answers: Answers) -> None:
        match command:
            case "revoke.back":
                self._back()
            case "revoke.check":
                self._show_check()
            case "revoke.confirm":
                self._ask_code()
            case "revoke.sign":
                self._sign(text_of(answers, "code"))

    def keep(self, answers: Answers) -> None:
        if not self._active:
            return
        if "present" in answers:
            self._check.keep(answers)
        else:
            self._form.keep(answers)

    def touched(self, key: str, answers: Answers) -> None:
        if self._active and "present" in answers:
            self._check.keep(answers)
            self._show_check(focus=key)

    def typed(self, key: str, text: str) -> None:
        if self._active:
            self._form.typed(text)

    def picked(self, position: int) -> None:
        if self._active and not self._desk.busy:
            self._form.picked(position)

    def forget(self) -> None:
        if self._active and self._poll is not None:
            self._poll.cancel()
        self._active = False
        self._found: FoundRequest | None = None
        self._done: ActSigned | None = None
        self._poll: Timer | None = None
        self._check = CheckList(self._desk.say, ())
        self._focus, self._summary = "", ""
        self._message: Message | None = None
        self._form.forget()
        self._paper.forget()

    # ---- from who to the check
    def _begin(self, found: FoundRequest | None) -> None:
        self.forget()
        parts = self._desk.parts
        self._active, self._found = True, found
        self._check = CheckList(self._desk.say, parts.sites(), self._date_to_confirm(), NOT_ASKED)

    def _back(self) -> None:
        """From the check to the last question, or out."""
        if self._found is None:
            self._form.act("back", {})
        else:
            self._leave()

    def _leave(self) -> None:
        found = self._found
        self.forget()
        self._left(found)

    def _show_check(self, *, focus: str = "", summary: str = "", message: Message | None = None) -> None:
        self._focus, self._summary, self._message = focus, summary, message
        if self._found is None:
            self._form.review()
        else:
            self._desk.show(self._check_page)

    def _check_page(self) -> Page:
        desk = self._desk
        return revoke_pages.check(
            desk.say,
            desk.bar(),
            self._rows(self._form.draft),
            self._check.asked(),
            focus=self._focus,
            summary=self._summary,
            message=self._message,
        )

    def _rows(self, draft: Draft) -> tuple[Row, ...]:
        found, parts = self._found, self._desk.parts
        if found is None:
            return rows_of(self._desk.say, draft)
        words = parts.calendar_words(found)
        return brigade_pages.request_rows(self._desk.say, found, parts.place_label, words, parts.zone)

    # ---- the code
    def _ask_code(self) -> None:
        stands = self._check.hindrance(self._desk.parts.status(), "revoke.answer_first")
        if stands is not None:
            self._show_check(focus=stands.focus, summary=stands.summary, message=stands.message)
            return
        self._confirm("")

    def _confirm(self, error: str, *, busy: bool = False, message: Message | None = None) -> None:
        desk, title = self._desk, self._question()
        desk.show(
            lambda: revoke_pages.confirm(desk.say, desk.bar(), title, error, busy=busy, message=message)
        )

    def _question(self) -> str:
        """« Résilier toutes les procurations de Marie DURAND ? »"""
        say = self._desk.say
        if self._found is not None:
            mandant = self._found.filed.mandant
            return say("revoke.confirm", name=full_name(mandant.given_names, mandant.birth_name))
        asked = asked_of(self._form.draft)
        key = "revoke.confirm.all" if asked.validity is None else "revoke.confirm.some"
        return say(key, name=full_name(asked.mandant.given_names, asked.mandant.birth_name))

    def _sign(self, code: str) -> None:
        desk = self._desk
        if not code:
            self._confirm(desk.say("error.CODE_MANQUANT"))
            return
        found, checked, revoke = self._found, self._check.checked(), desk.parts.revocation.revoke
        self._confirm("", busy=True)
        if found is not None:
            desk.run(lambda: revoke.of_request(found.rid, checked, code), self._signed)
        else:
            asked = asked_of(self._form.draft)
            desk.run(lambda: revoke(asked, checked, code), self._signed)

    def _signed(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            if outcome.code in ("CODE_INCORRECT", "ATTENDRE"):
                self._confirm(self._desk.say.of_error(outcome))
            elif outcome.code == "ACCES_BLOQUE":
                self._lock()
            else:
                self._confirm("", message=brigade_pages.not_recorded(self._desk.say, outcome))
            return
        done: ActSigned = outcome  # type: ignore[assignment]
        self._done = done
        by_message = self._found is not None and self._found.filed.email is not None
        self._paper.of(done.seq, by_message=by_message)
        self._result()

    # ---- what is proved
    def _result(self) -> None:
        desk, done = self._desk, self._done
        if done is None:
            return
        state, named, paper = desk.parts.revocation.state(done), self._found is not None, self._paper
        zone = desk.parts.zone
        desk.show(
            lambda: revoke_pages.result(
                desk.say, desk.bar(), state, named=named, zone=zone, notice=paper.notice
            )
        )
        if self._poll is not None:
            self._poll.cancel()
        if not state.decided and (named or state.received_at is None):
            self._watch(done, state)

    def _watch(self, done: ActSigned, known: ActState) -> None:
        look = lambda: self._look_again(done, known)  # noqa: E731  one appointment, with what it compares
        self._poll = self._desk.parts.timers.after(STATE_POLL_SECONDS, look)

    def _look_again(self, done: ActSigned, known: ActState) -> None:
        """Redraw only when something new is proved."""
        if self._done is not done:
            return
        if self._desk.parts.revocation.state(done) != known:
            self._result()
        else:
            self._watch(done, known)

    def _paper_told(self) -> None:
        self._result()
