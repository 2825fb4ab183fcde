"""The work list of a town hall narrowed, searched, and its plain cases validated together."""

from dataclasses import replace
from datetime import UTC, datetime

from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import OneScrutin, Rounds
from server.dossiers import services
from tests.browser.scene import Scene, Stage, scene
from tests.browser.scenes_town_hall import FROM_LIFOU, LONG
from tests.builders import SCRUTIN_ID, people
from tests.server.townhall import account_of

FIRST = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST)


@scene("mairie:waiting", "mairie:batch", "mairie:batch_result")
def a_town_hall_validates_plain_cases_together(stage: Stage) -> None:
    story = stage.story
    story.established(1)
    story.established(2, reference=None, mandant=LONG, email=None)
    decided = story.established(3, validity=FIRST)
    story.established(4, mandataire=replace(FROM_LIFOU, birth_name="WAHEO"))
    story.world.clock.at = datetime(2027, 4, 11, 3, tzinfo=UTC)
    stage.is_agent()
    stage.goes_to("/mairie/?cocher=simples", "liste-cochee")
    stage.browser.find_elements("css selector", "input[name=rid]")[-1].click()
    stage.presses("Relire les procurations cochées")
    stage.shows("lot-relire")
    services.decide(decided, account_of(), False, RefusalCode.PLAFOND_DEPASSE)  # a colleague was faster
    stage.sends("main form[method=post] button.fr-btn--lg")
    stage.shows("lot-resultat")
    stage.opens("/mairie/")
    stage.browser.find_element("css selector", "input[name=rid]").click()
    stage.presses("Relire les procurations cochées")
    stage.shows("lot-aucun-cas-simple")
    stage.opens("/mairie/")
    stage.presses("Relire les procurations cochées")
    stage.shows("liste-rien-de-coche")


@scene("mairie:waiting", "mairie:search", "mairie:procuration")
def a_town_hall_looks_for_a_procuration(stage: Stage) -> None:
    story = stage.story
    held = people(4)["mandataire"]
    story.established(1, mandant=LONG)
    story.established(4, mandataire=held)
    beyond = story.established(5, mandataire=held)
    story.established(6, mandataire=FROM_LIFOU, validity=FIRST)
    stage.is_agent()
    stage.goes_to(f"/mairie/?vote={SCRUTIN_ID}:1", "liste-filtree")
    stage.goes_to(f"/mairie/?vote={SCRUTIN_ID}:2&avis=attendu", "liste-filtree-vide")
    stage.opens("/mairie/recherche/")
    stage.presses("Rechercher")
    stage.shows("recherche-erreur", 422)
    stage.types("Nom de l", "dubois angela")
    stage.presses("Rechercher")
    stage.shows("recherche-trouvee")
    stage.goes_to("/mairie/recherche/", "recherche")
    stage.types("Nom de l", "personne")
    stage.presses("Rechercher")
    stage.shows("recherche-vide")
    stage.goes_to(f"/mairie/procurations/{beyond}/", "procuration-rang")


SCENES: tuple[Scene, ...] = (
    a_town_hall_validates_plain_cases_together,
    a_town_hall_looks_for_a_procuration,
)
