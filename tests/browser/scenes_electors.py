"""Pages of the electors on line: a request in four steps, its acknowledgment, its follow-up."""

import pytest
from django.conf import settings

from server.api.rates import Rates
from server.dossiers.models import Procuration
from server.usagers import follow_views
from tests.browser.scene import Scene, Stage, scene
from tests.server.usagers.electors import ANGELA, signed_in
from tests.server.usagers.test_at_the_brigade import filed_on_line
from tests.server.usagers.test_ending import established


def is_elector(stage: Stage) -> None:
    """Somebody whom NC Connect has named."""
    stage.is_(None)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": signed_in(ANGELA).cookies[name].value, "url": stage.site}
    stage.browser.execute_cdp_cmd("Network.setCookie", cookie)


@scene(
    "usagers:home", "usagers:identite", "usagers:commune", "usagers:mandataire", "usagers:elections",
    "usagers:review", "usagers:filed", "usagers:follow",
)  # fmt: skip
def an_elector_makes_a_request_and_follows_it(stage: Stage) -> None:
    stage.goes_to("/demande/", "electeur-accueil-anonyme")
    is_elector(stage)
    stage.goes_to("/demande/", "electeur-accueil")
    stage.presses("J’ai compris, je commence")
    stage.shows("electeur-identite")
    stage.fills(email="angela@gmial.com")
    stage.presses("Continuer")
    stage.shows("electeur-identite-suggestion", 422)
    stage.fills(email="angela")
    stage.presses("Continuer")
    stage.shows("electeur-identite-erreur", 422)
    stage.fills(email="angela@exemple.nc")
    stage.presses("Continuer")
    stage.shows("electeur-commune")
    stage.fills(q="zzzz")
    stage.presses("Chercher")
    stage.shows("electeur-commune-introuvable")
    stage.fills(q="laon")
    stage.presses("Chercher")
    stage.chooses("Laon (Aisne)")
    stage.shows("electeur-commune-trouvee")
    stage.presses("Continuer")
    stage.shows("electeur-mandataire-comment")
    stage.chooses("Par son numéro d’électeur")
    stage.presses("Continuer")
    stage.fills(number="1234567", day="22", month="8", year="1944")
    stage.presses("Continuer")
    stage.shows("electeur-mandataire-numero", 422)
    stage.presses("Changer la façon de désigner cette personne")
    stage.chooses("Par son nom et ses prénoms")
    stage.presses("Continuer")
    stage.presses("Continuer")
    stage.shows("electeur-mandataire-erreurs", 422)
    stage.fills(birth_name="DUPONT", given_names="Jean-Claude Bernard", q="laon")
    stage.fills(day="22", month="8", year="1944")
    stage.chooses("Masculin")
    stage.presses("Chercher")
    stage.chooses("Laon (Aisne)")
    stage.shows("electeur-mandataire")
    stage.presses("Continuer")
    stage.shows("electeur-elections")
    stage.presses("Continuer")
    stage.shows("electeur-elections-erreur", 422)
    stage.chooses("Élection présidentielle\u00a0: les deux tours")
    stage.presses("Continuer")
    stage.shows("electeur-verification")
    stage.presses("Valider ma demande")
    stage.shows("electeur-enregistree")
    stage.goes_to("/demande/langue/?langue=en&page=/demande/enregistree/", "electeur-enregistree-anglais")
    stage.goes_to("/demande/langue/?langue=fr&page=/suivi/", "electeur-suivi")
    stage.presses("Voir où en est ma demande")
    stage.shows("electeur-suivi-erreurs", 422)
    one = Procuration.objects.get()
    stage.fills(reference="ABCDEF", day="24", month="8", year="1962")
    stage.presses("Voir où en est ma demande")
    stage.shows("electeur-suivi-introuvable")
    stage.fills(reference=one.reference)
    stage.presses("Voir où en est ma demande")
    stage.shows("electeur-suivi-etat")
    stage.goes_to("/suivi/", "electeur-suivi-encore")
    stage.fills(reference=one.reference, day="24", month="8", year="1962")
    with pytest.MonkeyPatch.context() as limited:
        none = Rates(each=0, each_seconds=900, together=1, together_seconds=60)
        limited.setattr(follow_views, "LOOK_UPS", none)
        stage.presses("Voir où en est ma demande")
        stage.shows("electeur-suivi-attendre", 429)


@scene("usagers:mine", "usagers:end")
def an_elector_asks_to_end_a_procuration(stage: Stage) -> None:
    is_elector(stage)
    stage.goes_to("/demande/mes-demandes/", "electeur-mes-demandes-aucune")
    stage.presses("Continuer")
    stage.shows("electeur-mes-demandes-erreur", 422)
    stage.fills(reference="ABCDEF")
    stage.presses("Continuer")
    stage.shows("electeur-mes-demandes-inconnue")
    one = established(stage.story)
    filed_on_line()
    stage.goes_to("/demande/mes-demandes/", "electeur-mes-demandes")
    stage.opens(f"/demande/resilier/{one.rid}/")
    stage.shows("electeur-resilier")
    stage.presses("Demander la résiliation")
    stage.shows("electeur-resiliation-demandee")
    waiting = Procuration.objects.exclude(rid=one.rid).get()
    stage.goes_to(f"/demande/resilier/{waiting.rid}/", "electeur-resilier-impossible")


SCENES: tuple[Scene, ...] = (
    an_elector_makes_a_request_and_follows_it,
    an_elector_asks_to_end_a_procuration,
)
