"""The town hall in a real browser, without scripts of ours: there are none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from procuration.domain.people import PartialDate, Person, Sex
from procuration.domain.validity import OneScrutin, Rounds
from server.mairie.services import create_town_hall_account
from tests.browser.pages import Person as Somebody
from tests.builders import JEAN_CLAUDE, NOUMEA, SCRUTIN_ID, people
from tests.server.townhall import LIFOU, PASSWORD, Story

POLLING = datetime(2027, 4, 10, 23, tzinfo=UTC)

LONG = Person(
    birth_name="WAMYTAN DE LA TOUR D’AUVERGNE-LAURAGUAIS KAWIDRONE ʻĀPETO",
    given_names="Marie-Joséphine Élisabeth Anne-Françoise Œdipe Žofie Clémentine",
    used_name="DE SAINT-ÉTIENNE-DU-ROUVRAY",
    sex=Sex.FEMALE,
    birth_date=PartialDate(1931, 0, 0),
)


@pytest.fixture
def agent(browser, live_server, story: Story) -> Somebody:
    create_town_hall_account("agent-noumea", PASSWORD, NOUMEA)
    return Somebody(browser, live_server.url)


def test_an_agent_signs_in_opens_a_procuration_validates_it_and_sees_the_result(
    agent: Somebody, story: Story
):
    story.established(1)
    agent.signs_in("agent-noumea", PASSWORD)
    agent.presses("Examiner")
    assert agent.sees("Maëva Rose TAHUA")
    agent.presses("Valider la procuration")
    assert agent.title() == "Valider la procuration donnée par Angela Claire Louise DUBOIS ?"
    agent.presses("Valider la procuration")
    assert agent.title() == "Procuration validée"
    agent.presses("Revenir aux procurations à traiter")
    assert agent.title() == "Procurations à traiter"
    assert agent.sees("Aucune procuration n’attend")


def test_an_agent_invalidates_with_a_reason_that_they_confirm(agent: Somebody, story: Story):
    story.established(1)
    agent.signs_in("agent-noumea", PASSWORD)
    agent.presses("Examiner")
    agent.presses("Invalider…")
    agent.presses("Continuer")
    assert agent.sees("Il y a 1 réponse à corriger")
    agent.chooses("Le mandataire a déjà trop de procurations")
    agent.presses("Continuer")
    assert agent.sees("Choisissez une autre personne.")
    agent.presses("Invalider la procuration")
    assert agent.title() == "Procuration invalidée"


def test_every_page_of_the_town_hall_fits_a_computer_and_a_telephone(agent: Somebody, story: Story):
    agent.opens("/connexion/")
    sizes = {"connexion": agent.pictures("connexion")}
    agent.presses("Se connecter")
    sizes["connexion-erreurs"] = agent.pictures("connexion-erreurs")
    agent.signs_in("agent-noumea", PASSWORD)
    sizes["liste-vide"] = agent.pictures("liste-vide")
    story.established(1)
    rid = story.established(2, reference=None, mandant=LONG, email=None)
    story.established(3, mandataire=replace(JEAN_CLAUDE, enrolment=LIFOU))
    story.world.clock.at = datetime(2027, 4, 11, 3, tzinfo=UTC)
    agent.opens("/mairie/")
    sizes["liste"] = agent.pictures("liste")
    for name, page in {"procuration": "", "valider": "valider/", "invalider": "invalider/"}.items():
        agent.opens(f"/mairie/procurations/{rid}/{page}")
        sizes[name] = agent.pictures(name)
    agent.presses("Continuer")
    sizes["invalider-erreur"] = agent.pictures("invalider-erreur")
    agent.chooses("Une procuration existe déjà")
    agent.presses("Continuer")
    sizes["invalider-confirmer"] = agent.pictures("invalider-confirmer")
    agent.presses("Invalider la procuration")
    sizes["resultat-invalidee"] = agent.pictures("resultat-invalidee")
    agent.opens(f"/mairie/procurations/{rid}/")
    sizes["procuration-decidee"] = agent.pictures("procuration-decidee")
    agent.opens("/mairie/decisions/")
    sizes["decisions"] = agent.pictures("decisions")
    agent.opens("/mairie/prevenir/")
    sizes["a-prevenir-vide"] = agent.pictures("a-prevenir-vide")
    agent.opens("/mairie/mandataires/")
    sizes["mandataires-vide"] = agent.pictures("mandataires-vide")
    agent.opens(f"/mairie/procurations/{'0' * 32}/")
    sizes["introuvable"] = agent.pictures("introuvable")
    assert sizes == {name: [0, 0] for name in sizes}


def test_an_agent_records_a_vote_on_the_polling_day(agent: Somebody, story: Story):
    rid = story.established(1)
    story.world.clock.at = POLLING
    agent.signs_in("agent-noumea", PASSWORD)
    agent.opens(f"/mairie/procurations/{rid}/")
    agent.presses("A voté…")
    sizes = {"vote": agent.pictures("vote")}
    agent.chooses("L’électeur a voté lui-même")
    agent.presses("Continuer")
    sizes["vote-confirmer"] = agent.pictures("vote-confirmer")
    agent.presses("Enregistrer")
    assert agent.sees("Le fait est signé et gardé par le centre.")
    sizes["vote-enregistre"] = agent.pictures("vote-enregistre")
    assert sizes == {name: [0, 0] for name in sizes}


def test_an_agent_records_a_death_and_tells_an_elector_without_an_address(agent: Somebody, story: Story):
    rid = story.established(2, reference=None, mandant=LONG, email=None)
    agent.signs_in("agent-noumea", PASSWORD)
    agent.opens(f"/mairie/procurations/{rid}/fait/")
    sizes = {"fait": agent.pictures("fait")}
    agent.presses("Continuer")
    sizes["fait-erreurs"] = agent.pictures("fait-erreurs")
    agent.chooses("Le mandataire est décédé")
    agent.browser.execute_script("document.getElementById('id_day').value = '2027-03-30'")
    agent.presses("Continuer")
    sizes["fait-confirmer"] = agent.pictures("fait-confirmer")
    agent.presses("Enregistrer")
    sizes["procuration-annulee"] = agent.pictures("procuration-annulee")
    agent.presses("Électeur à prévenir")
    sizes["a-prevenir"] = agent.pictures("a-prevenir")
    agent.presses("L’électeur est prévenu")
    assert agent.sees("Aucun électeur à prévenir")
    assert sizes == {name: [0, 0] for name in sizes}


def test_the_mandataire_s_town_hall_answers(browser, live_server, story: Story):
    create_town_hall_account("agent-lifou", PASSWORD, LIFOU)
    from_lifou = replace(JEAN_CLAUDE, enrolment=LIFOU)
    story.established(1, mandataire=from_lifou)
    story.established(2, mandataire=from_lifou, mandant=LONG)
    story.established(3, mandataire=replace(from_lifou, birth_name="OUNEI"))
    agent = Somebody(browser, live_server.url)
    agent.signs_in("agent-lifou", PASSWORD)
    agent.opens("/mairie/mandataires/")
    sizes = {"mandataires": agent.pictures("mandataires")}
    agent.presses("Répondre")
    sizes["mandataire"] = agent.pictures("mandataire")
    agent.presses("Continuer")
    sizes["mandataire-erreur"] = agent.pictures("mandataire-erreur")
    agent.chooses("Le mandataire a déjà trop de procurations")
    agent.presses("Continuer")
    sizes["mandataire-confirmer"] = agent.pictures("mandataire-confirmer")
    agent.presses("Envoyer la réponse")
    assert agent.sees("Réponses données")
    sizes["mandataires-repondu"] = agent.pictures("mandataires-repondu")
    assert sizes == {name: [0, 0] for name in sizes}


def test_a_displaced_procuration_and_one_that_waits_for_a_person_say_why(agent: Somebody, story: Story):
    story.established(1, validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST))
    partly = story.established(2, mandataire=JEAN_CLAUDE)
    displaced = story.established(3, mandataire=JEAN_CLAUDE)
    doubtful = story.established(4)
    story.filed(5, mandataire=people(4)["mandataire"])
    unproved = story.world.brigade("unproved")
    unproved.enrols(story.officer)
    unproved.wall = story.world.clock.at.replace(second=7)
    unproved.acts(story.requests[5], story.officer, 5)
    story.world.hears(unproved)
    awaited = story.established(6, mandataire=replace(JEAN_CLAUDE, birth_name="OUNEI", enrolment=LIFOU))
    agent.signs_in("agent-noumea", PASSWORD)
    sizes = {}
    pages = {"partielle": partly, "deplacee": displaced, "en-doute": doubtful, "reponse-attendue": awaited}
    for name, rid in pages.items():
        agent.opens(f"/mairie/procurations/{rid}/")
        sizes[name] = agent.pictures(name)
    agent.presses("Valider la procuration")
    agent.presses("Valider la procuration")
    assert agent.title() == "Votre accord est enregistré"
    sizes["accord"] = agent.pictures("accord")
    assert sizes == {name: [0, 0] for name in sizes}
