"""From the locked screen of a real brigade tablet to an act of the officer who came today; no network."""

import socket
from datetime import timedelta

import pytest

from kiosk_app.devices.supervisor_stick import SupervisorStick
from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.presenters.typed_date import typed_from
from tests import builders
from tests.kiosk.officers_world import KEY_PHRASE, Office
from tests.kiosk.presenters.fakes import ScreenSeen, VirtualTime, at_once, wording
from tests.kiosk.world import AGENT_CODE, OFFICER_CODE, draft
from tests.screens.states import CHECKED, NEW_AGENT, NEW_CODE

CODES = {"phrase": KEY_PHRASE, "second": AGENT_CODE}
NEW = NEW_CODE["code"]


@pytest.fixture
def screen():
    return ScreenSeen()


@pytest.fixture
def presenter(brigade, screen, monkeypatch):
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("somebody asked for the network")

    monkeypatch.setattr(socket, "socket", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    stick = SupervisorStick(lambda: Office(brigade).stick)
    workshop = Workshop(brigade.station, brigade.spool, PluggedIn.of_folders(None, None), stick)
    made = BrigadePresenter(screen, wording(), workshop.brigade(VirtualTime(), at_once))
    made.start()
    return made


def a_day(days):
    return typed_from((builders.NOW + timedelta(days=days)).date())


def adds(presenter):
    presenter.act("agents.open", {"code": AGENT_CODE})
    presenter.act("agents.add", {})
    presenter.act("agents.who", NEW_AGENT)
    designated = {"authority": "Premier président", "designated_on": a_day(-30), "last_day": a_day(20)}
    presenter.act("agents.designation", designated)
    presenter.act("agents.code", NEW_CODE)
    presenter.act("agents.do", CODES)


def standings(presenter, screen):
    presenter.act("lock", {})
    presenter.act("agents.open", {"code": AGENT_CODE})
    return {option.text: option.key for option in screen.page.asked[0].options}


def test_an_officer_who_comes_today_validates_today(kiosk, brigade, screen, presenter):
    adds(presenter)
    assert screen.page.name == "O7-done"
    presenter.act("lock", {})
    presenter.act("unlock", {"code": NEW})
    assert screen.page.name == "O1-search"
    found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    presenter._decision.open(found)
    presenter.act("validate", CHECKED)
    presenter.act("sign", {"code": NEW})
    assert screen.page.title == "Procuration validée"


def test_a_code_without_an_officer_key_reaches_no_request(screen, presenter):
    presenter.act("unlock", {"code": AGENT_CODE})
    assert screen.page.name == "O7-agents"


def test_who_forgot_their_code_gets_one_and_who_leaves_loses_it(screen, presenter):
    kid = standings(presenter, screen)["Maëva Rose TAHUA"]
    presenter.act("agents.reset", {"agent": kid})
    presenter.act("agents.code", NEW_CODE)
    presenter.act("agents.do", CODES)
    assert screen.page.name == "O7-done"
    presenter.act("lock", {})
    presenter.act("unlock", {"code": OFFICER_CODE})
    assert screen.page.name == "O0-locked"
    presenter.act("unlock", {"code": NEW})
    assert screen.page.name == "O1-search"
    presenter.act("lock", {})
    presenter.act("agents.open", {"code": NEW})
    last = screen.page.asked[0].options[-1].key
    presenter.act("agents.revoke", {"agent": last})
    presenter.act("agents.do", CODES)
    assert screen.page.name == "O7-done"
    presenter.act("lock", {})
    presenter.act("unlock", {"code": NEW})
    assert screen.page.name == "O0-locked"


def test_the_same_person_twice_changes_nothing(brigade, screen, presenter):
    before = brigade.store.log.head.next_seq
    kid = standings(presenter, screen)["Maëva Rose TAHUA"]
    presenter.act("agents.revoke", {"agent": kid})
    presenter.act("agents.do", {"phrase": KEY_PHRASE, "second": KEY_PHRASE})
    assert "celle-ci est la même" in screen.page.asked[1].error
    assert brigade.store.log.head.next_seq == before + 1  # the sign-in alone
