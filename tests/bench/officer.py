"""How long the ordinary case takes an officer, from « Scanner le reçu » to the signed act.

The machine's time is measured on the real screens over a real tablet: what the officer waits for after each
touch, which is reading the receipt and the document from pictures, checking the code at what it costs on a
real tablet, signing, making the page and drawing it once. The person's time is a model, not a measure: the
keystroke-level model of Card, Moran and Newell (1980), with what an officer does beside the glass. Everything
is counted one after the other, though a tablet reads the document while the officer ticks.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from kiosk_app.devices.mrz_in_picture import identity_of
from kiosk_app.devices.receipt_reader import text_in_picture
from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.presenters.ports import TabletView
from kiosk_app.store.slots import Argon2Cost
from procuration.domain.mrz import IdentityZone
from tests.kiosk import world as worlds
from tests.kiosk.presenters.fakes import ScreenSeen, VirtualTime, at_once, wording
from tests.mrz_zones import passport, picture
from tests.screens.hand import BOXES, Hand
from tests.screens.tablet import Tablet

RUNS = 7
SECONDS_MAX = 60
TOUCHES_MAX = 8
POINT, PRESS, THINK = 1.1, 0.2, 1.35
"""Seconds of the model: P, pointing; B twice, the press and its end; M, a mental act."""
KEY = 0.5
"""One digit after another on the same small keyboard: a short way of the finger, and the press."""
HAND_OVER = 3.0
"""A paper or a card is taken and held before the reader; assumed."""
QUESTION = 6.0
"""Two sentences: the question and its answer; assumed."""
PERSON: Final = {
    "scan": THINK + POINT + PRESS + HAND_OVER,
    "document held to the reader": HAND_OVER,
    "five lines, each read twice": 5 * 2 * THINK,
    "face and photo": 3 * THINK,
    "two questions: of their own will, and L. 72-1": 2 * QUESTION,
    "five boxes": 5 * (POINT + PRESS),
    "« Valider la procuration »": THINK + POINT + PRESS,
    "code of six digits and its last key": THINK + 6 * KEY + POINT + PRESS,
}
WITHOUT_READING: Final = {"title chosen by hand": THINK + POINT + PRESS}


class PicturesHeld:
    """What is held before the reader: a receipt, then a document; both as pictures."""

    def __init__(self, receipt: bytes) -> None:
        self._receipt, self._document = receipt, picture(passport(), angle=0.4, blur=0.5, quality=80)

    def read(self) -> str:
        return text_in_picture(self._receipt)

    def read_identity(self, today: date) -> IdentityZone:
        found = identity_of(self._document, today)
        assert found is not None, "a clean picture"
        return found

    def stop(self) -> None:
        """Pictures are there or are not."""


@dataclass
class Station:
    """A real brigade tablet behind the real screens."""

    tablet: worlds.Tablet
    reader: PicturesHeld | None = None
    view: TabletView = field(default_factory=ScreenSeen)

    def presenter(self) -> BrigadePresenter:
        devices = PluggedIn.of_options(None, None)
        plugged = PluggedIn(printer=devices.printer, reader=self.reader)
        parts = Workshop(self.tablet.station, self.tablet.spool, plugged).brigade(VirtualTime(), at_once)
        signed = replace(parts, print_act=lambda seq: None)  # its paper comes out while the next page is read
        return BrigadePresenter(self.view, wording(), signed)


class Waits:
    """The seconds between a touch and the page that it brings, added up."""

    def __init__(self, screens: Tablet) -> None:
        self.seconds = 0.0
        self._driver = screens.driver
        for name in ("act", "touched"):
            setattr(screens.presenter, name, self._timed(getattr(screens.presenter, name)))

    def _timed(self, told: Callable[..., None]) -> Callable[..., None]:
        def timed(*what: object) -> None:
            began = perf_counter()
            told(*what)
            self.seconds += perf_counter() - began

        return timed

    def frame(self) -> None:
        """One drawing of what stands on the screen."""
        began = perf_counter()
        self._driver.frames(1)
        self.seconds += perf_counter() - began


def _one(screens: Tablet, station: Station) -> tuple[float, int]:
    """Seconds of the machine, and touches."""
    screens.start(station)
    screens.presenter.act("unlock", {"code": worlds.OFFICER_CODE})
    screens.driver.frames(5)
    finger, waits = Hand(screens), Waits(screens)
    steps = [
        lambda: finger.button("Scanner le reçu"),
        *(partial(finger.choice, box) for box in BOXES),
        lambda: finger.button("Valider la procuration"),
        lambda: finger.code(worlds.OFFICER_CODE),
    ]
    for step in steps:
        step()
        waits.frame()
    assert screens.stage.page.name == "O5-result"
    screens.presenter.act("lock", {})
    return waits.seconds, len(finger.touches)


def measure() -> Iterator[dict[str, Any]]:
    """Touches, the machine's seconds, and the whole with the model of the person."""
    with tempfile.TemporaryDirectory() as folder:
        world = worlds.World(Path(folder))
        kiosk = world.kiosk()
        worlds.CHEAP = Argon2Cost()  # a code costs the officer what it costs on a real tablet
        station = Station(world.brigade().holds_epoch_key().enrols_officer())
        screens = Tablet()
        screens.driver.resize(1280, 800)
        runs = []
        for _ in range(RUNS):
            station.reader = PicturesHeld(kiosk.file(worlds.draft()).image_png)
            runs.append(_one(screens, station))
        screens.close()
        for tablet in world.tablets:
            tablet.station.close()
    yield from _lines([seconds for seconds, _ in runs], max(touches for _, touches in runs))


def _lines(machine: list[float], touches: int) -> Iterator[dict[str, Any]]:
    median, person = statistics.median(machine), sum(PERSON.values())
    context = {"runs": RUNS, "spread_s": [round(min(machine), 2), round(max(machine), 2)]}
    yield {
        "name": "officer: touches",
        "value": touches,
        "unit": "touches",
        "context": {"code": "counts as one", "at_most": TOUCHES_MAX},
    }
    yield {"name": "officer: machine", "value": round(median, 2), "unit": "s", "context": context}
    yield {
        "name": "officer: scan to signed act",
        "value": round(median + person, 1),
        "unit": "s",
        "context": {"person_s": round(person, 1), "model": "keystroke-level", "at_most": SECONDS_MAX},
    }
    more = sum(WITHOUT_READING.values())
    yield {
        "name": "officer: scan to signed act, no reading of the document",
        "value": round(median + person + more, 1),
        "unit": "s",
        "context": {"touches": touches + len(WITHOUT_READING)},
    }
