"""An elector and an agent in a real browser, with a certified provider of another site: our cookies are kept
from requests of other sites (SameSite), forms lead nowhere else (CSP), and no script is ours.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from selenium.webdriver.support.wait import WebDriverWait

from provisioning.demo.identity.desk import write_identity_file
from provisioning.demo.processes import Actor
from server.identity.addresses import forget_addresses
from server.identity.providers import install_providers, read_providers
from tests.browser.pages import SECONDS, Person
from tests.server.identity.conftest import desk

__all__ = ["desk"]


@pytest.fixture
def person(browser, live_server, settings, world, desk: Actor, tmp_path: Path) -> Iterator[Person]:
    settings.PUBLIC_URL = live_server.url
    world.clock.at = datetime.now(UTC)
    desk.do("forget")
    install_providers(read_providers(write_identity_file(desk, live_server.url, tmp_path / "identity")))
    forget_addresses()
    yield Person(browser, live_server.url)
    install_providers(None)


def arrives(person: Person, title: str) -> None:
    """Pages that go on by themselves lead there."""
    WebDriverWait(person.browser, SECONDS, 0.05).until(lambda _: person.title() == title, title)


def test_an_elector_signs_in_with_a_provider_and_out(person: Person):
    person.opens("/connexion-usager/")
    person.presses("S’identifier avec FranceConnect")
    assert "fournisseur d’essai" in person.title()
    person.presses("Angela Claire Louise DUBOIS, nom d’usage MARTIN")
    arrives(person, "Voter par procuration")
    person.opens("/connexion-usager/")
    assert person.sees("Vous êtes déjà identifié : Angela Claire Louise DUBOIS.")
    person.presses("Se déconnecter")
    arrives(person, "Vous êtes déconnecté")
    assert person.sees("Votre session est terminée ici et chez FranceConnect.")
    person.opens("/connexion-usager/")
    assert person.title() == "S’identifier"
    person.presses("S’identifier avec FranceConnect")
    assert "fournisseur d’essai" in person.title()  # it asks again


def test_an_agent_signs_in_with_proconnect_and_out(person: Person):
    call_command("agents", "add", "21988180000011", "--commune", "98818")
    person.opens("/mairie/")
    person.presses("S’identifier avec ProConnect")
    person.presses("Camille Petit, mairie de Nouméa, deux facteurs")
    arrives(person, "Procurations à traiter")
    assert person.sees("Nouméa")
    person.presses("Se déconnecter")
    arrives(person, "Vous êtes déconnecté")
    assert person.sees("Votre session est terminée ici et chez ProConnect.")
    person.opens("/connexion/")
    person.presses("S’identifier avec ProConnect")
    assert "fournisseur d’essai" in person.title()
