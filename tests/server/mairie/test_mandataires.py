"""The mandataire's town hall: what it is asked, what it sees, what it answers (R-72)."""

from dataclasses import replace

import pytest
from django.test import Client

from procuration.domain.status import Status
from server.dossiers.facts import answer_of
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.services import decide
from server.ledger.models import Event
from tests.builders import JEAN_CLAUDE
from tests.server.mairie.test_pages import METHODS, page, plain, without_token
from tests.server.townhall import LAON, LIFOU, Story, account_of, agent_of

FROM_LIFOU = replace(JEAN_CLAUDE, enrolment=LIFOU)
LIST = "/mairie/mandataires/"
CONFIRMED = {"step": "confirmed"}


def one(rid: str) -> str:
    return f"{LIST}{rid}/"


def test_r_72_the_question_waits_on_the_list_of_the_mandataire_s_town_hall_only(story: Story):
    story.established(1, mandataire=FROM_LIFOU)
    assert "DUPONT" in plain(agent_of(LIFOU, "lifou").get(LIST))
    for place, name in ((LAON, "laon"), (None, "noumea")):
        agent = agent_of(place, name) if place else agent_of(username=name)
        assert "DUPONT" not in plain(agent.get(LIST))


def test_r_72_an_answer_is_asked_shown_once_more_then_recorded(story: Story):
    rid, agent = story.established(1, mandataire=FROM_LIFOU), agent_of(LIFOU, "lifou")
    decide(rid, account_of(), True, None)
    assert "Réponse pour le mandataire Jean-Claude Bernard DUPONT" in plain(agent.get(one(rid)))
    assert "Répondre à la mairie de Nouméa ?" in plain(agent.post(one(rid), {"answer": "OUI"}))
    assert Procuration.objects.get(rid=rid).answer == "ATTENDUE"
    after = plain(agent.post(one(rid), {"answer": "OUI"} | CONFIRMED, follow=True))
    assert "Votre réponse est signée et gardée par le centre." in after
    assert "Réponses données" in after
    assert Procuration.objects.get(rid=rid).status == Status.VALIDEE
    assert rebuild_all(story.world.centre, lambda _: None).differed == 0


def test_r_72_a_refusal_shows_the_sentence_that_the_mandant_will_read_and_may_be_changed(story: Story):
    rid, agent = story.established(1, mandataire=FROM_LIFOU), agent_of(LIFOU, "lifou")
    review = plain(agent.post(one(rid), {"answer": "PLAFOND_DEPASSE"}))
    assert "Choisissez une autre personne." in review
    agent.post(one(rid), {"answer": "PLAFOND_DEPASSE"} | CONFIRMED)
    assert Procuration.objects.get(rid=rid).status == Status.INVALIDEE
    assert 'value="PLAFOND_DEPASSE" id="answer-2" checked' in plain(agent.get(one(rid)))
    story.world.clock.at = story.world.clock.at.replace(minute=59)
    agent.post(one(rid), {"answer": "OUI"} | CONFIRMED)
    assert answer_of(Procuration.objects.get(rid=rid)) is None


@pytest.mark.parametrize("answer", [None, "", "NON", "MANDANT_ABSENT", "OUI'--", "<script>"])
def test_r_72_anything_else_is_asked_again_and_nothing_is_recorded(story: Story, answer: str | None):
    rid, agent = story.established(1, mandataire=FROM_LIFOU), agent_of(LIFOU, "lifou")
    events = Event.objects.count()
    given = CONFIRMED if answer is None else {"answer": answer} | CONFIRMED
    response = agent.post(one(rid), given)
    assert response.status_code == 422
    assert "Choisissez une réponse." in plain(response)
    assert b"<script" not in response.content
    assert Event.objects.count() == events


def test_r_72_the_other_procurations_stand_in_the_order_of_establishment(story: Story):
    story.established(1, mandataire=FROM_LIFOU)
    rid = story.established(2, mandataire=FROM_LIFOU)
    seen = plain(agent_of(LIFOU, "lifou").get(one(rid)))
    assert seen.count("La procuration examinée") == 1
    assert "DUBOIS C" in seen
    assert "Nulle (article L. 73)" in seen
    assert "Dumbéa" in seen


