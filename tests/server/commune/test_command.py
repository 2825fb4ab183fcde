"""The command as a town hall types it: real programs, a real authority, a real encrypted store."""

import http.cookiejar
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from procuration.errors import RuleViolated
from provisioning.__main__ import main as provision
from server.commune.command import check_address
from server.config.centre import install_centre, read_centre
from server.ledger.enrol import accept_enrolment
from server.ledger.models import Device
from server.ledger.services import accept_bundle

HOLDERS = ("1", "2", "3", "superviseur")


def secret(path: Path, line: str) -> Path:
    path.write_text(line + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    base = tmp_path_factory.mktemp("autorite")
    given = []
    for holder in HOLDERS:
        given += ["--pass-phrase-file", f"{holder}={secret(base / holder, f'phrase de passe de {holder}')}"]
    folder = base / "a"
    assert provision(["authority", "init", str(folder), "--memory-mib", "64", *given]) == 0
    return folder, given[-2:]


def mairie(store: Path, *options: object, code: Path) -> subprocess.CompletedProcess[str]:
    words = ["mairie", "--store", store, "--code-file", code, *options]
    return subprocess.run(
        [sys.executable, "-m", "server", *map(str, words)],
        env={name: value for name, value in os.environ.items() if not name.startswith("PROCURATION_")}
        | {"PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def installed(authority, tmp_path_factory):
    """A store prepared, enrolled and installed by the commands of the documentation."""
    folder, supervisor = authority
    base = tmp_path_factory.mktemp("mairie")
    store, code = base / "magasin", secret(base / "code", "une mairie de trois cents âmes")
    made = mairie(
        store, "--prepare", base / "demande", "--root", folder / "root.json", "--memory-mib", 64, code=code
    )
    assert made.returncode == 0, made.stderr
    words = [
        *("device", "enrol", "--authority", folder, "--request", base / "demande", "--profile", "mairie"),
        *("--unit", "mairie-98818", "--unit-name", "Mairie de Nouméa", "--place", "98818"),
        *("--departement", "988", "--out", base / "enrolement", *supervisor),
    ]
    assert provision([str(word) for word in words]) == 0
    trust = ("--root", folder / "root.json", "--repository", folder / "repository")
    done = mairie(store, "--install", base / "enrolement", *trust, code=code)
    assert done.returncode == 0, done.stderr
    return store, code


def test_the_first_stick_makes_the_centre_know_the_town_hall(authority, installed, tmp_path, db):
    store, code = installed
    written = mairie(store, "--export-stick", tmp_path, code=code)
    assert (written.returncode, written.stdout) == (0, "Écritures sur la clé : 0\n")
    (enrolment,) = (tmp_path / "PROCU").glob("*.enrol")
    (poll,) = (tmp_path / "PROCU").glob("*.prb")
    centre = read_centre(authority[0] / "server")
    install_centre(centre)
    accept_enrolment(centre, enrolment.read_bytes(), centre.clock.now())
    device = Device.objects.get(place="98818")
    assert (device.role, device.place_type) == (4, 1)
    answer = accept_bundle(centre, poll.read_bytes(), centre.clock.now())
    install_centre(None)
    (tmp_path / "PROCU" / "reponse.prb").write_bytes(answer.sealed)
    shutil.copytree(authority[0] / "repository", tmp_path / "PROCU" / "tuf")
    read = mairie(store, "--import-stick", tmp_path, code=code)
    assert read.returncode == 0, read.stderr
    assert "0 nouvelle procuration." in read.stdout
    assert not list((tmp_path / "PROCU").glob("*.enrol.tmp"))


def test_tables_of_another_authority_are_not_believed(installed, tmp_path):
    store, code = installed
    (tmp_path / "PROCU" / "tuf" / "metadata").mkdir(parents=True)
    (tmp_path / "PROCU" / "tuf" / "metadata" / "timestamp.json").write_text("{}")
    read = mairie(store, "--import-stick", tmp_path, code=code)
    assert read.returncode == 0
    assert "TRUST_UNREADABLE" in read.stdout


def test_a_wrong_code_is_a_sentence_and_a_status(installed, tmp_path):
    store, _ = installed
    refused = mairie(store, "--export-stick", tmp_path, code=secret(tmp_path / "code", "pas le bon du tout"))
    assert refused.returncode == 1
    assert "Le code n’ouvre pas ce poste." in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_store_is_never_made_over_another(authority, installed, tmp_path):
    store, code = installed
    again = mairie(
        store,
        "--prepare",
        tmp_path / "d",
        "--root",
        authority[0] / "root.json",
        "--memory-mib",
        64,
        code=code,
    )
    assert (again.returncode, "MAGASIN_EXISTANT" in again.stderr) == (1, True)


def test_a_folder_without_a_store_is_said(tmp_path):
    code = secret(tmp_path / "code", "une mairie de trois cents âmes")
    (tmp_path / "vide").mkdir()
    refused = mairie(tmp_path / "vide", "--export-stick", tmp_path, code=code)
    assert (refused.returncode, "MAGASIN_ABSENT" in refused.stderr) == (3, True)


@pytest.mark.parametrize(
    "address", ["0.0.0.0:8010", "192.168.1.4:8010", "[::]:8010", "mairie:8010", "127.0.0.1", "localhost:80"]
)
def test_the_pages_answer_no_other_machine(address):
    with pytest.raises(RuleViolated, match="ADRESSE_EXTERIEURE"):
        check_address(address)


@pytest.mark.parametrize("address", ["127.0.0.1:8010", "[::1]:8010"])
def test_the_pages_answer_this_machine(address):
    check_address(address)


def test_an_outside_address_ends_the_command(installed):
    store, code = installed
    refused = mairie(store, "--address", "0.0.0.0:8010", code=code)
    assert refused.returncode == 1
    assert "Ce programme ne répond qu’à cette machine." in refused.stderr


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_the_program_writes_the_address_that_opens_the_session(installed, tmp_path):
    store, code = installed
    words = ["mairie", "--store", store, "--code-file", code, "--address", f"127.0.0.1:{free_port()}"]
    with subprocess.Popen(
        [sys.executable, "-m", "server", *map(str, words)],
        env=os.environ | {"PYTHONPATH": os.getcwd()},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as program:
        try:
            assert program.stdout is not None
            address = program.stdout.readline().split(" : ")[1].strip()
            browser = urllib.request.build_opener(
                urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
            )
            page = opened(browser, address)
            assert "Procurations" in page
            assert "Clé USB" in page
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(30)


def opened(browser: urllib.request.OpenerDirector, address: str) -> str:
    """The page, once the server listens."""
    for _ in range(100):
        try:
            with browser.open(address, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            subprocess.run(["sleep", "0.2"], check=True)  # the server writes its address before it listens
    raise AssertionError("the pages never answered")
