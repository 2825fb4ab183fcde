"""The questions of one request, from the elector’s name to the verification: the same form at a kiosk and at
the officer's station. What is typed lives in its draft, in memory only.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_app.presenters import accueil_pages as pages
from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.journey import Journey
from kiosk_app.presenters.pages import Answers, Command, Page
from kiosk_app.presenters.ports import PlaceFound
from kiosk_app.presenters.questions import Errors, Question, WrongAnswers
from kiosk_app.presenters.questions_contact import PlaceQuestion
from kiosk_app.presenters.wording import Wording
from procuration.domain.people import is_certainly_minor
from procuration.domain.validity import Rounds

QUERY_LETTERS_MIN, SUGGESTIONS_MAX = 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FormParts:
    """What the form is given.

    Attributes:
        search: places by what is typed.
        show: puts a page on the screen, and can make it again.
        offer: shows the places that what is typed may mean, or why there is none.
        bar_commands: of every page of the form.
        review: the page of verification of a complete draft.
        paper: the page that says that the law wants the form (R-73); None where no mandataire is named.
        left: the person goes back from the first question.
        age_matters: whether the person must be 18 at the poll (R-09).
    """

    search: Callable[[str], list[PlaceFound]]
    show: Callable[[Callable[[], Page]], None]
    offer: Callable[[tuple[str, ...], str], None]
    bar_commands: Callable[[], tuple[Command, ...]]
    review: Callable[[Draft], Page]
    left: Callable[[], None]
    paper: Callable[[], Page] | None = None
    age_matters: bool = True


class RequestForm:
    """Asks, checks, goes back, and leads to the verification.

    Attributes:
        question: the one on the screen; None before the first and at the verification.
    """

    def __init__(self, say: Wording, journey: Journey, parts: FormParts) -> None:
        self._say, self._journey, self._parts = say, journey, parts
        self.question: Question | None = None
        self._errors: Errors = {}
        self._changing = False
        self._offered: list[PlaceFound] = []

    @property
    def draft(self) -> Draft:
        """The answers so far."""
        return self._journey.draft

    def begin(self) -> None:
        """The first question."""
        self.ask(self._journey.wanted()[0])

    def begin_with(self, draft: Draft) -> None:
        """The first question, with answers that stand in the pages already: a training."""
        self._journey.draft = draft
        self.begin()

    def act(self, command: str, answers: Answers) -> bool:
        """A button of a page of the form was pressed; whether it was one."""
        match command.split():
            case ["back"]:
                self._back(answers)
            case ["continue"]:
                if self.question is not None:
                    self.question.keep(self.draft, answers)
                    self._accept(self.question)
            case ["change", key]:
                self._changing = True
                self.ask(self._journey.question(key))
            case ["review"]:
                self.review()
            case [own] if self.question is not None:
                self._own_command(self.question, own, answers)
            case _:
                return False
        return True

    def fill(self, draft: Draft) -> None:
        """Start from answers that were given elsewhere: each that still holds counts, the others are asked;
        then the verification, where the person reads everything again."""
        self.forget()
        self._journey.draft = draft
        for question in self._journey.wanted():
            try:
                question.accept(draft)
            except WrongAnswers:
                continue
            draft.answered.add(question.key)
        self.review()

    def keep(self, answers: Answers) -> None:
        """Remember what was typed, right or wrong."""
        if self.question is not None and answers:
            self.question.keep(self.draft, answers)

    def typed(self, text: str) -> None:
        """Letters where places are suggested."""
        if not isinstance(self.question, PlaceQuestion):
            return
        query = text.strip()
        if len(query) < QUERY_LETTERS_MIN:
            self._offered = []
            self._parts.offer((), "")
            return
        self._offered = self._parts.search(query)[:SUGGESTIONS_MAX]
        empty = "" if self._offered else self._say("error.LIEU_INCONNU", typed=query)
        self._parts.offer(tuple(self._offer_text(found) for found in self._offered), empty)

    def picked(self, position: int) -> None:
        """One of the suggested places was chosen: it is the answer."""
        question = self.question
        if not isinstance(question, PlaceQuestion) or position >= len(self._offered):
            return
        person, found = question.person(self.draft), self._offered[position]
        moved = person.place is None or person.place.place != found.place
        person.place, person.typed_place = found, found.label
        if moved and person is self.draft.mandant:
            self.draft.forget_ballot()
        self._accepted(question)

    def ask(self, question: Question, errors: Errors | None = None) -> None:
        """This question, with what was wrong."""
        self.question, self._errors = question, errors or {}
        self._offered = []
        self._parts.show(
            lambda: pages.question(self._say, question, self.draft, self._errors, self._parts.bar_commands())
        )

    def review(self) -> None:
        """The verification, or what stands before it."""
        self.question, self._changing = None, False
        unanswered = self._unanswered()
        if unanswered:
            self.ask(unanswered[0])
        elif self._parts.paper is not None and pages.needs_paper(self.draft):
            self._parts.show(self._parts.paper)
        elif self._parts.age_matters and _too_young(self.draft):
            self._parts.show(lambda: pages.too_young(self._say, self._parts.bar_commands()))
        else:
            self._parts.show(lambda: self._parts.review(self.draft))

    def forget(self) -> None:
        """The next person starts with nothing."""
        self._journey.forget()
        self.question, self._errors, self._changing, self._offered = None, {}, False, []

    # ---- inside
    def _own_command(self, question: Question, command: str, answers: Answers) -> None:
        question.keep(self.draft, answers)
        if not question.command(self.draft, command):
            self.ask(question)
        elif command == "no_email":
            self._accepted(question)
        else:
            self._accept(question)

    def _accept(self, question: Question) -> None:
        try:
            question.accept(self.draft)
        except WrongAnswers as wrong:
            self.draft.answered.discard(question.key)
            self.ask(question, wrong.errors)
            return
        self._accepted(question)

    def _accepted(self, question: Question) -> None:
        self.draft.answered.add(question.key)
        # A change of the kind of election leads through the rest of the fourth step again.
        changing = self._changing and question.step != 4
        following = self._journey.after(question, changing=changing)
        if following is not None:
            self.ask(following)
        else:
            self.review()

    def _back(self, answers: Answers) -> None:
        question = self.question
        if question is None:  # from the verification
            self._changing = False
            self.ask(self._journey.last())
            return
        question.keep(self.draft, answers)
        self._doubt_if_wrong(question)
        if self._changing and not self._unanswered():
            self.review()
            return
        before = self._journey.before(question)
        if before is not None:
            self.ask(before)
        else:
            self.question = None
            self._parts.left()

    def _doubt_if_wrong(self, question: Question) -> None:
        """Going back is always allowed; an answer left wrong is asked again before the verification."""
        if question.key in self.draft.answered:
            try:
                question.accept(self.draft)
            except WrongAnswers:
                self.draft.answered.discard(question.key)

    def _unanswered(self) -> list[Question]:
        return [one for one in self._journey.wanted() if one.key not in self.draft.answered]

    def _offer_text(self, found: PlaceFound) -> str:
        if found.known_as:
            return self._say("place.known_as", label=found.label, name=found.known_as)
        return found.label


def _too_young(draft: Draft) -> bool:
    """Whether nobody born that day is 18 at the last poll of the choice (R-09)."""
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