def test_r_72_the_mandant_s_town_hall_sees_whose_answer_it_waits_for_and_when_it_came(story: Story):
    rid, agent = story.established(1, mandataire=FROM_LIFOU), agent_of()
    assert "Réponse attendue de la mairie de Lifou" in plain(agent.get(page(rid)))
    assert "Réponse attendue de la mairie de Lifou" in plain(agent.get(page(rid, "valider/")))
    result = plain(agent.post(page(rid, "valider/"), follow=True))
    assert "Votre accord est enregistré" in result
    assert "peut maintenant voter" not in result
    assert "Votre accord est gardé." in plain(agent.get(page(rid)))
    assert "Aucune procuration n’attend" in plain(agent.get("/mairie/"))
    agent_of(LIFOU, "lifou").post(one(rid), {"answer": "OUI"} | CONFIRMED)
    seen = plain(agent.get(page(rid)))
    assert "La mairie de Lifou a répondu : le mandataire peut avoir cette procuration." in seen
    assert "La mairie du mandataire a répondu : dans le plafond" in seen


def test_r_72_the_mandant_s_town_hall_sees_why_the_other_one_refused(story: Story):
    rid, agent = story.established(1, mandataire=FROM_LIFOU), agent_of()
    agent_of(LIFOU, "lifou").post(one(rid), {"answer": "MANDATAIRE_SANS_DROITS"} | CONFIRMED)
    seen = plain(agent.get(page(rid)))
    assert "La mairie de Lifou a répondu non : le mandataire ne peut pas voter." in seen
    assert "règle R-72 du service" in seen


def test_i_8_the_mandataire_s_town_hall_sees_nothing_else_of_the_mandant(story: Story):
    rid = story.established(1, mandataire=FROM_LIFOU)
    Procuration.objects.filter(rid=rid).update(mandant_used_name="NOMDUSAGE", mandant_elector_number="777")
    agent = agent_of(LIFOU, "lifou")
    for seen in (plain(agent.get(LIST)), plain(agent.get(one(rid)))):
        assert "Angela Claire Louise DUBOIS" in seen
        for word in ("angela.dubois", "1962", "24 août", "NOMDUSAGE", "777", "XBQ", "Féminin", "TAHUA"):
            assert word not in seen
    assert agent.get(page(rid)).status_code == 404


@pytest.mark.parametrize("who", ["mandant", "stranger"])
def test_i_8_a_question_put_to_another_town_hall_does_not_exist_whatever_the_method(story: Story, who: str):
    rid = story.established(1, mandataire=FROM_LIFOU)
    agent = agent_of() if who == "mandant" else agent_of(LAON, "laon")
    events = Event.objects.count()
    for method in METHODS:
        answer = getattr(agent, method)(
            one(rid), {"answer": "OUI", **CONFIRMED} if method == "post" else None
        )
        expected = {"options": 200, "get": 404, "head": 404, "post": 404}.get(method, 405)
        assert answer.status_code == expected, method
    foreign, unknown = agent.get(one(rid)), agent.get(one("0" * 32))
    assert without_token(foreign) == without_token(unknown)
    assert Event.objects.count() == events


def test_i_8_what_is_not_asked_does_not_exist_either(story: Story):
    assert agent_of().get(one(story.established(1))).status_code == 404


def test_an_answer_sent_from_another_site_is_refused(story: Story):
    rid = story.established(1, mandataire=FROM_LIFOU)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = agent_of(LIFOU, "lifou").cookies
    assert strict.post(one(rid), {"answer": "OUI"} | CONFIRMED).status_code == 403
    assert Procuration.objects.get(rid=rid).answer == "ATTENDUE"


def test_names_are_never_markup(story: Story):
    rid = story.established(1, mandataire=FROM_LIFOU)
    Procuration.objects.filter(rid=rid).update(
        mandant_birth_name="<script>alert(1)</script>", mandataire_birth_name='"><img src=x onerror=alert(1)>'
    )
    agent = agent_of(LIFOU, "lifou")
    pages = [agent.get(LIST), agent.get(one(rid)), agent.post(one(rid), {"answer": "OUI"})]
    for body in (answer.content.lower() for answer in pages):
        assert b"<script" not in body
        assert b"<img" not in body


def test_reading_the_questions_writes_nothing(story: Story):
    rid, agent = story.established(1, mandataire=FROM_LIFOU), agent_of(LIFOU, "lifou")
    events = Event.objects.count()
    for address in (LIST, one(rid), f"{one(rid)}?answer=x'--", f"{LIST}?page=x"):
        assert agent.get(address).status_code == 200
    assert Event.objects.count() == events
