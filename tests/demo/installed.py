"""A kiosk installed by the real commands, and its program, for tests and measurements of the process."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from provisioning.demo.day import Day
from provisioning.demo.processes import Actor, Programs, python
from provisioning.demo.stage import KIOSK, Builder, Stage

SOURCES = Path(__file__).resolve().parents[2]
DESIGN_MIB = "256"  # what a code costs on a tablet of the design
OFFSCREEN = {"SDL_VIDEODRIVER": "offscreen", "DISPLAY": "", "WAYLAND_DISPLAY": ""}


def say_nothing(_: str) -> None:
    """Steps of a demonstration that nobody watches."""


class InstalledKiosk:
    """A kiosk ready to be started, in a folder of its own; `stop` ends what was started."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.stage = replace(Stage.plan(folder, free_ports=True), kiosk_mib=DESIGN_MIB)
        for path in (folder / "logs", self.stage.paper, self.stage.work):
            path.mkdir()
        self.programs = Programs(SOURCES, folder / "logs")
        self.builder = Builder(self.stage, self.programs, say_nothing)
        self.builder.authority()
        self.builder.enrol_tablet(KIOSK)
        self.builder.publish()
        self.builder.install_tablet(KIOSK)
        self.day = Day(self.stage, self.programs, self.builder, say_nothing)

    def command(self, module: str = "kiosk_app") -> list[str]:
        """The program with its options."""
        return python(module, *self.day.tablet_options(KIOSK))

    def environment(self) -> Mapping[str, str]:
        """Of a machine without a display."""
        return {**os.environ, **OFFSCREEN}

    def played(self) -> Actor:
        """The program with a hand at its screen."""
        return Actor(self.programs, "kiosk", self.command("tests.demo.player"), OFFSCREEN)

    def stop(self) -> None:
        """End every program."""
        self.programs.stop_all()
