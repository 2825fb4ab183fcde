"""What the reader saw of the identity document, beside the request: it informs, and ticks nothing."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk_app.presenters.brigade_parts import IdentityParts
from kiosk_app.presenters.pages import ON_DOCUMENT
from procuration.domain.acts import IdentityDocument
from procuration.domain.mrz import read_zone
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected
from tests.kiosk.presenters.fakes import NOW, RIGHT_CODE, Brigade, Found, Later, filed
from tests.kiosk.presenters.walk import CHECKED, found, unlocked
from tests.mrz_zones import Holder, card, joined, passport


class Reader:
    """Sees one document, or nothing; remembers what was asked of it."""

    def __init__(self, lines):
        self.lines, self.reads, self.stops = lines, 0, 0

    def read(self):
        self.reads += 1
        if isinstance(self.lines, ProcurationError):
            raise self.lines
        return read_zone(joined(self.lines), NOW.date())

    def stop(self):
        self.stops += 1

    @property
    def parts(self):
        return IdentityParts(self.read, self.stop)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def station_with(lines, **station):
    reader = Reader(lines)
    made = Brigade(identity=reader.parts, scanned="PRQ1:ABC", **station)
    presenter = made.presenter()
    presenter.start()
    return made, presenter, reader


def scanned(presenter):
    unlocked(presenter)
    presenter.act("scan", {})


def asked(presenter):
    found(presenter)
    presenter.act("identity.read", {})


def boxes(page):
    return {one.key: one.checked for one in page.asked if hasattr(one, "checked")}


def chosen(page):
    return next(one for one in page.asked if one.key == "document").chosen


@pytest.mark.parametrize(("lines", "kind"), [(passport(), "2"), (card(), "1")])
def test_the_kind_is_chosen_and_no_box_is_ticked(lines, kind):
    station, presenter, _ = station_with(lines)
    asked(presenter)
    page = station.view.page
    assert chosen(page) == kind
    assert set(boxes(page).values()) == {False}
    assert plain(page.document.title) == "Pièce lue : tout est identique"
    assert page.document.tone == "ok"


def test_after_a_receipt_the_reader_looks_for_the_document_by_itself():
    station, presenter, reader = station_with(passport())
    scanned(presenter)
    assert reader.reads == 1
    assert chosen(station.view.page) == "2"
    presenter.act("validate", CHECKED | {"document": "2"})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert station.validated[0].document is IdentityDocument.PASSPORT


def test_by_reference_nobody_is_filmed_unasked_and_a_decided_request_asks_for_no_document():
    _, presenter, reader = station_with(passport())
    found(presenter)
    assert reader.reads == 0
    station, presenter, reader = station_with(passport())
    station.finder.known = Found(decision=date(2026, 11, 21))
    scanned(presenter)
    assert reader.reads == 0
    assert station.view.page.extra == ()


def test_without_a_reader_there_is_no_button():
    station = Brigade()
    found(station.presenter())
    assert station.view.page.extra == ()


def test_what_the_officer_chose_stays():
    station, presenter, _ = station_with(passport())
    found(presenter)
    presenter.act("identity.read", CHECKED | {"document": "3"})
    assert chosen(station.view.page) == "3"


def test_what_differs_is_shown_with_both_spellings():
    station, presenter, _ = station_with(passport(Holder(name="DUBOYS", given="MARIE", birth="620825")))
    asked(presenter)
    document = station.view.page.document
    said = plain(document.text)
    assert document.tone == "error"
    assert plain(document.title) == "Pièce lue : 2 lignes différentes"
    assert "Prénoms, différent. Demande : Angela Claire Louise. Pièce : MARIE." in said
    assert "Date de naissance, différent. Demande : 24 août 1962. Pièce : 25 août 1962." in said
    assert "Nom de naissance, à vérifier. Demande : DUBOIS. Pièce : DUBOYS." in said
    assert "Identique : sexe, validité." in said
    assert said.endswith("Rien n'est coché pour vous.")


@pytest.mark.parametrize(
    ("holder", "sentence"),
    [
        (
            Holder(expiry="241231"),
            "Pièce périmée depuis le 31 décembre 2024. Elle est acceptée pendant 5 ans.",
        ),
        (Holder(expiry="201231"), "plus de 5 ans : elle n'est plus acceptée."),
        (Holder(expiry="<<<<<<"), "Validité, à vérifier."),
        (Holder(state="BEL"), "Pièce d'un autre pays : élections municipales et européennes seulement."),
    ],
)
def test_the_end_of_the_title_and_its_country_are_said(holder, sentence):
    station, presenter, _ = station_with(passport(holder))
    asked(presenter)
    assert sentence in plain(station.view.page.document.text)


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (RecordRejected("MRZ_CHECK"), "Cette pièce n'a pas pu être lue"),
        (CarrierUnavailable("RIEN_LU", seconds=15), "Aucune pièce n'a été lue"),
    ],
)
def test_a_failure_is_said_only_to_whoever_asked(error, title):
    station, presenter, _ = station_with(error)
    scanned(presenter)
    assert station.view.page.document is None
    presenter.act("identity.read", CHECKED)
    assert plain(station.view.page.document.title) == title
    assert set(boxes(station.view.page).values()) == {True}
    assert plain(station.view.page.extra[0].text) == "Lire de nouveau la pièce"


def late_reading(lines=None):
    """The reading waits until the test lets it end; everything before it is immediate."""
    station, presenter, reader = station_with(lines or passport())
    found(presenter)
    later = Later()
    object.__setattr__(presenter._parts, "run_in_background", later)
    presenter.act("identity.read", {})
    return station, presenter, reader, later


def test_boxes_ticked_while_the_reader_looks_stay_ticked():
    station, _, _, later = late_reading()
    assert plain(station.view.page.document.title) == "Présentez la pièce d'identité au lecteur"
    station.view.touched_since = {"present": True, "photo": True}
    later.finish()
    ticked = boxes(station.view.page)
    assert {key for key, yes in ticked.items() if yes} == {"present", "photo"}
    assert chosen(station.view.page) == "2"


def test_whoever_goes_on_frees_the_reader_and_its_answer_is_nobodys():
    station, presenter, reader, later = late_reading()
    presenter.act("validate", CHECKED)
    assert reader.stops == 1
    page = station.view.page
    later.finish()
    assert station.view.page is page
    assert reader.reads == 0  # it had not begun: it never does


def test_a_document_does_not_close_the_page_of_the_display():
    station, presenter, _, later = late_reading()
    presenter.act("display", CHECKED)
    shown = station.view.page
    later.finish()
    assert station.view.page is shown
    presenter.act("display.done", {})
    assert station.view.page.document.tone == "ok"


@pytest.mark.parametrize("way_out", ["lock", "next"])
def test_nothing_of_the_document_outlives_the_page(way_out):
    station, presenter, reader = station_with(passport(replace(Holder(), name="ZYGOMATIQUE")))
    asked(presenter)
    assert "ZYGOMATIQUE" in station.view.page.document.text
    presenter.act(way_out, {})
    found(presenter)
    assert station.view.page.document is None
    assert chosen(station.view.page) == ""
    assert presenter._decision._identity._person is None
    assert reader.stops == 0


def test_the_next_person_starts_without_the_document_of_the_one_before():
    station, presenter, _ = station_with(passport())
    station.finder.known = Found(filed=replace(filed(), email=None))
    asked(presenter)
    presenter.act("search", {})
    presenter.act("find", {"reference": "XBQ 7V3", "birth_date": ("24", "08", "1962")})
    assert station.view.page.document is None


def test_an_answer_that_was_asked_for_comes_into_sight():
    station, presenter, _ = station_with(passport())
    asked(presenter)
    assert station.view.page.focus == ON_DOCUMENT
    presenter.touched("present", CHECKED)
    assert station.view.page.focus == "present"


@pytest.mark.parametrize(("ticked", "focus"), [(False, ON_DOCUMENT), (True, "")])
def test_an_answer_that_came_by_itself_moves_nothing_under_an_officer_who_ticks(ticked, focus):
    station, presenter, _ = station_with(passport())
    at_once, later = [station.background] * 2, Later()  # the code and the receipt, then the document

    def in_turn(work, then):
        (at_once.pop() if at_once else later)(work, then)

    station.background = in_turn
    presenter = station.presenter()
    presenter.start()
    scanned(presenter)
    station.view.touched_since["present"] = ticked
    later.finish()
    assert plain(station.view.page.document.title) == "Pièce lue : tout est identique"
    assert station.view.page.focus == focus
