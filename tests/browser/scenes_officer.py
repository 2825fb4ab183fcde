"""Every page of an officer on line. Signing itself, with a key in the browser, is in `test_officer.py`."""

from dataclasses import replace

from django.test import override_settings
from selenium.webdriver.common.by import By

from server.brigade.keys import open_officer_account
from server.config.settings import OPTIONS
from tests.browser.scene import Scene, Stage, scene
from tests.security_key import ORIGIN
from tests.server.brigade.conftest import officer_on_line
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


SCENES: tuple[Scene, ...] = (an_officer_prepares_a_key, an_officer_establishes)
