"""The questions that name no person: e-mail address, commune of vote, how the mandataire is named,
elector number.
"""

from kiosk_app.presenters.draft import Draft, PersonDraft
from kiosk_app.presenters.pages import Answers, ChoiceAsked, Command, Message, Option, PlaceAsked, TextAsked
from kiosk_app.presenters.questions import Body, Errors, PlainQuestion, Refusals, WrongAnswers, text_of
from kiosk_app.presenters.wording import Wording
from procuration.domain.people import check_elector_number, check_email
from procuration.errors import RuleViolated

MISSPELT_DOMAINS = {
    "gmail.fr": "gmail.com", "gmial.com": "gmail.com", "gamil.com": "gmail.com", "gmail.con": "gmail.com",
    "gmail.co": "gmail.com", "hotmial.com": "hotmail.com", "hotmail.con": "hotmail.com", "hotmal.fr": "hotmail.fr",  # noqa: E501
    "outlok.com": "outlook.com", "outlook.con": "outlook.com", "oange.fr": "orange.fr", "orange.com": "orange.fr",  # noqa: E501
    "wanado.fr": "wanadoo.fr", "wandoo.fr": "wanadoo.fr", "laposte.com": "laposte.net", "laposte.fr": "laposte.net",  # noqa: E501
    "yaho.fr": "yahoo.fr", "yahou.fr": "yahoo.fr", "fre.fr": "free.fr", "free.com": "free.fr",
}  # fmt: skip
USUAL_NUMBER_DIGITS = (8, 9)


