"""What one import read and checked, kept for the refold that follows it in the same call (kind 14): the bytes
and keys are the same, so are the answers.

Only answers that follow from the bytes, the keys and the tables in force of one centre belong here, never
what the database may have changed meanwhile: forks, revocations, habilitations and clocks are asked again.
"""

from collections.abc import Callable
from typing import Final, TypeVar, cast

from server.config.centre import Centre

Answer = TypeVar("Answer")
_KEPT_MAX: Final = 20_000
"""Answers: a few for each event, for more than the events of one bundle."""


class Checked:
    """Questions with their answers, for one centre with its tables. A refusal is never kept: whoever asks
    again is refused again."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self._answers: dict[tuple[object, ...], object] = {}

    def know(self, question: tuple[object, ...], answer: object) -> None:
        """An answer that the caller has already.

        Args:
            question: its name, then all that the answer depends on beside the centre.
        """
        if len(self._answers) >= _KEPT_MAX:
            self._answers.clear()
        self._answers[question] = answer

    def once(self, question: tuple[object, ...], answer: Callable[[], Answer]) -> Answer:
        """The answer, worked out the first time. Raises: what `answer` raises."""
        if question not in self._answers:
            self.know(question, answer())
        return cast(Answer, self._answers[question])
