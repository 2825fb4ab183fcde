"""The officer's station, from the code to the proof."""

from datetime import date, timedelta

import pytest

from kiosk_app.presenters.pages import CheckPage, ResultPage
from kiosk_app.presenters.ports import ActState, Site
from procuration.domain.acts import REQUIRED_AT_HOME, REQUIRED_TO_ESTABLISH, ActPlaceKind, IdentityDocument
from procuration.errors import RecordRejected, RuleViolated
from tests.kiosk.presenters.fakes import NOW, REFERENCE, RIGHT_CODE, Brigade, Found, Later
from tests.kiosk.presenters.walk import CHECKED, SEARCH, found, unlocked


@pytest.fixture
def station():
    return Brigade()


@pytest.fixture
def presenter(station):
    presenter = station.presenter()
    presenter.start()
    return presenter


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def validated(presenter):
    found(presenter)
    presenter.act("validate", CHECKED)
    presenter.act("sign", {"code": RIGHT_CODE})


def test_a_procuration_is_validated_with_the_declarations_and_the_title(station, presenter):
    validated(presenter)
    (checked,) = station.validated
    assert checked.declarations == REQUIRED_TO_ESTABLISH
    assert checked.document is IdentityDocument.NATIONAL_IDENTITY_CARD
    assert checked.place is ActPlaceKind.UNIT
    assert station.view.page.title == "Procuration validée"


def test_the_request_is_shown_whole_and_says_how_it_was_filed(station, presenter):
    found(presenter)
    values = [plain(row.value) for row in station.view.page.rows]
    assert values[:3] == ["DUBOIS", "Angela Claire Louise", "24 août 1962"]
    assert "Sans FranceConnect" in values
    assert "DUPONT Jean-Claude Bernard" in values


@pytest.mark.parametrize("point", ["present", "equal", "photo", "free", "l72_1"])
def test_no_box_can_be_left_out(station, presenter, point):
    found(presenter)
    presenter.act("validate", CHECKED | {point: False})
    page = station.view.page
    assert isinstance(page, CheckPage)
    assert page.focus == point
    assert plain(page.summary).startswith("Répondez à « ")
    assert not station.validated


def test_the_title_presented_must_be_said(station, presenter):
    found(presenter)
    presenter.act("validate", CHECKED | {"document": ""})
    assert plain(station.view.page.summary) == "Répondez à « Pièce présentée » avant de valider."


def test_at_home_the_two_papers_are_asked_for(station, presenter):
    found(presenter)
    presenter.touched("where", CHECKED | {"where": "home"})
    presenter.act("validate", CHECKED | {"where": "home", "written": True})
    assert station.view.page.focus == "attestation"
    presenter.act("validate", CHECKED | {"where": "home", "written": True, "attestation": True})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert station.validated[0].declarations == REQUIRED_TO_ESTABLISH | REQUIRED_AT_HOME
    assert station.validated[0].place is ActPlaceKind.HOME


def test_a_listed_place_is_offered_when_one_is_open_and_must_be_named(station):
    station.sites = (Site(id="7", name="Mairie annexe"),)
    presenter = station.presenter()
    found(presenter)
    presenter.act("validate", CHECKED | {"where": "site"})
    assert station.view.page.focus == "site"
    presenter.act("validate", CHECKED | {"where": "site", "site": "7"})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert station.validated[0].site_id == "7"


def test_the_rarer_titles_appear_when_asked_for(station, presenter):
    found(presenter)
    presenter.touched("document", CHECKED | {"document": "other"})
    asked = next(asked for asked in station.view.page.asked if asked.key == "document")
    assert len(asked.options) == len(IdentityDocument)
    presenter.act("validate", CHECKED | {"document": "12"})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert station.validated[0].document is IdentityDocument.JUDICIAL_RECEIPT


def test_a_wrong_code_signs_nothing_and_keeps_the_check(station, presenter):
    found(presenter)
    presenter.act("validate", CHECKED)
    presenter.act("sign", {"code": "1"})
    assert plain(station.view.page.asked[0].error) == "Code incorrect. Il reste 4 essais."
    presenter.act("sign", {"code": RIGHT_CODE})
    assert len(station.validated) == 1


def test_a_code_blocked_while_signing_locks_the_station(station, presenter):
    found(presenter)
    presenter.act("validate", CHECKED)
    presenter.act("sign", {"code": "000000"})
    assert station.locks == 1
    assert station.view.page.name == "O0-locked"


def test_a_rule_that_forbids_the_act_is_said_and_nothing_is_recorded(station, presenter):
    station.sign_error = RuleViolated("HABILITATION_INVALIDE")
    validated(presenter)
    message = station.view.page.message
    assert message.title == "Votre décision n’est pas enregistrée"
    assert "habilitation" in message.text


