"""Work done while nobody touches the tablet, a little at a time, so that nobody waits for it later.

It builds what no person has anything to do with: the keys of the keyboards, and the modules of the screens.
They would cost the first visitor of a page as much as all the rest of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from kivy.clock import Clock
from kivy.core.window import Window

from kiosk_app.presenters import pages
from kiosk_app.screens.stage import SCREENS, Stage
from procuration.record.enrolment import Profile

REST_SECONDS: Final = 1.5
STEP_SECONDS: Final = 0.05
"""Between two pieces of work, of about a hundredth of a second each: a finger comes in between."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the people of a profile will need: layouts of keys, and kinds of pages."""

    layouts: tuple[str, ...]
    kinds: tuple[type[pages.Frame], ...]


AHEAD: Final = {
    Profile.ACCUEIL: Ahead(
        ("name", "digits", "email", "letters"),
        (pages.QuestionPage, pages.ReviewPage, pages.FiledPage, pages.DisplayPage),
    ),
    Profile.BRIGADE: Ahead(
        ("reference", "digits", "secret"), (pages.CheckPage, pages.ResultPage, pages.TransmissionPage)
    ),
}


def preparing(stage: Stage, ahead: Ahead) -> Iterator[None]:
    """One piece at each step; what is there already takes none."""
    for layout in ahead.layouts:
        yield from stage.keyboard.prepare(layout)
    for kind in ahead.kinds:
        import_module(f"kiosk_app.screens.{SCREENS[kind][0]}")
        yield


class AtRest:
    """Begins the work once nobody has touched the tablet for a while, and leaves it at the first touch."""

    def __init__(self, stage: Stage, work: Callable[[], Iterator[None]]) -> None:
        self._stage, self._work = stage, work
        self._steps: Iterator[None] = iter(())
        self._soon = Clock.create_trigger(lambda _: self._begin(), REST_SECONDS)
        self._next = Clock.create_trigger(lambda _: self._step(), STEP_SECONDS)
        Window.bind(on_touch_down=self._wait, on_touch_up=self._wait, on_key_down=self._wait)
        stage.bind(on_shown=self._wait)
        self._wait()

    def close(self) -> None:
        """Do nothing more."""
        Window.unbind(on_touch_down=self._wait, on_touch_up=self._wait, on_key_down=self._wait)
        self._stage.unbind(on_shown=self._wait)
        self._soon.cancel()
        self._next.cancel()

    def _wait(self, *_: object) -> None:
        self._next.cancel()
        self._soon.cancel()
        self._soon()

    def _begin(self) -> None:
        self._steps = self._work()
        self._step()

    def _step(self) -> None:
        if next(self._steps, self) is not self:
            self._next()
