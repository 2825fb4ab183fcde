"""`procuration-kiosk officer ...` with the real key file of a real authority, and no network at all."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.command_line import parse
from tests.kiosk.conftest import secret
from tests.kiosk.test_command import Desk, refusal

PHRASE = "phrase de passe de superviseur"
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _this_process_stays_as_it_was(monkeypatch):
    monkeypatch.setattr("kiosk_app.__main__.keep_memory_private", lambda: None)


@pytest.fixture
def desk(tmp_path, authority):
    made = Desk(tmp_path, authority)
    made.prepares()
    assert made.installs(made.is_enrolled()) == 0
    made.supervisor = secret(tmp_path / "supervisor", PHRASE)
    return made


def officer(desk, command, *options, stick=None):
    words = [command, *options, "--supervisor-key", stick or desk.authority / "keys", "--json"]
    two = ["--supervisor-phrase-file", desk.supervisor, "--second-code-file", desk.code]
    where = ["--store", str(desk.base / "store"), "--spool", str(desk.base / "spool")]
    key = ["--service-key", str(desk.base / "service.key"), "--argon2-mib", "64"]
    if command == "list":
        two = ["--code-file", desk.code]
    from kiosk_app import __main__ as program

    return program.main(["officer", *map(str, [*words, *where, *key, *two])])


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


NAMES = (
    "--nom", "WAMYTAN", "--prenoms", "Élie", "--qualite", "Gendarme, OPJ",
    "--designation", "Premier président, 03/03/2026",
)  # fmt: skip


def added(desk, capsys):
    capsys.readouterr()
    assert officer(desk, "add", *NAMES, "--last-day", in_days(30), "--new-code-file", desk.officer) == 0
    return json.loads(capsys.readouterr().out)["kid"]


def listed(desk, capsys):
    assert officer(desk, "list") == 0
    return json.loads(capsys.readouterr().out)["officers"]


def test_an_officer_comes_stays_forgets_and_leaves_at_the_terminal(desk, capsys):
    kid = added(desk, capsys)
    assert [(one["kid"], one["nom"], one["standing"]) for one in listed(desk, capsys)] == [
        (kid, "WAMYTAN", "EN_FONCTION")
    ]
    assert officer(desk, "renew", "--officer", kid, "--last-day", in_days(60)) == 0
    new = secret(desk.base / "new", "161803")
    capsys.readouterr()
    assert officer(desk, "reset-code", "--officer", kid, "--new-code-file", new) == 0
    again = json.loads(capsys.readouterr().out)["kid"]
    assert again != kid
    assert {one["kid"]: one["standing"] for one in listed(desk, capsys)} == {
        kid: "RETIREE",
        again: "EN_FONCTION",
    }
    assert officer(desk, "revoke", "--officer", again) == 0
    capsys.readouterr()
    assert {one["standing"] for one in listed(desk, capsys)} == {"RETIREE"}
    assert desk.kiosk("doctor", "--code-file", new) == 1  # the code opens nothing any more


def test_the_post_gets_a_new_phrase(desk, capsys):
    new = secret(desk.base / "new", "trois mots faciles et un rire")
    assert officer(desk, "phrase", "--new-code-file", new) == 0
    assert desk.kiosk("doctor", "--code-file", new) == 0
    assert desk.kiosk("doctor", "--code-file", desk.phrase) == 1


def test_codes_are_read_from_a_descriptor(desk, capsys):
    reading, writing = os.pipe()
    os.write(writing, f"{PHRASE}\n270401\n314159\n".encode())
    os.close(writing)
    assert officer(desk, "add", *NAMES, "--last-day", in_days(30), "--codes-fd", reading) == 0
    assert desk.kiosk("doctor", "--code-file", desk.officer) == 0


@pytest.mark.parametrize("said", ["", "one line", "a\nb\nc\nd", "x" * 5000])
def test_anything_else_on_the_descriptor_is_refused(desk, capsys, said):
    reading, writing = os.pipe()
    os.write(writing, said.encode())
    os.close(writing)
    assert officer(desk, "add", *NAMES, "--last-day", in_days(30), "--codes-fd", reading) == 1
    assert refusal(capsys) == "CODES_LUS"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--last-day", "demain"), "DATE"),
        (("--last-day", in_days(95)), "OFFICER_PERIOD"),
        (("--last-day", in_days(3), "--qualite", " "), "QUALITE_MANQUANTE"),
    ],
)
def test_what_is_wrong_has_its_words(desk, capsys, options, code):
    assert officer(desk, "add", *NAMES, *options, "--new-code-file", desk.officer) == 1
    assert refusal(capsys) == code


def test_without_the_stick_of_the_supervisor_the_status_says_so(desk, capsys):
    revoke = ("revoke", "--officer", "0123456789abcdef")
    assert officer(desk, *revoke, stick=desk.base / "nowhere") == 3
    assert refusal(capsys) == "CLE_DU_RESPONSABLE_ABSENTE"


def test_a_number_that_is_no_key_is_wrong_usage():
    with pytest.raises(SystemExit) as ended:
        parse(["officer", "revoke", "--store", "s", "--spool", "s", "--officer", "12"], {})
    assert ended.value.code == 2
