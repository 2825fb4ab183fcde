"""A request and its act leave on a USB key with no network at all, and the proof comes back on it."""

import json
import socket

import pytest

from procuration.adapters.spool import AppSpool
from procuration.domain.people import Place, PlaceType
from procuration.domain.status import Status
from procuration.record.receipt import Level
from server.__main__ import main as centre_command
from server.config.centre import install_centre
from server.config.options import HOME_VARIABLE
from server.dossiers import services
from server.dossiers.models import Procuration
from sync_agent.__main__ import main as agent_command
from tests.builders import NOUMEA
from tests.kiosk.world import CHECKED, OFFICER_CODE, draft
from tests.server.centre import tables
from tests.server.townhall import account_of

assert isinstance(NOUMEA, Place)
assert NOUMEA.type is PlaceType.COMMUNE


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever asks for another machine is refused."""

    def refused(*_):
        raise AssertionError("somebody asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


@pytest.fixture(autouse=True)
def database_that_stays(monkeypatch):
    """A command closes its database at its end; here the test goes on in the same process, and the next one
    knows nothing of this centre's folder."""
    monkeypatch.setenv(HOME_VARIABLE, "")
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)


@pytest.fixture
def station(scene):
    """A kiosk and a brigade that the centre has never heard of, their tables brought by hand."""
    kiosk, brigade = scene.world.kiosk(), scene.world.brigade()
    brigade.holds_epoch_key().enrols_officer()
    for tablet in (kiosk, brigade):
        tablet.receives()
    scene.centre.clock.at = scene.clock.now()
    install_centre(type(scene.centre)(**{**vars(scene.centre), "tables": tables(scene.world.directory())}))
    return kiosk, brigade


def visits(tablet, stick, *verbs):
    """The key is in this tablet: its agent reads and writes it, its exchange works."""
    tablet.exchange.step()
    for verb in verbs:
        assert agent_command([verb, str(stick), "--spool", str(tablet.spool.folder)]) == 0
        tablet.exchange.step()


def at_the_centre(scene, verb, stick, capsys) -> dict:
    capsys.readouterr()
    assert centre_command(["--home", str(scene.centre.home), verb, str(stick), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def counts(tablet) -> tuple[int, int, int]:
    status = tablet.exchange.status()
    return status.kept, status.received, status.decided


def test_r_54_request_and_act_leave_on_a_key_and_come_back_received_then_decided(
    scene, station, tmp_path, capsys
):
    kiosk, brigade = station
    stick = tmp_path / "stick"
    stick.mkdir()
    receipt = kiosk.file(draft())
    found = brigade.find.by_qr(receipt.qr_text)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    visits(kiosk, stick, "export")
    visits(brigade, stick, "export")
    taken = at_the_centre(scene, "import", stick, capsys)
    assert (taken["enrolments"], taken["bundles"], taken["refused"]) == (2, 2, {})
    assert Procuration.objects.get().status == Status.TRANSMISE

    visits(kiosk, stick, "import", "export")
    visits(brigade, stick, "import", "export")
    for tablet in (kiosk, brigade):
        proved = tablet.store.outbox.receipted_seq(Level.RECEIVED)
        assert proved >= 0
        assert counts(tablet)[1:] == (1, 0)

    services.decide(receipt.rid.hex(), account_of(), True, None)
    at_the_centre(scene, "import", stick, capsys)
    for tablet in (kiosk, brigade):
        visits(tablet, stick, "import")
        assert counts(tablet)[2] == 1
    assert Procuration.objects.get().status == Status.VALIDEE


def test_the_same_key_carried_twice_changes_nothing(scene, station, tmp_path, capsys):
    kiosk, _ = station
    stick = tmp_path / "stick"
    stick.mkdir()
    kiosk.file(draft())
    visits(kiosk, stick, "export")
    at_the_centre(scene, "import", stick, capsys)
    at_the_centre(scene, "import", stick, capsys)
    visits(kiosk, stick, "import")
    first = counts(kiosk)
    visits(kiosk, stick, "import")
    assert counts(kiosk) == first == (0, 1, 0)
    assert Procuration.objects.count() == 1


def test_another_machine_can_be_the_courier_between_two_keys_and_learns_nothing(
    scene, station, tmp_path, capsys
):
    kiosk, brigade = station
    there, on = tmp_path / "there", tmp_path / "on"
    for stick in (there, on):
        stick.mkdir()
    kiosk.file(draft())
    visits(kiosk, there, "export")
    visits(brigade, there, "import")  # a tablet that nobody's request concerns
    assert brigade.spool.answer_names() == []
    visits(brigade, on, "export")
    computer = AppSpool(tmp_path / "computer")  # and one without any app
    assert agent_command(["import", str(on), "--spool", str(computer.folder)]) == 0
    last = tmp_path / "last"
    last.mkdir()
    assert agent_command(["export", str(last), "--spool", str(computer.folder)]) == 0
    assert at_the_centre(scene, "import", last, capsys)["bundles"] == 2
    visits(brigade, last, "import")
    visits(brigade, there, "export")
    visits(kiosk, there, "import")
    assert counts(kiosk)[1] == 1
    seen = [path.read_bytes() for path in (tmp_path / "computer").rglob("*") if path.is_file()]
    assert seen
    assert not [one for one in seen if b"DUBOIS" in one or b"Angela" in one]
