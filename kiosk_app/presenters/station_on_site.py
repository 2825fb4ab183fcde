"""« Nouvelle demande sur place » and « Saisir un formulaire papier »: an officer files a request where no
kiosk did, then decides it (DESIGN 2, scene 3; R-17, R-25, R-27).

The questions are those of the kiosk. What is typed lives in the form, in memory only, and goes with the lock.
"""

from collections.abc import Callable

from kiosk_app.presenters import brigade_pages, on_site_pages
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.journey import Journey
from kiosk_app.presenters.pages import Answers, Command, Page
from kiosk_app.presenters.ports import FoundRequest
from kiosk_app.presenters.prefill import draft_of
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.request_form import FormParts, RequestForm
from kiosk_app.presenters.review import review_page
from procuration.domain.identifiers import Rid
from procuration.errors import ProcurationError


class OnSiteJob(PlainJob):
    """Files one request at the station, and hands it to the decision.

    Attributes:
        form: the questions, None while nothing is being filed.
    """

    def __init__(self, desk: Desk, opened: Callable[[FoundRequest], None], leave: Callable[[], None]) -> None:
        """Args:
        opened: goes on with a request that is filed.
        leave: empties the screen and goes back to the search.
        """
        self._desk, self._opened, self._leave = desk, opened, leave
        self.form: RequestForm | None = None
        self._taken_over: Rid | None = None
        self._receipt = ""

    # ---- ways in
    def receipt_of_unknown_kiosk(self, text: str) -> None:
        """A genuine receipt whose kiosk cannot be believed: its content may be read again on the spot
        (SECURITY-DESIGN 9)."""
        self._receipt = text
        desk = self._desk
        desk.show(lambda: on_site_pages.unknown_kiosk(desk.say, desk.bar()))

    def on_paper_instead(self, found: FoundRequest) -> None:
        """The law or the policy wants the form: the person signs one, and its data are keyed in from this
        request."""
        self._fill(found, on_paper=True)

    def act(self, command: str, answers: Answers) -> bool:
        match command.split():
            case ["on_site"]:
                self._introduce(on_paper=False)
            case ["paper"]:
                self._introduce(on_paper=True)
            case ["on_site.leave"]:
                self._leave()
            case ["on_site.here"]:
                self._show_filed_here("")
            case ["on_site.open"]:
                self._open(text_of(answers, "request"))
            case ["prefill"] if self._receipt:
                self._prefill(self._receipt)
            case _:
                return self.form is not None and self._act_on_form(self.form, command, answers)
        return True

    def _act_on_form(self, form: RequestForm, command: str, answers: Answers) -> bool:
        match command.split():
            case ["on_site.begin"]:
                form.begin()
            case ["validate"] | ["again"] if form.question is None:
                self._file(form)
            case ["paper.switch"]:
                form.draft.on_paper = True
                self._new_form(on_paper=True).fill(form.draft)
            case _:
                return form.act(command, answers)
        return True

    def keep(self, answers: Answers) -> None:
        if self.form is not None:
            self.form.keep(answers)

    def typed(self, key: str, text: str) -> None:
        if self.form is not None:
            self.form.typed(text)

    def picked(self, position: int) -> None:
        if self.form is not None and not self._desk.busy:
            self.form.picked(position)

    def forget(self) -> None:
        self.form, self._taken_over, self._receipt = None, None, ""

    # ---- the form
    def _introduce(self, *, on_paper: bool) -> None:
        self.forget()
        self._new_form(on_paper=on_paper).draft.on_paper = on_paper
        self._show_introduction()

    def _show_introduction(self) -> None:
        desk, on_paper = self._desk, self._on_paper
        desk.show(lambda: on_site_pages.introduction(desk.say, desk.bar(), on_paper=on_paper))

    @property
    def _on_paper(self) -> bool:
        return self.form is not None and self.form.draft.on_paper

    def _new_form(self, *, on_paper: bool) -> RequestForm:
        desk, parts = self._desk, self._desk.parts.on_site
        calendar = parts.paper_calendar if on_paper else parts.calendar
        form_parts = FormParts(
            search=parts.search,
            show=desk.show,
            offer=desk.view.offer,
            bar_commands=self._bar_commands,
            review=self._review,
            paper=lambda: on_site_pages.paper_needed(desk.say, desk.bar()),
            left=self._show_introduction,
        )
        self.form = RequestForm(desk.say, Journey(desk.say, calendar, desk.today), form_parts)
        return self.form

    def _bar_commands(self) -> tuple[Command, ...]:
        return brigade_pages.bar_commands(self._desk.say)

    def _review(self, draft: Draft) -> Page:
        say = self._desk.say
        return review_page(say, draft, self._bar_commands(), validate=say("onsite.file"))

    # ---- filing
    def _file(self, form: RequestForm) -> None:
        desk, parts = self._desk, self._desk.parts.on_site
        desk.view.show(review_page(desk.say, form.draft, (), busy=desk.say("busy.saving")))
        request, taken_over, on_paper = form.draft.complete(), self._taken_over, form.draft.on_paper
        desk.run(lambda: parts.file(request, taken_over, on_paper=on_paper), self._filed)

    def _filed(self, outcome: object) -> None:
        desk = self._desk
        if isinstance(outcome, ProcurationError):
            reason = desk.say.of_error(outcome)
            desk.show(lambda: on_site_pages.not_filed(desk.say, desk.bar(), reason))
            return
        self.forget()
        self._opened(outcome)  # type: ignore[arg-type]

    # ---- what was filed here and waits
    def _show_filed_here(self, error: str) -> None:
        desk = self._desk
        waiting = desk.parts.on_site.filed_here()
        if waiting:
            zone = desk.parts.zone
            desk.show(lambda: on_site_pages.filed_here(desk.say, desk.bar(), waiting, zone, error))
        else:
            self._leave()

    def _open(self, chosen: str) -> None:
        found = next((one for one in self._desk.parts.on_site.filed_here() if one.rid.hex() == chosen), None)
        if found is None:
            self._show_filed_here(self._desk.say("error.DEMANDE_MANQUANTE"))
            return
        rid = found.rid
        self._desk.run(lambda: self._desk.parts.on_site.by_rid(rid), self._opened_or_said)

    def _opened_or_said(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            self._show_filed_here(self._desk.say.of_error(outcome))
        else:
            self._opened(outcome)  # type: ignore[arg-type]

    # ---- from a receipt, or from a request that must go on paper
    def _prefill(self, text: str) -> None:
        desk = self._desk
        desk.run(lambda: desk.parts.on_site.prefill(text), self._read)

    def _read(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            self._leave()
        else:
            self._fill(outcome, on_paper=False)  # type: ignore[arg-type]

    def _fill(self, found: FoundRequest, *, on_paper: bool) -> None:
        parts = self._desk.parts.on_site
        calendar = parts.paper_calendar if on_paper else parts.calendar
        draft = draft_of(found.filed, parts.place_named, calendar, on_paper=on_paper)
        self.forget()
        self._taken_over = found.rid
        self._new_form(on_paper=on_paper).fill(draft)