class EmailQuestion(PlainQuestion):
    """« Quelle est votre adresse électronique ? »; a known misspelling is only suggested."""

    key, name, step = "email.question", "K2-email", 1

    def __init__(self, say: Wording) -> None:
        self._say = say

    def wanted(self, draft: Draft) -> bool:
        return not draft.on_paper

    def body(self, draft: Draft, errors: Errors) -> Body:
        better, message = suggested(draft), None
        extra: tuple[Command, ...] = (Command(key="no_email", text=self._say("email.none")),)
        if better and "email" in errors:
            extra = (
                Command(key="email.yes", text=self._say("yes")),
                Command(key="email.no", text=self._say("no")),
            )
            message, errors = Message(tone="info", title=errors["email"], personal=True), {}
        return Body(
            focus="" if message else "email",
            message=message,
            extra=extra,
            asked=(
                TextAsked(
                    key="email",
                    label=self._say(self.key),
                    hint=self._say("hint.email"),
                    layout="email",
                    value=draft.email,
                    chars_max=300,
                    error=errors.get("email", ""),
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        draft.email, draft.no_email = text_of(answers, "email"), False

    def accept(self, draft: Draft) -> None:
        refusals = Refusals(self._say)
        refusals.trying("email", lambda: setattr(draft, "email", check_email(draft.email)))
        refusals.finish()
        better = suggested(draft)
        if better:
            raise WrongAnswers({"email": self._say("email.suggestion", x=better)})

    def command(self, draft: Draft, command: str) -> bool:
        match command:
            case "no_email":
                draft.no_email, draft.email = True, ""
            case "email.yes":
                draft.email = suggested(draft) or draft.email
            case "email.no":
                draft.email_kept = draft.email
            case _:
                return False
        return True


def suggested(draft: Draft) -> str:
    """The address probably meant, or "" when there is no doubt or the person insisted."""
    local, _, domain = draft.email.partition("@")
    better = MISSPELT_DOMAINS.get(domain.lower(), "")
    return f"{local}@{better}" if better and draft.email != draft.email_kept else ""


class PlaceQuestion(PlainQuestion):
    """« Dans quelle commune votez-vous ? »: only a place of the list is accepted; a tap chooses and
    goes on.
    """

    def __init__(self, say: Wording, who: str) -> None:
        self._say, self._who = say, who
        self.key = "place.question" if who == "mandant" else "mandataire.place"
        self.step = 2 if who == "mandant" else 3
        self.name = f"K{self.step + 1}-place"

    def wanted(self, draft: Draft) -> bool:
        return self._who != "mandataire" or draft.by_number is False

    def person(self, draft: Draft) -> PersonDraft:
        """Whose commune it is."""
        return draft.mandataire if self._who == "mandataire" else draft.mandant

    def body(self, draft: Draft, errors: Errors) -> Body:
        person = self.person(draft)
        return Body(
            focus="place",
            asked=(
                PlaceAsked(
                    key="place",
                    label=self._say(self.key),
                    hint=self._say("hint.place"),
                    value=person.place.label if person.place else person.typed_place,
                    error=errors.get("place", ""),
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        person = self.person(draft)
        person.typed_place = text_of(answers, "place")
        if person.place is not None and person.typed_place != person.place.label:
            person.place = None

    def accept(self, draft: Draft) -> None:
        if self.person(draft).place is None:
            raise WrongAnswers({"place": self._say.of_error(RuleViolated("LIEU_MANQUANT"), about=self._who)})


class MethodQuestion(PlainQuestion):
    """« Comment désigner cette personne ? »; not asked in Nouvelle-Calédonie, which has no elector
    numbers (R-74).
    """

    key, name, step = "mandataire.method", "K4-method", 3

    def __init__(self, say: Wording) -> None:
        self._say = say

    def wanted(self, draft: Draft) -> bool:
        if draft.in_nouvelle_caledonie:
            draft.by_number = False
        return not draft.in_nouvelle_caledonie

    def body(self, draft: Draft, errors: Errors) -> Body:
        chosen = "" if draft.by_number is None else "number" if draft.by_number else "name"
        options = tuple(Option(key=key, text=self._say(f"mandataire.by_{key}")) for key in ("name", "number"))
        return Body(
            hint=self._say("hint.mandataire"),
            asked=(
                ChoiceAsked(
                    key="method",
                    label=self._say(self.key),
                    options=options,
                    chosen=chosen,
                    error=errors.get("method", ""),
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        chosen = text_of(answers, "method")
        draft.by_number = None if not chosen else chosen == "number"

    def accept(self, draft: Draft) -> None:
        if draft.by_number is None:
            raise WrongAnswers({"method": self._say("error.CHOIX_MANQUANT", question=self._say(self.key))})


class NumberQuestion(PlainQuestion):
    """« Quel est le numéro d'électeur ? »: an unusual length asks, and does not block."""

    key, name, step = "mandataire.number", "K4-number", 3

    def __init__(self, say: Wording) -> None:
        self._say = say

    def wanted(self, draft: Draft) -> bool:
        return bool(draft.by_number)

    def body(self, draft: Draft, errors: Errors) -> Body:
        extra: tuple[Command, ...] = ()
        message = None
        if errors.get("number") == self._doubt(draft):
            extra = (
                Command(key="number.change", text=self._say("number.change")),
                Command(key="number.exact", text=self._say("number.exact")),
            )
            message = Message(tone="warn", title=self._doubt(draft))
            errors = {}
        return Body(
            focus="" if message else "number",
            message=message,
            extra=extra,
            asked=(
                TextAsked(
                    key="number",
                    label=self._say(self.key),
                    hint=self._say("hint.number"),
                    layout="digits",
                    chars_max=20,
                    value=draft.mandataire.number,
                    error=errors.get("number", ""),
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        typed = text_of(answers, "number")
        if typed != draft.mandataire.number:
            draft.mandataire.number, draft.mandataire.number_confirmed = typed, False

    def accept(self, draft: Draft) -> None:
        refusals, person = Refusals(self._say), draft.mandataire
        refusals.trying("number", lambda: setattr(person, "number", check_elector_number(person.number)))
        refusals.finish()
        if len(person.number) not in USUAL_NUMBER_DIGITS and not person.number_confirmed:
            raise WrongAnswers({"number": self._doubt(draft)})

    def command(self, draft: Draft, command: str) -> bool:
        if command == "number.exact":
            draft.mandataire.number_confirmed = True
        return command == "number.exact"

    def _doubt(self, draft: Draft) -> str:
        return self._say.counted("number.unusual", len(draft.mandataire.number))
