"""The town hall in a real browser, without scripts of ours: there are none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from procuration.domain.people import PartialDate, Person, Sex
from server.mairie.services import create_town_hall_account
from tests.browser.pages import Person as Somebody
from tests.builders import JEAN_CLAUDE, NOUMEA
from tests.server.townhall import LIFOU, PASSWORD, Story

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
    agent.opens(f"/mairie/procurations/{'0' * 32}/")
    sizes["introuvable"] = agent.pictures("introuvable")
    assert sizes == {name: [0, 0] for name in sizes}
