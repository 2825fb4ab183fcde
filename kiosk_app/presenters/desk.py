"""What the jobs of the officer's station share: the screen, the words, one long work at a time, and the way
back to the search.
"""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from kiosk_app.presenters import transmission
from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.brigade_parts import BrigadeParts
from kiosk_app.presenters.pages import Answers, Page
from kiosk_app.presenters.ports import TabletView
from kiosk_app.presenters.said_again import said_again
from kiosk_app.presenters.wording import Wording


class Desk:
    """One officer's table, empty between two requests.

    Attributes:
        busy: long work is going on: nothing but the lock is obeyed.
    """

    def __init__(self, view: TabletView, say: Wording, parts: BrigadeParts) -> None:
        self.view, self.say, self.parts = view, say, parts
        self.busy = False
        self._turn = 0
        self._make: Callable[[], Page] | None = None

    def show(self, make: Callable[[], Page]) -> None:
        """Show a page, and remember how to make it again after « Affichage »."""
        self._make = make
        self.show_again()

    def show_again(self) -> None:
        """The page of before « Affichage », with what is true now."""
        if self._make is not None:
            self.view.show(said_again(self._make()))

    def run(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """Do long work aside, then go on with its result or its error. After the desk was cleared the result
        belongs to nobody: a locked screen shows no request.
        """
        self.busy = True
        turn = self._turn

        def done(outcome: object) -> None:
            if turn == self._turn:
                self.busy = False
                then(outcome)

        self.parts.run_in_background(attempted(work), done)

    def clear(self) -> None:
        """Nothing of this request, and no work begun for it, is shown any more."""
        self._turn += 1
        self.busy = False
        self._make = None

    def bar(self) -> str:
        """The words of the top bar."""
        return transmission.bar(self.say, self.parts)

    def today(self) -> date:
        """The day at the place of the tablet."""
        return self.parts.now().astimezone(self.parts.zone).date()


class Job(Protocol):
    """One thing an officer does at the station. It obeys its own commands only, and holds nothing after
    `forget`.
    """

    def act(self, command: str, answers: Answers) -> bool:
        """A button was pressed; whether it was for this job."""

    def keep(self, answers: Answers) -> None:
        """Remember what was typed, before « Affichage » covers the page."""

    def touched(self, key: str, answers: Answers) -> None:
        """A live choice or box was touched."""

    def typed(self, key: str, text: str) -> None:
        """Letters were typed where places are suggested."""

    def picked(self, position: int) -> None:
        """One of the suggested places was chosen."""

    def forget(self) -> None:
        """The next request starts with nothing."""


class PlainJob:
    """What most jobs share: nothing live, nothing suggested."""

    def keep(self, answers: Answers) -> None: ...

    def touched(self, key: str, answers: Answers) -> None: ...

    def typed(self, key: str, text: str) -> None: ...

    def picked(self, position: int) -> None: ...

    def forget(self) -> None: ...
