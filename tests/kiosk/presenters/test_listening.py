"""O1 listens to a hand-held reader: a receipt is read without a touch, and nothing else waits for it."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.presenters.brigade_parts import ListenParts
from procuration.errors import CarrierUnavailable, RecordRejected
from tests.kiosk.presenters.fakes import RIGHT_CODE, Brigade, Found, Later
from tests.kiosk.presenters.walk import unlocked

NOTHING = CarrierUnavailable("RIEN_LU", seconds=15)


@dataclass
class HandHeld:
    """A reader on its own thread: the test says what is held before it next."""

    shown: object = NOTHING
    stops: int = 0
    thread: Later = field(default_factory=Later)

    def read(self):
        if isinstance(self.shown, Exception):
            raise self.shown
        return self.shown

    def stop(self):
        self.stops += 1

    def sees(self, shown):
        self.shown = shown
        self.thread.finish()
        self.shown = NOTHING

    @property
    def listens(self):
        return len(self.thread.waiting)


@pytest.fixture
def reader():
    return HandHeld()


@pytest.fixture
def station(reader):
    return Brigade(listen=ListenParts(reader.read, reader.stop, reader.thread))


@pytest.fixture
def presenter(station) -> BrigadePresenter:
    made = station.presenter()
    made.start()
    return made


def test_a_locked_station_does_not_listen_and_an_open_one_does(presenter, reader):
    assert reader.listens == 0
    unlocked(presenter)
    assert reader.listens == 1


def test_a_receipt_held_before_the_reader_opens_its_request_without_a_touch(presenter, station, reader):
    unlocked(presenter)
    reader.sees("PRQ1:ABC")
    assert station.view.page.name == "O2-check"
    assert reader.listens == 0


def test_when_nothing_comes_it_listens_on_and_the_page_stays(presenter, station, reader):
    unlocked(presenter)
    shown = len(station.view.pages)
    reader.sees(NOTHING)
    assert (len(station.view.pages), reader.listens) == (shown, 1)


def test_something_else_is_said_to_be_unreadable_and_it_listens_on(presenter, station, reader):
    unlocked(presenter)
    reader.sees(RecordRejected("QR"))
    assert station.view.page.message.title == "Ce reçu n’a pas pu être lu"
    assert reader.listens == 1


def test_without_the_reader_it_is_silent_and_stops(presenter, station, reader):
    unlocked(presenter)
    shown = len(station.view.pages)
    reader.sees(CarrierUnavailable("LECTEUR_ABSENT"))
    assert (len(station.view.pages), reader.listens) == (shown, 0)


@pytest.mark.parametrize("command", ["lock", "name", "on_site", "display", "transfer", "scan"])
def test_whatever_else_the_officer_does_frees_the_reader(presenter, station, reader, command):
    unlocked(presenter)
    presenter.act(command, {"reference": "", "birth_date": ("", "", "")})
    assert reader.stops == 1
    shown = station.view.page.name
    reader.sees("PRQ1:ABC")
    assert station.view.page.name == shown, "what was read too late belongs to nobody"


def test_back_from_the_display_it_listens_again(presenter, reader):
    unlocked(presenter)
    presenter.act("display", {})
    reader.thread.waiting.clear()
    presenter.act("display.done", {})
    assert reader.listens == 1


def test_a_receipt_is_somebody_there_and_the_station_does_not_lock(presenter, station, reader):
    unlocked(presenter)
    station.finder.known = Found(decision=date(2026, 11, 21))
    station.time.pass_seconds(100)
    reader.sees("PRQ1:ABC")
    station.time.pass_seconds(100)
    assert station.view.page.name == "O2-check"
    station.time.pass_seconds(30)
    assert station.view.page.name == "O0-locked"


def test_without_such_a_reader_nothing_changes():
    station = Brigade()
    presenter = station.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    assert station.view.page.name == "O1-search"
