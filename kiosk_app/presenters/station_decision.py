"""O2 to O5: an officer checks the person, decides, signs with the code, and sees what is proved of it."""

from collections.abc import Callable

from kiosk_app.presenters import brigade_pages as pages
from kiosk_app.presenters.act_paper import ActPaper
from kiosk_app.presenters.check_list import CheckList
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.on_site_pages import alert_message
from kiosk_app.presenters.pages import ON_DOCUMENT, Answers, Command, Message
from kiosk_app.presenters.ports import ActSigned, ActState, FoundRequest, Timer
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.station_identity import READ, IdentityDesk
from procuration.domain.acts import ActPlaceKind
from procuration.domain.events import Channel
from procuration.domain.mrz import IdentityZone
from procuration.domain.refusal import RefusalCode
from procuration.errors import ProcurationError

STATE_POLL_SECONDS = 2
WANT_PAPER = frozenset({"PAPIER_OBLIGATOIRE", "TELEPROCEDURE_NON_APPLICABLE", "SCRUTIN_HORS_TELEPROCEDURE"})


class DecisionJob(PlainJob):
    """Decides one opened request."""

    def __init__(
        self,
        desk: Desk,
        date_to_confirm: Callable[[], str],
        lock: Callable[[], None],
        revoke: Callable[[FoundRequest], None],
        on_paper: Callable[[FoundRequest], None],
    ) -> None:
        """Args:
        on_paper: keys the request in again from the form that the person signs.
        date_to_confirm: the date in full when the clock stands far ahead of what is proved, "" otherwise.
        lock: the code was refused too often.
        revoke: begins the résiliation of what this request established.
        """
        self._revoke = revoke
        self._paper = ActPaper(desk, self._paper_told)
        self._identity = IdentityDesk(desk, self._document_seen)
        self._desk, self._date_to_confirm, self._lock = desk, date_to_confirm, lock
        self._on_paper = on_paper
        self._found: FoundRequest | None = None
        self._alerts: dict[ActPlaceKind, Message | None] = {}
        self._check = CheckList(desk.say, ())
        self._reason: RefusalCode | None = None
        self._poll: Timer | None = None
        self._act: ActSigned | None = None

    def open(self, found: FoundRequest, *, scanned: bool = False) -> None:
        """O2, of this request. `scanned`: by its receipt, so that the reader looks for the document next."""
        self._found = found
        self._alerts = {}
        self._check = CheckList(self._desk.say, self._desk.parts.sites(), self._date_to_confirm())
        self._identity.forget()
        if scanned and found.decision is None:
            self._identity.start(found.filed.mandant, asked_for=False)
        self._show_check()

    def act(self, command: str, answers: Answers) -> bool:
        found = self._found
        if found is None:
            return False
        self.keep(answers)
        if command == READ:
            self._show_check()  # with what stands ticked, whenever the answer comes
            self._identity.start(found.filed.mandant, asked_for=True)
            if self._identity.reading:
                self._show_check()
            return True
        self._identity.stop()
        match command:
            case "validate":
                self._ask_code_to_validate()
            case "check":
                self._reason = None
                self._show_check()
            case "refuse":
                self._show_reasons("")
            case "prepare":
                self._prepare(found)
            case "paper.copy":
                self.forget()
                self._on_paper(found)
            case "reason":
                self._reason_chosen(text_of(answers, "reason"))
            case "sign":
                self._sign(found, text_of(answers, "code"))
            case "revoke.this":
                self.forget()
                self._revoke(found)
            case "print.act":
                self._paper.print()
            case _:
                return False
        return True

    def keep(self, answers: Answers) -> None:
        if self._found is not None and "present" in answers:
            self._check.keep(answers)

    def touched(self, key: str, answers: Answers) -> None:
        if self._found is not None:
            self._check.keep(answers)
            self._show_check(focus=key)

    def forget(self) -> None:
        if self._poll is not None:
            self._poll.cancel()
        self._found, self._reason, self._poll, self._act = None, None, None, None
        self._alerts = {}
        self._paper.forget()
        self._identity.forget()
        self._check = CheckList(self._desk.say, ())

    # ---- O2
    def _document_seen(self, zone: IdentityZone | None) -> None:
        """What stands ticked stays. Under « Affichage » the page waits until it is shown again. The answer
        comes into sight, unless an officer who did not ask for it is at the boxes already."""
        answers = self._desk.view.answers()
        self.keep(answers)
        if zone is not None:
            self._check.prefer(zone.kind)
        if "present" in answers:
            waits = self._identity.asked_for or answers["present"] is not True
            told = self._identity.message is not None and waits
            self._show_check(focus=ON_DOCUMENT if told else "")

    def _show_check(
        self,
        *,
        focus: str = "",
        summary: str = "",
        message: Message | None = None,
        commands: tuple[Command, ...] = (),
    ) -> None:
        desk, found = self._desk, self._found
        if found is None:
            return
        parts = desk.parts
        revocable = found.decision is not None and parts.revocation.revoke.is_in_force(found.rid)
        said = message or self._alert(found)
        rows = pages.request_rows(desk.say, found, parts.place_label, parts.calendar_words(found), parts.zone)
        desk.show(
            lambda: pages.check(
                desk.say,
                desk.bar(),
                found,
                rows,
                self._check.asked(),
                focus=focus,
                summary=summary,
                message=said,
                revocable=revocable,
                commands=commands,
                document=self._identity.message,
                extra=() if found.decision is not None else self._identity.commands(),
            )
        )

    def _alert(self, found: FoundRequest) -> Message | None:
        """What is unusual about an act at the place chosen; of a request already decided there is none."""
        place = self._check.checked().place
        if found.decision is not None:
            return None
        if place not in self._alerts:
            told = self._desk.parts.look_out(found.rid, place)
            self._alerts[place] = alert_message(self._desk.say, told) or self._without_reference(found)
        return self._alerts[place]

    def _without_reference(self, found: FoundRequest) -> Message | None:
        """What was filed here has no reference: only kiosks are leased any."""
        if found.filed.reference is not None or found.filed.channel not in (Channel.BRIGADE, Channel.PAPER):
            return None
        say, promised = self._desk.say, found.filed.email is not None
        text = say("check.no_reference.text" if promised else "check.decide_now")
        return Message(tone="info", title=say("check.no_reference"), text=text)

    def _ask_code_to_validate(self) -> None:
        stands = self._check.hindrance(self._desk.parts.status(), "check.answer_first")
        if stands is not None:
            self._show_check(focus=stands.focus, summary=stands.summary, message=stands.message)
            return
        self._reason = None
        found = self._found
        assert found is not None, "`act` has looked"
        try:
            self._desk.parts.may_validate(found.rid, self._check.checked())
        except ProcurationError as error:
            self._show_forbidden(error)
            return
        self._confirm("")

    def _show_forbidden(self, error: ProcurationError) -> None:
        """The law or the policy stands against the act: said before any code; where paper is what they want,
        the way to it is offered."""
        say = self._desk.say
        commands: tuple[Command, ...] = ()
        if error.code in WANT_PAPER:
            prepare = Command(key="prepare", text=say("check.prepare"))
            commands = (
                Command(key="refuse", text=say("check.refuse")),
                *((prepare,) if self._desk.parts.print_preparation is not None else ()),
                Command(key="paper.copy", text=say("check.paper")),
            )
        self._show_check(message=Message(tone="error", title=say.of_error(error)), commands=commands)

    def _prepare(self, found: FoundRequest) -> None:
        print_sheet = self._desk.parts.print_preparation
        if print_sheet is not None:
            self._desk.run(lambda: print_sheet(found), self._prepared)

    def _prepared(self, outcome: object) -> None:
        say = self._desk.say
        if isinstance(outcome, ProcurationError):
            self._show_check(message=Message(tone="error", title=say.of_error(outcome)))
        else:
            self._show_check(message=Message(tone="info", title=say("check.prepared")))

    # ---- O4
    def _show_reasons(self, error: str) -> None:
        desk = self._desk
        desk.show(lambda: pages.reasons(desk.say, desk.bar(), error))

    def _reason_chosen(self, reason: str) -> None:
        if reason not in pages.REASONS:
            self._show_reasons(self._desk.say("error.RAISON_MANQUANTE"))
            return
        self._reason = RefusalCode(reason)
        self._confirm("")

    # ---- O3
    def _confirm(self, error: str, *, busy: bool = False, message: Message | None = None) -> None:
        desk, found, reason = self._desk, self._found, self._reason
        if found is not None:
            desk.show(
                lambda: pages.confirm(desk.say, desk.bar(), found, reason, error, busy=busy, message=message)
            )

    def _sign(self, found: FoundRequest, code: str) -> None:
        desk = self._desk
        if not code:
            self._confirm(desk.say("error.CODE_MANQUANT"))
            return
        reason, checked, parts = self._reason, self._check.checked(), desk.parts
        self._confirm("", busy=True)
        if reason is None:
            desk.run(lambda: parts.validate(found.rid, checked, code), self._signed)
        else:
            desk.run(lambda: parts.refuse(found.rid, reason, checked, code), self._signed)

    def _signed(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            if outcome.code in ("CODE_INCORRECT", "ATTENDRE"):
                self._confirm(self._desk.say.of_error(outcome))
            elif outcome.code == "ACCES_BLOQUE":
                self._lock()
            else:
                self._confirm("", message=pages.not_recorded(self._desk.say, outcome))
            return
        found = self._found
        if found is not None:
            act: ActSigned = outcome  # type: ignore[assignment]
            self._act = act
            self._paper.of(act.seq, by_message=found.filed.email is not None)
            self._result()

    # ---- O5
    def _result(self) -> None:
        desk, found, refused = self._desk, self._found, self._reason is not None
        if found is None:
            return
        state = desk.parts.act_state(found.rid)
        zone, paper = desk.parts.zone, self._paper
        desk.show(
            lambda: pages.result(desk.say, desk.bar(), state, refused=refused, zone=zone, notice=paper.notice)
        )
        if self._poll is not None:
            self._poll.cancel()
        if not state.decided:
            self._watch(state)

    def _paper_told(self) -> None:
        if self._act is not None:
            self._result()

    def _watch(self, known: ActState) -> None:
        self._poll = self._desk.parts.timers.after(STATE_POLL_SECONDS, lambda: self._look_again(known))

    def _look_again(self, known: ActState) -> None:
        """Redraw only when something new is proved."""
        if self._found is None:
            return
        if self._desk.parts.act_state(self._found.rid) != known:
            self._result()
        else:
            self._watch(known)
