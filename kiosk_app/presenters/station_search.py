"""O1: an officer finds a request, by the receipt, or by reference and birth date, here or at the centre."""

from collections.abc import Callable
from datetime import timedelta

from kiosk_app.presenters import brigade_pages as pages
from kiosk_app.presenters import officer_pages, shortages, stopped, transmission
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.pages import Answers, Command, Message, QuestionPage
from kiosk_app.presenters.ports import FoundRequest, Timer
from kiosk_app.presenters.questions import Refusals, WrongAnswers, date_of, text_of
from kiosk_app.presenters.station_listening import Listening
from kiosk_app.presenters.typed_date import NOTHING, TypedDate, parse_birth_date
from procuration.domain.people import PartialDate, check_birth_date
from procuration.domain.reference import Reference, parse_reference
from procuration.errors import ProcurationError, RecordRejected

FRESH_CONTACT = timedelta(minutes=2)
CENTRE_WAIT_SECONDS, POLL_SECONDS = 20, 1


class SearchJob(PlainJob):
    """Looks for one request, then hands it over."""

    def __init__(
        self,
        desk: Desk,
        found: Callable[[FoundRequest], None],
        unknown_kiosk: Callable[[str], None],
        scanned: Callable[[FoundRequest], None] | None = None,
        somebody: Callable[[], None] = lambda: None,
    ) -> None:
        """Args:
        somebody: a receipt was held before the reader: the session is in use.
        found: opens what was found; scanned: the same, by its receipt.
        unknown_kiosk: goes on with the text of a receipt whose kiosk is not believed.
        """
        self._desk, self._found, self._unknown_kiosk = desk, found, unknown_kiosk
        self._somebody = somebody
        self._opens_scanned = scanned or found
        self._listening = Listening(desk.parts.listen, self._heard)
        self._read_text = ""
        self._typed: tuple[str, TypedDate] = ("", NOTHING)
        self._poll: Timer | None = None
        self._waited = 0

    def act(self, command: str, answers: Answers) -> bool:
        self._listening.end()  # also for what another job does: this one is asked first
        match command:
            case "search" | "stopped":
                self.page()
            case "scan":
                self._scan()
            case "find":
                self._find(text_of(answers, "reference"), date_of(answers, "birth_date"))
            case _:
                return False
        return True

    def keep(self, answers: Answers) -> None:
        self._listening.end()
        if "reference" in answers:
            self._typed = text_of(answers, "reference"), date_of(answers, "birth_date")

    def forget(self) -> None:
        self._listening.end()
        self._stop_polling()
        self._typed, self._read_text = ("", NOTHING), ""

    def page(self, errors: dict[str, str] | None = None, message: Message | None = None) -> None:
        """O1, or why nothing can be signed here any more."""
        desk = self._desk
        if (why := desk.parts.stopped()) is not None:
            desk.show(lambda: stopped.page(desk.say, why, desk.say("station.bar")))
            return
        ending = officer_pages.ending(desk.say, desk.parts.officers.signed_in(), desk.parts.zone)
        said = message or ending or transmission.ageing(desk.say, desk.parts.status())
        said = said or shortages.disk_message(desk.say, desk.parts.supplies())
        extra = self._other_jobs()

        def made() -> QuestionPage:
            self._listening.begin()
            return pages.search(desk.say, desk.bar(), self._typed, errors or {}, said, extra)

        desk.show(made)

    def _other_jobs(self) -> tuple[Command, ...]:
        say, waiting = self._desk.say, self._desk.parts.on_site.waiting()
        here = (Command(key="on_site.here", text=say.counted("search.here", waiting)),) if waiting else ()
        parts = self._desk.parts
        day = (Command(key="day", text=say("day.open")),) if parts.day is not None else ()
        name = (Command(key="name", text=say("name.open")),) if parts.names is not None else ()
        return (
            *here,
            *name,
            *day,
            Command(key="paper", text=say("search.paper")),
            Command(key="on_site", text=say("search.on_site")),
            Command(key="revoke", text=say("revoke.start")),
        )

    def stop_waiting(self) -> None:
        """« Ne pas attendre » the centre."""
        if self._poll is not None:
            self._stop_polling()
            self._not_found()

    # ---- by reference
    def _find(self, typed_reference: str, typed_date: TypedDate) -> None:
        self._typed = typed_reference, typed_date
        try:
            reference, birth_date = self._read()
        except WrongAnswers as wrong:
            self.page(wrong.errors)
            return
        self._wait_for(
            lambda: self._desk.parts.find.by_reference(reference, birth_date),
            lambda outcome: self._found_or_centre(outcome, reference, birth_date),
        )

    def _read(self) -> tuple[Reference, PartialDate]:
        refusals = Refusals(self._desk.say, "officer")
        read: dict[str, object] = {}
        reference, typed_date = self._typed
        refusals.trying("reference", lambda: read.update(reference=parse_reference(reference)))
        refusals.trying(
            "birth_date",
            lambda: read.update(
                birth_date=check_birth_date(parse_birth_date(typed_date, partial=True), self._desk.today())
            ),
        )
        refusals.finish()
        found_reference, found_date = read["reference"], read["birth_date"]
        assert isinstance(found_reference, str)
        assert isinstance(found_date, PartialDate)
        return Reference(found_reference), found_date

    # ---- by the receipt
    def _scan(self) -> None:
        self._wait_for(self._scanned, lambda outcome: self._found_or_said(outcome, self._opens_scanned))

    def _scanned(self) -> FoundRequest | None:
        text = self._desk.parts.scan()
        return None if text is None else self._of_receipt(text)

    def _of_receipt(self, text: str) -> FoundRequest:
        self._read_text = text
        return self._desk.parts.find.by_qr(text)

    def _heard(self, outcome: object) -> None:
        """Somebody held a receipt before the reader, and touched nothing."""
        self._somebody()
        if isinstance(outcome, str):
            self._wait_for(
                lambda: self._of_receipt(outcome),
                lambda found: self._found_or_said(found, self._opens_scanned),
            )
        else:
            self._found_or_said(outcome)

    def _wait_for(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        desk = self._desk
        desk.view.show(pages.searching(desk.say, desk.bar()))
        desk.run(work, then)

    # ---- at the centre
    def _found_or_centre(self, outcome: object, reference: Reference, birth_date: PartialDate) -> None:
        unknown = isinstance(outcome, ProcurationError) and outcome.code == "DEMANDE_INTROUVABLE"
        if unknown and self._contact_is_fresh():
            desk = self._desk
            desk.parts.find.by_centre(reference, birth_date)
            self._waited, desk.busy = 0, True
            desk.view.show(pages.asking_centre(desk.say, desk.bar()))
            self._poll_centre()
        else:
            self._found_or_said(outcome)

    def _poll_centre(self) -> None:
        desk = self._desk
        try:
            found = desk.parts.find.poll()
        except ProcurationError as error:  # the centre has answered that it has no such request
            self._stop_polling()
            self._found_or_said(error)
            return
        if found is not None or self._waited >= CENTRE_WAIT_SECONDS:
            self._stop_polling()
            if found is not None:
                desk.busy = False
                self._found(found)
            else:
                self._not_found()
            return
        self._waited += POLL_SECONDS
        self._poll = desk.parts.timers.after(POLL_SECONDS, self._poll_centre)

    def _contact_is_fresh(self) -> bool:
        last = self._desk.parts.status().last_contact
        return last is not None and self._desk.parts.now() - last < FRESH_CONTACT

    def _stop_polling(self) -> None:
        if self._poll is not None:
            self._poll.cancel()
        self._poll = None

    # ---- what came of it
    def _found_or_said(self, outcome: object, opens: Callable[[FoundRequest], None] | None = None) -> None:
        say, self._desk.busy = self._desk.say, False
        if outcome is None:
            self.page()
        elif isinstance(outcome, RecordRejected):
            text = say("search.unreadable.text")
            self.page(message=Message(tone="error", title=say("search.unreadable"), text=text))
        elif isinstance(outcome, ProcurationError):
            if outcome.code == "DEMANDE_INTROUVABLE":
                self._not_found()
            elif outcome.code == "POSTE_INCONNU" and self._read_text:
                self._unknown_kiosk(self._read_text)
            else:
                self.page(message=Message(tone="error", title=say.of_error(outcome)))
        else:
            (opens or self._found)(outcome)  # type: ignore[arg-type]

    def _not_found(self) -> None:
        desk = self._desk
        desk.busy = False
        self.page(message=pages.not_found(desk.say, desk.parts.status().last_contact, desk.parts.zone))