def test_a_double_tap_signs_once(station):
    later = Later()
    presenter = station.presenter()
    found(presenter)
    presenter.act("validate", CHECKED)
    object.__setattr__(presenter._parts, "run_in_background", later)
    presenter.act("sign", {"code": RIGHT_CODE})
    presenter.act("sign", {"code": RIGHT_CODE})
    later.finish()
    assert len(station.validated) == 1
    later.finish()  # its paper
    assert later.waiting == []


def test_a_refusal_needs_a_reason_then_the_code(station, presenter):
    found(presenter)
    presenter.act("refuse", CHECKED)
    presenter.act("reason", {})
    assert station.view.page.asked[0].error == "Choisissez la raison."
    presenter.act("reason", {"reason": "CONSENTEMENT_DOUTEUX"})
    presenter.act("sign", {"code": RIGHT_CODE})
    assert station.refused[0][0] == "CONSENTEMENT_DOUTEUX"
    assert station.view.page.title == "Demande refusée"


def test_every_reason_of_the_officer_has_its_sentence(station, presenter):
    found(presenter)
    presenter.act("refuse", CHECKED)
    assert len(station.view.page.asked[0].options) == 12


def test_the_status_says_only_what_is_proved(station, presenter):
    validated(presenter)
    assert [progress.done for progress in station.view.page.progress] == [True, False, False]
    station.state = ActState(received_at=NOW)
    station.time.pass_seconds(2)
    page = station.view.page
    assert isinstance(page, ResultPage)
    assert [progress.done for progress in page.progress] == [True, True, False]
    assert plain(page.progress[1].text) == "Reçue par le centre à 14 h 00"


def test_nothing_is_redrawn_while_nothing_new_is_proved(station, presenter):
    validated(presenter)
    shown = len(station.view.pages)
    station.time.pass_seconds(60)
    assert len(station.view.pages) == shown


@pytest.mark.parametrize(
    "search",
    [
        SEARCH | {"reference": "AAAAAA"},
        SEARCH | {"birth_date": ("25", "08", "1962")},
    ],
)
def test_an_unknown_reference_and_a_wrong_date_have_the_same_neutral_answer(station, presenter, search):
    unlocked(presenter)
    presenter.act("find", search)
    message = station.view.page.message
    assert message.title == "Aucune demande trouvée sur ce poste"
    assert (
        plain(message.text)
        == "Données reçues jusqu’au 22 novembre 2026 à 11 h 00. Scannez le reçu, ou synchronisez."
    )


@pytest.mark.parametrize(
    ("search", "message"),
    [
        (
            {"reference": "XBQ", "birth_date": ("24", "08", "1962")},
            "Saisissez les 6 caractères de la référence.",
        ),
        (
            {"reference": "XBQ7VO", "birth_date": ("24", "08", "1962")},
            "Une référence ne contient jamais « O ». Regardez le reçu.",
        ),
        ({"reference": "XBQ7V3", "birth_date": ("", "", "")}, "Saisissez la date de naissance du mandant."),
    ],
)
def test_what_is_wrong_in_the_search_is_said(station, presenter, search, message):
    unlocked(presenter)
    presenter.act("find", search)
    assert message in [plain(asked.error) for asked in station.view.page.asked]


def test_the_centre_is_asked_only_when_it_was_heard_two_minutes_ago_at_most(station, presenter):
    unlocked(presenter)
    presenter.act("find", SEARCH | {"reference": "AAAAAA"})
    assert station.finder.asked_centre == 0
    station.status.last_contact = NOW - timedelta(seconds=30)
    presenter.act("find", SEARCH | {"reference": "AAAAAA"})
    assert station.view.page.name == "O1-centre"
    station.finder.at_centre = Found()
    station.time.pass_seconds(1)
    assert station.view.page.name == "O2-check"


def test_the_neutral_answer_comes_as_soon_as_the_centre_has_answered(station, presenter):
    station.status.last_contact = NOW
    unlocked(presenter)
    presenter.act("find", SEARCH | {"reference": "AAAAAA"})
    station.finder.answered = True
    station.time.pass_seconds(1)
    assert (station.view.page.name, station.view.page.message.tone) == ("O1-search", "warn")
    presenter.act("find", SEARCH)
    assert station.view.page.name == "O2-check"


@pytest.mark.parametrize(("days", "said"), [(6, False), (7, True), (14, True)])
def test_a_directory_older_than_a_week_is_said_before_it_stops_the_officer(station, presenter, days, said):
    station.status.directory_age_days = days
    unlocked(presenter)
    for command in ("search", "transfer"):
        presenter.act(command, {})
        message = station.view.page.message
        assert (message is not None) is said
        if message is not None:
            assert plain(message.title) == f"Ce poste n’a pas de nouvelles du centre depuis {days} jours"


