"""O7: who may act at this station, and the ceremony of two people that changes it, with no network."""

from collections.abc import Callable
from datetime import date
from typing import Final

from kiosk_app.presenters import officer_pages as pages
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.formats import day_in_words
from kiosk_app.presenters.officer_pages import Form, Frame
from kiosk_app.presenters.officer_ports import Changed, OfficerShown, OfficersParts, TypedCodes, TypedOfficer
from kiosk_app.presenters.pages import Answers, Command, Message, QuestionPage, ResultPage
from kiosk_app.presenters.questions import Refusals, text_of
from kiosk_app.presenters.typed_date import parse_day
from procuration.domain.identifiers import Kid
from procuration.errors import ProcurationError, RuleViolated

_OF_THE_PHRASE: Final = frozenset(
    {"PHRASE_INCORRECTE", "RESPONSABLE_INCONNU", "RESPONSABLE_RETIRE", "RESPONSABLE_TERMINE"}
)
_OF_THE_SECOND: Final = frozenset({"CODE_INCORRECT", "ATTENDRE", "ACCES_BLOQUE", "SECONDE_PERSONNE"})
_OF_THE_NEW_CODE: Final = frozenset({"CODE_TROP_COURT", "CODE_DEJA_PRIS", "DEBUT_DE_CODE_PRIS"})
_FIRST_PAGE: Final = {
    "add": "who", "renew": "last_day", "revoke": "confirm", "reset": "code", "phrase": "code",
}  # fmt: skip
_NEXT: Final = {"who": "designation", "designation": "code", "last_day": "confirm", "code": "confirm"}
_FIELD_OF: Final = {
    "NOM": "nom",
    "PRENOMS": "prenoms",
    "QUALITE": "qualite",
    "DESIGNATION": "authority",
    "OFFICER": "last_day",
}
"""The input at fault, by the first word of the code."""


