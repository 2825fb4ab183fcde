"""Every page of an officer on line. Signing itself, with a key in the browser, is in `test_officer.py`."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.test import override_settings
from selenium.webdriver.common.by import By

from procuration.domain.events import Authentication
from procuration.domain.sites import Opening, PublicPlace
from server.brigade.ending import at_hand
from server.brigade.keys import open_officer_account
from server.config.centre import install_centre
from server.config.settings import OPTIONS
from server.dossiers.models import Procuration
from server.identity.elector import Elector
from server.usagers.ending import ask_to_end
from tests.browser.scene import Scene, Stage, scene
from tests.builders import ANGELA
from tests.security_key import ORIGIN
from tests.server.brigade.conftest import officer_on_line
from tests.server.brigade.test_correction import TAKE_BACK
from tests.server.brigade.test_ending import by_name, ends
from tests.server.townhall import PASSWORD

CHECKED = ("1", "2", "4", "8", "16")
"""What an officer ticks before they establish."""


@scene("brigade:find", "brigade:keys", "brigade:add_key", "brigade:habilitation")
def an_officer_prepares_a_key(stage: Stage) -> None:
    world = stage.story.world
    account = open_officer_account(world.centre, "nouveau", PASSWORD, "988-test", "Brigade", "98818")
    stage.is_(account.user)
    stage.goes_to("/brigade/", "brigade-sans-cle")
    stage.goes_to("/brigade/cles/", "brigade-cles-vide")
    stage.goes_to("/brigade/cles/ajouter/", "brigade-cles-adresse", 409)
    with override_settings(OPTIONS=replace(OPTIONS, public_url=ORIGIN)):
        stage.goes_to("/brigade/cles/ajouter/", "brigade-cles-ajouter")
    stage.opens("/brigade/cles/")
    stage.browser.execute_script("document.querySelector('main form').noValidate = true")
    stage.sends()
    stage.shows("brigade-cles-fichier-refuse", 422)
    officer = officer_on_line(world)
    stage.is_(officer.account.user)
    stage.goes_to("/brigade/cles/", "brigade-cles-sans-habilitation")
    officer.is_entitled()
    stage.goes_to("/brigade/cles/", "brigade-cles")


@scene("brigade:find", "brigade:request", "brigade:refuse", "brigade:signed", "brigade:result")
def an_officer_establishes(stage: Stage) -> None:
    story = stage.story
    officer = officer_on_line(story.world)
    officer.is_entitled()
    rid = story.filed()
    stage.is_(officer.account.user)
    with override_settings(OPTIONS=replace(OPTIONS, public_url=ORIGIN)):
        stage.goes_to("/brigade/", "brigade")
        stage.presses("Chercher")
        stage.shows("brigade-erreurs", 422)
        stage.fills(reference="xbq7v3", birth_date="01/01/1950")
        stage.presses("Chercher")
        stage.shows("brigade-introuvable", 422)
        stage.fills(reference="xbq7v3", birth_date="24/08/1962")
        stage.presses("Chercher")
        stage.shows("brigade-demande")
        stage.presses("Établir la procuration")
        stage.shows("brigade-demande-erreurs", 422)
        for box in CHECKED:
            stage.browser.find_element(By.CSS_SELECTOR, f"label[for='declared-{box}']").click()
        stage.fills(document="2")
        stage.presses("Établir la procuration")
        stage.shows("brigade-signer")
        stage.browser.execute_script("document.getElementById('signature').submit()")
        stage.shows("brigade-pas-signe", 409)
        stage.goes_to(f"/brigade/demandes/{rid}/refuser/", "brigade-refuser")
        stage.presses("Continuer")
        stage.shows("brigade-refuser-erreur", 422)
    officer.signs(rid)
    stage.goes_to(f"/brigade/demandes/{rid}/", "brigade-demande-etablie")
    stage.goes_to(f"/brigade/demandes/{rid}/resultat/", "brigade-resultat")


@scene(
    *("brigade:request", "brigade:end_one", "brigade:ended_one", "brigade:result"),
    *("brigade:correct", "brigade:day"),
)
def an_officer_ends_and_corrects(stage: Stage) -> None:
    """A résiliation that was asked on line, a validation taken back, and the day."""
    story = stage.story
    story.world.set_sites(_annexe(story.world.clock.now()))
    install_centre(story.world.centre)
    officer = officer_on_line(story.world)
    officer.is_entitled()
    stage.is_(officer.account.user)
    stage.goes_to("/brigade/journee/", "brigade-journee-vide")
    mistaken, ended = officer.signs(story.filed(1)).rid, officer.signs(story.filed(2)).rid
    ask_to_end(ended, _elector(ended))
    with override_settings(OPTIONS=replace(OPTIONS, public_url=ORIGIN)):
        stage.goes_to(f"/brigade/demandes/{ended}/", "brigade-demande-a-resilier")
        stage.presses("Résilier cette procuration")
        stage.shows("brigade-resilier")
        stage.presses("Résilier")
        stage.shows("brigade-resilier-erreurs", 422)
        _checks(stage, ("1", "2", "4", "8"))
        stage.browser.find_element(By.CSS_SELECTOR, "label[for='id_place-3']").click()
        stage.presses("Résilier")
        stage.shows("brigade-resilier-signer")
        stage.browser.execute_script("document.getElementById('signature').submit()")
        stage.shows("brigade-resilier-pas-signe", 409)
        stage.goes_to(f"/brigade/demandes/{mistaken}/corriger/", "brigade-corriger")
        stage.presses("Continuer")
        stage.shows("brigade-corriger-erreur", 422)
        stage.browser.find_element(By.CSS_SELECTOR, "label[for='raison-1']").click()
        stage.presses("Continuer")
        stage.shows("brigade-corriger-signer")
    officer.signs(mistaken, TAKE_BACK)
    ends(officer, at_hand(ended))
    stage.goes_to(f"/brigade/demandes/{mistaken}/resultat/", "brigade-resultat-corrige")
    stage.goes_to(f"/brigade/demandes/{ended}/resultat/", "brigade-resultat-resilie")
    stage.goes_to("/brigade/journee/", "brigade-journee")


@scene("brigade:end", "brigade:end_check", "brigade:ended", "brigade:end_result")
def an_officer_ends_by_name(stage: Stage) -> None:
    story = stage.story
    officer = officer_on_line(story.world)
    officer.is_entitled()
    officer.signs(story.filed())
    stage.is_(officer.account.user)
    with override_settings(OPTIONS=replace(OPTIONS, public_url=ORIGIN)):
        stage.goes_to("/brigade/resilier/", "brigade-resilier-qui")
        stage.presses("Continuer")
        stage.shows("brigade-resilier-qui-erreurs", 422)
        stage.fills(birth_name="DUBOIS", given_names="Angela Claire Louise", birth_date="24/08/1962", q="nou")
        stage.presses("Chercher la commune")
        stage.shows("brigade-resilier-qui-commune")
        stage.browser.find_element(By.CSS_SELECTOR, "label[for='commune-1']").click()
        stage.presses("Continuer")
        stage.shows("brigade-resilier-quoi")
        stage.presses("Résilier")
        stage.shows("brigade-resilier-quoi-erreurs", 422)
        stage.browser.find_element(By.CSS_SELECTOR, "label[for='id_which-1']").click()
        _checks(stage, ("1", "2", "4", "8"))
        stage.presses("Résilier")
        stage.shows("brigade-resilier-nom-signer")
        stage.browser.execute_script("document.getElementById('signature').submit()")
        stage.shows("brigade-resilier-nom-pas-signe", 409)
    seq = ends(officer, by_name())
    stage.goes_to(f"/brigade/resilier/{seq}/", "brigade-resilier-nom-resultat")


def _checks(stage: Stage, boxes: tuple[str, ...]) -> None:
    for box in boxes:
        stage.browser.find_element(By.CSS_SELECTOR, f"label[for='declared-{box}']").click()
    stage.fills(document="2")


def _annexe(now: datetime) -> PublicPlace:
    hours = Opening(day=now.date(), opens_at=now - timedelta(hours=2), closes_at=now + timedelta(hours=2))
    return PublicPlace(id="988-1", name="Médiathèque de Rivière-Salée", insee_code="98818", openings=(hours,))


def _elector(rid: str) -> Elector:
    """The mandant of this procuration, as a provider names them."""
    row = Procuration.objects.get(rid=rid)
    return Elector(
        provider="nc",
        authentication=Authentication.NC_CONNECT,
        birth_name=row.mandant_birth_name,
        given_names=row.mandant_given_names,
        sex=ANGELA.sex,
        birth_date=ANGELA.birth_date,
    )


SCENES: tuple[Scene, ...] = (
    an_officer_prepares_a_key,
    an_officer_establishes,
    an_officer_ends_and_corrects,
    an_officer_ends_by_name,
)
