"""O7: who may act at the station, and the two people who change it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk_app.presenters.officer_ports import TypedOfficer
from kiosk_app.presenters.pages import ResultPage
from procuration.errors import CarrierUnavailable, RuleViolated
from tests.kiosk.presenters.fakes import NOW, RIGHT_CODE, SUPERVISOR, AgentShown, Brigade, Later, There
from tests.screens.states import AGENT, CODES, DESIGNATED, NEW_AGENT, agents, unlocked

NO_OFFICER = There(is_officer=False, not_after=None, days_left=None)


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


def errors(station):
    return {asked.key: plain(asked.error) for asked in station.view.page.asked if asked.error}


def typed_new_code(presenter, code="271828", again="271828"):
    presenter.act("agents.code", {"code": code, "again": again})


def adds(presenter):
    agents(presenter)
    presenter.act("agents.add", {})
    presenter.act("agents.who", NEW_AGENT)
    presenter.act("agents.designation", DESIGNATED)
    typed_new_code(presenter)


def test_the_page_opens_from_the_locked_screen_with_a_code(station, presenter):
    agents(presenter)
    assert station.view.page.name == "O7-agents"
    (choice,) = station.view.page.asked
    assert choice.options[0].text == "Maëva Rose TAHUA"
    assert plain(choice.options[0].detail).endswith("jusqu’au 21 janvier 2027")


def test_without_a_right_code_nobody_sees_the_names(station, presenter):
    presenter.act("agents.open", {"code": "1"})
    assert station.view.page.name == "O0-locked"


def test_a_supervisor_goes_to_the_officers_and_not_to_the_search(station, presenter):
    station.agents.there = NO_OFFICER
    unlocked(presenter)
    assert station.view.page.name == "O7-agents"
    presenter.act("agents.revoke", AGENT)
    presenter.act("agents.do", CODES)
    presenter.act("agents.list", {})
    assert station.view.page.name == "O7-agents"


def test_an_officer_is_added_with_everything_the_register_needs(station, presenter):
    adds(presenter)
    page = station.view.page
    assert plain(page.title) == "Ajouter Élie WAMYTAN ?"
    assert "Premier président, 03/11/2026" in page.hint
    presenter.act("agents.do", CODES)
    assert station.agents.asked == [
        (
            "enrol",
            TypedOfficer(
                nom="Wamytan",
                prenoms="Élie",
                qualite="Gendarme, OPJ",
                designation="Premier président, 03/11/2026",
                last_day=date(2027, 1, 15),
                code="271828",
            ),
        )
    ]
    assert plain(station.view.page.title) == "Élie WAMYTAN peut agir sur ce poste"


def test_the_result_says_only_what_is_proved(station, presenter):
    adds(presenter)
    presenter.act("agents.do", CODES)
    page = station.view.page
    assert isinstance(page, ResultPage)
    assert [one.done for one in page.progress] == [True, False]
    station.agents.in_centre = True
    presenter.act("display", {})
    presenter.act("display.done", {})
    assert [one.done for one in station.view.page.progress] == [True, True]


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("agents.revoke", ("revoke", AgentShown().kid)),
        ("agents.reset", ("reset", AgentShown().kid, "271828")),
    ],
)
def test_an_officer_is_withdrawn_or_gets_a_new_code(station, presenter, command, asked):
    agents(presenter)
    presenter.act(command, AGENT)
    if command == "agents.reset":
        typed_new_code(presenter)
    presenter.act("agents.do", CODES)
    assert station.agents.asked == [asked]


def test_an_officer_is_given_a_later_day(station, presenter):
    agents(presenter)
    presenter.act("agents.renew", AGENT)
    presenter.act("agents.last_day", {"last_day": ("15", "01", "2027")})
    presenter.act("agents.do", CODES)
    assert station.agents.asked == [("renew", AgentShown().kid, date(2027, 1, 15))]


def test_the_phrase_of_the_post_is_changed(station, presenter):
    agents(presenter)
    presenter.act("agents.phrase", {})
    typed_new_code(presenter, "trois mots faciles", "trois mots faciles")
    presenter.act("agents.do", CODES)
    assert station.agents.asked == [("phrase", "trois mots faciles")]


@pytest.mark.parametrize("command", ["agents.renew", "agents.revoke", "agents.reset"])
def test_somebody_must_be_chosen(station, presenter, command):
    agents(presenter)
    presenter.act(command, {"agent": ""})
    assert errors(station) == {"agent": "Choisissez un agent."}


@pytest.mark.parametrize(
    ("page", "answers", "wrong"),
    [
        ("who", {**NEW_AGENT, "nom": " "}, {"nom": "Saisissez le nom de l’agent."}),
        ("who", {**NEW_AGENT, "qualite": ""}, {"qualite": "Écrivez le grade et la qualité."}),
        ("designation", {**DESIGNATED, "authority": " "}, {"authority": "Écrivez qui a désigné l’agent."}),
        (
            "designation",
            {**DESIGNATED, "designated_on": ("23", "11", "2026")},
            {"designated_on": "La désignation doit être d’aujourd’hui ou d’avant."},
        ),
        (
            "designation",
            {**DESIGNATED, "last_day": ("20", "02", "2027")},
            {"last_day": "Le dernier jour doit être dans les 90 jours, aujourd’hui compris."},
        ),
        (
            "designation",
            {**DESIGNATED, "designated_on": ("", "", ""), "last_day": ("", "", "")},
            {"designated_on": "Saisissez la date.", "last_day": "Saisissez la date."},
        ),
    ],
)
def test_r_14_what_is_missing_is_said_beside_its_input(station, presenter, page, answers, wrong):
    agents(presenter)
    presenter.act("agents.add", {})
    if page == "designation":
        presenter.act("agents.who", NEW_AGENT)
    presenter.act(f"agents.{page}", answers)
    assert errors(station) == wrong


@pytest.mark.parametrize(
    ("codes", "wrong"),
    [
        ({}, {"phrase": "Tapez la phrase du responsable.", "second": "Tapez votre code."}),
        (
            {"phrase": "autre chose", "second": RIGHT_CODE},
            {"phrase": "Cette phrase n’ouvre pas la clé du responsable."},
        ),
        ({"phrase": SUPERVISOR, "second": "1"}, {"second": "Code incorrect. Il reste 4 essais."}),
    ],
)
def test_both_people_must_prove_who_they_are(station, presenter, codes, wrong):
    agents(presenter)
    presenter.act("agents.revoke", AGENT)
    presenter.act("agents.do", codes)
    assert errors(station) == wrong
    assert station.agents.asked == []
    presenter.act("agents.do", CODES)
    assert len(station.agents.asked) == 1


def test_a_code_that_is_taken_leads_back_to_the_code(station, presenter):
    station.agents.error = RuleViolated("CODE_DEJA_PRIS")
    adds(presenter)
    presenter.act("agents.do", CODES)
    assert errors(station) == {"code": "Ce code est déjà pris sur ce poste. Choisissez-en un autre."}
    station.agents.error = None
    typed_new_code(presenter, "161803", "161803")
    presenter.act("agents.do", CODES)
    assert station.agents.asked[0][1].code == "161803"


def test_two_different_codes_are_not_taken(station, presenter):
    agents(presenter)
    presenter.act("agents.reset", AGENT)
    typed_new_code(presenter, again="271829")
    assert errors(station) == {"again": "Les deux saisies sont différentes. Recommencez."}


def test_what_forbids_the_change_is_said_and_nothing_is_changed(station, presenter):
    station.agents.error = CarrierUnavailable("CLE_DU_RESPONSABLE_ABSENTE")
    agents(presenter)
    presenter.act("agents.revoke", AGENT)
    presenter.act("agents.do", CODES)
    message = station.view.page.message
    assert (plain(message.title), "clé USB" in message.text) == ("Rien n’est changé", True)


def test_a_double_tap_changes_once(station):
    later = Later()
    presenter = station.presenter()
    presenter.start()
    agents(presenter)
    presenter.act("agents.revoke", AGENT)
    object.__setattr__(presenter._parts, "run_in_background", later)
    presenter.act("agents.do", CODES)
    presenter.act("agents.do", CODES)
    later.finish()
    assert (len(station.agents.asked), later.waiting) == (1, [])


def test_no_button_of_another_page_is_obeyed(station, presenter):
    agents(presenter)
    presenter.act("agents.do", CODES)
    presenter.act("agents.designation", DESIGNATED)
    assert (station.view.page.name, station.agents.asked) == ("O7-agents", [])


def test_after_120_seconds_everything_typed_is_forgotten(station, presenter):
    adds(presenter)
    station.time.pass_seconds(120)
    assert [page.name for page in station.view.pages] == ["O0-locked"]
    agents(presenter)
    presenter.act("agents.add", {})
    assert [asked.value for asked in station.view.page.asked] == ["", "", ""]


def test_codes_are_never_shown_again(station, presenter):
    agents(presenter)
    presenter.act("agents.reset", AGENT)
    presenter.act("agents.code", {"code": "271828", "again": "2"})
    assert [asked.value for asked in station.view.page.asked] == ["", ""]


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (8, None),
        (7, "Votre habilitation se termine dans 7 jours"),
        (1, "Votre habilitation se termine dans 1 jour"),
        (0, "Votre habilitation se termine ce soir"),
        (-1, "Votre habilitation est terminée"),
    ],
)
def test_r_14_an_officer_is_told_a_week_before_the_end(station, presenter, days, title):
    station.agents.there = There(not_after=NOW + timedelta(days=days), days_left=days)
    for show in (lambda: unlocked(presenter), lambda: presenter.act("search", {})):
        show()
        message = station.view.page.message
        assert (None if message is None else plain(message.title)) == title


def test_nobody_enrolled_yet_is_said(station, presenter):
    station.agents.shown = ()
    agents(presenter)
    assert plain(station.view.page.message.title) == "Aucun agent n’est habilité sur ce poste"
    assert [command.key for command in station.view.page.extra] == ["agents.phrase", "transfer"]


def test_who_is_no_officer_still_transmits_and_comes_back_to_the_officers(station, presenter):
    station.agents.there = NO_OFFICER
    unlocked(presenter)
    presenter.act("transfer", {})
    assert station.view.page.name == "O6-transfer"
    presenter.act("search", {})
    assert station.view.page.name == "O7-agents"


@pytest.mark.parametrize(
    "standing", ["EN_FONCTION", "BIENTOT_TERMINEE", "FUTURE", "TERMINEE", "RETIREE", "CODE_BLOQUE"]
)
def test_every_standing_has_its_words(station, presenter, standing):
    station.agents.shown = (replace(AgentShown(), standing=standing),)
    agents(presenter)
    assert "21 janvier 2027" in plain(station.view.page.asked[0].options[0].detail)
