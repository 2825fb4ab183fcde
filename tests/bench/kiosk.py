"""How long the kiosk takes to its first page, beside a bare Kivy window in the same run."""

import json
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provisioning.demo.processes import python
from tests.demo.installed import SOURCES, InstalledKiosk

RUNS = 5
START_SECONDS_MAX = 1.5
WATCHDOG_SECONDS = 60

BARE_WINDOW = """
from kivy.config import Config
from kivy.app import App
from kivy.clock import Clock
from kivy.uix.label import Label
from kiosk_app.logs import milliseconds_alive
def shown(_):
    print(milliseconds_alive(), flush=True)
    App.get_running_app().stop()
class Bare(App):
    def build(self): return Label(text="Voter par procuration")
    def on_start(self): Clock.schedule_once(lambda _: Clock.schedule_once(shown, 0), 0)
Bare().run()
"""


def measure() -> Iterator[dict[str, Any]]:
    """First page in seconds and as a ratio to a bare window."""
    with tempfile.TemporaryDirectory(prefix="bench-kiosk-") as folder:
        kiosk = InstalledKiosk(Path(folder) / "stage")
        try:
            bare = [_bare_window_ms(kiosk) for _ in range(RUNS)]
            starts = [_first_page_ms(kiosk) for _ in range(RUNS)]
            yield from _start_lines(starts, bare)
        finally:
            kiosk.stop()


def _start_lines(starts: list[int], bare: list[int]) -> Iterator[dict[str, Any]]:
    start, window = statistics.median(starts), statistics.median(bare)
    context = {"runs": RUNS, "spread_ms": [min(starts), max(starts)], "bare_window_ms": window}
    limit = {"at_most": START_SECONDS_MAX}
    yield {"name": "kiosk: first page", "value": start / 1000, "unit": "s", "context": context | limit}
    yield {
        "name": "kiosk: first page / bare window",
        "value": round(start / window, 2),
        "unit": "ratio",
        "context": context,
    }


def _bare_window_ms(kiosk: InstalledKiosk) -> int:
    script = kiosk.stage.work / "bare_window.py"  # Kivy looks for the file of an application's class
    script.write_text(BARE_WINDOW)
    command = [python()[0], str(script)]
    environment = {
        **kiosk.environment(),
        "KIVY_NO_FILELOG": "1",
        "KIVY_NO_CONSOLELOG": "1",
        "KIVY_NO_ARGS": "1",
        "PYTHONPATH": str(SOURCES),
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return int(done.stdout)


def _first_page_ms(kiosk: InstalledKiosk) -> int:
    process = subprocess.Popen(
        kiosk.command(), env=kiosk.environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    watchdog = threading.Timer(WATCHDOG_SECONDS, process.kill)
    watchdog.start()
    try:
        return next(
            json.loads(line)["ms"]
            for line in process.stderr
            if line.startswith("{") and "first_page_shown" in line
        )
    finally:
        watchdog.cancel()
        process.terminate()
        process.communicate(timeout=WATCHDOG_SECONDS)
