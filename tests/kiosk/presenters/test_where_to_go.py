"""« Où aller ? » after filing: which places, in which words, and back."""

from datetime import date

import pytest

from kiosk_app.presenters.places_page import distance_in_words, place_in_words
from procuration.domain.places import Standing
from tests.kiosk.presenters.fakes import Accueil, Later, NearHere, wording
from tests.screens.places_states import HERE, LAON, asked, near


@pytest.fixture
def tablet():
    return Accueil(near=NearHere({None: HERE, "02408": LAON}))


def test_after_filing_the_nearest_places_are_shown_and_the_reference_comes_back(tablet):
    presenter = tablet.presenter()
    asked(presenter, "places")
    assert tablet.view.page.name == "K7-places"
    assert HERE[0].name in tablet.view.page.paragraphs[1]
    presenter.act("filed", {})
    assert tablet.view.page.name == "K7-filed"


def test_before_filing_nobody_is_told_where_to_go(tablet):
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("places", {})
    assert tablet.view.page.name == "K-1-closed"


def test_an_elector_of_here_is_not_offered_the_same_list_twice(tablet):
    asked(tablet.presenter(), "places")
    assert [one.key for one in tablet.view.page.commands] == ["filed"]


def test_an_elector_of_elsewhere_may_also_look_near_their_commune(tablet):
    presenter = tablet.presenter()
    asked(presenter, "places", elsewhere=True)
    assert [one.key for one in tablet.view.page.commands] == ["filed", "places.vote"]
    presenter.act("places.vote", {})
    assert LAON[0].name in tablet.view.page.paragraphs[1]
    assert [one.key for one in tablet.view.page.commands] == ["filed", "places"]


def test_the_wipe_forgets_the_list(tablet):
    presenter = tablet.presenter()
    asked(presenter, "places", "end")
    presenter.act("places", {})
    assert tablet.view.page.name == "K0-welcome"


def test_a_post_that_knows_no_place_says_who_to_ask():
    tablet = Accueil()
    asked(tablet.presenter(), "places")
    assert tablet.view.page.paragraphs == (wording()("places.none"),)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Ouvert aujourd’hui jusqu’à 18\u00a0h."),
        ({"standing": Standing(opens_on=date(2026, 11, 20), opens_at=870)},
         "Fermé maintenant, ouvre aujourd’hui à 14\u00a0h\u00a030."),
        ({"standing": Standing(opens_on=date(2026, 11, 23), opens_at=480)},
         "Fermé, ouvre lundi à 8\u00a0h."),
        ({"standing": Standing(opens_on=date(2026, 11, 27), opens_at=480)},
         "Fermé, ouvre le 27\u00a0novembre\u00a02026 à 8\u00a0h."),
        ({"standing": Standing()}, "Fermé. Téléphonez avant d’y aller."),
        ({"standing": Standing(), "hours_known": False}, "Heures inconnues. Téléphonez avant d’y aller."),
    ],
)  # fmt: skip
def test_open_or_not_in_words(changes, sentence):
    assert sentence in place_in_words(wording(), near("Brigade", **changes)).split("\n")


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0, "0,1\u00a0km"), (1_234, "1,2\u00a0km"), (9_960, "10,0\u00a0km"), (12_400, "12\u00a0km")],
)
def test_distances_have_no_more_digits_than_they_deserve(metres, words):
    assert distance_in_words(wording(), metres) == words


def test_a_second_tap_while_the_table_is_read_does_nothing(tablet):
    later, waits = Later(), []
    tablet.background = lambda work, then: later(work, then) if waits else then(work())
    presenter = tablet.presenter()
    asked(presenter)
    waits.append(True)
    presenter.act("places", {})
    presenter.act("end", {})
    assert tablet.view.page.name == "K7-filed"
    later.finish()
    assert tablet.view.page.name == "K7-places"
