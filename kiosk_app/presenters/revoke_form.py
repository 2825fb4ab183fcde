"""The questions of a résiliation: who ends it, and which procuration (O7). No motive is asked (R-46)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kiosk_app.presenters.draft import Draft, mandant_of
from kiosk_app.presenters.formats import birth_date_in_words
from kiosk_app.presenters.journey import Journey
from kiosk_app.presenters.pages import Answers, ChoiceAsked, Option, Row
from kiosk_app.presenters.ports import Calendar, ToRevoke
from kiosk_app.presenters.questions import Body, Errors, PlainQuestion, Question, WrongAnswers, text_of
from kiosk_app.presenters.questions_contact import PlaceQuestion
from kiosk_app.presenters.questions_election import (
    ElectionQuestion,
    PeriodQuestion,
    RoundsQuestion,
    ScrutinQuestion,
    validity_in_words,
)
from kiosk_app.presenters.questions_person import (
    BirthDateQuestion,
    BirthNameQuestion,
    GivenNamesQuestion,
)
from kiosk_app.presenters.wording import Wording


@dataclass(slots=True)
class RevokeDraft(Draft):
    """What was typed so far. `everything`: all procurations of the mandant."""

    everything: bool = False


class _Who(PlainQuestion):
    """« Qui résilie ? »: names and birth date on one page, read on the title that the officer holds."""

    key, name, step = "revoke.who", "O7-who", 0

    def __init__(self, say: Wording, today: Callable[[], date]) -> None:
        self._parts: tuple[Question, ...] = (
            BirthNameQuestion(say, "revoker"),
            GivenNamesQuestion(say, "revoker"),
            BirthDateQuestion(say, "revoker", today),
        )

    def body(self, draft: Draft, errors: Errors) -> Body:
        asked = [one for part in self._parts for one in part.body(draft, errors).asked]
        return Body(asked=tuple(asked), focus="name")

    def keep(self, draft: Draft, answers: Answers) -> None:
        for part in self._parts:
            part.keep(draft, answers)

    def accept(self, draft: Draft) -> None:
        wrong: Errors = {}
        for part in self._parts:
            try:
                part.accept(draft)
            except WrongAnswers as error:
                wrong |= error.errors
        if wrong:
            raise WrongAnswers(wrong)


class _Where(PlaceQuestion):
    """« Dans quelle commune vote cette personne ? »"""

    def __init__(self, say: Wording) -> None:
        super().__init__(say, "revoker")
        self.key, self.name, self.step = "revoke.place", "O7-place", 0


class _Which(ElectionQuestion):
    """« Quelle procuration ? »: all of them, those of one election, or those of a period."""

    key, name, step = "revoke.which", "O7-which", 0

    def body(self, draft: Draft, errors: Errors) -> Body:
        keys = ["all", *(("one",) if self.open_scrutins(draft) else ()), "period"]
        choice = ChoiceAsked(
            key="which",
            label=self._say(self.key),
            options=tuple(Option(key=key, text=self._say(f"revoke.which.{key}")) for key in keys),
            chosen=_chosen(draft),
            error=errors.get("which", ""),
        )
        return Body(asked=(choice,))

    def keep(self, draft: Draft, answers: Answers) -> None:
        chosen = text_of(answers, "which")
        assert isinstance(draft, RevokeDraft), "the journey makes it"
        draft.everything = chosen == "all"
        draft.by_period = {"one": False, "period": True}.get(chosen)

    def accept(self, draft: Draft) -> None:
        if not _chosen(draft):
            raise WrongAnswers({"which": self._say("error.CHOIX_MANQUANT", question=self._say(self.key))})


def _chosen(draft: Draft) -> str:
    if isinstance(draft, RevokeDraft) and draft.everything:
        return "all"
    return {None: "", False: "one", True: "period"}[draft.by_period]


class RevokeJourney(Journey):
    """The questions of O7 in order."""

    draft: RevokeDraft

    def __init__(self, say: Wording, calendar: Calendar, today: Callable[[], date]) -> None:
        self.draft = RevokeDraft()
        self._questions: tuple[Question, ...] = (
            _Who(say, today),
            _Where(say),
            _Which(say, calendar),
            ScrutinQuestion(say, calendar),
            RoundsQuestion(say, calendar, today),
            PeriodQuestion(say, calendar, today),
        )

    def forget(self) -> None:
        self.draft = RevokeDraft()


def asked_of(draft: Draft) -> ToRevoke:
    """What will be signed; every question has been answered before."""
    assert draft.mandant.place is not None
    everything = isinstance(draft, RevokeDraft) and draft.everything
    return ToRevoke(
        mandant=mandant_of(draft),
        vote_place=draft.mandant.place.place,
        validity=None if everything else draft.validity(),
    )


def rows_of(say: Wording, draft: Draft) -> tuple[Row, ...]:
    """The same in words, one large line for each datum."""
    person = draft.mandant
    born = birth_date_in_words(say, person.birth_date) if person.birth_date else ""
    rows = (
        ("check.birth_name", person.birth_name),
        ("check.given_names", say("review.none") if person.no_given_names else person.given_names),
        ("check.born", born),
        ("check.place", person.place.label if person.place else ""),
        ("revoke.what", validity_in_words(say, draft) or say("revoke.which.all")),
    )
    return tuple(Row(label=say(label), value=value) for label, value in rows)
