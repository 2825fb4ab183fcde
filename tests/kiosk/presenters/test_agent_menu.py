"""The agent’s menu of a kiosk, and what a post says early of what it will lack."""

from dataclasses import fields, is_dataclass, replace

import pytest

from kiosk_app.presenters import shortages
from kiosk_app.presenters.draft import Draft
from procuration.errors import CarrierUnavailable
from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, Brigade, Later, Stock, wording
from tests.kiosk.presenters.walk import answer_until

PLENTY = Stock()
MIB = 1 << 20


@pytest.fixture
def tablet():
    return Accueil()


@pytest.fixture
def presenter(tablet):
    return opened(tablet)


def opened(tablet):
    made = tablet.presenter()
    made.start()
    made.act("unlock", {"code": RIGHT_CODE})
    return made


def in_the_menu(presenter):
    presenter.act("agent", {})
    presenter.act("agent.enter", {"code": RIGHT_CODE})


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"references_left": 50}, []),
        ({"references_left": 49}, ["Il reste 49 références. Connectez ce poste, ou chargez une clé USB."]),
        ({"references_left": 1}, ["Il reste 1 référence. Connectez ce poste, ou chargez une clé USB."]),
        (
            {"references_left": 0},
            ["Il ne reste plus de référence. Les demandes continuent : le reçu suffit."],
        ),
        ({"references_left": None}, []),
        ({"directory_age_days": 6}, []),
        (
            {"directory_age_days": 7},
            ["Pas de nouvelles du centre depuis 7 jours. Connectez ce poste, ou chargez une clé USB."],
        ),
        ({"free_bytes": 1000 * MIB}, []),
        (
            {"free_bytes": 999 * MIB},
            ["Il reste 1 Go sur ce poste. Connectez-le, ou copiez sur une clé USB."],
        ),
        (
            {"free_bytes": 199 * MIB},
            ["Ce poste est plein : il n’enregistre plus rien. Servez-vous du papier."],
        ),
    ],
)
def test_each_shortage_is_said_from_its_threshold_on(change, said):
    found = shortages.listed(wording(), replace(PLENTY, **change), paper_failed=False)
    assert [plain(one) for one in found] == said


def test_the_gravest_shortage_comes_first():
    poor = replace(PLENTY, references_left=0, directory_age_days=9, free_bytes=0)
    found = [plain(one) for one in shortages.listed(wording(), poor, paper_failed=True)]
    starts = ("Ce poste est plein", "La dernière page", "Il ne reste plus de", "Pas de nouvelles")
    assert [one.startswith(start) for one, start in zip(found, starts, strict=True)] == [True] * 4


def test_the_welcome_says_what_is_short_and_goes_on(tablet):
    tablet.stock = replace(PLENTY, references_left=3)
    presenter = opened(tablet)
    assert plain(tablet.view.page.paragraphs[-1]).startswith("Pour l’accueil : Il reste 3 références.")
    presenter.act("start", {})
    assert tablet.view.page.name == "K1-data"


def test_with_plenty_of_everything_the_welcome_says_nothing_of_it(tablet, presenter):
    assert not any("accueil :" in plain(one) for one in tablet.view.page.paragraphs)


def test_the_menu_opens_with_the_code_only(tablet, presenter):
    presenter.act("agent", {})
    for command in ("agent.menu", "agent.print", "agent.close", "stick"):
        presenter.act(command, {})
        assert tablet.view.page.name == "KA-code"
    assert not tablet.closed
    presenter.act("agent.enter", {"code": ""})
    assert tablet.view.page.asked[0].error == "Tapez votre code."
    presenter.act("agent.enter", {"code": "1"})
    assert tablet.view.page.asked[0].error
    presenter.act("agent.enter", {"code": RIGHT_CODE})
    assert tablet.view.page.name == "KA-menu"
    assert [row.label for row in tablet.view.page.rows][:2] == ["Papier", "Références restantes"]


