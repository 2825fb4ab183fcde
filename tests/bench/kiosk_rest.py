"""What a tablet costs while nobody touches it: processor time over twenty seconds, on the first page and on
the page where an officer searches, beside a bare Kivy window in the same run.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provisioning.demo.day import Day
from provisioning.demo.processes import Actor, python
from provisioning.demo.stage import BRIGADE
from tests.bench.kiosk_memory import WithoutPictures
from tests.demo.installed import OFFSCREEN, SOURCES, InstalledKiosk

REST_SECONDS, SETTLE_SECONDS = 20, 15
SHARE_MAX = 0.03

BARE_WINDOW = """
import resource, sys, time
from kivy.config import Config
from kivy.app import App
from kivy.clock import Clock
from kivy.uix.label import Label
def used():
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
def begin(_):
    started, worked = time.monotonic(), used()
    def end(_):
        print((used() - worked) / (time.monotonic() - started), flush=True)
        App.get_running_app().stop()
    Clock.schedule_once(end, float(sys.argv[1]))
class Bare(App):
    def build(self): return Label(text="Voter par procuration")
    def on_start(self): Clock.schedule_once(begin, 3)
Bare().run()
"""


def measure() -> Iterator[dict[str, Any]]:
    """Share of one core, and the ratio to the bare window."""
    with tempfile.TemporaryDirectory(prefix="bench-kiosk-rest-") as folder:
        kiosk = InstalledKiosk(Path(folder) / "stage")
        try:
            bare = _bare_window(kiosk)
            day = WithoutPictures(kiosk.stage, kiosk.programs, kiosk.builder, lambda _: None)
            yield from _lines("first page", _first_page(kiosk, day), bare)
            yield from _lines("page of the officer", _officer_page(kiosk, day), bare)
        finally:
            kiosk.stop()


def _first_page(kiosk: InstalledKiosk, day: Day) -> dict[str, object]:
    hand = Actor(kiosk.programs, "kiosk", kiosk.command("tests.bench._timed_player"), OFFSCREEN)
    day.open_kiosk(hand)
    return _rest(hand)


def _officer_page(kiosk: InstalledKiosk, day: Day) -> dict[str, object]:
    kiosk.builder.enrol_tablet(BRIGADE)
    kiosk.builder.publish()
    kiosk.builder.install_tablet(BRIGADE)
    kiosk.builder.officer()
    command = python("tests.bench._timed_player", *day.tablet_options(BRIGADE))
    hand = Actor(kiosk.programs, "brigade", command, OFFSCREEN)
    day.unlock(hand, kiosk.stage.codes.officer)
    return _rest(hand)


def _rest(hand: Actor) -> dict[str, object]:
    """After what the code left to do."""
    hand.do("rest", seconds=SETTLE_SECONDS)
    return hand.do("rest", seconds=REST_SECONDS)


def _bare_window(kiosk: InstalledKiosk) -> float:
    script = kiosk.stage.work / "bare_window.py"  # Kivy looks for the file of an application's class
    script.write_text(BARE_WINDOW)
    quiet = {"KIVY_NO_FILELOG": "1", "KIVY_NO_CONSOLELOG": "1", "KIVY_NO_ARGS": "1"}
    environment = {**kiosk.environment(), **quiet, "PYTHONPATH": str(SOURCES)}
    command = [python()[0], str(script), str(REST_SECONDS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    return float(json.loads(done.stdout))


def _lines(where: str, rest: dict[str, object], bare: float) -> Iterator[dict[str, Any]]:
    share = rest["share"]
    assert isinstance(share, float)
    context = {"seconds": REST_SECONDS, "frames_drawn": rest["frames"], "bare_window": round(100 * bare, 2)}
    yield {
        "name": f"kiosk: at rest, {where}",
        "value": round(100 * share, 2),
        "unit": "% of a core",
        "context": {**context, "at_most": 100 * SHARE_MAX},
    }
    yield {
        "name": f"kiosk: at rest, {where} / bare window",
        "value": round(share / bare, 2),
        "unit": "ratio",
        "context": context,
    }
