"""The questions about a person: names, sex, birth date; the same for the elector and for who will vote."""

from collections.abc import Callable
from datetime import date

from kiosk_app.presenters.draft import Draft, PersonDraft, mandant_of, mandataire_of
from kiosk_app.presenters.pages import Answers, CheckAsked, ChoiceAsked, DateAsked, Option, TextAsked
from kiosk_app.presenters.questions import Body, Errors, PlainQuestion, Refusals, date_of, text_of, yes_of
from kiosk_app.presenters.typed_date import parse_birth_date
from kiosk_app.presenters.wording import Wording
from procuration.domain.people import Sex, check_birth_date, check_name, same_person
from procuration.errors import RuleViolated

NAME_CHARS_TYPED_MAX = 160
SEXES = {"f": Sex.FEMALE, "m": Sex.MALE}


class PersonQuestion(PlainQuestion):
    """A question about one of the two persons."""

    subject = ""

    def __init__(self, say: Wording, who: str) -> None:
        self._say, self._who = say, who
        self.key = f"{who}.{self.subject}"
        self.step = 1 if who == "mandant" else 3
        self.name = f"K{self.step + 1}-{self.subject}"

    def wanted(self, draft: Draft) -> bool:
        return self._who == "mandant" or draft.by_number is False

    def person(self, draft: Draft) -> PersonDraft:
        """The draft of this person."""
        return draft.mandataire if self._who == "mandataire" else draft.mandant

    def refusals(self) -> Refusals:
        """Sentences that speak of this person."""
        return Refusals(self._say, self._who)


class BirthNameQuestion(PersonQuestion):
    """« Quel est votre nom de naissance ? »"""

    subject = "birth_name"

    def body(self, draft: Draft, errors: Errors) -> Body:
        hint = self._say("hint.birth_name" if self._who == "mandant" else "hint.mandataire")
        return Body(
            focus="name",
            asked=(
                TextAsked(
                    key="name",
                    label=self._say(self.key),
                    hint=hint,
                    value=self.person(draft).birth_name,
                    capitals=True,
                    chars_max=NAME_CHARS_TYPED_MAX,
                    error=errors.get("name", ""),
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        self.person(draft).birth_name = text_of(answers, "name")

    def accept(self, draft: Draft) -> None:
        refusals, person = self.refusals(), self.person(draft)
        refusals.trying("name", lambda: setattr(person, "birth_name", check_name(person.birth_name)))
        refusals.finish()


class GivenNamesQuestion(PersonQuestion):
    """« Quels sont vos prénoms ? », with a box for who has none."""

    subject = "given_names"

    def body(self, draft: Draft, errors: Errors) -> Body:
        person = self.person(draft)
        hint = "hint.given_names" if self._who == "mandant" else "hint.given_names.other"
        return Body(
            focus="" if person.no_given_names else "names",
            asked=(
                TextAsked(
                    key="names",
                    label=self._say(self.key),
                    hint=self._say(hint),
                    value=person.given_names,
                    capitals=True,
                    chars_max=NAME_CHARS_TYPED_MAX,
                    error=errors.get("names", ""),
                ),
                CheckAsked(
                    key="none", text=self._say(f"{self._who}.no_given_names"), checked=person.no_given_names
                ),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        person = self.person(draft)
        person.given_names, person.no_given_names = text_of(answers, "names"), yes_of(answers, "none")

    def accept(self, draft: Draft) -> None:
        refusals, person = self.refusals(), self.person(draft)
        if not person.no_given_names:
            refusals.trying(
                "names", lambda: setattr(person, "given_names", check_name(person.given_names, "PRENOMS"))
            )
        refusals.finish()


class SexQuestion(PersonQuestion):
    """« Quel est votre sexe à l'état civil ? »"""

    subject = "sex"

    def body(self, draft: Draft, errors: Errors) -> Body:
        chosen = next((key for key, sex in SEXES.items() if sex is self.person(draft).sex), "")
        options = tuple(Option(key=key, text=self._say(f"sex.{key}")) for key in SEXES)
        return Body(
            asked=(
                ChoiceAsked(
                    key="sex",
                    label=self._say(self.key),
                    options=options,
                    chosen=chosen,
                    error=errors.get("sex", ""),
                ),
            )
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        self.person(draft).sex = SEXES.get(text_of(answers, "sex"))

    def accept(self, draft: Draft) -> None:
        refusals = self.refusals()
        if self.person(draft).sex is None:
            refusals.errors["sex"] = self._say("error.CHOIX_MANQUANT", question=self._say(self.key))
        refusals.finish()


class BirthDateQuestion(PersonQuestion):
    """« Quelle est votre date de naissance ? »; the last question about who will vote when a number
    names them.
    """

    subject = "birth_date"

    def __init__(self, say: Wording, who: str, today: Callable[[], date]) -> None:
        super().__init__(say, who)
        self._today = today

    def wanted(self, draft: Draft) -> bool:
        return self._who == "mandant" or draft.by_number is not None

    def body(self, draft: Draft, errors: Errors) -> Body:
        person, say = self.person(draft), self._say
        return Body(
            focus="date",
            asked=(
                DateAsked(
                    key="date",
                    label=say(self.key),
                    hint=say("hint.birth_date"),
                    values=person.typed_date,
                    labels=(say("date.day"), say("date.month"), say("date.year")),
                    error=errors.get("date", ""),
                ),
                CheckAsked(key="partial", text=say(f"{self._who}.partial_date"), checked=person.partial_date),
            ),
        )

    def keep(self, draft: Draft, answers: Answers) -> None:
        person = self.person(draft)
        person.typed_date, person.partial_date = date_of(answers, "date"), yes_of(answers, "partial")

    def accept(self, draft: Draft) -> None:
        refusals, person = self.refusals(), self.person(draft)
        refusals.trying("date", lambda: self._read(person))
        if not refusals.errors and self._who == "mandataire":
            refusals.trying("date", lambda: refuse_oneself(draft))
        refusals.finish()

    def _read(self, person: PersonDraft) -> None:
        parsed = parse_birth_date(person.typed_date, partial=person.partial_date)
        person.birth_date = check_birth_date(parsed, self._today())


def refuse_oneself(draft: Draft) -> None:
    """Nobody gives a procuration to themselves (R-08). Raises: RuleViolated MANDATAIRE_EST_LE_MANDANT."""
    if draft.mandant.birth_date is not None and same_person(mandataire_of(draft), mandant_of(draft)):
        raise RuleViolated("MANDATAIRE_EST_LE_MANDANT")
