"""A new tablet is installed without any stick: real pages, a real agent, a real centre, a real authority."""

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from kiosk_app.first_start import Stage
from kiosk_app.station import Station
from procuration.adapters.clock import SystemClock
from procuration.adapters.service_key import service_key
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import fingerprint_in_groups
from provisioning.__main__ import main as provision
from tests.kiosk.test_first_start import CODE, TYPED, NewTablet
from tests.kiosk.world import CHEAP
from tests.server.api.served import prepared_centre

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepared_centre(tmp_path_factory.mktemp("centre"))


@pytest.fixture
def centre(prepared):
    with running(prepared):
        yield prepared


@contextmanager
def running(prepared):
    served = prepared.starts()
    try:
        yield served
    finally:
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(30)


@contextmanager
def agent(tablet, centre):
    """`procuration-agent run`, as the image starts it."""
    command = [
        *(sys.executable, "-m", "sync_agent", "run", "--spool", str(tablet.base / "spool")),
        *("--server", f"https://127.0.0.1:{centre.agent_port}", "--ca", str(centre.folder.path / "ca.pem")),
    ]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def until(seen):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := seen():
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come in time")


def page_of(tablet):
    """The page, after it has looked for news."""
    tablet.time.pass_seconds(2)
    return tablet.view.page


def asks_the_centre(centre, *arguments):
    return subprocess.run(
        [*centre.command, *arguments], env=centre.environment, check=True, capture_output=True, text=True
    ).stdout


def the_supervisor_signs(centre, folder, fingerprint):
    """The administrator takes the request out of the centre, the authority signs, the answer goes in."""
    (listed,) = [
        json.loads(line)
        for line in asks_the_centre(centre, "enrolments", "list", "--json").split("\n")
        if line
    ]
    assert listed["fingerprint"] == fingerprint
    request, answer = folder / "demande.cbor", folder / "reponse.cbor"
    asks_the_centre(centre, "enrolments", "export", fingerprint, str(request))
    phrase = centre.folder.path.parent / "phrases" / "superviseur"
    assert provision([
        "device", "enrol", "--authority", str(centre.folder.path), "--request", str(request),
        "--fingerprint", fingerprint, "--profile", "accueil", "--unit", "pan",
        "--unit-name", "Mairie de Lifou", "--place", "98814", "--departement", "988",
        "--out", str(answer), "--pass-phrase-file", f"superviseur={phrase}",
    ]) == 0  # fmt: skip
    asks_the_centre(centre, "enrol", str(answer))
    assert asks_the_centre(centre, "enrolments", "list").strip() == ""


def test_from_the_box_to_an_open_tablet_without_a_stick(centre, tmp_path):
    tablet = NewTablet(tmp_path / "tablet")
    with agent(tablet, centre):
        tablet.does("begin")
        on_paper = fingerprint_in_groups(realm_of((centre.folder.path / "root.json").read_bytes()))
        until(lambda: on_paper in tablet.does("authority").paragraphs)
        tablet.does("codes")
        tablet.presenter.act("prepare", TYPED)
        shown = tablet.first.request_fingerprint()
        assert tablet.does("network").name == "I-network-leaving"
        until(lambda: page_of(tablet).name == "I-network-waiting")
        assert shown in tablet.view.page.paragraphs[1]
    the_supervisor_signs(centre, tmp_path, shown)
    tablet.switched_on()
    assert tablet.view.page.name == "I-network-waiting"
    with agent(tablet, centre):
        until(lambda: page_of(tablet).name == "I-network-answered")
        tablet.does("network.answer")
        assert tablet.does("network.read", code=CODE).name == "I-done"
        assert tablet.view.page.paragraphs[0] == "Mairie de Lifou, point d’accueil."
        assert tablet.first.stage is Stage.INSTALLED
        out = tablet.base / "spool" / "out"
        until(lambda: not list(out.iterdir()))  # the agent has brought the enrolment: the tablet is known
    station = Station(
        tablet.base / "store", SystemClock(), cost=CHEAP,
        second_secret=lambda: service_key(tablet.base / "service.key"),
    )  # fmt: skip
    station.open(CODE)
    assert station.store.configuration.unit_name == "Mairie de Lifou"
    station.close()
