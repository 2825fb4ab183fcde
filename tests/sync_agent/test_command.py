"""The command itself, as a process of its own."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from procuration.adapters.addresses import write_addresses
from procuration.adapters.spool import AppStatus
from sync_agent.__main__ import main
from tests.adapters.small_repository import SmallRepository
from tests.sync_agent.centre import says
from tests.sync_agent.sealed import CENTRE, KNOWN, OTHER, OURS, sealed

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 20


def until(what: Callable[[], object]) -> object:
    """What becomes true soon, asked again and again; the agent looks once a second."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not (found := what()):
        assert time.monotonic() < ends, "it never happened"
        threading.Event().wait(0.05)
    return found


@pytest.fixture
def arguments(agent, centre, authority):
    return ["--spool", str(agent.folder), "--server", centre.url, "--ca", str(authority.file)]


@pytest.fixture
def running(arguments):
    started = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "sync_agent", "run", *arguments]
        process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def status(agent, capsys) -> dict:
    assert main(["status", "--json", "--spool", str(agent.folder)]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_a_new_bundle_travels_at_once_and_the_agent_stops_when_told(app, running, agent, capsys):
    process = running()
    until((agent.memory / "lock").exists)
    name = app.put_bundle(b"up")
    until(lambda: app.answer_names() == [name])
    assert status(agent, capsys)["running"]
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[0] == "agent_started"
    assert events[-1] == "agent_stopped"
    assert "bundle_answered" in events


@pytest.mark.slow
def test_the_agent_stops_quickly_even_when_the_centre_is_silent(app, centre, running):
    centre.usually = lambda handler, _: handler.rfile.read(1)
    app.put_bundle(b"up")
    process = running()
    until(centre.bodies)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert time.monotonic() - began < 5


@pytest.mark.slow
def test_the_agent_goes_on_after_an_outage(app, centre, running):
    centre.behaviours = [says(503, Retry_After="1")]
    name = app.put_bundle(b"up")
    running()
    until(lambda: app.answer_names() == [name])
    assert centre.bodies() == [b"up", b"up"]


@pytest.mark.slow
def test_the_agent_mirrors_the_signed_tables(app, agent, centre, running):
    repository = SmallRepository(centre.files)
    app.put_root(repository.first_root)
    running()
    until((agent.mirror / "metadata" / "timestamp.json").exists)
    assert [path.read_bytes() for path in (agent.mirror / "targets").iterdir()] == [b"directory, version 1"]


@pytest.mark.slow
def test_a_second_agent_on_the_same_spool_is_refused(agent, running, arguments, capsys):
    running()
    until((agent.memory / "lock").exists)
    until(lambda: status(agent, capsys)["running"])
    assert main(["once", *arguments]) == 1
    assert "Un agent travaille déjà" in capsys.readouterr().err


def test_once_carries_what_waits_and_says_so(app, centre, arguments, capsys):
    SmallRepository(centre.files)
    name = app.put_bundle(b"up")
    assert main(["once", "--json", *arguments]) == 0
    assert app.answer_names() == [name]
    told = json.loads(capsys.readouterr().out)
    assert told["waiting"][0]["answered_at"]
    assert told["directory"]["version"] == 1
    assert told["offline_since"] is None


def test_once_says_when_the_centre_can_not_be_reached(app, agent, authority, capsys):
    app.put_bundle(b"up")
    where = ["--server", "https://127.0.0.1:1", "--ca", str(authority.file)]
    assert main(["once", "--spool", str(agent.folder), *where]) == 3
    assert "Rien n’est perdu" in capsys.readouterr().err
    told = status(agent, capsys)
    assert told["offline_since"]
    assert told["last_error"]["code"] == "UNREACHABLE"
    assert told["oldest_waiting_since"]
    assert told["last_contact_at"] is None


def test_once_says_when_the_centre_refused(app, centre, arguments, capsys):
    SmallRepository(centre.files)
    centre.behaviours = [says(422, b'{"code": "SEAL_UNREADABLE"}', "application/json")]
    name = app.put_bundle(b"up")
    assert main(["once", *arguments]) == 1
    assert app.refusals() == {name: "SEAL_UNREADABLE"}
    told = capsys.readouterr().out
    assert "1 fichier attend" in told
    assert "Le centre a refusé un envoi (SEAL_UNREADABLE)" in told
    assert "arrivé" not in told


def test_the_status_shows_the_last_proof_of_the_app(app, agent, capsys):
    at = datetime(2021, 6, 20, 8, 0, tzinfo=UTC)
    app.write_status(AppStatus(written_at=at, receipt_at=at, tree_size=12, kept=3, received=2, decided=1))
    proof = status(agent, capsys)["last_proof"]
    assert proof == {
        "written_at": "2021-06-20T08:00:00+00:00",
        "receipt_at": "2021-06-20T08:00:00+00:00",
        "tree_size": 12,
        "kept": 3,
        "received": 2,
        "decided": 1,
    }


def test_the_status_is_told_in_french_too(app, agent, capsys):
    app.put_bundle(b"up")
    assert main(["status", "--spool", str(agent.folder)]) == 0
    told = capsys.readouterr().out
    assert "1 fichier attend, depuis le" in told
    assert "Pas encore de preuve de réception." in told


def test_r_55_the_status_says_the_nearest_closing_that_depends_on_what_waits(app, agent, capsys):
    names = [f"{app.put_bundle(content)}.prb" for content in (b"first", b"second", b"no closing")]
    app.write_closings(
        {names[0]: datetime(2027, 4, 25, 8, tzinfo=UTC), names[1]: datetime(2027, 4, 11, 8, tzinfo=UTC)}
    )
    told = status(agent, capsys)
    assert told["nearest_closing_at"] == "2027-04-11T08:00:00+00:00"
    assert {one["name"]: one["closing_at"] for one in told["waiting"]} == {
        names[0]: "2027-04-25T08:00:00+00:00",
        names[1]: "2027-04-11T08:00:00+00:00",
        names[2]: None,
    }
    assert main(["status", "--spool", str(agent.folder)]) == 0
    assert "Clôture du vote la plus proche qui en dépend : " in capsys.readouterr().out


def test_without_closing_the_status_says_none(app, agent, capsys):
    app.put_bundle(b"up")
    assert status(agent, capsys)["nearest_closing_at"] is None
    assert main(["status", "--spool", str(agent.folder)]) == 0
    assert "Clôture" not in capsys.readouterr().out


def test_a_key_is_filled_and_emptied_of_all_but_our_own_bundle(app, agent, tmp_path, capsys):
    key = tmp_path / "key"
    key.mkdir()
    write_addresses(agent.folder, KNOWN)
    app.put_bundle(sealed(CENTRE))
    assert main(["export", str(key), "--json", "--spool", str(agent.folder)]) == 0
    (key / "PROCU" / "answer.prb").write_bytes(sealed(OURS))
    assert main(["import", str(key), "--json", "--spool", str(agent.folder)]) == 0
    exported, imported = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert exported == {"exported": 1, "carried": 0, "tables": False, "stopped": False}
    assert imported == {
        "answers": 1,
        "passed_over": 0,
        "tables": False,
        "tables_code": None,
        "carried": 0,
        "too_many": False,
        "code": None,
    }


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        (["export", "/nonexistent", "--spool", "SPOOL"], 1),
        (["status"], 2),
        (["once", "--spool", "SPOOL"], 2),
        (["once", "--spool", "SPOOL", "--server", "http://centre", "--ca", "x"], 2),
        (["once", "--spool", "SPOOL", "--server", "https://centre", "--ca", "/nonexistent"], 1),
    ],
)
def test_a_command_that_can_not_be_done_says_why_by_its_exit_status(agent, arguments, state, capsys):
    assert main([str(agent.folder) if word == "SPOOL" else word for word in arguments]) == state
    assert capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["fly"], ["status", "--colour", "red"]])
