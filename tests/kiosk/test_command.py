"""`procuration-kiosk` as the person who installs a tablet uses it, with a real authority."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_app import __main__ as program
from kiosk_app.command_line import parse
from kiosk_app.identity import Identity
from kiosk_app.station import Station
from kiosk_app.use_cases.exchange import Exchange
from procuration.adapters.clock import SystemClock
from procuration.adapters.spool import AppSpool
from provisioning.__main__ import main as provision
from tests.kiosk.conftest import secret

COMMANDS = (
    "prepare",
    "renew",
    "install",
    "code-add",
    "officer-prepare",
    "officer-install",
    "doctor",
    "contested",
)
OFFICER_COMMANDS = tuple(
    f"officer {one}" for one in ("add", "renew", "revoke", "reset-code", "phrase", "list")
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _this_process_stays_as_it_was(monkeypatch):
    monkeypatch.setattr(program, "keep_memory_private", lambda: None)


class Desk:
    """A folder with everything the installer has at hand."""

    def __init__(self, base, authority):
        self.base, (self.authority, self.given) = base, authority
        self.code = secret(base / "code", "270401")
        self.phrase = secret(base / "phrase", "un chat dort sur le mur")
        self.officer = secret(base / "officer", "314159")

    def kiosk(self, command, *options):
        where = ["--store", str(self.base / "store"), "--spool", str(self.base / "spool")]
        key = ["--service-key", str(self.base / "service.key"), "--argon2-mib", "64"]
        return program.main([command, *where, *key, *map(str, options)])

    def prepares(self):
        return self.kiosk(
            "prepare", "--root", self.authority / "root.json", "--request", self.base / "request.cbor",
            "--code-file", self.code, "--supervisor-code-file", self.phrase,
        )  # fmt: skip

    def is_enrolled(self, profile="brigade"):
        signed = self.base / "enrolment.cbor"
        assert provision([
            "device", "enrol", "--authority", str(self.authority),
            "--request", str(self.base / "request.cbor"), "--profile", profile, "--unit", "bta",
            "--unit-name", "Brigade de Dumbéa", "--place", "98805",
            "--departement", "988", "--out", str(signed), *self.given[-2:],
        ]) == 0  # fmt: skip
        return signed

    def installs(self, signed, code=None):
        return self.kiosk(
            "install", "--enrolment", signed, "--root", self.authority / "root.json",
            "--tuf", self.authority / "server" / "tuf", "--code-file", code or self.code,
        )  # fmt: skip


@pytest.fixture
def desk(tmp_path, authority):
    return Desk(tmp_path, authority)


def test_a_tablet_and_its_officer_are_installed_step_by_step(desk, capsys):
    assert desk.prepares() == 0
    assert desk.installs(desk.is_enrolled()) == 0
    request = desk.base / "officer.req"
    assert desk.kiosk(
        "officer-prepare", "--request", request, "--code-file", desk.phrase,
        "--officer-code-file", desk.officer,
    ) == 0  # fmt: skip
    signed = desk.base / "officer.cbor"
    assert provision([
        "officer", "enrol", "--authority", str(desk.authority), "--request", str(request), "--unit", "bta",
        "--nom", "TAHUA", "--prenoms", "Maëva Rose", "--qualite", "Gendarme, OPJ", "--designation", "TPI",
        *officer_term(), "--out", str(signed), *desk.given[-2:],
    ]) == 0  # fmt: skip
    assert desk.kiosk("officer-install", signed, "--code-file", desk.code) == 0
    capsys.readouterr()
    assert desk.kiosk("doctor", "--code-file", desk.officer, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["opens"]
    assert said["directory_version"] >= 1
    waiting = [path.suffix for path in (desk.base / "spool" / "out").iterdir()]
    assert waiting == [".enrol"]
    assert (desk.base / "spool" / "root.json").read_bytes() == (desk.authority / "root.json").read_bytes()


def officer_term():
    from datetime import UTC, datetime, timedelta

    today = datetime.now(UTC).date()  # the authority of this test was made today
    return "--from", str(today + timedelta(days=1)), "--to", str(today + timedelta(days=30)), "--zone", "UTC"


def test_no_secret_and_no_name_lies_in_the_clear_in_the_folder(desk):
    desk.prepares()
    desk.installs(desk.is_enrolled())
    assert (desk.base / "store").stat().st_mode & 0o077 == 0
    for path in (desk.base / "store").rglob("*"):
        assert path.is_dir() or b"270401" not in path.read_bytes()


def refusal(capsys):
    return capsys.readouterr().err.rsplit("(", 1)[1].strip(")\n")


def test_preparing_twice_is_refused_and_changes_nothing(desk, capsys):
    desk.prepares()
    before = (desk.base / "store" / "store.db").read_bytes()
    assert desk.prepares() == 1
    assert refusal(capsys) == "MAGASIN_EXISTANT"
    assert (desk.base / "store" / "store.db").read_bytes() == before


def test_the_enrolment_of_another_tablet_is_refused(desk, authority, tmp_path, capsys):
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other", authority)
    other.prepares()
    foreign = other.is_enrolled()
    desk.prepares()
    assert desk.installs(foreign) == 1
    assert refusal(capsys) == "ENROLEMENT_D_UN_AUTRE"


def test_tables_that_the_root_did_not_sign_are_refused(desk, tmp_path, capsys):
    desk.prepares()
    signed = desk.is_enrolled()
    forged = tmp_path / "forged"
    for path in (desk.authority / "server" / "tuf").rglob("*"):
        copy = forged / path.relative_to(desk.authority / "server" / "tuf")
        if path.is_dir():
            copy.mkdir(parents=True)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    for path in (forged / "targets").glob("*directory.cbor"):
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    status = desk.kiosk(
        "install", "--enrolment", signed, "--root", desk.authority / "root.json", "--tuf", forged,
        "--code-file", desk.code,
    )  # fmt: skip
    assert status == 1
    assert refusal(capsys).startswith("TRUST_")


def test_a_wrong_code_is_refused_with_the_tries_left(desk, capsys):
    desk.prepares()
    wrong = secret(desk.base / "wrong", "000000")
    assert desk.installs(desk.is_enrolled(), code=wrong) == 1
    said = capsys.readouterr().err
    assert "Essais restants\u00a0: 9." in said


def test_the_supervisor_gives_a_new_code_when_the_old_one_is_forgotten(desk, capsys):
    desk.prepares()
    desk.installs(desk.is_enrolled())
    new = secret(desk.base / "new", "161803")
    assert desk.kiosk("code-add", "--code-file", desk.phrase, "--new-code-file", new) == 0
    assert desk.kiosk("doctor", "--code-file", new) == 0
    assert desk.kiosk("code-add", "--code-file", desk.phrase, "--new-code-file", new) == 1
    assert refusal(capsys) == "CODE_DEJA_PRIS"


def test_newer_tables_of_the_mirror_come_into_use_and_forged_ones_do_not(desk):
    desk.prepares()
    desk.installs(desk.is_enrolled())
    published = ["authority", "publish", str(desk.authority), "--server-home", str(desk.authority / "server")]
    assert provision([*published, *desk.given[:-2]]) == 0
    key = (desk.base / "service.key").read_bytes()
    station = Station(desk.base / "store", SystemClock(), second_secret=lambda: key)
    station.open("270401")
    before = station.store.tables.directory.version
    spool = AppSpool(desk.base / "spool")
    shutil.copytree(desk.authority / "server" / "tuf", spool.mirror)
    exchange = Exchange(station, spool)
    exchange.step()
    after = station.store.tables.directory.version
    assert after > before
    assert station.store.log.directory_version == after
    timestamp = spool.mirror / "metadata" / "timestamp.json"
    timestamp.write_bytes(timestamp.read_bytes().replace(b"timestamp", b"timestomp"))
    exchange.step()
    (aside,) = station.store.connection.rows("SELECT name, code FROM set_aside")
    assert aside[0] == "tuf"
    assert aside[1].startswith("TRUST_")
    assert station.store.tables.directory.version == after
    station.close()


def test_a_code_file_that_others_can_read_is_refused(desk, capsys):
    Path(desk.code).chmod(0o644)
    assert desk.prepares() == 1
    assert refusal(capsys) == "FICHIER_DE_CODE_LISIBLE"
    assert not (desk.base / "store").exists()


def test_a_profile_that_the_signed_enrolment_does_not_have_is_refused(desk, capsys):
    desk.prepares()
    desk.installs(desk.is_enrolled("brigade"))
    status = program.main([
        "--profile", "accueil", "--store", str(desk.base / "store"), "--spool", str(desk.base / "spool"),
    ])  # fmt: skip
    assert status == 1
    assert refusal(capsys) == "PROFIL_DIFFERENT"


def test_a_tablet_that_is_not_installed_offers_its_installation_and_ends_when_it_is_closed(desk, monkeypatch):
    asked = []
    monkeypatch.setattr(program, "_run_app", lambda options, presenter_for: asked.append(options.store))
    desk.prepares()
    assert program.main([
        "--profile", "accueil", "--store", str(desk.base / "store"), "--spool", str(desk.base / "spool"),
    ]) == 0  # fmt: skip
    assert asked == [desk.base / "store"]


def test_without_the_service_key_the_status_says_that_something_is_missing(desk, capsys):
    desk.prepares()
    signed = desk.is_enrolled()
    (desk.base / "service.key").unlink()
    assert desk.installs(signed) == 1
    assert refusal(capsys) == "CLE_DE_SERVICE_ABSENTE"


def test_an_identity_that_was_changed_opens_nothing(desk, capsys):
    desk.prepares()
    identity = Identity.read(desk.base / "store")
    Identity(identity.realm, type(identity.log_id)(bytes(8))).write(desk.base / "store")
    assert desk.installs(desk.is_enrolled()) == 1
    assert refusal(capsys) == "CODE_INCORRECT"


@pytest.mark.parametrize("command", COMMANDS + OFFICER_COMMANDS)
def test_every_command_has_a_help_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        parse([*command.split(), "--help"], {})
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert f"procuration-kiosk {command} " in said
    assert "--json" in said


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], {}),
        (["--profile", "accueil"], {}),
        (["--profile", "mairie", "--store", "s", "--spool", "s"], {}),
        (["doctor", "--store", "s", "--spool", "s"], {"PROCURATION_KIOSK_COLOUR": "blue"}),
        (["doctor", "--store", "s", "--spool", "s", "--argon2-mib", "16"], {}),
    ],
)
def test_wrong_usage_ends_with_status_two(arguments, environment, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(arguments, environment)
    assert ended.value.code == 2


def test_the_environment_gives_what_the_command_line_does_not():
    options = parse(
        ["--store", "mine"],
        {
            "PROCURATION_KIOSK_STORE": "other",
            "PROCURATION_KIOSK_SPOOL": "s",
            "PROCURATION_KIOSK_PROFILE": "brigade",
        },
    )
    assert isinstance(options, argparse.Namespace)
    assert (options.store, options.spool, options.profile) == (Path("mine"), Path("s"), "brigade")


def test_the_process_is_not_dumpable_and_leaves_no_core():
    code = (
        "import ctypes, resource; from kiosk_app.hardening import keep_memory_private as k; k();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["0", "0", "0"]


def test_two_programs_never_open_one_store(desk, capsys):
    desk.prepares()
    desk.installs(desk.is_enrolled())
    key = (desk.base / "service.key").read_bytes()
    first = Station(desk.base / "store", SystemClock(), second_secret=lambda: key)
    first.open("270401")
    assert desk.kiosk("officer-prepare", "--request", desk.base / "o", "--code-file", desk.code,
                      "--officer-code-file", desk.officer) == 1  # fmt: skip
    assert refusal(capsys) == "POSTE_DEJA_OUVERT"
    first.close()
    assert os.path.exists(desk.base / "store" / "store.db")
