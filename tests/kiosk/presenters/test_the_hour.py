"""A tablet whose hour is wrong: it says so before any code, a supervisor corrects it, nobody is locked
out."""

from datetime import timedelta

import pytest

from kiosk_app.presenters.pages import CheckPage, QuestionPage
from procuration.domain.acts import Declarations
from procuration.errors import CarrierUnavailable
from tests.kiosk.presenters.fakes import NOW, RIGHT_CODE, SUPERVISOR, Accueil, Brigade, Hour
from tests.kiosk.presenters.test_an_officer import CHECKED, found, plain

LATE = NOW - timedelta(days=400)
TYPED = {"date": ("22", "11", "2026"), "time": "1400", "code": SUPERVISOR}


@pytest.fixture(params=[Accueil, Brigade])
def tablet(request):
    return request.param(clock=Hour(wall=LATE))


def started(tablet):
    presenter = tablet.presenter()
    presenter.start()
    return presenter


def the_page(tablet) -> QuestionPage:
    assert tablet.view.page.name == "X5-clock"
    return tablet.view.page


def test_a_wrong_hour_is_said_before_any_code_with_what_was_proved(tablet):
    started(tablet)
    page = the_page(tablet)
    assert plain(page.title) == "L’heure de ce poste est fausse"
    assert "18 octobre 2025 à 14 h 00" in plain(page.hint)
    assert "22 novembre 2026 à 11 h 00" in plain(page.hint)


@pytest.mark.parametrize("doubt", [Hour(), Hour(proved=None), Hour(proved=NOW - timedelta(days=40))])
@pytest.mark.parametrize(("kind", "first"), [(Accueil, "K-1-closed"), (Brigade, "O0-locked")])
def test_a_right_hour_an_unknown_one_and_a_month_without_news_ask_nothing(doubt, kind, first):
    tablet = kind(clock=doubt)
    started(tablet)
    assert tablet.view.page.name == first


def test_an_elector_is_never_locked_out_by_the_hour():
    kiosk = Accueil(clock=Hour(wall=LATE))
    presenter = started(kiosk)
    presenter.act("clock.later", {})
    assert kiosk.view.page.name == "K-1-closed"
    presenter.act("unlock", {"code": RIGHT_CODE})
    presenter.act("start", {})
    assert kiosk.view.page.name == "K1-data"


def test_an_officer_may_go_on_to_search_with_a_wrong_hour():
    station = Brigade(clock=Hour(wall=LATE))
    presenter = started(station)
    presenter.act("clock.later", {})
    presenter.act("unlock", {"code": RIGHT_CODE})
    assert station.view.page.name == "O1-search"


def test_a_supervisor_sets_the_hour_of_the_place(tablet):
    presenter = started(tablet)
    presenter.act("clock.set", TYPED)
    assert tablet.clock.set_to == [NOW]
    assert the_page(tablet).message.tone == "ok"
    assert plain(the_page(tablet).title) == "L’heure de ce poste"
    assert [command.key for command in the_page(tablet).commands] == ["clock.later"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"date": ("30", "2", "2026")}, {"date"}),
        ({"date": ("", "", "")}, {"date"}),
        ({"time": "2460"}, {"time"}),
        ({"time": "140"}, {"time"}),
        ({"time": "１４００"[:2] + "00"}, set()),
        ({"code": ""}, {"code"}),
        ({"date": ("x", "1", "2026"), "time": "", "code": ""}, {"date", "time", "code"}),
    ],
)
def test_what_is_no_date_or_no_hour_is_asked_again_and_sets_nothing(tablet, typed, wrong):
    presenter = started(tablet)
    presenter.act("clock.set", TYPED | typed)
    assert {asked.key for asked in the_page(tablet).asked if asked.error} == wrong
    assert bool(tablet.clock.set_to) is (not wrong)


def test_a_phrase_that_is_missing_is_asked_for_by_its_name(tablet):
    presenter = started(tablet)
    presenter.act("clock.set", TYPED | {"code": ""})
    assert [plain(asked.error) for asked in the_page(tablet).asked if asked.error] == [
        "Tapez la phrase du responsable."
    ]


def test_a_wrong_phrase_sets_nothing(tablet):
    presenter = started(tablet)
    presenter.act("clock.set", TYPED | {"code": "autre"})
    assert (tablet.clock.set_to, the_page(tablet).message.tone) == ([], "error")


def test_a_machine_that_does_not_let_the_program_set_its_clock_says_what_to_do(tablet):
    tablet.clock.error = CarrierUnavailable("HORLOGE_NON_REGLABLE")
    presenter = started(tablet)
    presenter.act("clock.set", TYPED)
    message = the_page(tablet).message
    assert (message.tone, plain(message.title)) == ("warn", "Ce poste ne peut pas régler l’heure lui-même")


def test_the_hour_is_reached_from_the_closed_page_too():
    station = Brigade()
    presenter = started(station)
    assert "clock" in [command.key for command in station.view.page.bar_commands]
    presenter.act("clock", {})
    assert plain(the_page(station).title) == "L’heure de ce poste"


def test_an_officer_confirms_a_date_far_ahead_in_full_and_the_act_is_marked():
    station = Brigade(clock=Hour(proved=NOW - timedelta(days=40)))
    presenter = station.presenter()
    found(presenter)
    page = station.view.page
    assert isinstance(page, CheckPage)
    assert plain(page.asked[0].text) == "Nous sommes le dimanche 22 novembre 2026"
    presenter.act("validate", CHECKED)
    assert station.view.page.name == "O2-check"
    assert "Nous sommes le dimanche 22 novembre 2026" in plain(station.view.page.summary)
    presenter.act("validate", CHECKED | {"date": True})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert station.validated[0].declarations & Declarations.DATE_CONFIRMED


def test_near_the_proved_time_no_date_is_asked_and_no_act_is_marked():
    station = Brigade()
    presenter = station.presenter()
    found(presenter)
    presenter.act("validate", CHECKED | {"date": True})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert not station.validated[0].declarations & Declarations.DATE_CONFIRMED
