"""The number of an identity document is nowhere once the station is locked: store, spool, logs, memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.memory_of import memory_of
from tests.mrz_zones import Holder, passport, picture

NUMBER = "73QX58214"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def officer(tmp_path):
    """The program, running until it is locked; what it said."""
    shown = tmp_path / "document.png"
    picture(passport(Holder(number=NUMBER))).save(shown)
    started = []

    def run(*how):
        command = [sys.executable, "-m", "tests.kiosk.number_of_a_document", str(tmp_path), str(shown), *how]
        program = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        return program, [program.stdout.readline().strip() for _ in range(3)]

    yield run
    for program in started:
        program.kill()
        program.communicate()


def test_the_number_is_nowhere_after_the_lock(officer, tmp_path):
    program, said = officer()
    assert said == ["ok", "O5-result", "locked"]
    assert not [1 for area in memory_of(program.pid) if NUMBER.encode() in area]
    found, errors = program.communicate(NUMBER + "\n")
    assert found.split() == ["True", "0"]
    assert NUMBER not in errors
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "held"]
    assert len(files) > 10
    assert not [path for path in files if NUMBER.encode() in path.read_bytes()]


def test_the_search_would_find_a_number_that_was_kept(officer):
    program, said = officer("careless")
    assert said == ["ok", "O5-result", "locked"]
    assert [1 for area in memory_of(program.pid) if NUMBER.encode() in area]
