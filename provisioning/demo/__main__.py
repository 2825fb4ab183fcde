"""`make demo`: everything from nothing, on this machine, with a throw-away authority.

Without a display the scripted day is played on a virtual one; with a display the windows open and stay.
Exit status 0 only when the procuration is VALIDEE and the messages were sent; 1 otherwise.
"""

import argparse
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from provisioning.demo.day import Day
from provisioning.demo.processes import DemoFailed, Programs
from provisioning.demo.proofs import table
from provisioning.demo.reading import MESSAGES
from provisioning.demo.stage import Builder, Stage
from provisioning.demo.windows import Windows

MARK: Final = ".demonstration"
SOURCES: Final = Path(__file__).resolve().parents[2]
WANTED: Final = "VALIDEE"


class Progress:
    """One line a step, with the time since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, step: str) -> None:
        print(f"[{self.elapsed:6.1f} s] {step}", flush=True)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start


def fresh_folder(out: Path) -> Path:
    """An empty folder; only one that an earlier demonstration made is emptied. Raises: DemoFailed."""
    out = out.resolve()
    if out.exists() and any(out.iterdir()) and not (out / MARK).is_file():
        raise DemoFailed(f"{out} n’est pas vide et ne vient pas d’une démonstration")
    shutil.rmtree(out, ignore_errors=True)
    for name in ("logs", "recus", "work"):
        (out / name).mkdir(parents=True, mode=0o700)
    (out / MARK).touch()
    return out


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m provisioning.demo",
        description="Une procuration, du point d’accueil à la décision de la mairie, en vrai.",
        epilog="Exemple : python -m provisioning.demo --out build/demo",
    )
    top.add_argument(
        "--out", type=Path, default=Path("build/demo"), metavar="DOSSIER", help="images, mails, journaux"
    )
    top.add_argument(
        "--free-ports", action="store_true", help="n’importe quels ports libres, pas 8000 et 8443"
    )
    top.add_argument("--play", action="store_true", help="jouer la journée même s’il y a un écran")
    return top


def has_display() -> bool:
    """Whether windows can open."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def stop_on_signals() -> None:
    """A polite end asked from outside stops the programs as Ctrl-C does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the day, or open the windows. Returns: 0 when everything was proved, else 1."""
    options = parser().parse_args(arguments)
    progress = Progress()
    stop_on_signals()
    programs = None
    try:
        out = fresh_folder(options.out)
        programs = Programs(SOURCES, out / "logs")
        stage = Stage.plan(out, free_ports=options.free_ports)
        builder = Builder(stage, programs, progress)
        builder.build()
        day = Day(stage, programs, builder, progress)
        if has_display() and not options.play:
            return Windows(day).open()
        return summary(day, day.play(), progress.elapsed)
    except DemoFailed as failure:
        print(f"\nLa démonstration a échoué : {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nArrêt demandé.", file=sys.stderr)
        return 1
    finally:
        if programs is not None:
            programs.stop_all()


def summary(day: Day, status: str, seconds: float) -> int:
    """Print the table; the exit status says whether everything was proved."""
    sent = len(day.messages())
    done = status == WANTED and sent >= MESSAGES
    print(f"\n{table(day.proofs)}\n")
    print(f"Procuration {day.reference} : {status}. Messages envoyés : {sent}. Durée : {seconds:.0f} s.")
    print(f"{day.pictures} images dans {day.stage.out} ; reçu dans recus/, messages dans mails/index.html.")
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