@pytest.mark.parametrize(("days", "said"), [(6, False), (7, True)])
def test_the_bar_says_the_age_of_the_directory_from_a_week_on(station, presenter, days, said):
    station.status.directory_age_days = days
    unlocked(presenter)
    assert ("Annuaire de" in plain(station.view.page.bar)) is said


def test_the_officer_is_told_which_decisions_do_not_count(station, presenter):
    station.status.set_aside = (REFERENCE, None)
    unlocked(presenter)
    message = station.view.page.message
    assert plain(message.title) == "2 décisions de ce poste ne comptent pas"
    assert "Références : XBQ 7V3." in plain(message.text)
    assert "2 décisions ne comptent pas" in plain(station.view.page.bar)


def test_where_the_policy_is_shorter_the_officer_is_stopped_earlier(station, presenter):
    station.status.directory_age_days, station.status.directory_days_max = 4, 3
    found(presenter)
    presenter.act("validate", CHECKED)
    assert "depuis 4 jours" in plain(station.view.page.message.title)


def test_a_refusal_before_any_listed_place_was_chosen_names_none(station):
    station.sites = (Site(id="7", name="Mairie annexe"),)
    presenter = station.presenter()
    found(presenter)
    presenter.touched("where", CHECKED | {"where": "site"})
    presenter.act("refuse", CHECKED | {"where": "site"})
    presenter.act("reason", {"reason": "ABANDON"})
    presenter.act("sign", {"code": RIGHT_CODE})
    checked = station.refused[0][1]
    assert (checked.place, checked.site_id) == (ActPlaceKind.UNIT, None)


def test_the_officer_need_not_wait_for_the_centre(station, presenter):
    station.status.last_contact = NOW
    unlocked(presenter)
    presenter.act("find", SEARCH | {"reference": "AAAAAA"})
    presenter.act("centre.stop", {})
    assert station.view.page.name == "O1-search"


def test_a_scanned_receipt_opens_its_request(station, presenter):
    unlocked(presenter)
    presenter.act("scan", {})
    assert station.view.page.name == "O2-check"


def test_no_image_scanned_is_no_error(station, presenter):
    station.scanned = None
    unlocked(presenter)
    presenter.act("scan", {})
    assert (station.view.page.name, station.view.page.message) == ("O1-search", None)


def test_a_foreign_code_has_one_neutral_message(station, presenter):
    station.finder.error = RecordRejected("SEAL_UNREADABLE")
    unlocked(presenter)
    presenter.act("scan", {})
    assert station.view.page.message.title == "Ce reçu n’a pas pu être lu"


def test_a_request_already_decided_shows_its_decision_and_offers_none(station, presenter):
    station.finder.known = Found(decision=date(2026, 11, 21))
    found(presenter)
    assert station.view.page.asked == ()
    assert plain(station.view.page.message.title) == "Cette demande a déjà une décision (21 novembre 2026)."


def test_with_an_old_directory_the_request_stays_open_and_nothing_is_signed(station, presenter):
    station.status.directory_age_days = 15
    found(presenter)
    presenter.act("validate", CHECKED)
    assert "depuis 15 jours" in plain(station.view.page.message.title)
    assert station.view.page.name == "O2-check"


def test_after_120_seconds_the_station_locks_and_forgets(station, presenter):
    found(presenter)
    station.time.pass_seconds(120)
    assert station.locks == 1
    assert [page.name for page in station.view.pages] == ["O0-locked"]


def test_the_next_request_starts_on_an_empty_screen(station, presenter):
    validated(presenter)
    wipes = station.view.wipes
    presenter.act("next", {})
    assert station.view.wipes == wipes + 1
    assert station.view.page.asked[0].value == ""


def test_transmitting_is_asked_for_and_the_counts_are_shown(station, presenter):
    unlocked(presenter)
    presenter.act("transfer", {})
    assert [row.value for row in station.view.page.rows[:3]] == ["4", "12", "9"]
    presenter.act("transmit", {})
    assert station.transmissions == 1


def test_the_bar_says_since_when_the_station_is_off_line(station, presenter):
    unlocked(presenter)
    assert (
        plain(station.view.page.bar)
        == "Poste de contrôle · Hors connexion depuis 3 h · 4 décisions à transmettre"
    )


def test_what_was_found_after_the_lock_is_shown_to_nobody(station):
    later = Later()
    presenter = station.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    object.__setattr__(presenter._parts, "run_in_background", later)
    presenter.act("find", SEARCH)
    presenter.act("lock", {})
    later.finish()
    assert station.view.page.name == "O0-locked"