def test_the_test_page_says_whether_it_came_out_and_the_post_remembers(tablet, presenter):
    in_the_menu(presenter)
    presenter.act("agent.print", {})
    assert tablet.view.page.message.tone == "ok"
    tablet.print_error = CarrierUnavailable("IMPRESSION")
    presenter.act("agent.print", {})
    assert tablet.view.page.message.tone == "warn"
    assert tablet.view.page.rows[0].value == "La dernière page n’est pas sortie"
    presenter.act("agent.leave", {})
    assert tablet.view.page.name == "K0-welcome"
    assert "La dernière page" in tablet.view.page.paragraphs[-1]


def test_a_copy_to_a_stick_begins_there_and_comes_back_there(tablet, presenter):
    in_the_menu(presenter)
    presenter.act("stick", {})
    assert tablet.stick.starts == 1
    assert tablet.view.page.name == "O6-stick"
    presenter.act("agent.menu", {})
    assert tablet.view.page.name == "KA-menu"


def test_a_closed_post_asks_for_the_code_again(tablet, presenter):
    in_the_menu(presenter)
    presenter.act("agent.close", {})
    assert tablet.closed
    assert tablet.view.page.name == "K-1-closed"


def test_after_a_while_the_menu_is_left_for_the_welcome(tablet, presenter):
    in_the_menu(presenter)
    tablet.time.pass_seconds(60 + 41)
    assert tablet.view.page.name == "K0-welcome"
    presenter.act("agent.print", {})
    assert tablet.view.page.name == "K0-welcome"


def test_a_code_that_is_checked_when_everybody_has_left_opens_nothing(tablet, presenter):
    later = Later()
    presenter._agent._run = later
    presenter.act("agent", {})
    presenter.act("agent.enter", {"code": RIGHT_CODE})
    tablet.time.pass_seconds(60 + 41)
    later.finish()
    assert tablet.view.page.name == "K0-welcome"


def test_an_officer_is_told_of_a_disk_that_fills_up():
    station = Brigade(stock=replace(PLENTY, references_left=None, free_bytes=300 * MIB))
    opened(station)
    assert plain(station.view.page.message.title).startswith("Il reste 314 Mo")


def answers_shown(tablet):
    return [value for value in ("DUBOIS", "Angela", "DUPONT", "1962") if value in repr_of(tablet.view.page)]


def repr_of(value):
    """Everything in a page, also what its repr hides."""
    if is_dataclass(value):
        return " ".join(repr_of(getattr(value, one.name)) for one in fields(value))
    return " ".join(map(repr_of, value)) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize("until", ["mandataire.method", ""])
def test_the_agent_called_in_the_middle_of_a_request_sees_nothing_of_it(tablet, presenter, until):
    answer_until(presenter, until)
    assert until or answers_shown(tablet), "at the verification they stand on the page"
    presenter.act("agent", {})
    assert tablet.view.page.name == "KA-code"
    assert answers_shown(tablet) == []
    presenter.act("agent.enter", {"code": RIGHT_CODE})
    assert tablet.view.page.name == "KA-menu"
    assert answers_shown(tablet) == []


def test_the_agent_called_wipes_the_answers_and_comes_back_to_the_welcome(tablet, presenter):
    answer_until(presenter, "")
    wipes = tablet.view.wipes
    presenter.act("agent", {})
    assert tablet.view.wipes == wipes + 1
    assert presenter.draft == Draft()
    presenter.act("agent.leave", {})
    assert tablet.view.page.name == "K0-welcome"


def test_no_page_of_a_request_has_the_button_of_the_agent(tablet, presenter):
    for until in ("mandant.birth_name", "mandataire.method", "election.kind", ""):
        answer_until(presenter, until)
        page = tablet.view.page
        assert "agent" not in {one.key for one in (*page.bar_commands, *page.commands)}
        presenter.act("quit.wipe", {})
