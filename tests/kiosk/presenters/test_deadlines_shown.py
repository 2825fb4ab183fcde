"""What the officer reads of what presses: in the bar of every page, and on page O6."""

from datetime import timedelta

import pytest

from procuration.domain.deadlines import Lack
from tests.kiosk.presenters.fakes import RIGHT_CODE, Brigade, urgent

AT_THE_CENTRE = (Lack.RECEPTION, Lack.DECISION)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def bar_with(*listed) -> str:
    station = Brigade(urgent=listed)
    presenter = station.presenter()
    presenter.act("unlock", {"code": RIGHT_CODE})
    return plain(station.view.page.bar)


def transmission_with(*listed):
    station = Brigade(urgent=listed)
    presenter = station.presenter()
    presenter.act("unlock", {"code": RIGHT_CODE})
    presenter.act("transfer", {})
    return station.view.page


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([urgent(timedelta(hours=5))], "1 à acheminer d’urgence avant 19 h 00"),
        (
            [urgent(timedelta(hours=5)), urgent(timedelta(hours=23)), urgent(timedelta(hours=40))],
            "2 à acheminer d’urgence avant 19 h 00",
        ),
        ([urgent(timedelta(hours=20))], "1 à acheminer d’urgence avant lundi à 10 h 00"),
        ([urgent(timedelta(hours=40)), urgent(timedelta(hours=41))], "2 à acheminer avant mardi à 6 h 00"),
        ([urgent(timedelta(hours=5), *AT_THE_CENTRE)], "4 décisions à transmettre"),
        ([urgent(timedelta(hours=-2))], "4 décisions à transmettre"),
        ([], "4 décisions à transmettre"),
    ],
)
def test_r_55_the_bar_counts_what_never_left_this_station_and_until_when(listed, said):
    assert bar_with(*listed) == f"Poste de contrôle · Hors connexion depuis 3 h · {said}"


@pytest.mark.parametrize(
    ("one", "label", "value"),
    [
        (urgent(timedelta(hours=5)), "XBQ 7V3 · à transmettre au centre", "Le vote ferme dans 5 h (19 h 00)"),
        (
            urgent(timedelta(minutes=59), Lack.DECISION),
            "XBQ 7V3 · attend la décision",
            "Le vote ferme dans 59 min (14 h 59)",
        ),
        (
            urgent(timedelta(hours=30), *AT_THE_CENTRE, reference=None),
            "Sans référence · pas encore reçue par la mairie",
            "Le vote ferme dans 30 h (lundi à 20 h 00)",
        ),
        (
            urgent(timedelta(hours=72), Lack.ANSWER, Lack.DECISION),
            "XBQ 7V3 · attend l’avis de l’autre mairie",
            "Le vote ferme dans 3 jours (mercredi à 14 h 00)",
        ),
        (
            urgent(timedelta(hours=-3)),
            "XBQ 7V3 · à transmettre au centre",
            "Vote fermé avant la transmission (22 novembre 2026 à 11 h 00)",
        ),
    ],
)
def test_r_55_the_list_says_the_reference_what_lacks_and_the_time_left(one, label, value):
    (row,) = transmission_with(one).urgent
    assert (plain(row.label), plain(row.value)) == (label, value)


def test_the_list_names_nobody():
    page = transmission_with(urgent(timedelta(hours=5)))
    assert "DUBOIS" not in repr([(row.label, row.value) for row in page.urgent])


def test_a_station_where_nothing_presses_says_so():
    page = transmission_with()
    assert page.urgent == ()
    assert plain(page.urgent_note).startswith("Rien ne presse")


@pytest.mark.parametrize(("count", "note"), [(20, "Les heures"), (21, "Et 1 autre"), (30, "Et 10 autres")])
def test_a_long_list_is_cut_and_says_how_many_are_left(count, note):
    page = transmission_with(*(urgent(timedelta(hours=40), number=number) for number in range(count)))
    assert len(page.urgent) == 20
    assert plain(page.urgent_note).startswith(note)


def test_the_promise_and_the_three_states_stay_on_the_page():
    page = transmission_with(urgent(timedelta(hours=5)))
    assert [row.value for row in page.rows[:3]] == ["4", "12", "9"]
    assert plain(page.promise) == "Aucune donnée n’est perdue pendant la coupure."
