"""The pages of the human queue: for whom, what they show, what they write, and what they never do."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain.events import Kind
from procuration.domain.facts import FactCode
from procuration.domain.status import Doubt, Status
from server.console.models import Administrator
from server.console.services import create_console_account
from server.dossiers.models import Procuration
from server.ledger.enums import FOR_A_PERSON
from server.ledger.models import Event
from server.texts_fr import TEXTS
from server.words.queue import ARTICLE
from tests.builders import JEAN_CLAUDE
from tests.server.queue.stories import Doubts, case, mandant, mandataire, rid, row
from tests.server.queue.test_rulings import STORIES, told
from tests.server.townhall import PASSWORD, administrator, agent_of, shows_second_factor, signed_in

LIST = "/console/a-trancher/"
WAITS = Status.EN_ATTENTE_HUMAINE


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def address(doubts: Doubts, rid_: str, end: str = "") -> str:
    return f"{LIST}{rid_}/{case(doubts.world, rid_).level.value}/{end}"


def decides(browser: Client, doubts: Doubts, rid_: str, choice: str, **changes: str):
    """The two steps, as a person clicks them: the second sends what the first one answered."""
    where = address(doubts, rid_, "decider/")
    page = browser.get(where.removesuffix("decider/"), {"nouvelle": "1"}).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    form = {"choice": choice, "reason": "Vu les deux registres.", "seen": seen.group(1), **changes}
    asked = browser.post(where, form)
    if asked.status_code != 200:
        return asked
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.content.decode()))
    return browser.post(where, hidden, follow=True)


def test_every_doubt_and_its_rule_have_their_words():
    for code in (*Doubt, *FOR_A_PERSON):
        for part in ("name", "stake", "law"):
            assert f"queue.{code.value}.{part}" in TEXTS, code
    assert {"R-18", "R-39", "R-43", "R-46", "R-49", "R-50"} == set(ARTICLE)


@pytest.mark.parametrize("code", STORIES)
def test_a_case_is_listed_read_decided_in_two_steps_and_kept_with_who_and_why(doubts: Doubts, code: str):
    rid_ = told(doubts, code)[0]
    browser = administrator("claire")
    listed = plain(browser.get(LIST))
    assert plain_words(f"queue.{code}.stake") in listed
    page = plain(browser.get(f"{LIST}{rid_}/"))
    for expected in ("Maëva Rose TAHUA", "Poste d’essai", "Heure prouvée", plain_words(f"queue.{code}.law")):
        assert expected in page
    choices = re.findall(r'name="choice" value="([^"]+)"', page)
    answer = decides(browser, doubts, rid_, choices[-1])
    assert "Décision enregistrée" in plain(answer)
    assert row(rid_).status != WAITS
    after = plain(browser.get(address(doubts, rid_)))
    assert "Vu les deux registres." in after
    assert "claire" in after.partition("Décisions déjà rendues")[2]
    assert "Rendre une nouvelle décision" in after
    assert rid_[:8] in plain(browser.get(f"{LIST}decisions/"))


def plain_words(key: str) -> str:
    return TEXTS[key].replace("\u202f", " ").replace("\xa0", " ")


def test_reading_a_case_back_writes_nothing_until_it_is_signed(doubts: Doubts):
    rid_ = doubts.unsure_withdrawal()
    browser, before = administrator(), Event.objects.count()
    where = address(doubts, rid_, "decider/")
    form = {"choice": "keep-A", "reason": "Vu.", "seen": case(doubts.world, rid_).token}
    asked = plain(browser.post(where, form))
    assert "La procuration A vaut : la résiliation ne la concerne pas." in asked
    assert "Elle ne s’efface pas" in asked
    assert Event.objects.count() == before
    browser.post(where, {**form, "step": "confirmed"})
    assert Event.objects.filter(kind=Kind.RULING).count() == 1


def test_no_page_writes_when_it_is_only_read(doubts: Doubts):
    rid_ = doubts.unsure_order()[0]
    browser = administrator()
    before = Event.objects.count(), Administrator.objects.count(), list(Procuration.objects.values())
    for page in ("", "rivales/", "rivales/decider/", "rivales/resultat/", "rivales/?nouvelle=1"):
        for method in ("get", "head", "options"):
            assert getattr(browser, method)(f"{LIST}{rid_}/{page}").status_code in (200, 302)
    assert (
        Event.objects.count(),
        Administrator.objects.count(),
        list(Procuration.objects.values()),
    ) == before


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"reason": ""}, "Écrivez la raison de la décision."),
        ({"reason": "x" * 501}, "La raison est trop longue."),
        ({"reason": "x" * 5000}, "La raison est trop longue."),
        ({"reason": "vu \u2066 les pièces"}, "un signe qui ne se lit pas"),
        ({"choice": ""}, "Choisissez une décision."),
        ({"choice": "keep-Z"}, "Choisissez une décision."),
        ({"choice": "order"}, "Choisissez une décision."),
    ],
)
def test_a_decision_that_is_not_complete_is_shown_again_with_its_fault(doubts: Doubts, form, sentence: str):
    rid_ = doubts.unsure_order()[0]
    answer = administrator().post(
        address(doubts, rid_, "decider/"), {"choice": "keep-A", "reason": "Vu.", "seen": "x", **form}
    )
    assert answer.status_code == 422
    assert sentence in plain(answer)
    assert "Il y a 1 réponse à corriger" in plain(answer)
    assert row(rid_).status == WAITS


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"seen": "x.y"}, "Une autre décision a été rendue"),
        ({"seen": ""}, "Le cas a changé"),
        ({"choice": "keep-Z"}, "n’est pas possible pour ce cas"),
        ({"reason": "\u202e"}, "un signe qui ne se lit pas"),
    ],
)
def test_what_the_service_refuses_is_said_in_a_sentence(doubts: Doubts, changes, sentence: str):
    rid_ = doubts.unsure_order()[0]
    form = {"choice": "keep-A", "reason": "Vu.", "seen": case(doubts.world, rid_).token, "step": "confirmed"}
    answer = administrator().post(address(doubts, rid_, "decider/"), {**form, **changes})
    assert answer.status_code == 409
    assert sentence in plain(answer)
    assert row(rid_).status == WAITS


def test_the_second_of_two_persons_reads_the_decision_of_the_first(doubts: Doubts):
    rids = doubts.unsure_order()
    first, second = administrator("claire"), administrator("denis")
    seen = case(doubts.world, rids[0]).token
    assert "Décision enregistrée" in plain(decides(first, doubts, rids[0], "keep-A"))
    form = {"choice": "keep-B", "reason": "Vu.", "seen": seen, "step": "confirmed"}
    refused = second.post(address(doubts, rids[1], "decider/"), form)
    assert refused.status_code == 409
    shown = plain(second.get(address(doubts, rids[1])))
    assert "claire" in shown
    assert "Seule la procuration A compte." in shown
    assert "Décision enregistrée" in plain(decides(second, doubts, rids[1], "keep-B"))
    assert [row(one).status for one in rids] == [Status.NULLE_L73, Status.TRANSMISE]


def test_r_43_ranks_are_asked_of_more_than_two_and_must_differ(doubts: Doubts):
    rids = [*doubts.unsure_order()]
    rids.append(doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE))
    browser = administrator()
    assert "3 procurations ·" in plain(browser.get(LIST))
    same = {"rank-A": "1", "rank-B": "1", "rank-C": "2"}
    wrong = decides(browser, doubts, rids[0], "order", **same)
    assert wrong.status_code == 422
    assert "un rang différent" in plain(wrong)
    ranks = {"rank-A": "2", "rank-B": "3", "rank-C": "1"}
    assert "Décision enregistrée" in plain(decides(browser, doubts, rids[0], "order", **ranks))
    assert row(rids[2]).status == Status.TRANSMISE
    assert "C, puis A, puis B" in plain(browser.get(address(doubts, rids[0])))


def test_r_43_a_decision_about_fewer_sides_is_told_by_the_letters_of_today(doubts: Doubts):
    rids = doubts.unsure_order()
    browser = administrator()
    decides(browser, doubts, rids[0], "keep-B")
    doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE)
    assert "B compte, et non A." in plain(browser.get(f"{LIST}{rids[1]}/"))


@pytest.mark.parametrize("story", ["silent_law", "forked_brigade"])
def test_what_no_decision_can_mend_says_what_to_do(doubts: Doubts, story: str):
    rid_ = getattr(doubts, story)()
    page = plain(administrator().get(f"{LIST}{rid_}/"))
    assert plain_words(f"queue.{row(rid_).code}.law") in page
    assert 'name="choice"' not in page


# for whom


PAGES = ("", "rivales/", "rivales/decider/", "rivales/resultat/")


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_reads_or_decides_a_case(doubts: Doubts, page: str):
    rid_ = doubts.unsure_order()[0]
    where, form = f"{LIST}{rid_}/{page}", {"choice": "keep-A", "reason": "Vu.", "step": "confirmed"}
    agent = agent_of()
    for method in ("get", "post"):
        assert getattr(Client(), method)(where, form).status_code == 302
        assert getattr(agent, method)(where, form).status_code == 403
    assert row(rid_).status == WAITS


def test_a_form_without_its_token_is_refused(doubts: Doubts):
    rid_ = doubts.unsure_order()[0]
    browser = Client(enforce_csrf_checks=True)
    claire = create_console_account("claire", PASSWORD)
    browser.force_login(claire)
    shows_second_factor(browser, claire)
    form = {"choice": "keep-A", "reason": "Vu.", "seen": case(doubts.world, rid_).token, "step": "confirmed"}
    assert browser.post(address(doubts, rid_, "decider/"), form).status_code == 403
    assert row(rid_).status == WAITS


@pytest.mark.parametrize(
    "page", [f"{'0' * 32}/", f"{'0' * 32}/rivales/", "nothing/", "nothing/rivales/", f"{rid(1)}/ailleurs/"]
)
def test_what_is_no_case_has_no_page(doubts: Doubts, page: str):
    doubts.establishes(1, "brigade")
    browser = administrator()
    assert browser.get(f"{LIST}{page}").status_code == 404
    if page.count("/") == 2:
        assert browser.post(f"{LIST}{page}decider/", {"choice": "keep-A"}).status_code == 404


def test_an_account_made_before_the_queue_signs_with_a_name_of_its_own(doubts: Doubts):
    rid_ = doubts.unsure_withdrawal()
    user = create_console_account("ancien", PASSWORD)
    Administrator.objects.all().delete()
    decides(signed_in(user), doubts, rid_, "keep-A")
    (given,) = case(doubts.world, rid_, None).rulings
    assert given.account.pseudonym == Administrator.objects.get(user=user).pseudonym
    assert "ancien" not in str(given)


# lists


def test_the_list_shows_no_name_and_the_nearest_closing_first(doubts: Doubts):
    doubts.two_procurations()
    page = plain(administrator().get(LIST))
    for word in ("DUBOIS", "DUPONT", "exemple.fr", "XBQ", "TAHUA"):
        assert word not in page
    assert "9 j 22 h" in page
    assert "R-49, article L. 75" in page
    assert "2 procurations ·" in page


def test_an_event_about_a_request_never_seen_waits_is_listed_and_takes_its_effect_later(doubts: Doubts):
    doubts.votes(5, FactCode.MANDANT_VOTED)
    page = plain(administrator().get("/console/en-attente/"))
    assert "DEMANDE_INCONNUE" in page
    assert rid(5)[:8] in page
    doubts.establishes(5, "brigade")
    assert row(rid(5)).effects[0]["effect"] == "VOTE_PERSONNEL"
    assert "Aucun événement n’attend sa demande." in plain(administrator("denis").get("/console/en-attente/"))


def test_r_46_a_resiliation_without_a_procuration_waits_for_it(doubts: Doubts):
    doubts.revokes(None, "brigade", mandant=mandant(4))
    page = plain(administrator().get("/console/en-attente/"))
    assert "RESILIATION_SANS_OBJET" in page
    assert "Toutes les procurations de l’électeur" in page
    assert "DUBOIS" not in page
    doubts.establishes(4, "other", mandant=mandant(4), mandataire=mandataire(4))
    assert "Aucune résiliation n’est sans objet." in plain(administrator("denis").get("/console/en-attente/"))


def test_the_overview_counts_what_waits(doubts: Doubts):
    doubts.unsure_order()
    page = plain(administrator().get("/console/"))
    assert re.search(r"<strong>2</strong><a href=\"/console/a-trancher/\">Procurations à trancher", page)


def questions(browser: Client, where: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(where).status_code == 200
    return len(asked)


def test_pages_ask_the_same_number_of_questions_however_much_there_is(doubts: Doubts):
    browser = administrator()
    rid_ = doubts.unsure_order()[0]
    pages = (LIST, f"{LIST}{rid_}/", f"{LIST}decisions/", "/console/en-attente/")
    few = [questions(browser, page) for page in pages]
    for number in range(3, 8):
        doubts.establishes(
            number, f"brigade {number}", number, mandant=mandant(number), mandataire=JEAN_CLAUDE
        )
    doubts.votes(20, FactCode.MANDANT_VOTED)
    assert [questions(browser, page) for page in pages] == few
    assert max(few) <= 20


@pytest.mark.parametrize("many", [20])
def test_r_43_more_rivals_than_a_ruling_can_name_are_decided_a_few_at_a_time(doubts: Doubts, many: int):
    rids = [
        doubts.establishes(
            number, f"brigade {number}", number, mandant=mandant(number), mandataire=JEAN_CLAUDE
        )
        for number in range(2, many + 2)
    ]
    opened = case(doubts.world, rids[0])
    assert (len(opened.sides), opened.left_out) == (16, 4)
    page = plain(administrator().get(f"{LIST}{rids[0]}/"))
    assert "4 autres procurations sont dans le même cas." in page
    decides(administrator("denis"), doubts, rids[0], "none")
    assert row(rids[0]).status == Status.NULLE_L73


def test_r_43_who_is_kept_before_a_few_rivals_is_compared_with_the_rest_next(doubts: Doubts):
    rids = [
        doubts.establishes(
            number, f"brigade {number}", number, mandant=mandant(number), mandataire=JEAN_CLAUDE
        )
        for number in range(2, 22)
    ]
    browser = administrator("denis")
    decides(browser, doubts, rids[0], "keep-A")
    assert row(rids[0]).status == Status.EN_ATTENTE_HUMAINE
    decides(browser, doubts, rids[0], "keep-A")
    assert [row(rid_).status for rid_ in rids] == [Status.TRANSMISE] + [Status.NULLE_L73] * 19
