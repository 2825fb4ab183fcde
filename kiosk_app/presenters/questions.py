"""One question of the request: what it shows, what it keeps of what is typed, what it accepts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from kiosk_app.presenters.draft import Draft
from kiosk_app.presenters.pages import Answer, Answers, Asked, Command, Message
from kiosk_app.presenters.typed_date import NOTHING, TypedDate
from kiosk_app.presenters.wording import Wording
from procuration.errors import RuleViolated

Errors = dict[str, str]
"""Sentences by key of the input at fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The middle of a question page."""

    hint: str = ""
    message: Message | None = None
    asked: tuple[Asked, ...] = ()
    extra: tuple[Command, ...] = ()
    focus: str = ""


class Question(Protocol):
    """One question. `key` is also the key of its title."""

    key: str
    name: str
    step: int

    def wanted(self, draft: Draft) -> bool:
        """Whether it is asked at all, given the other answers."""

    def body(self, draft: Draft, errors: Errors) -> Body:
        """What stands on its page."""

    def keep(self, draft: Draft, answers: Answers) -> None:
        """Remember what was typed, right or wrong."""

    def accept(self, draft: Draft) -> None:
        """Check what was kept. Raises WrongAnswers."""

    def command(self, draft: Draft, command: str) -> bool:
        """A button of its own; True when the question is then answered."""


class WrongAnswers(RuleViolated):
    """What was kept can not be accepted: sentences by input."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("REPONSES")
        self.errors = errors


@dataclass(slots=True)
class Refusals:
    """Collects what is wrong with the inputs of one page, in words."""

    say: Wording
    about: str = ""
    errors: Errors = field(default_factory=dict)

    def trying(self, key: str, check: Callable[[], object]) -> None:
        """Run a check; keep its sentence when it refuses."""
        try:
            check()
        except RuleViolated as error:
            self.errors[key] = self.say.of_error(error, about=self.about)

    def finish(self) -> None:
        """Raises: WrongAnswers, when anything was refused."""
        if self.errors:
            raise WrongAnswers(self.errors)


def text_of(answers: Answers, key: str) -> str:
    """A typed text; "" when the page had no such input."""
    answer: Answer = answers.get(key, "")
    return answer if isinstance(answer, str) else ""


def date_of(answers: Answers, key: str) -> TypedDate:
    """Three typed boxes."""
    answer: Answer = answers.get(key, NOTHING)
    return answer if isinstance(answer, tuple) else NOTHING


def yes_of(answers: Answers, key: str) -> bool:
    """A box: checked or not."""
    return answers.get(key) is True


class PlainQuestion:
    """What most questions share: always asked, no button of their own."""

    def wanted(self, draft: Draft) -> bool:
        return True

    def command(self, draft: Draft, command: str) -> bool:
        return False
