"""« Chercher par nom » at the station."""

from tests.kiosk.presenters.fakes import Brigade, Found
from tests.kiosk.presenters.walk import unlocked
from tests.screens.officer_day_states import TYPED, named


def at_the_search(*found):
    station = Brigade(names=named(*found))
    presenter = station.presenter()
    presenter.start()
    unlocked(presenter)
    presenter.act("name", {})
    return station, presenter


def test_one_touch_opens_what_was_found():
    station, presenter = at_the_search(Found())
    presenter.act("name.find", TYPED)
    (option,) = station.view.page.asked[0].options
    assert option.text == "Angela Claire Louise DUBOIS"
    assert "XBQ" in option.detail
    presenter.touched("request", TYPED | {"request": option.key})
    assert station.view.page.name == "O2-check"


def test_where_nothing_answers_the_page_says_where_it_looked():
    station, presenter = at_the_search()
    presenter.act("name.find", TYPED)
    assert station.view.page.message.tone == "warn"
    assert station.view.page.asked[0].value == TYPED["mandant_name"]


def test_one_letter_is_too_little():
    station, presenter = at_the_search()
    presenter.act("name.find", {"mandant_name": "a"})
    assert station.view.page.asked[0].error == "Tapez au moins deux lettres."


def test_nothing_typed_or_found_outlives_the_lock():
    station, presenter = at_the_search(Found())
    presenter.act("name.find", TYPED)
    key = station.view.page.asked[0].options[0].key
    presenter.act("lock", {})
    unlocked(presenter)
    presenter.touched("request", {"request": key})
    assert station.view.page.name == "O1-search"
    presenter.act("name", {})
    assert station.view.page.asked[0].value == ""
