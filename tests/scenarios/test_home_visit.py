"""DESIGN 2, scene 3: an officer visits with one tablet and no network; the request is filed and established
on it, with the two papers of R-17; later the centre and the town hall have it. Real store, real centre; only
the glass is missing.
"""

import socket

import pytest

from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.presenters.brigade import BrigadePresenter
from procuration.domain.acts import REQUIRED_AT_HOME, REQUIRED_TO_ESTABLISH, ActPlaceKind
from procuration.domain.events import Channel, Kind
from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from tests.builders import SCRUTIN_ID
from tests.kiosk.presenters.fakes import ScreenSeen, VirtualTime, at_once, wording
from tests.kiosk.presenters.test_an_officer import plain
from tests.kiosk.world import OFFICER_CODE, draft
from tests.screens.states import CHECKED, answer_questions
from tests.server.townhall import account_of

AT_HOME = CHECKED | {"where": "home", "written": True, "attestation": True}
ANSWERS = {"election.which": {"scrutin": SCRUTIN_ID}, "election.kind": {"kind": "next"}}


class Visit:
    """The officer's station in a car, on its way or not, to a car park with a network."""

    def __init__(self, scene):
        self.scene, self.tablet = scene, scene.brigade()
        self.view = ScreenSeen()
        self._switch_on()

    def _switch_on(self):
        workshop = Workshop(self.tablet.station, self.tablet.spool, PluggedIn.of_options(None, None))
        self.time = VirtualTime()
        self.presenter = BrigadePresenter(self.view, wording(), workshop.brigade(self.time, at_once))
        self.presenter.start()
        self.presenter.act("unlock", {"code": OFFICER_CODE})

    @property
    def page(self):
        return self.view.page

    def files(self, way="on_site"):
        for command in (way, "on_site.begin"):
            self.presenter.act(command, {})
        answer_questions(self.presenter._on_site.form, self.presenter, "", ANSWERS)
        self.presenter.act("validate", {})
        assert self.page.name == "O2-check"

    def reads(self, text):
        """The reader reads this receipt."""
        object.__setattr__(self.presenter._parts, "scan", lambda: text)
        self.presenter.act("scan", {})

    def signs(self, answers=CHECKED):
        self.presenter.act("validate", answers)
        self.presenter.act("sign", {"code": OFFICER_CODE})
        assert self.page.name == "O5-result"


@pytest.fixture
def visit(scene):
    return Visit(scene)


@pytest.fixture
def no_network(monkeypatch):
    """Whoever opens any socket, even to this machine, fails the test."""

    def opens(*_):
        raise AssertionError("no network anywhere")

    def block():
        for name in ("socket", "create_connection", "getaddrinfo"):
            monkeypatch.setattr(socket, name, opens)

    return block


def the_only_row():
    return Procuration.objects.exclude(channel=Channel.KIOSK).get()


def test_r_17_filed_and_established_at_home_with_no_network_then_accepted_by_the_town_hall(
    scene, visit, no_network, monkeypatch
):
    no_network()
    visit.files()
    visit.presenter.touched("where", CHECKED | {"where": "home"})
    visit.presenter.act("validate", AT_HOME | {"attestation": False})
    assert (visit.page.name, visit.page.focus) == ("O2-check", "attestation")
    visit.signs(AT_HOME)
    assert [progress.done for progress in visit.page.progress] == [True, False, False]
    monkeypatch.undo()

    scene.syncs(visit.tablet)
    row = the_only_row()
    assert (Status(row.status), row.channel) == (Status.TRANSMISE, Channel.BRIGADE)
    assert row.declarations == REQUIRED_TO_ESTABLISH | REQUIRED_AT_HOME
    assert row.act_place_kind == ActPlaceKind.HOME
    decide(row.rid, account_of(), True, None)
    scene.clock.pass_(minutes=2)
    visit.tablet.exchange.ask_again()
    scene.syncs(visit.tablet)
    visit.time.pass_seconds(4)
    assert [progress.done for progress in visit.page.progress] == [True, True, True]
    assert Status(the_only_row().status) is Status.VALIDEE


def test_a_power_cut_between_filing_and_deciding_loses_nothing(scene, visit, no_network):
    no_network()
    visit.files()
    visit.tablet.station.close()
    visit.tablet.starts(OFFICER_CODE)
    visit._switch_on()
    assert plain(visit.page.extra[0].text) == "1 demande faite ici, à décider"
    visit.presenter.act("on_site.here", {})
    visit.presenter.act("on_site.open", {"request": visit.page.asked[0].options[0].key})
    visit.signs()
    assert len(visit.tablet.store.log.of_kind(Kind.ACT)) == 1


def test_a_form_signed_before_the_officer_reaches_the_centre_as_paper(scene, visit):
    visit.files("paper")
    visit.signs()
    scene.syncs(visit.tablet)
    row = the_only_row()
    assert (Status(row.status), row.channel, row.email) == (Status.TRANSMISE, Channel.PAPER, "")


def test_the_receipt_of_a_kiosk_that_is_unknown_here_is_taken_over_and_closed_at_the_centre(scene):
    visit = Visit(scene)
    stranger = scene.world.kiosk("stranger")  # enrolled since this brigade heard last
    paper = stranger.file(draft())
    visit.reads(paper.qr_text)
    assert visit.page.name == "O1-unknown-kiosk"
    visit.presenter.act("prefill", {})
    assert visit.page.name == "K6-review"
    visit.presenter.act("validate", {})
    visit.signs()
    scene.syncs(visit.tablet)
    scene._heard(stranger)
    first = Procuration.objects.get(rid=paper.rid.hex())
    assert (Status(first.status), first.code) == (Status.REFUSEE, "REPRISE_AU_POSTE")
    assert Status(the_only_row().status) is Status.TRANSMISE
