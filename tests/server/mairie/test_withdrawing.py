"""The page on which a town hall takes back a fact that it recorded by mistake (decision 0043)."""

from django.test import Client

from procuration.domain.events import Kind
from procuration.domain.facts import FactCode
from procuration.domain.status import Status
from server.dossiers.facts import withdraw_fact
from server.dossiers.mentions import in_force
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.ledger.models import Event
from tests.builders import ANGELA, JEAN_CLAUDE
from tests.server.mairie.test_pages import page, plain
from tests.server.mairie.test_records import CONFIRMED, DEAD, ONE_ROUND, POLLING, VOTED, status
from tests.server.townhall import LIFOU, Story, account_of, agent_of

WHY = "Homonyme né le même jour"


def row(rid: str) -> Procuration:
    return Procuration.objects.get(rid=rid)


def dead_by_mistake(story: Story, agent: Client, number: int = 1) -> tuple[str, dict[str, str]]:
    """A mandataire who is said to be dead. Returns: the rid, and the answers that withdraw the mention."""
    rid = story.established(number)
    agent.post(page(rid, "fait/"), DEAD | CONFIRMED)
    (mention,) = in_force(row(rid))
    return rid, {"mention": mention.hash, "reason": WHY}


def test_r_51_a_mention_is_chosen_on_the_page_shown_once_more_then_withdrawn(story: Story):
    agent = agent_of()
    rid, answers = dead_by_mistake(story, agent)
    seen = plain(agent.get(page(rid)))
    assert "Retirer cette mention : Décès du mandataire, le 1er avril 2027" in seen
    link = f"{page(rid, 'retirer/')}?mention={answers['mention']}"
    assert link in seen
    assert "checked" in plain(agent.get(link))
    review = plain(agent.post(page(rid, "retirer/"), answers))
    assert "Retirer cette mention ?" in review
    assert WHY in review
    assert "Cette mention n’annule plus les procurations de cette personne." in review
    assert status(rid) is Status.ANNULEE_L77
    after = plain(agent.post(page(rid, "retirer/"), answers | CONFIRMED, follow=True))
    assert "La mention est retirée." in after
    assert "Décès du mandataire, le 1er avril 2027 (mention retirée depuis)" in after
    assert f"Mention retirée : décès du mandataire, le 1er avril 2027. Raison : {WHY}" in after
    assert "Mentions notées" not in after
    assert "Décès ou perte de droits…" in after
    assert status(rid) is Status.RECUE


def test_r_50_a_vote_on_the_wrong_line_is_withdrawn_and_noted_again(story: Story):
    agent, rid = agent_of(), story.established(1)
    decide(rid, account_of(), True, None)
    story.world.clock.at = POLLING
    agent.post(page(rid, "vote/"), VOTED | CONFIRMED)
    answers = {"mention": in_force(row(rid))[0].hash, "reason": "Mauvaise ligne"}
    assert "un vote peut être noté de nouveau" in plain(agent.post(page(rid, "retirer/"), answers))
    agent.post(page(rid, "retirer/"), answers | CONFIRMED)
    other = VOTED | {"code": str(int(FactCode.MANDATAIRE_VOTED))}
    assert agent.post(page(rid, "vote/"), other | CONFIRMED).status_code == 302
    assert [one.code for one in in_force(row(rid))] == [FactCode.MANDATAIRE_VOTED]


def test_a_second_vote_leads_to_the_mention_that_refuses_it_wherever_it_is_noted(story: Story):
    agent, one_round = agent_of(), {"validity": ONE_ROUND}
    rid = story.established(1, **one_round)
    other = story.established(2, mandant=ANGELA, **one_round)
    story.world.clock.at = POLLING
    agent.post(page(other, "vote/"), VOTED | CONFIRMED)
    answer = agent.post(page(rid, "vote/"), VOTED | CONFIRMED)
    assert answer.status_code == 409
    assert f'href="{page(other, "retirer/")}"' in plain(answer)
    assert "L’électeur a voté lui-même, le 11 avril 2027" in plain(agent.get(page(other, "retirer/")))


def test_what_is_missing_or_wrong_is_asked_again_and_nothing_is_withdrawn(story: Story):
    agent = agent_of()
    rid, answers = dead_by_mistake(story, agent)
    events = Event.objects.count()
    for changes in (
        {"mention": ""},
        {"mention": "0" * 64},
        {"mention": "'; --"},
        {"reason": ""},
        {"reason": "   "},
        {"reason": "x" * 201},
        {"reason": "nul\x00"},
        {"reason": "\u202eenvers"},
    ):
        answer = agent.post(page(rid, "retirer/"), answers | changes | CONFIRMED)
        assert (answer.status_code, changes) == (422, changes)
        assert "à corriger" in plain(answer)
    assert Event.objects.count() == events


def test_a_double_click_and_a_colleague_withdraw_once(story: Story):
    agent, colleague = agent_of(), agent_of(username="colleague")
    rid, answers = dead_by_mistake(story, agent)
    for one in (agent, agent, colleague):
        answer = one.post(page(rid, "retirer/"), answers | CONFIRMED)
        assert (answer.status_code, answer.url) == (302, page(rid))
    assert "déjà retirée" in plain(colleague.get(page(rid)))
    assert Event.objects.filter(kind=Kind.FACT_WITHDRAWN).count() == 1


def test_two_agents_at_once_write_one_withdrawal(story: Story, monkeypatch):
    """Both read the dossier before either wrote."""
    agent = agent_of()
    rid, answers = dead_by_mistake(story, agent)
    both_read = row(rid)
    withdraw_fact(rid, account_of(pseudonym="colleague"), answers["mention"], "Homonyme")
    monkeypatch.setattr("server.mairie.views.dossiers.get", lambda *_: both_read)
    assert agent.post(page(rid, "retirer/"), answers | CONFIRMED).status_code == 302
    assert Event.objects.filter(kind=Kind.FACT_WITHDRAWN).count() == 1


def test_i_8_another_town_hall_finds_no_such_page(story: Story):
    rid, answers = dead_by_mistake(story, agent_of())
    stranger = agent_of(LIFOU, "lifou")
    assert stranger.get(page(rid, "retirer/")).status_code == 404
    assert stranger.post(page(rid, "retirer/"), answers | CONFIRMED).status_code == 404
    assert status(rid) is Status.ANNULEE_L77


def test_without_any_mention_there_is_nothing_to_withdraw(story: Story):
    agent, rid = agent_of(), story.established(1)
    assert "Mentions notées" not in plain(agent.get(page(rid)))
    assert agent.get(page(rid, "retirer/")).url == page(rid)


def test_r_51_a_procuration_ended_by_a_mention_of_another_one_leads_there(story: Story):
    agent = agent_of()
    rid, _ = dead_by_mistake(story, agent)
    other = story.established(2, mandataire=JEAN_CLAUDE)
    seen = plain(agent.get(page(other)))
    assert status(other) is Status.ANNULEE_L77
    assert "C’est là qu’elle se retire." in seen
    assert f'href="{page(rid)}"' in seen


def test_i_8_a_mention_of_another_commune_is_for_that_commune_to_withdraw(story: Story):
    rid = story.established(1, vote_place=LIFOU)
    elsewhere = agent_of(LIFOU, "lifou")
    elsewhere.post(page(rid, "fait/"), DEAD | CONFIRMED)
    other, agent = story.established(2, mandataire=JEAN_CLAUDE), agent_of()
    seen = plain(agent.get(page(other)))
    assert status(other) is Status.ANNULEE_L77
    assert "la mairie d’une autre commune" in seen
    assert page(rid) not in seen