class OfficersJob(PlainJob):
    """One change at a time, from the list to its proof."""

    def __init__(self, desk: Desk, parts: OfficersParts) -> None:
        self._desk, self._parts = desk, parts
        self.forget()

    def forget(self) -> None:
        self._action = ""
        self._officer: OfficerShown | None = None
        self._step = ""
        self._form = Form()

    def act(self, command: str, answers: Answers) -> bool:
        family, _, word = command.partition(".")
        if family != "agents":
            return False
        self.keep(answers)
        if word in ("list", "back"):
            self.page()
        elif word in _FIRST_PAGE:
            self._begin(word, text_of(answers, "agent"))
        elif word == "do" and self._step == "confirm":
            self._do(TypedCodes(text_of(answers, "phrase"), text_of(answers, "second")))
        elif word == self._step:
            self._go_on()
        return True

    def keep(self, answers: Answers) -> None:
        """Secrets are typed again after « Affichage »: no page shows them a second time."""
        for key, answer in answers.items():
            if isinstance(answer, tuple):
                self._form.dates[key] = answer
            elif isinstance(answer, str) and key not in ("phrase", "second", "agent"):
                self._form.texts[key] = answer

    # ---- the list
    def page(self, error: str = "", message: Message | None = None) -> None:
        """O7, with nothing begun."""
        self.forget()
        desk = self._desk
        leave = Command(key="lock", text=desk.say("agents.close"))
        desk.show(
            lambda: pages.listed(
                self._frame(), self._parts.listed(), "", error, message, desk.parts.zone, leave=leave
            )
        )

    def _begin(self, action: str, chosen: str) -> None:
        officer = next((one for one in self._parts.listed() if one.kid.hex() == chosen), None)
        if officer is None and action in ("renew", "revoke", "reset"):
            self.page(error=self._desk.say("error.AGENT_NON_CHOISI"))
            return
        self.forget()
        self._action, self._officer = action, officer
        self._show(_FIRST_PAGE[action])

    # ---- the form
    def _show(self, step: str) -> None:
        self._step = step
        phrase = self._action == "phrase"
        made: dict[str, Callable[[], QuestionPage]] = {
            "who": lambda: pages.who(self._frame(), self._form),
            "designation": lambda: pages.designation(self._frame(), self._form),
            "last_day": lambda: pages.last_day(self._frame(), self._form),
            "code": lambda: pages.new_code(self._frame(), self._form, phrase=phrase),
            "confirm": lambda: self._confirm(None),
        }
        self._desk.show(made[step])

    def _go_on(self) -> None:
        self._form.errors = self._wrong()
        self._show(self._step if self._form.errors else _NEXT[self._step])

    def _wrong(self) -> dict[str, str]:
        """What is wrong with the page at hand, in words, by input."""
        refusals = Refusals(self._desk.say, "agents")
        match self._step:
            case "who":
                self._check_typed(refusals)
            case "designation":
                refusals.trying("designated_on", self._check_designated)
                refusals.trying("last_day", lambda: self._day("last_day"))
                if not refusals.errors:
                    self._check_typed(refusals)
            case "last_day":
                refusals.trying("last_day", lambda: self._parts.check_day(self._day("last_day")))
            case "code":
                refusals.trying("again", self._check_twice)
        return refusals.errors

    def _check_typed(self, refusals: Refusals) -> None:
        """As the use case will check it; what the next pages ask is not typed yet and not wrong yet."""
        try:
            self._parts.check(self._typed())
        except RuleViolated as error:
            field = _FIELD_OF[error.code.split("_")[0]]
            refusals.errors[field] = self._desk.say.of_error(error, about="agents")

    def _check_designated(self) -> None:
        """Somebody who is not designated yet may not act (R-14)."""
        if self._day("designated_on") > self._desk.today():
            raise RuleViolated("DATE_FUTURE")

    def _check_twice(self) -> None:
        if self._form.texts.get("code", "") != self._form.texts.get("again", ""):
            raise RuleViolated("CODES_DIFFERENTS")
        if not self._form.texts.get("code"):
            raise RuleViolated("PHRASE_MANQUANTE" if self._action == "phrase" else "CODE_MANQUANT")

    def _day(self, key: str) -> date:
        return parse_day(self._form.dates.get(key, ("", "", "")))

    def _typed(self) -> TypedOfficer:
        texts = self._form.texts
        later = self._step == "who"
        designation = "-" if later else _designation(texts.get("authority", ""), self._day("designated_on"))
        return TypedOfficer(
            nom=texts.get("nom", ""),
            prenoms=texts.get("prenoms", ""),
            qualite=texts.get("qualite", ""),
            designation=designation,
            last_day=self._desk.today() if later else self._day("last_day"),
            code=texts.get("code", ""),
        )

    # ---- the two people
    def _confirm(self, message: Message | None, *, busy: bool = False) -> QuestionPage:
        return pages.confirm(
            self._frame(), self._form, self._action, self._name(), self._lines(), message, busy=busy
        )

    def _lines(self) -> list[str]:
        """What the two people are about to sign."""
        say = self._desk.say
        lines = []
        if self._action == "add":
            typed = self._typed()
            lines.append(say("agents.confirm.who", qualite=typed.qualite, designation=typed.designation))
        if self._action in ("add", "renew"):
            lines.append(say("agents.confirm.until", day=day_in_words(say, self._day("last_day"))))
        else:
            lines.append(say(f"agents.confirm.{self._action}.text"))
        return lines

    def _name(self) -> str:
        if self._officer is not None:
            return f"{self._officer.prenoms} {self._officer.nom.upper()}"
        texts = self._form.texts
        return f"{texts.get('prenoms', '')} {texts.get('nom', '').upper()}".strip()

    def _do(self, codes: TypedCodes) -> None:
        missing = [key for key in ("phrase", "second") if not getattr(codes, key)]
        sentences = {"phrase": "error.PHRASE_MANQUANTE", "second": "error.CODE_MANQUANT"}
        self._form.errors = {key: self._desk.say(sentences[key]) for key in missing}
        if missing:
            self._show("confirm")
            return
        self._step = "busy"
        self._desk.show(lambda: self._confirm(None, busy=True))
        self._desk.run(self._work(codes), self._done)

    def _work(self, codes: TypedCodes) -> Callable[[], Changed]:
        parts, code = self._parts, self._form.texts.get("code", "")
        kid = Kid(b"") if self._officer is None else self._officer.kid
        match self._action:
            case "add":
                typed = self._typed()
                return lambda: parts.enrol(codes, typed)
            case "renew":
                last_day = self._day("last_day")
                return lambda: parts.renew(codes, kid, last_day)
            case "revoke":
                return lambda: parts.revoke(codes, kid)
            case "reset":
                return lambda: parts.reset(codes, kid, code)
        return lambda: parts.replace_phrase(codes, code)

    def _done(self, outcome: object) -> None:
        if isinstance(outcome, ProcurationError):
            self._refused(outcome)
            return
        self._proved(outcome)  # type: ignore[arg-type]

    def _refused(self, error: ProcurationError) -> None:
        """Beside the input that is at fault; nothing is changed."""
        said = self._desk.say.of_error(error, about="agents")
        step, message = "confirm", None
        if error.code in _OF_THE_PHRASE:
            self._form.errors = {"phrase": said}
        elif error.code in _OF_THE_SECOND:
            self._form.errors = {"second": said}
        elif error.code in _OF_THE_NEW_CODE and self._action in ("add", "reset", "phrase"):
            step, self._form.errors = "code", {"code": said}
        else:
            message = Message(tone="error", title=self._desk.say("agents.not_done"), text=said)
        self._step = step
        if message is None:
            self._show(step)
        else:
            self._desk.show(lambda: self._confirm(message))

    # ---- what is proved
    def _proved(self, changed: Changed) -> None:
        action, name, zone = self._action, self._name(), self._desk.parts.zone
        ends = changed.not_after if action in ("add", "renew", "reset") else None
        until = "" if ends is None else pages.day(self._desk.say, ends, zone)
        self.forget()

        def page() -> ResultPage:
            received = self._parts.received(changed.seq)
            return pages.done(self._frame(), action, name, until, received=received)

        self._desk.show(page)

    def _frame(self) -> Frame:
        return Frame(self._desk.say, self._desk.bar())


def _designation(authority: str, on: date) -> str:
    """Who designated the officer and when, as the register has it (R. 72-1)."""
    return f"{authority.strip()}, {on:%d/%m/%Y}" if authority.strip() else ""
