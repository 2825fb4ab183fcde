"""`--help` on every command of the four programs: it needs no other option, no folder and no setting."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

import kiosk_app.command_line
import provisioning.command_line
import server.commune.command
import sync_agent.__main__
from server.__main__ import LONG_NAMES

ROOT = Path(__file__).resolve().parents[1]
OURS = sorted(name for name, app in get_commands().items() if str(app).startswith("server."))
ASK_ALL = """
import sys
from server.__main__ import main
for command in sys.argv[1:]:
    try:
        print(command, main([command, "--help"]))
    except SystemExit as ended:
        print("status", command, ended.code)
"""


def verbs(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command of a program, with the commands within it."""
    yield path
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from verbs(inner, (*path, name))


def statuses(parser: argparse.ArgumentParser) -> dict[tuple[str, ...], object]:
    """How `--help` ends, by command."""
    found: dict[tuple[str, ...], object] = {}
    for path in verbs(parser):
        try:
            parser.parse_args([*path, "--help"])
        except SystemExit as ended:
            found[path] = ended.code
    return found


PROGRAMS = {
    "procuration-kiosk": (lambda: kiosk_app.command_line._parser({}), 10),
    "procuration-agent": (sync_agent.__main__._parser, 5),
    "procuration-provision": (provisioning.command_line.parser, 20),
    "procuration-server mairie": (server.commune.command._parser, 1),
}
"""How each makes its parser, and how many commands it has at least."""


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_of_a_program_explains_itself(program, capsys):
    make, at_least = PROGRAMS[program]
    found = statuses(make())
    assert set(found.values()) == {0}
    assert len(found) >= at_least
    assert f"usage: {program}" in capsys.readouterr().out


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_the_centre_explains_itself(name, capsys):
    command = load_command_class(get_commands()[name], name)
    assert set(statuses(command.create_parser("procuration-server", name)).values()) == {0}
    assert f"usage: procuration-server {name}" in capsys.readouterr().out


def test_the_centre_needs_no_folder_to_explain_itself():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROCURATION_")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    asked = ["serve", "settings", "mairie", "migrate", *LONG_NAMES, *(one.replace("_", "-") for one in OURS)]
    answer = subprocess.run(
        [sys.executable, "-c", ASK_ALL, *asked],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    said = [line for line in answer.stdout.splitlines() if line.startswith("status ")]
    assert said == [f"status {command} 0" for command in asked]
    assert answer.stderr == ""


def test_a_command_that_does_something_still_wants_its_folder():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROCURATION_")}
    command = [sys.executable, "-m", "server", "purge"]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert answer.returncode == 2
