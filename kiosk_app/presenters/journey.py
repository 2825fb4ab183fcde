"""The way through the questions: which comes first, which follows, which is still unanswered."""

from collections.abc import Callable
from datetime import date

from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.ports import Calendar
from kiosk_app.presenters.questions import Question
from kiosk_app.presenters.questions_contact import (
    EmailQuestion,
    MethodQuestion,
    NumberQuestion,
    PlaceQuestion,
)
from kiosk_app.presenters.questions_election import (
    KindQuestion,
    PeriodQuestion,
    RoundsQuestion,
    ScrutinQuestion,
)
from kiosk_app.presenters.questions_person import (
    BirthDateQuestion,
    BirthNameQuestion,
    GivenNamesQuestion,
    SexQuestion,
)
from kiosk_app.presenters.wording import Wording


class Journey:
    """The questions of K2 to K5 in order, over one draft."""

    def __init__(self, say: Wording, calendar: Calendar, today: Callable[[], date]) -> None:
        self.draft = Draft()
        self._questions: tuple[Question, ...] = (
            BirthNameQuestion(say, "mandant"),
            GivenNamesQuestion(say, "mandant"),
            SexQuestion(say, "mandant"),
            BirthDateQuestion(say, "mandant", today),
            EmailQuestion(say),
            PlaceQuestion(say, "mandant"),
            MethodQuestion(say),
            NumberQuestion(say),
            BirthNameQuestion(say, "mandataire"),
            GivenNamesQuestion(say, "mandataire"),
            SexQuestion(say, "mandataire"),
            BirthDateQuestion(say, "mandataire", today),
            PlaceQuestion(say, "mandataire"),
            KindQuestion(say, calendar),
            ScrutinQuestion(say, calendar),
            RoundsQuestion(say, calendar, today),
            PeriodQuestion(say, calendar, today),
        )

    def forget(self) -> None:
        """Start with nothing: the next elector knows nothing of the one before."""
        self.draft = Draft()

    def question(self, key: str) -> Question:
        """The question of a key."""
        return next(question for question in self._questions if question.key == key)

    def wanted(self) -> list[Question]:
        """The questions that are asked, given the answers so far."""
        return [question for question in self._questions if question.wanted(self.draft)]

    def after(self, question: Question, *, changing: bool) -> Question | None:
        """The next question; when one answer is being changed, the next that has none; None: all is
        answered.
        """
        wanted = self.wanted()
        following = wanted[wanted.index(question) + 1 :] if question in wanted else wanted
        if changing:
            following = [other for other in wanted if other.key not in self.draft.answered]
        return following[0] if following else None

    def before(self, question: Question) -> Question | None:
        """The question asked before this one; None for the first."""
        wanted = self.wanted()
        position = wanted.index(question) if question in wanted else 0
        return wanted[position - 1] if position else None

    def last(self) -> Question:
        """The last question asked."""
        return self.wanted()[-1]
