"""The registers in a real browser, without scripts of ours: there are none."""

from datetime import timedelta

import pytest

from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import Period
from server.console.services import create_console_account
from server.mairie.services import create_town_hall_account
from tests.browser.pages import Person as Somebody
from tests.browser.test_town_hall import LONG
from tests.builders import NOUMEA
from tests.server.registers.conftest import decides, somebody
from tests.server.townhall import PASSWORD, Story


@pytest.fixture
def agent(browser, live_server, story: Story) -> Somebody:
    create_town_hall_account("agent-noumea", PASSWORD, NOUMEA)
    return Somebody(browser, live_server.url)


def test_an_agent_goes_from_the_polling_days_to_each_register(agent: Somebody, story: Story):
    decides(story.established(1))
    agent.signs_in("agent-noumea", PASSWORD)
    agent.opens("/mairie/registres/")
    agent.presses("Ouvrir")
    assert agent.title() == "Registre ouvert à tout électeur"
    assert agent.sees("DUBOIS Angela Claire Louise")
    agent.presses("À reporter sur la liste d’émargement")
    assert agent.sees("Liste d’émargement")
    agent.presses("Registre interne")
    assert agent.sees("Validée")
    assert agent.sees("Télécharger en PDF")


def test_every_page_of_the_registers_fits_a_computer_and_a_telephone(agent: Somebody, story: Story):
    create_console_account("supervision", PASSWORD)
    agent.signs_in("agent-noumea", PASSWORD)
    sizes = {}
    agent.opens("/mairie/registres/2027-04-11/1/public/")
    sizes["registre-vide"] = agent.pictures("registre-vide")
    today = story.world.clock.now().date()
    decides(story.established(1))
    decides(story.established(2, mandant=LONG, reference=None), False, RefusalCode.PLAFOND_DEPASSE)
    period = Period(first_day=today, last_day=today + timedelta(days=300))
    decides(story.established(3, mandant=somebody("ÉLUARD", "Émile"), validity=period))
    story.established(4, mandant=somebody("ZOLA", "Émile"))
    agent.opens("/mairie/registres/")
    sizes["registres"] = agent.pictures("registres")
    for kind in ("public", "interne", "emargement"):
        agent.opens(f"/mairie/registres/2027-04-11/1/{kind}/")
        sizes[kind] = agent.pictures(f"registre-{kind}")
    agent.presses("Se déconnecter")
    agent.signs_in("supervision", PASSWORD)
    agent.opens("/console/registres/")
    sizes["unites"] = agent.pictures("registres-unites")
    agent.presses("Ouvrir")
    sizes["special"] = agent.pictures("registre-special")
    agent.presses("Afficher les noms")
    assert agent.sees("DUBOIS Angela Claire Louise")
    sizes["special-noms"] = agent.pictures("registre-special-noms")
    assert {name: size for name, size in sizes.items() if size != [0, 0]} == {}
