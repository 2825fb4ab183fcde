"""Work done while nobody touches the tablet, a little at a time, so that nobody waits for it later.

It builds what no person has anything to do with: the keys of the keyboards, and the modules of the screens.
They would cost the first visitor of a page as much as all the rest of it. After that the tablet looks less
often whether something happens, which is all that it does while nobody is there.
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
ASLEEP_SECONDS: Final = 10.0
LOOKS_ASLEEP: Final = 20
"""In a second: the first finger waits 50 ms at most, those after it as ever."""


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
        self._awake = Clock._max_fps
        self._asleep = Clock.create_trigger(lambda _: self._look_less_often(), ASLEEP_SECONDS)
        Window.bind(on_touch_down=self._wait, on_touch_up=self._wait, on_key_down=self._wait)
        stage.bind(on_shown=self._wait)
        self._wait()

    def close(self) -> None:
        """Do nothing more."""
        Window.unbind(on_touch_down=self._wait, on_touch_up=self._wait, on_key_down=self._wait)
        self._stage.unbind(on_shown=self._wait)
        self._soon.cancel()
        self._next.cancel()
        self._asleep.cancel()
        Clock._max_fps = self._awake

    def _wait(self, *_: object) -> None:
        Clock._max_fps = self._awake
        self._next.cancel()
        for later in (self._soon, self._asleep):
            later.cancel()
            later()

    def _look_less_often(self) -> None:
        if self._awake:  # 0: whoever drives the clock does not wait at all
            Clock._max_fps = min(self._awake, LOOKS_ASLEEP)

    def _begin(self) -> None:
        self._steps = self._work()
        self._step()

    def _step(self) -> None:
        if next(self._steps, self) is not self:
            self._next()
