"""A tablet announces what it still holds, by network and by stick: the centre knows what lacks when it goes
silent."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from kiosk_app.use_cases import seal_bundles
from procuration.adapters.spool import AgentSpool
from procuration.domain.events import ClockStep
from procuration.errors import CarrierUnavailable
from server.__main__ import main as centre_command
from server.config.options import HOME_VARIABLE
from server.ledger.models import Device
from server.ledger.services import accept_bundle
from sync_agent.__main__ import main as agent_command
from sync_agent.cycle import Cycle
from tests.server.townhall import administrator, signed_in


@pytest.fixture
def tablet(scene, monkeypatch):
    """A kiosk whose line is down for some hours: what it writes fills several bundles."""
    monkeypatch.setattr(seal_bundles, "ROLLING_BUNDLE_BYTES_MAX", 2_400)
    kiosk = scene.kiosk()
    scene.works(kiosk)
    for _ in range(24):
        scene.clock.pass_(minutes=10)
        kiosk.store.log.append(ClockStep(step_ms=600_000))
        kiosk.exchange.step()
    assert len(files(kiosk)) >= 4
    scene.centre.clock.at = scene.clock.now()
    return kiosk


class Line:
    """The real centre, as far as the line lets one bundle after the other through."""

    def __init__(self, scene, lets_through):
        self.scene, self.left = scene, lets_through

    def sync(self, sealed):
        if not self.left:
            raise CarrierUnavailable("UNREACHABLE")
        self.left -= 1
        return accept_bundle(self.scene.centre, sealed, self.scene.clock.now()).sealed

    def enrol(self, sealed):
        raise AssertionError("it is enrolled already")


def files(tablet):
    return sorted(file.name for file in tablet.spool.folder.joinpath("out").glob("*.prb"))


def agent_runs(scene, tablet, lets_through):
    scene.clock.pass_(hours=1)
    Cycle(AgentSpool(tablet.spool.folder), Line(scene, lets_through), scene.clock).run(may_poll=True)


def row(tablet):
    return Device.objects.get(log_id=tablet.log_id.hex())


def lacks(tablet):
    """What the centre does not have, by the tablet's own log."""
    return tablet.store.log.head.next_seq - (row(tablet).head_seq + 1)


def console():
    """The administrator's browser, signed in once in a test."""
    found = User.objects.filter(username="supervision").first()
    return administrator() if found is None else signed_in(found)


def page(tablet):
    shown = console().get(f"/console/postes/{tablet.log_id.hex()}/").content.decode()
    return shown.replace("\u202f", " ").replace("\xa0", " ")


def test_a_line_that_breaks_after_one_bundle_leaves_the_number_and_the_age_of_the_rest(scene, tablet):
    agent_runs(scene, tablet, lets_through=1)
    assert lacks(tablet) > 3
    told = row(tablet).announced_length - (row(tablet).head_seq + 1)
    assert lacks(tablet) / 2 <= told <= lacks(tablet), "it is said again whenever the bundles have doubled"
    assert f"{told} annoncés, pas encore reçus, le plus ancien du 1er avril 2027" in page(tablet)

    first_left = tablet.store.log.events(row(tablet).head_seq + 1, 1)[0]
    assert int(row(tablet).announced_oldest.timestamp()) == first_left.at

    agent_runs(scene, tablet, lets_through=50)
    assert lacks(tablet) == 0
    assert "annoncé" not in page(tablet)


def test_nothing_is_announced_beside_a_bundle_that_carries_everything(scene):
    kiosk = scene.kiosk()
    scene.works(kiosk)
    scene.syncs(kiosk)
    assert lacks(kiosk) == 0
    assert row(kiosk).announced_length == row(kiosk).head_seq + 1
    assert "annoncé" not in page(kiosk)


@pytest.fixture
def database_that_stays(monkeypatch):
    """A command closes its database at its end; here the test goes on in the same process."""
    monkeypatch.setenv(HOME_VARIABLE, "")
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)


@pytest.mark.usefixtures("database_that_stays")
@pytest.mark.parametrize("brought", ["the oldest only", "the newest only"])
def test_a_stick_that_lost_files_says_what_it_lost(scene, tablet, tmp_path, capsys, brought):
    stick = tmp_path / "stick"
    stick.mkdir()
    assert agent_command(["export", str(stick), "--spool", str(tablet.spool.folder)]) == 0
    carried = {path.name: path for path in (stick / "PROCU").glob("*.prb")}
    live = [one for one in tablet.store.outbox.bundles() if f"{one.name}.prb" in carried]
    kept = (min if brought == "the oldest only" else max)(live, key=lambda one: one.first_seq)
    for name, path in carried.items():
        if name != f"{kept.name}.prb":
            path.unlink()
    capsys.readouterr()
    assert centre_command(["--home", str(scene.centre.home), "import", str(stick), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] == {}

    device, here = row(tablet), kept.last_seq - kept.first_seq + 1
    told = device.announced_length - (device.head_seq + 1)
    if brought == "the newest only":
        assert told == lacks(tablet), "the newest bundle knows the whole log"
        assert f"{told - here} annoncés, pas encore reçus" in page(tablet)
        assert device.announced_oldest < scene.clock.now() - timedelta(hours=1)
    else:
        assert f"{told} annoncés, pas encore reçus" in page(tablet)
        assert told >= lacks(tablet) / 2
