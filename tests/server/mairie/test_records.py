"""The pages on which a town hall records a fact, reads why a procuration does not stand, tells electors."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from procuration.domain.facts import FactCode
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import OneScrutin, Rounds
from server.dossiers.facts import record_fact
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.ledger.models import Event
from server.mairie import worth
from server.notices.enums import NoticeState
from server.notices.models import Notice
from server.texts_fr import TEXTS
from tests.builders import JEAN_CLAUDE, SCRUTIN_ID
from tests.server.mairie.test_pages import page, plain
from tests.server.townhall import LIFOU, Story, account_of, agent_of

POLLING = datetime(2027, 4, 10, 23, tzinfo=UTC)
ONE_ROUND = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST)
DEAD = {"code": "4", "day": "2027-04-01"}
VOTED = {"code": "6", "day": "2027-04-11"}
CONFIRMED = {"step": "confirmed"}


def status(rid: str) -> Status:
    return Status(Procuration.objects.get(rid=rid).status)


def test_r_51_a_death_is_asked_shown_once_more_then_recorded(story: Story):
    rid, agent = story.established(1), agent_of()
    assert "Décès ou perte de droits" in plain(agent.get(page(rid)))
    assert "Le mandataire est décédé" in plain(agent.get(page(rid, "fait/")))
    review = plain(agent.post(page(rid, "fait/"), DEAD))
    assert "Enregistrer ce fait ?" in review
    assert "jeudi 1er avril 2027" in review
    assert status(rid) is Status.RECUE
    after = plain(agent.post(page(rid, "fait/"), DEAD | CONFIRMED, follow=True))
    assert "Le fait est signé et gardé par le centre." in after
    assert "Le mandataire est décédé ou a perdu ses droits (article L. 77)." in after
    assert (
        "Règle appliquée : Décès ou perte des droits du mandataire (article L. 77, règle R-51 du service)"
        in after
    )
    assert "Décès du mandataire, le 1er avril 2027" in after
    assert "Décès ou perte de droits…" not in after
    assert status(rid) is Status.ANNULEE_L77


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"code": "4"},
        {"day": "2027-04-01"},
        {"code": "6", "day": "2027-04-11"},
        {"code": "99", "day": "2027-04-01"},
        {"code": "4'--", "day": "2027-04-01"},
        {"code": "4", "day": "2027-02-30"},
        {"code": "4", "day": "<script>alert(1)</script>"},
        {"code": "4", "day": "٢٠٢٧-٠٤-٠١x"},
    ],
)
def test_r_51_what_is_missing_or_wrong_is_asked_again_and_nothing_is_recorded(story: Story, answers):
    rid, agent = story.established(1), agent_of()
    events = Event.objects.count()
    answer = agent.post(page(rid, "fait/"), answers | CONFIRMED)
    assert answer.status_code == 422
    assert "à corriger" in plain(answer)
    assert b"<script" not in answer.content
    assert Event.objects.count() == events


def test_r_52_a_day_to_come_is_refused_with_a_sentence(story: Story):
    rid, agent = story.established(1), agent_of()
    answer = agent.post(page(rid, "fait/"), {"code": "1", "day": "2027-04-09"} | CONFIRMED)
    assert answer.status_code == 409
    assert "Le fait n’est pas enregistré" in plain(answer)
    assert "il est à venir" in plain(answer)


def test_r_50_a_vote_is_recorded_on_the_polling_day_only(story: Story):
    rid, agent = story.established(1), agent_of()
    assert "A voté…" not in plain(agent.get(page(rid)))
    assert "Le vote n’a pas encore commencé." in plain(agent.get(page(rid, "vote/")))
    assert agent.post(page(rid, "vote/"), VOTED | CONFIRMED).status_code == 422
    story.world.clock.at = POLLING
    assert "A voté…" in plain(agent.get(page(rid)))
    assert "dimanche 11 avril 2027" in plain(agent.get(page(rid, "vote/")))
    assert "Le mandataire ne pourra plus voter" in plain(agent.post(page(rid, "vote/"), VOTED))
    after = plain(agent.post(page(rid, "vote/"), VOTED | CONFIRMED, follow=True))
    assert "L’électeur a voté lui-même, le 11 avril 2027" in after
    assert "Tour par tour" in after


def test_r_50_the_other_vote_is_refused_with_a_sentence(story: Story):
    rid, agent = story.established(1), agent_of()
    decide(rid, account_of(), True, None)
    story.world.clock.at = POLLING
    agent.post(page(rid, "vote/"), VOTED | CONFIRMED)
    answer = agent.post(page(rid, "vote/"), VOTED | {"code": "7"} | CONFIRMED)
    assert answer.status_code == 409
    assert "Personne ne vote deux fois." in plain(answer)


@pytest.mark.parametrize("code", sorted(code for code in TEXTS if code.startswith("mairie.refused.")))
def test_i_10_every_refusal_has_a_sentence_that_says_that_nothing_was_recorded(code: str):
    assert "Rien n’a été" in TEXTS[code] or code.endswith("title")


def test_the_pages_of_facts_write_nothing_when_they_are_read(story: Story):
    rid, agent = story.established(1), agent_of()
    agent.get(page(rid))
    story.world.clock.at = POLLING
    events = Event.objects.count()
    for end in ("fait/", "vote/"):
        assert agent.get(page(rid, end)).status_code == 200
        assert agent.head(page(rid, end)).status_code == 200
    for address in ("/mairie/mandataires/", "/mairie/prevenir/"):
        assert agent.get(address).status_code == 200
    assert Event.objects.count() == events


def test_a_procuration_that_nothing_can_change_has_no_page_of_facts(story: Story):
    rid, agent = story.filed(1), agent_of()
    for end in ("fait/", "vote/"):
        assert agent.get(page(rid, end)).url == page(rid)


def test_r_44_the_page_says_which_rule_and_which_rank_and_keeps_the_decision(story: Story):
    late = story.other_brigade()
    story.filed(1)
    story.brigade.wall = story.world.clock.at
    late.wall = story.world.clock.at.replace(hour=8)
    late.acts(story.requests[1], story.officer, 1)
    story.proves_the_clock(late)
    story.proves_the_clock(story.brigade)
    second = story.established(2, mandataire=JEAN_CLAUDE)
    story.proves_the_clock(story.brigade)
    story.world.hears(story.brigade)
    decide(second, account_of(), True, None)
    agent = agent_of()
    assert "Validée" in plain(agent.get(page(second)))
    story.world.hears(late)
    seen = plain(agent.get(page(second)))
    assert "Nulle (article L. 73)" in seen
    assert "Établie après 1 autre procuration du même mandataire." in seen
    assert "Votre décision reste dans l’historique." in seen
    assert "(article R. 77, règle R-44 du service)" in seen
    assert "Procuration validée" in seen
    assert "Nulle (article L. 73)" in plain(agent.get("/mairie/decisions/"))
    assert agent.get(page(second, "resultat/")).url == page(second)


def test_r_39_a_rank_counts_the_procurations_before_it(story: Story):
    story.established(1)
    third = story.established(2, mandataire=JEAN_CLAUDE)
    row = Procuration.objects.get(rid=third)
    row.effects = [effect | {"because": ["a", "b"]} for effect in row.effects]
    (rank, rule) = worth.why(row)
    assert (rank[:22], rule) == (
        "Établie après 2 autres",
        "Règle appliquée\xa0: Ordre des établissements (article L.\xa073, règle R-39 du service)",
    )


def test_r_43_a_page_that_waits_for_a_person_says_why(story: Story):
    first = story.established(1)
    story.filed(2, mandataire=JEAN_CLAUDE)
    unproved = story.world.brigade("unproved")
    unproved.enrols(story.officer)
    unproved.wall = story.world.clock.at.replace(second=7)
    unproved.acts(story.requests[2], story.officer, 2)
    story.world.hears(unproved)
    seen = plain(agent_of().get(page(first)))
    assert "En attente d’une décision humaine" in seen
    assert "Les horloges ne disent pas quelle procuration de ce mandataire" in seen
    assert "cette procuration ne sert pas" in seen


def test_every_doubt_and_every_status_has_its_words():
    for doubt in Doubt:
        assert f"doubt.{doubt.value}" in TEXTS
    for code in FactCode:
        assert f"mairie.fact.{int(code)}" in TEXTS
        assert "{day}" in TEXTS[f"event.16.{int(code)}"]


def test_r_59_an_elector_without_an_address_is_told_by_the_town_hall_and_ticked(story: Story):
    story.established(1)
    rid, agent = story.established(2, mandataire=JEAN_CLAUDE, email=None), agent_of()
    seen = plain(agent.get("/mairie/prevenir/"))
    assert "DUBOIS C" in seen
    assert "La personne que vous avez choisie a déjà le nombre" in seen
    assert "Électeur à prévenir" in plain(agent.get(page(rid)))
    after = plain(agent.post(f"/mairie/prevenir/{rid}/", follow=True))
    assert "Aucun électeur à prévenir" in after
    assert Notice.objects.get(rid=rid).state == NoticeState.TOLD
    assert agent.post(f"/mairie/prevenir/{rid}/").status_code == 404


def test_i_8_another_town_hall_neither_sees_nor_ticks_who_is_to_be_told(story: Story):
    story.established(1)
    rid, stranger = story.established(2, mandataire=JEAN_CLAUDE, email=None), agent_of(LIFOU, "lifou")
    assert "DUBOIS" not in plain(stranger.get("/mairie/prevenir/"))
    assert stranger.post(f"/mairie/prevenir/{rid}/").status_code == 404
    assert stranger.get(f"/mairie/prevenir/{rid}/").status_code == 405
    assert Notice.objects.get(rid=rid).state == NoticeState.TO_TELL


def test_a_tick_from_another_site_is_refused(story: Story):
    story.established(1)
    rid = story.established(2, mandataire=JEAN_CLAUDE, email=None)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = agent_of().cookies
    assert strict.post(f"/mairie/prevenir/{rid}/").status_code == 403


def test_a_tour_that_is_lost_is_shown_beside_the_one_that_is_kept(story: Story):
    story.established(1, validity=ONE_ROUND)
    rid = story.established(2, mandataire=JEAN_CLAUDE)
    seen = plain(agent_of().get(page(rid)))
    assert "1er tour, dimanche 11 avril 2027" in seen
    assert "En vigueur" in seen
    assert "Établie après 1 autre procuration" in seen


def test_r_51_a_fact_recorded_twice_by_a_double_click_is_one_event(story: Story):
    rid, agent = story.established(1), agent_of()
    agent.get(page(rid))
    for _ in range(2):
        assert agent.post(page(rid, "fait/"), DEAD | CONFIRMED).status_code == 302
    assert Procuration.objects.get(rid=rid).history[-1]["kind"] == 16
    assert sum(entry["kind"] == 16 for entry in Procuration.objects.get(rid=rid).history) == 1


def test_the_list_of_decisions_says_what_became_of_them(story: Story):
    rid, agent = story.established(1, mandataire=replace(JEAN_CLAUDE, enrolment=LIFOU)), agent_of()
    decide(rid, account_of(), True, None)
    assert "réponse attendue de la mairie de Lifou" in plain(agent.get("/mairie/decisions/"))
    other = story.established(2)
    decide(other, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    record_fact(rid, account_of(), FactCode.MANDANT_DEAD, date(2027, 4, 1))
    seen = plain(agent.get("/mairie/decisions/"))
    assert "Annulée (décès ou perte des droits)" in seen
    assert "Invalidée : l’électeur n’est pas inscrit" in seen
