"""An officer files a request where no kiosk did, on screen or from a paper form, then decides it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk_app.presenters.ports import Site
from procuration.domain.acts import REQUIRED_AT_HOME, REQUIRED_TO_ESTABLISH, ActPlaceKind
from procuration.domain.alerts import Alert, AlertCode
from procuration.domain.events import Channel
from procuration.domain.people import PartialDate
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.errors import CarrierUnavailable, RuleViolated
from tests.kiosk.presenters.fakes import (
    LAON,
    NOUMEA,
    NOW,
    PRESIDENTIELLE,
    PROVINCIALES,
    RIGHT_CODE,
    Brigade,
    Found,
    Later,
    filed,
)
from tests.kiosk.presenters.test_an_officer import plain
from tests.screens.states import CHECKED, R_73, answer_on_site, found, on_site, unlocked

AT_HOME = CHECKED | {"where": "home", "written": True, "attestation": True}


@pytest.fixture
def station():
    return Brigade()


@pytest.fixture
def presenter(station):
    presenter = station.presenter()
    presenter.start()
    return presenter


def shown(station):
    return station.view.page


def test_a_request_is_filed_and_validated_at_home_on_one_tablet(station, presenter):
    on_site(presenter)
    assert (shown(station).name, shown(station).commands[-1].text) == ("K6-review", "Enregistrer la demande")
    presenter.act("validate", {})
    ((request, taken_over, on_paper),) = station.filed
    assert (request.mandant.birth_name, request.vote_place) == ("DUBOIS", NOUMEA)
    assert (taken_over, on_paper) == (None, False)
    assert shown(station).name == "O2-check"
    presenter.touched("where", CHECKED | {"where": "home"})
    presenter.act("validate", AT_HOME)
    presenter.act("sign", {"code": RIGHT_CODE})
    assert shown(station).name == "O5-result"
    assert station.validated[0].declarations == REQUIRED_TO_ESTABLISH | REQUIRED_AT_HOME


def test_without_a_reference_the_page_says_that_it_follows(station, presenter):
    on_site(presenter)
    presenter.act("validate", {})
    assert shown(station).title == "Demande sans référence"
    assert "suivra par message" in plain(shown(station).message.text)


def test_the_elector_is_told_of_their_data_before_the_first_question(station, presenter):
    unlocked(presenter)
    presenter.act("on_site", {})
    assert shown(station).name == "O1-on-site"
    assert any("Elles servent seulement" in text for text in shown(station).paragraphs)
    presenter.act("on_site.begin", {})
    assert shown(station).name == "K2-birth_name"
    presenter.act("back", {"name": "DUB"})
    assert shown(station).name == "O1-on-site"
    presenter.act("on_site.leave", {})
    assert shown(station).name == "O1-search"


def test_the_lock_forgets_what_was_typed(station, presenter):
    answer_on_site(presenter, "email.question")
    station.time.pass_seconds(120)
    assert (station.locks, [page.name for page in station.view.pages]) == (1, ["O0-locked"])
    presenter.act("unlock", {"code": RIGHT_CODE})
    presenter.act("on_site", {})
    presenter.act("on_site.begin", {})
    assert shown(station).asked[0].value == ""


def test_what_is_typed_survives_the_display_page(station, presenter):
    answer_on_site(presenter, "mandant.given_names")
    presenter.act("display", {"names": "Angela Cl"})
    presenter.act("display.done", {})
    assert shown(station).asked[0].value == "Angela Cl"


def test_a_double_tap_files_once(station, presenter):
    on_site(presenter)
    later = Later()
    object.__setattr__(presenter._parts, "run_in_background", later)
    presenter.act("validate", {})
    presenter.act("validate", {})
    later.finish()
    assert (len(station.filed), later.waiting) == (1, [])


def test_a_request_filed_behind_the_lock_is_shown_to_nobody(station, presenter):
    on_site(presenter)
    later = Later()
    object.__setattr__(presenter._parts, "run_in_background", later)
    presenter.act("validate", {})
    presenter.act("lock", {})
    later.finish()
    assert shown(station).name == "O0-locked"


def test_what_cannot_be_filed_says_why_and_keeps_the_answers(station, presenter):
    station.file_error = RuleViolated("MANDANT_MINEUR")
    on_site(presenter)
    presenter.act("validate", {})
    assert shown(station).name == "O1-not-filed"
    assert "18 ans" in plain(shown(station).paragraphs[0])
    presenter.act("review", {})
    assert shown(station).name == "K6-review"
    station.file_error = None
    presenter.act("validate", {})
    assert shown(station).name == "O2-check"


# ---- what was filed here waits
def test_a_request_filed_before_the_lock_is_opened_again(station):
    waiting = Found(rid=b"w" * 16, filed=replace(filed(), reference=None))
    station.waiting = (waiting,)
    presenter = station.presenter()
    unlocked(presenter)
    assert plain(shown(station).extra[0].text) == "1 demande faite ici, à décider"
    presenter.act("on_site.here", {})
    (option,) = shown(station).asked[0].options
    assert "DUBOIS" not in option.text
    assert plain(option.text) == "A. D., le 22 novembre 2026 à 11 h 00"
    presenter.act("on_site.open", {})
    assert shown(station).asked[0].error == "Choisissez une demande."
    presenter.act("on_site.open", {"request": option.key})
    assert shown(station).name == "O2-check"


def test_without_such_a_request_no_button_speaks_of_one(station, presenter):
    unlocked(presenter)
    assert "on_site.here" not in [command.key for command in shown(station).extra]


# ---- paper
def test_a_paper_form_asks_for_no_address_and_is_filed_as_paper(station, presenter):
    answer_on_site(presenter, "", way="paper")
    assert shown(station).name == "K6-review"
    assert "email.question" not in presenter._on_site.form.draft.answered
    assert not any("lectronique" in row.label for row in shown(station).rows)
    presenter.act("validate", {})
    ((request, _, on_paper),) = station.filed
    assert (request.email, on_paper) == (None, True)
    assert ("Forme", "Formulaire papier") in [(row.label, row.value) for row in shown(station).rows]


def test_the_paper_page_says_which_forms_are_not_keyed_in_here(station, presenter):
    unlocked(presenter)
    presenter.act("paper", {})
    assert shown(station).name == "O1-paper"
    assert any("va à la mairie" in text for text in shown(station).paragraphs)


def test_r_79_paper_serves_ballots_that_the_teleprocedure_does_not(station):
    station.calendar.scrutins, station.paper_calendar.scrutins = (), (PROVINCIALES,)
    presenter = station.presenter()
    answer_on_site(presenter, "election.kind", way="paper")
    assert [option.key for option in shown(station).asked[0].options] == ["next", "period"]


def test_r_73_what_the_law_wants_on_paper_leads_to_the_form_with_the_answers(station, presenter):
    answer_on_site(presenter, "", R_73)
    assert shown(station).name == "O1-paper-needed"
    presenter.act("paper.switch", {})
    assert shown(station).name == "K6-review"
    presenter.act("validate", {})
    ((request, _, on_paper),) = station.filed
    assert (request.vote_place, on_paper) == (LAON, True)


@pytest.mark.parametrize("code", ["PAPIER_OBLIGATOIRE", "TELEPROCEDURE_NON_APPLICABLE"])
def test_r_27_where_paper_is_wanted_the_form_is_prepared_then_keyed_in(station, code):
    printed = []
    station.check_error, station.print_preparation = RuleViolated(code), printed.append
    presenter = station.presenter()
    found(presenter)
    presenter.act("validate", CHECKED)
    assert (shown(station).name, shown(station).message.tone) == ("O2-check", "error")
    assert [command.key for command in shown(station).commands] == ["refuse", "prepare", "paper.copy"]
    presenter.act("prepare", CHECKED)
    assert len(printed) == 1
    assert shown(station).message.title == "La fiche est envoyée à l’imprimante"
    presenter.act("validate", CHECKED)
    presenter.act("paper.copy", CHECKED)
    assert shown(station).name == "K6-review"
    presenter.act("validate", {})
    ((_, taken_over, on_paper),) = station.filed
    assert (taken_over, on_paper) == (Found().rid, True)


def test_without_a_printer_of_sheets_none_is_offered(station):
    station.check_error = RuleViolated("PAPIER_OBLIGATOIRE")
    presenter = station.presenter()
    found(presenter)
    presenter.act("validate", CHECKED)
    assert [command.key for command in shown(station).commands] == ["refuse", "paper.copy"]


def test_a_sheet_that_did_not_come_out_is_said(station):
    def jam(_):
        raise CarrierUnavailable("IMPRESSION")

    station.check_error, station.print_preparation = RuleViolated("PAPIER_OBLIGATOIRE"), jam
    presenter = station.presenter()
    found(presenter)
    presenter.act("validate", CHECKED)
    presenter.act("prepare", CHECKED)
    assert shown(station).message.tone == "error"


# ---- the receipt of a kiosk that this tablet does not know
@pytest.fixture
def stranger(station):
    station.finder.error = RuleViolated("POSTE_INCONNU", reason="KEY_UNKNOWN")
    return station


def scanned(presenter):
    unlocked(presenter)
    presenter.act("scan", {})


def test_the_receipt_of_an_unknown_kiosk_is_read_again_and_taken_over(stranger, presenter):
    scanned(presenter)
    assert shown(stranger).name == "O1-unknown-kiosk"
    presenter.act("prefill", {})
    assert shown(stranger).name == "K6-review"
    assert "DUBOIS" in [row.value for row in shown(stranger).rows]
    presenter.act("change mandant.birth_name", {})
    presenter.act("continue", {"name": "DUBOIS-MARTIN"})
    presenter.act("validate", {})
    ((request, taken_over, on_paper),) = stranger.filed
    assert (taken_over, on_paper) == (Found().rid, False)
    assert request.mandant.birth_name == "DUBOIS-MARTIN"
    assert request.validity == OneScrutin(scrutin_id=PRESIDENTIELLE.id, rounds=Rounds.BOTH)
    assert shown(stranger).name == "O2-check"


def test_the_next_request_takes_nothing_over(stranger, presenter):
    scanned(presenter)
    presenter.act("prefill", {})
    presenter.act("lock", {})
    on_site(presenter)
    presenter.act("validate", {})
    assert [taken_over for _, taken_over, _ in stranger.filed] == [None]


def test_nothing_of_the_receipt_stays_once_the_officer_leaves_it(stranger, presenter):
    scanned(presenter)
    presenter.act("on_site.leave", {})
    presenter.act("prefill", {})
    assert shown(stranger).name == "O1-search"


def with_request(station, **changes):
    station.finder.known = Found(filed=replace(filed(), **changes))
    presenter = station.presenter()
    scanned(presenter)
    presenter.act("prefill", {})


def test_what_no_longer_holds_is_asked_again(stranger):
    with_request(stranger, validity=OneScrutin(scrutin_id="2020-01-old/988", rounds=Rounds.FIRST))
    assert shown(stranger).name == "K5-kind"


def test_a_period_and_an_unknown_day_are_kept(stranger):
    period = Period(first_day=date(2026, 12, 1), last_day=date(2027, 6, 30))
    born = replace(filed().mandant, birth_date=PartialDate(1962, 8, 0))
    with_request(stranger, validity=period, mandant=born, email=None)
    assert shown(stranger).name == "K6-review"
    values = [plain(row.value) for row in shown(stranger).rows]
    assert {"août 1962", "Aucune", "Du 1er décembre 2026 au 30 juin 2027"} <= set(values)


# ---- what is unusual, and where the act is drawn up
HOME_ALERT = Alert(code=AlertCode.DOMICILES_NOMBREUX, n=4)
SAME = Alert(code=AlertCode.MANDATAIRE_REPETE, n=1)


def test_an_alert_says_what_to_look_at_and_stops_nothing(station):
    station.alerts = lambda place: (SAME,)
    presenter = station.presenter()
    found(presenter)
    message = shown(station).message
    assert (message.tone, message.title) == ("warn", "À regarder avant de valider")
    assert "1 procuration pour ce mandataire" in plain(message.text)
    assert "Rien ne vous empêche" in message.text
    presenter.act("validate", CHECKED)
    assert shown(station).name == "O3-confirm"


def test_an_alert_about_visits_at_home_comes_with_the_place(station):
    station.alerts = lambda place: (HOME_ALERT,) if place is ActPlaceKind.HOME else ()
    presenter = station.presenter()
    found(presenter)
    assert shown(station).message is None
    presenter.touched("where", CHECKED | {"where": "home"})
    assert shown(station).message.tone == "info"
    assert "4 actes à domicile" in plain(shown(station).message.text)
    presenter.touched("where", CHECKED)
    assert shown(station).message is None


def test_a_request_already_decided_alerts_nobody(station):
    station.alerts = lambda place: (SAME,)
    station.finder.known = Found(decision=date(2026, 11, 21))
    presenter = station.presenter()
    found(presenter)
    assert "déjà une décision" in shown(station).message.title


def test_r_16_a_listed_place_shows_its_hours_and_a_closed_one_is_refused_before_the_code(station):
    station.sites = (Site(id="7", name="Mairie annexe", hours="de 9 h 00 à 12 h 00"),)
    station.check_error = RuleViolated("LIEU_NON_AUTORISE")
    presenter = station.presenter()
    found(presenter)
    presenter.touched("where", CHECKED | {"where": "site"})
    asked = next(asked for asked in shown(station).asked if asked.key == "site")
    assert asked.options[0].detail == "de 9 h 00 à 12 h 00"
    presenter.act("validate", CHECKED | {"where": "site", "site": "7"})
    assert shown(station).name == "O2-check"
    assert "pas dans la liste" in shown(station).message.title


def test_a_request_filed_on_site_is_of_the_brigade_channel(station, presenter):
    on_site(presenter)
    presenter.act("validate", {})
    assert presenter._decision._found.filed.channel is Channel.BRIGADE
    assert presenter._decision._found.filed_at == NOW + timedelta(0)


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("a@b.fr", "La référence suivra par message. Vous pouvez décider maintenant."),
        (None, "Vous pouvez décider maintenant."),
    ],
)
def test_the_officer_promises_a_message_only_to_who_gave_an_address(station, email, told):
    asked = replace(filed(), reference=None, channel=Channel.BRIGADE, email=email)
    station.waiting = (Found(rid=b"w" * 16, filed=asked),)
    presenter = station.presenter()
    unlocked(presenter)
    presenter.act("on_site.here", {})
    presenter.act("on_site.open", {"request": (b"w" * 16).hex()})
    assert plain(shown(station).message.text) == told
