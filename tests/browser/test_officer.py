"""An officer on line in a real browser, with a security key in software: registered, entitled, used."""

from dataclasses import replace

import pytest
from django.test.utils import override_settings
from selenium.webdriver.common.by import By
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from procuration.domain.status import Status
from procuration.record.enrolment import read_request
from server.brigade.keys import enrolment_request, open_officer_account, take_in_habilitation
from server.brigade.models import SecurityKey
from server.config.settings import OPTIONS
from server.dossiers.models import Procuration
from tests.browser.pages import Person
from tests.server.brigade.conftest import habilitation_of
from tests.server.townhall import PASSWORD, Story


@pytest.fixture
def site(live_server) -> str:
    """The pages under a name: browsers give no key to a bare address."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def security_key(browser) -> str:
    """A key in the browser's slot, whose code the person knows. Returns: its name for the driver."""
    options = VirtualAuthenticatorOptions()
    options.protocol = "ctap2"
    options.transport = "usb"
    options.has_resident_key = True
    options.has_user_verification = True
    options.is_user_verified = True
    browser.add_virtual_authenticator(options)
    return browser.virtual_authenticator_id


def signed_in(browser, site: str, story: Story) -> Person:
    open_officer_account(story.world.centre, "adjudant", PASSWORD, "988-test", "Brigade de Nouméa", "98818")
    person = Person(browser, site)
    person.signs_in("adjudant", PASSWORD)
    return person


def adds_a_key(person: Person, story: Story) -> None:
    person.opens("/brigade/cles/")
    person.presses("Ajouter une clé")
    person.presses("Ajouter cette clé")
    key = SecurityKey.objects.get()
    assert read_request(enrolment_request(key)).cose_key == bytes(key.cose_key)
    take_in_habilitation(story.world.centre, habilitation_of(bytes(key.cose_key), key.account))


def checks_everything(person: Person) -> None:
    for box in ("1", "2", "4", "8", "16"):
        person.browser.find_element(By.CSS_SELECTOR, f"label[for='declared-{box}']").click()
    person.browser.find_element(By.CSS_SELECTOR, "#id_document option[value='2']").click()


def test_an_officer_registers_a_key_and_establishes_a_procuration(browser, site, security_key, story: Story):
    rid = story.filed()
    with override_settings(OPTIONS=replace(OPTIONS, public_url=site)):
        person = signed_in(browser, site, story)
        sizes = {"trouver": person.pictures("brigade-trouver")}
        adds_a_key(person, story)
        person.opens("/brigade/cles/")
        sizes["cles"] = person.pictures("brigade-cles")
        person.opens("/brigade/")
        person.types("Référence", "xbq7v3")
        person.types("Date de naissance", "24/08/1962")
        person.presses("Chercher")
        checks_everything(person)
        sizes["demande"] = person.pictures("brigade-demande")
        person.presses("Établir la procuration")
        sizes["signer"] = person.pictures("brigade-signer")
        person.presses("Signer")
        assert person.title() == "Procuration établie"
        sizes["resultat"] = person.pictures("brigade-resultat")
    assert Procuration.objects.get(rid=rid).status == Status.TRANSMISE
    assert sizes == {name: [0, 0] for name in sizes}


def test_a_key_that_does_not_verify_the_person_signs_nothing(browser, site, security_key, story: Story):
    rid = story.filed()
    with override_settings(OPTIONS=replace(OPTIONS, public_url=site)):
        person = signed_in(browser, site, story)
        adds_a_key(person, story)
        browser.set_user_verified(False)
        person.opens("/brigade/")
        person.types("Référence", "xbq7v3")
        person.types("Date de naissance", "24/08/1962")
        person.presses("Chercher")
        checks_everything(person)
        person.presses("Établir la procuration")
        browser.find_element(By.ID, "signer").click()
        assert person.sees("La clé n’a pas signé. Rien n’est enregistré.")
        person.pictures("brigade-pas-signe")
    assert Procuration.objects.get(rid=rid).status == Status.DEMANDE
