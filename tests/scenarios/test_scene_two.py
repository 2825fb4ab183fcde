"""DESIGN 2, scene 2, from the first touch to the town hall's word, with every call to a network refused: the
paper of a kiosk without a line, an officer without one, a USB key on the plane, a town hall without one.
"""

import socket

import pytest

from kiosk_app.devices.receipt_reader import PictureReader
from procuration.domain.status import Status
from server.commune.register_files import RegisterFiles
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.ledger.models import Event
from server.notices.models import Notice
from sync_agent.__main__ import main as agent_command
from tests.kiosk.world import CHECKED, OFFICER_CODE, draft
from tests.server.centre import tables
from tests.server.commune.hall import TownHall, carried


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever opens any socket, even to this machine, fails the test."""

    def refused(*_args, **_named):
        raise AssertionError("no network anywhere")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refused)


class Courier:
    """A gendarme with one USB key, and the places it is put into."""

    def __init__(self, scene, stick):
        self.scene, self.stick = scene, stick
        stick.mkdir()

    def visits(self, tablet, *verbs):
        tablet.exchange.step()
        for verb in verbs:
            assert agent_command([verb, str(self.stick), "--spool", str(tablet.spool.folder)]) == 0
            tablet.exchange.step()

    def reaches_the_centre(self):
        self.scene.centre.clock.at = self.scene.clock.now()
        return carried(self.scene, self.stick)


@pytest.fixture
def islands(scene, tmp_path):
    """Kiosk and brigade that have never been on line, a town hall that never will be, and the courier."""
    kiosk, brigade = scene.world.kiosk(), scene.world.brigade()
    brigade.holds_epoch_key().enrols_officer()
    for tablet in (kiosk, brigade):
        tablet.receives()
    directory = scene.world.directory()
    scene.centre = type(scene.centre)(**{**vars(scene.centre), "tables": tables(directory)})
    scene.centre.clock.at = scene.clock.now()
    install_centre(scene.centre)
    mairie = TownHall(tmp_path / "mairie", scene.centre.clock, place=draft().vote_place)
    mairie.is_enrolled(directory)
    return kiosk, brigade, mairie, Courier(scene, tmp_path / "cle")


def counts(tablet):
    status = tablet.exchange.status()
    return status.kept, status.received, status.decided


def test_a_paper_an_officer_a_stick_and_a_town_hall_are_enough(islands, tmp_path):
    kiosk, brigade, mairie, courier = islands
    paper = kiosk.file(draft())
    (tmp_path / "paper.png").write_bytes(paper.image_png)

    found = brigade.find.by_qr(PictureReader(tmp_path / "paper.png").read())
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert counts(brigade) == (1, 0, 0)

    courier.visits(brigade, "export")
    mairie.writes(courier.stick)
    courier.reaches_the_centre()
    assert Status(Procuration.objects.get().status) is Status.TRANSMISE

    assert mairie.reads(courier.stick).new == 1
    rid = paper.rid.hex()
    with mairie.browser() as browser:
        assert "DUBOIS" in browser.get(f"/mairie/procurations/{rid}/").content.decode()
        assert browser.post(f"/mairie/procurations/{rid}/valider/").status_code == 302
    with mairie.here() as hall:  # as its program does every 30 s
        assert RegisterFiles()(hall)
    mairie.writes(courier.stick)
    courier.visits(brigade, "import", "export")
    assert counts(brigade) == (0, 1, 0)

    mails = Notice.objects.filter(rid=rid).count()
    courier.reaches_the_centre()
    assert Status(Procuration.objects.get().status) is Status.VALIDEE
    assert Notice.objects.filter(rid=rid).count() == mails + 1
    courier.visits(brigade, "import")
    assert counts(brigade) == (0, 0, 1)

    # The kiosk was never heard: its paper was enough. Weeks later its own log says the same once more.
    events = Event.objects.count()
    courier.visits(kiosk, "export")
    courier.reaches_the_centre()
    assert Event.objects.count() > events
    assert Status(Procuration.objects.get().status) is Status.VALIDEE