def test_a_command_that_does_not_exist_is_wrong_usage(arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


@pytest.mark.slow
@pytest.mark.fault
def test_an_agent_killed_at_any_moment_loses_no_bundle_and_leaves_no_half_answer(
    app, agent, centre, running, budget
):
    names = [app.put_bundle(b"bundle %d" % number) for number in range(6 * budget)]
    random = Random(2021)
    for _ in range(6 * budget):
        before = len(app.answer_names())
        process = running()
        until(lambda before=before: len(app.answer_names()) > before or len(app.answer_names()) == len(names))
        threading.Event().wait(random.random() / 10)
        process.kill()
        process.wait()
    running()
    until(lambda: set(app.answer_names()) == set(names))
    assert {app.read_answer(name) for name in names} == {
        b"answer to bundle %d" % n for n in range(len(names))
    }


def test_the_command_in_words_counts_properly(app, agent, tmp_path, capsys):
    key = tmp_path / "key"
    key.mkdir()
    app.put_bundle(sealed(CENTRE, b"one"))
    app.put_bundle(sealed(CENTRE, b"two"))
    assert main(["export", str(key), "--spool", str(agent.folder)]) == 0
    write_addresses(agent.folder, KNOWN)
    (key / "PROCU" / "answer.prb").write_bytes(sealed(OURS))
    (key / "PROCU" / "other.prb").write_bytes(sealed(OTHER))
    (key / "PROCU" / "half.prb").write_bytes(sealed(OTHER)[:-1])
    assert main(["import", str(key), "--spool", str(agent.folder)]) == 0
    assert main(["status", "--spool", str(agent.folder)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:5] == [
        "2 fichiers copiés sur la clé.",
        "Vous pouvez retirer la clé.",
        "1 réponse prise sur la clé.",
        "1 fichier à porter plus loin.",
        "1 fichier laissé de côté.",
    ]
    assert told[6].startswith("2 fichiers attendent, le plus ancien depuis le ")
