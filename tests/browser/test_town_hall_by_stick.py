"""The computer of a town hall without network, its real program, a real browser: read the stick, decide,
write the stick."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from procuration.domain.status import Status
from server.dossiers.models import Procuration
from tests.browser import audit
from tests.browser.pages import Person
from tests.server.commune.conftest import mairie, stick
from tests.server.commune.hall import CODE, carried

__all__ = ["mairie", "stick"]


@pytest.fixture
def program(mairie, stick, tmp_path):
    """The program of the town hall, and the address that it wrote on its terminal."""
    code = tmp_path / "code"
    code.write_text(CODE + "\n")
    code.chmod(0o600)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = ["mairie", "--store", mairie.folder, "--stick", stick, "--code-file", code]
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.browser.hall_program",
            *map(str, words),
            "--address",
            f"127.0.0.1:{port}",
        ],
        env=os.environ | {"PYTHONPATH": os.getcwd()},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as started:
        assert started.stdout is not None
        address = started.stdout.readline().split(" : ")[1].strip()
        for _ in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            subprocess.run(["sleep", "0.2"], check=True)
        try:
            yield address
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(30)


def test_an_agent_reads_the_stick_decides_and_writes_it(story, world, mairie, stick, browser, request):
    rid = story.established()
    mairie.writes(stick)
    carried(world, stick)
    address = request.getfixturevalue("program")
    agent = Person(browser, address.partition("/ouvrir/")[0])
    audit.prepare(browser)
    agent.opens("/connexion/")
    assert audit.faults(browser, 200) == []
    browser.get(address)
    agent.opens("/mairie/cle/")
    assert audit.faults(browser, 200) == []
    agent.presses("Lire la clé USB")
    assert agent.sees("1 nouvelle procuration.")
    assert agent.sees("Vous pouvez retirer la clé.")
    assert max(agent.pictures("mairie-cle")) <= 0
    assert audit.faults(browser, 200) == []
    agent.opens("/mairie/")
    agent.presses("Examiner")
    assert agent.sees("Maëva Rose TAHUA")
    agent.presses("Valider la procuration")
    agent.presses("Valider la procuration")
    agent.opens("/mairie/registres/")
    assert agent.sees("11 avril 2027")
    with mairie.here():
        assert Procuration.objects.get(rid=rid).status == Status.VALIDEE
