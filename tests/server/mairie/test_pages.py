"""The pages of the town hall: what they show, what they record, whom they refuse."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain.events import Kind
from procuration.domain.people import PartialDate, Person, Sex
from procuration.domain.refusal import TOWN_HALL_CODES
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from server.dossiers.models import Procuration
from server.ledger.models import Event
from server.words.reasons import REASON
from tests.builders import JEAN_CLAUDE, SCRUTIN_ID, people
from tests.server.townhall import LAON, LIFOU, Story, administrator, agent_of

NAMED_FOR_HARM = Person(
    birth_name="D’ARC",
    given_names="Jeanne",
    sex=Sex.FEMALE,
    birth_date=PartialDate(1990, 1, 1),
    used_name="L’ÎLE",
)
FIRST_CLOSING = datetime(2027, 4, 11, 8, tzinfo=UTC)
URLS = ("", "valider/", "invalider/", "resultat/", "fait/", "vote/", "retirer/")
WRITES = ("valider/", "invalider/", "fait/", "vote/", "retirer/")
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")


def page(rid: str, end: str = "") -> str:
    return f"/mairie/procurations/{rid}/{end}"


ADDRESSES = (
    "/mairie/",
    "/mairie/decisions/",
    "/mairie/mandataires/",
    f"/mairie/mandataires/{'0' * 32}/",
    "/mairie/prevenir/",
    "/mairie/formulaire/",
    f"/mairie/prevenir/{'0' * 32}/",
    f"/mairie/prevenir/{'0' * 32}/annuler/",
    *(page("0" * 32, end) for end in URLS),
)


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_an_empty_list_says_that_nothing_waits(story: Story):
    assert "Aucune procuration n’attend" in plain(agent_of().get("/mairie/"))


def test_a_procuration_waits_on_the_list_of_its_commune_only(story: Story):
    story.established(1)
    assert "DUBOIS" in plain(agent_of().get("/mairie/"))
    assert "DUBOIS" not in plain(agent_of(LIFOU, "lifou").get("/mairie/"))


def test_a_request_that_no_officer_established_waits_nowhere(story: Story):
    story.filed(1)
    assert "DUBOIS" not in plain(agent_of().get("/mairie/"))


def test_opening_the_list_records_the_reception_once(story: Story):
    rid = story.established(1)
    agent = agent_of()
    for _ in range(3):
        agent.get("/mairie/")
    assert Procuration.objects.get(rid=rid).status == Status.RECUE
    received = [entry for entry in Procuration.objects.get(rid=rid).history if entry["kind"] == Kind.TAKEN_IN]
    assert [entry["decision"] for entry in received] == [1, 2]


def test_the_procuration_whose_poll_closes_first_comes_first(story: Story):
    no_poll = story.established(1, validity=Period(first_day=days(story, 300), last_day=days(story, 330)))
    second_round = story.established(2, validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.SECOND))
    first_round = story.established(3, validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST))
    body = plain(agent_of().get("/mairie/"))
    assert [body.index(rid) for rid in (first_round, second_round, no_poll)] == sorted(
        body.index(rid) for rid in (no_poll, second_round, first_round)
    )
    assert "Pas de vote à venir" in body


def test_after_the_first_round_the_time_left_runs_to_the_second(story: Story):
    story.established(1)
    assert "9 j 22 h" in plain(agent_of().get("/mairie/"))
    story.world.clock.at += timedelta(days=11)
    assert "12 j 22 h" in plain(agent_of(username="other").get("/mairie/"))


def test_r_55_each_procuration_says_when_its_poll_closes_and_what_it_lacks(story: Story):
    story.established(1)
    story.established(2, mandataire=replace(people(2)["mandataire"], enrolment=LIFOU))
    story.world.clock.at = FIRST_CLOSING - timedelta(hours=5, minutes=1)
    body = plain(agent_of().get("/mairie/"))
    assert body.count("Ferme dans 5 h 1 min") == 2
    assert body.count("Il manque : votre décision<") == 1
    assert body.count("Il manque : l’avis de l’autre mairie (Lifou) et votre décision<") == 1
    assert "réception<" not in body  # opening the list is receiving


def test_r_35_between_polls_of_a_period_the_list_counts_to_the_next_one(story: Story):
    rid = story.established(1, validity=Period(first_day=days(story, 0), last_day=days(story, 360)))
    later = FIRST_CLOSING + timedelta(days=100)
    Procuration.objects.filter(rid=rid).update(last_closing=later)  # as a third poll would leave it
    story.world.clock.at = FIRST_CLOSING + timedelta(days=13, hours=20)
    body = plain(agent_of().get("/mairie/"))
    assert "Ferme dans 4 h<" in body
    assert "Clôture 25 avril 2027 à 19 h 00" in body


def days(story: Story, number: int):
    return (story.world.clock.now() + timedelta(days=number)).date()


def test_a_procuration_whose_last_poll_has_closed_waits_no_more(story: Story):
    story.established(1)
    story.world.clock.at += timedelta(days=60)
    assert "Aucune procuration n’attend" in plain(agent_of().get("/mairie/"))


def test_one_procuration_shows_who_established_it_where_when_and_how_sure_it_is(story: Story):
    seen = plain(agent_of().get(page(story.established(1))))
    assert "Maëva Rose TAHUA, Maréchale des logis-cheffe, OPJ" in seen
    assert "Brigade de Dumbéa" in seen
    assert "Dumbéa, dans les locaux de l’unité" in seen
    assert "1er avril 2027 à 20 h 30" in seen
    assert "Sans FranceConnect" in seen
    assert "Reçue par le centre le 1er avril 2027" in seen
    assert "Rang " in seen


def test_validating_asks_once_more_then_records_and_shows_the_result(story: Story):
    rid, agent = story.established(1), agent_of()
    assert "Jean-Claude Bernard DUPONT votera à sa place." in plain(agent.get(page(rid, "valider/")))
    assert Procuration.objects.get(rid=rid).decided_at is None
    answer = agent.post(page(rid, "valider/"), follow=True)
    assert "Procuration validée" in plain(answer)
    assert Procuration.objects.get(rid=rid).status == Status.VALIDEE
    assert "Validée" in plain(agent.get("/mairie/decisions/"))


def test_invalidating_needs_a_reason_and_a_confirmation(story: Story):
    rid, agent = story.established(1), agent_of()
    assert agent.post(page(rid, "invalider/")).status_code == 422
    assert agent.post(page(rid, "invalider/"), {"code": "PAS_UN_CODE"}).status_code == 422
    asked = plain(agent.post(page(rid, "invalider/"), {"code": "PLAFOND_DEPASSE"}))
    assert "Choisissez une autre personne." in asked
    assert Procuration.objects.get(rid=rid).decided_at is None
    answer = agent.post(
        page(rid, "invalider/"), {"code": "PLAFOND_DEPASSE", "step": "confirmed"}, follow=True
    )
    assert "Procuration invalidée" in plain(answer)
    assert Procuration.objects.get(rid=rid).code == "PLAFOND_DEPASSE"


@pytest.mark.parametrize("second", ["valider/", "invalider/"])
def test_a_second_decision_is_refused_and_changes_nothing(story: Story, second: str):
    rid, agent = story.established(1), agent_of()
    agent.post(page(rid, "valider/"))
    events = Event.objects.count()
    answer = agent.post(page(rid, second), {"code": "PLAFOND_DEPASSE", "step": "confirmed"})
    assert answer.status_code == 409
    assert "Cette procuration a déjà une décision. Rien n’a été changé." in plain(answer)
    assert Event.objects.count() == events


def test_the_pages_that_decide_lead_back_when_there_is_nothing_to_decide(story: Story):
    rid, agent = story.filed(1), agent_of()
    assert agent.get(page(rid, "valider/")).url == page(rid)
    assert agent.get(page(rid, "invalider/")).url == page(rid)
    assert agent.get(page(rid, "resultat/")).url == page(rid)
    assert "Aucun officier n’a encore établi" in plain(agent.get(page(rid)))


def test_a_commune_where_the_register_decides_gets_no_button(story: Story):
    rid = story.established(
        1,
        vote_place=LAON,
        mandataire=replace(JEAN_CLAUDE, enrolment=LAON),
        validity=Period(first_day=days(story, 0), last_day=days(story, 30)),
    )
    agent = agent_of(LAON, "laon")
    assert "répertoire électoral unique contrôle" in plain(agent.get(page(rid)))
    assert agent.post(page(rid, "valider/")).status_code == 409


@pytest.mark.parametrize("end", URLS)
def test_a_procuration_of_another_commune_does_not_exist_whatever_the_method(story: Story, end: str):
    rid, stranger = story.established(1), agent_of(LIFOU, "lifou")
    events = Event.objects.count()
    for method in METHODS:
        answer = getattr(stranger, method)(page(rid, end))
        assert answer.status_code == expected_of_a_stranger(method, end), method
        assert b"DUBOIS" not in answer.content
    assert Event.objects.count() == events


def expected_of_a_stranger(method: str, end: str) -> int:
    """What any rid gets: 404 where a page would be, else the refusal of the method; OPTIONS lists methods
    only."""
    if method == "options":
        return 200
    known = method in ("get", "head") or (method == "post" and end in WRITES)
    return 404 if known else 405


@pytest.mark.parametrize("end", URLS)
def test_an_unknown_procuration_gets_the_same_answer_as_a_foreign_one(story: Story, end: str):
    agent = agent_of(LIFOU, "lifou")
    foreign, unknown = agent.get(page(story.established(1), end)), agent.get(page("0" * 32, end))
    assert (foreign.status_code, without_token(foreign)) == (404, without_token(unknown))


def without_token(answer) -> bytes:
    """The page without the value against forged forms, drawn anew each time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", answer.content)


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_sees_the_town_hall_without_signing_in(world, address: str):
    for method in METHODS:
        answer = getattr(Client(), method)(address)
        assert (answer.status_code, answer.url) == (302, f"/connexion/?next={address}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_administrator_has_no_right_to_the_town_hall(world, address: str):
    browser = administrator()
    assert {getattr(browser, method)(address).status_code for method in METHODS} == {403}


@pytest.mark.parametrize("end", WRITES)
def test_a_decision_sent_from_another_site_is_refused(story: Story, end: str):
    rid, agent = story.established(1), agent_of()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = agent.cookies
    answer = strict.post(page(rid, end), {"code": "PLAFOND_DEPASSE", "step": "confirmed"})
    assert answer.status_code == 403
    assert "Rien n’a été enregistré." in plain(answer)
    assert Procuration.objects.get(rid=rid).decided_at is None


def test_words_of_the_elector_are_never_markup(story: Story):
    rid = story.established(1, mandant=NAMED_FOR_HARM)
    Procuration.objects.filter(rid=rid).update(
        mandant_used_name="<script>alert(1)</script>", mandataire_birth_name='"><img src=x onerror=alert(1)>'
    )
    agent = agent_of()
    for address in ("/mairie/", *(page(rid, end) for end in ("", *WRITES))):
        body = agent.get(address).content
        assert b"<script" not in body
        assert b"<img" not in body


def test_every_reason_is_offered_with_the_sentence_that_the_mandant_will_read(story: Story):
    body = agent_of().get(page(story.established(1), "invalider/")).content.decode()
    for code in TOWN_HALL_CODES:
        assert REASON[code][0] in body
        assert REASON[code][1] in body


def test_opening_a_list_asks_the_same_number_of_questions_for_one_and_for_many(story: Story):
    agent, counts = agent_of(), []
    story.established(1)
    agent.get("/mairie/")
    for numbers in (range(2, 3), range(3, 10)):
        for number in numbers:
            story.established(number)
        with CaptureQueriesContext(connection) as first_time:
            agent.get("/mairie/")
        with CaptureQueriesContext(connection) as again:
            agent.get("/mairie/")
        counts.append((len(first_time), len(again)))
    assert counts[0] == counts[1]
    assert counts[0][1] <= 10
    assert set(Procuration.objects.values_list("status", flat=True)) == {Status.RECUE}


def test_a_long_list_is_cut_into_pages(story: Story, monkeypatch):
    monkeypatch.setattr("server.mairie.selectors.ROWS_PER_PAGE", 2)
    for number in range(1, 4):
        story.established(number)
    agent = agent_of()
    assert "Page 1 sur 2" in plain(agent.get("/mairie/"))
    assert plain(agent.get("/mairie/?page=2")).count("Examiner la procuration") == 1
    assert agent.get("/mairie/?page=x'--").status_code == 200


def test_a_rule_of_the_service_is_not_taken_for_an_article(story: Story):
    rid, agent = story.established(1), agent_of()
    page = f"/mairie/procurations/{rid}/invalider/"
    review = plain(agent.post(page, {"code": "PROCURATION_DEJA_EXISTANTE"}))
    assert "Deuxième procuration sans résiliation (règle R-49 du service)" in review
