"""Long work whose failure is an answer: errors raised on purpose come back as values, anything else is
our bug.
"""

from collections.abc import Callable
from typing import TypeVar

from procuration.errors import ProcurationError

T = TypeVar("T")


def attempted(work: Callable[[], T]) -> Callable[[], T | ProcurationError]:
    """The same work, with the errors raised on purpose as results."""

    def attempt() -> T | ProcurationError:
        try:
            return work()
        except ProcurationError as error:
            return error

    return attempt
