"""« Aujourd'hui », « Fin de service », and an act taken back, as the officer meets them."""

from dataclasses import replace

import pytest

from procuration.domain.refusal import RefusalCode
from procuration.errors import CarrierUnavailable, RuleViolated
from tests.kiosk.presenters.fakes import RIGHT_CODE, Brigade, Later
from tests.kiosk.presenters.walk import unlocked
from tests.screens.officer_day_states import FIRST, LONG, UNDO, ActSeen, Day


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def at_the_day(day=None, **station):
    day = day or Day()
    made = Brigade(day=day.parts, **station)
    presenter = made.presenter()
    presenter.start()
    unlocked(presenter)
    presenter.act("day", {})
    return made, presenter, day


def options(station):
    return [(plain(one.text), plain(one.detail)) for one in station.view.page.asked[0].options]


def test_each_decision_has_its_hour_its_reference_and_what_is_proved():
    station, _, _ = at_the_day()
    assert plain(station.view.page.title) == "Aujourd'hui : 3 décisions"
    assert options(station) == [
        ("13 h 48 · XBQ 7V3 · validée", "Gardée sur ce poste"),
        ("13 h 00 · K7M 2PA · refusée", "Reçue par le centre à 13 h 10"),
        ("12 h 00 · Sans référence · résiliation", "Décidée"),
    ]


def test_a_long_day_is_shown_in_parts():
    station, presenter, _ = at_the_day(Day(LONG))
    assert len(options(station)) == 12
    assert "day.older" in [one.key for one in station.view.page.extra]
    for _ in range(3):
        presenter.act("day.older", {})
    assert len(options(station)) == len(LONG) - 36
    assert "day.older" not in [one.key for one in station.view.page.extra]


def test_a_recepisse_is_printed_again_and_a_choice_is_asked_for_first():
    station, presenter, _ = at_the_day()
    presenter.act("day.print", {})
    assert station.view.page.asked[0].error == "Choisissez une décision."
    presenter.act("day.print", FIRST)
    assert station.printed == [41]
    assert "imprim" in station.view.page.message.title


@pytest.mark.parametrize("code", ["IMPRIMANTE_ABSENTE", "IMPRESSION"])
def test_a_printer_that_fails_is_said(code):
    station, presenter, _ = at_the_day(print_error=CarrierUnavailable(code))
    presenter.act("day.print", FIRST)
    assert station.view.page.message.tone == "warn"


def test_the_end_of_the_shift_counts_and_says_what_to_do():
    station, presenter, day = at_the_day()
    presenter.act("day.end", {})
    page = station.view.page
    assert [plain(row.value) for row in page.rows] == ["1", "1", "1", "1", "3"]
    assert plain(page.message.title) == "4 décisions à transmettre"
    assert "clé USB" in page.message.text
    assert [command.key for command in page.commands] == ["day", "lock"]
    presenter.act("day.end.print", {})
    assert day.printed == 1
    assert station.view.page.message.tone == "info"
    presenter.act("lock", {})
    assert station.locks == 1


def test_when_all_is_received_nothing_is_to_be_done():
    received = Day((replace(ActSeen(), received_at=ActSeen().at),))
    station, presenter, _ = at_the_day(received, status=replace(Brigade().status, kept=0))
    presenter.act("day.end", {})
    assert plain(station.view.page.message.title) == "Le centre a tout reçu"
    assert [row.value for row in station.view.page.rows] == ["1", "0", "0", "0"]


def test_an_act_is_taken_back_with_a_reason_and_the_code():
    station, presenter, day = at_the_day()
    for command, answers in UNDO[1:]:
        presenter.act(command, answers)
    assert station.view.page.focus == "code"
    presenter.act("day.undo.sign", {"code": "1"})
    assert plain(station.view.page.asked[0].error).startswith("Code incorrect")
    assert day.undone == []
    presenter.act("day.undo.sign", {"code": RIGHT_CODE})
    assert day.undone == [(41, RefusalCode.ERREUR_DE_SAISIE)]
    assert station.view.page.name == "O8-today"
    assert station.view.page.message.tone == "ok"


def test_nothing_is_taken_back_without_an_act_a_reason_and_a_code():
    station, presenter, day = at_the_day()
    presenter.act("day.undo", {})
    assert station.view.page.asked[0].error == "Choisissez une décision."
    presenter.act("day.undo", FIRST)
    presenter.act("day.undo.reason", {"reason": "ABANDON"})
    assert station.view.page.asked[0].error == "Choisissez la raison."
    presenter.act("day.undo.reason", {"reason": "ERREUR_DE_SAISIE"})
    presenter.act("day.undo.sign", {"code": ""})
    assert day.undone == []


def test_what_cannot_be_taken_back_says_what_to_do_instead():
    station, presenter, _ = at_the_day(Day(error=RuleViolated("CORRECTION_DE_REFUS")))
    presenter.act("day.undo", FIRST)
    assert "nouvelle demande sur place" in plain(station.view.page.message.title)


def test_a_code_blocked_meanwhile_locks_the_station():
    station, presenter, _ = at_the_day()
    for command, answers in UNDO[1:]:
        presenter.act(command, answers)
    presenter.act("day.undo.sign", {"code": "000000"})
    assert station.locks == 1


def test_nothing_of_the_day_outlives_the_lock():
    station, presenter, day = at_the_day()
    presenter.act("day.undo", FIRST)
    presenter.act("lock", {})
    unlocked(presenter)
    presenter.act("day.undo.reason", {"reason": "ERREUR_DE_SAISIE"})
    presenter.act("day.undo.sign", {"code": RIGHT_CODE})
    assert day.undone == []
    assert station.view.page.name == "O1-search"
    undo = next(job for job in presenter._jobs if type(job).__name__ == "UndoJob")
    listed = next(job for job in presenter._jobs if type(job).__name__ == "DayJob")
    assert (undo._act, listed._acts) == (None, ())


def test_a_print_that_ends_late_does_not_come_back_to_the_screen():
    station, presenter, _ = at_the_day()
    later = Later()
    object.__setattr__(presenter._parts, "run_in_background", later)
    presenter.act("day.print", FIRST)
    presenter.act("lock", {})
    later.finish()
    assert station.view.page.name == "O0-locked"


def test_the_search_offers_the_day_only_where_there_is_one():
    station, presenter, _ = at_the_day()
    presenter.act("search", {})
    assert "day" in [command.key for command in station.view.page.extra]
    without = Brigade()
    unlocked(without.presenter())
    assert "day" not in [command.key for command in without.view.page.extra]
