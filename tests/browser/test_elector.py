"""An elector makes a whole request and follows it in a real browser whose scripts are switched off."""

import pytest
from django.conf import settings

from procuration.domain.events import Channel
from server.dossiers.models import Procuration
from tests.browser.pages import Person as Somebody
from tests.browser.pages import plain
from tests.server.usagers.electors import signed_in


@pytest.fixture
def elector(browser, live_server, world) -> Somebody:
    """Somebody whom NC Connect has named already; no page may run a script."""
    somebody = Somebody(browser, live_server.url)
    somebody.opens("/suivi/")
    name = settings.SESSION_COOKIE_NAME
    browser.add_cookie({"name": name, "value": signed_in().cookies[name].value})
    scripts(somebody, allowed=False)
    return somebody


def scripts(somebody: Somebody, *, allowed: bool) -> None:
    somebody.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not allowed})


def test_an_elector_makes_a_request_without_a_script_and_follows_it(elector: Somebody):
    sizes = {}

    def seen(name: str) -> None:
        scripts(elector, allowed=True)
        sizes[name] = elector.pictures(f"electeur-{name}")
        scripts(elector, allowed=False)

    elector.opens("/demande/")
    seen("accueil")
    elector.presses("J’ai compris, je commence")
    assert elector.title() == "Je suis"
    seen("identite")
    elector.presses("Continuer")
    assert elector.title() == "Je vote à"
    elector.types("Dans quelle commune votez-vous", "noumea")
    elector.presses("Chercher")
    elector.chooses("Nouméa (Nouvelle-Calédonie)")
    seen("commune")
    elector.presses("Continuer")
    elector.presses("Continuer")
    assert elector.sees("réponses à corriger")
    seen("mandataire-erreurs")
    elector.types("Quel est le nom de naissance", "DUPONT")
    elector.types("Quels sont les prénoms", "Jean-Claude Bernard")
    elector.chooses("Masculin")
    for box, value in (("Jour", "22"), ("Mois", "08"), ("Année", "1944")):
        elector.types(box, value)
    elector.types("Dans quelle commune vote cette personne", "noumea")
    elector.presses("Chercher")
    elector.chooses("Nouméa (Nouvelle-Calédonie)")
    seen("mandataire")
    elector.presses("Continuer")
    assert elector.title() == "Je donne procuration pour"
    seen("elections")
    elector.chooses("Élection présidentielle\u00a0: les deux tours")
    elector.presses("Continuer")
    assert elector.sees("Vous demandez que Jean-Claude Bernard DUPONT vote à votre place.")
    seen("verification")
    elector.presses("Valider ma demande")
    assert elector.title() == "Votre demande est enregistrée"
    seen("enregistree")
    one = Procuration.objects.get(channel=Channel.WEB)
    assert elector.sees(plain(f"{one.reference[:3]} {one.reference[3:]}"))
    elector.presses("Suivre ma demande")
    elector.types("Référence", one.reference)
    for box, value in (("Jour", "24"), ("Mois", "8"), ("Année", "1962")):
        elector.types(box, value)
    seen("suivi")
    elector.presses("Voir où en est ma demande")
    assert elector.sees("Elle n’est pas encore valable.")
    seen("suivi-etat")
    assert sizes == {name: [0, 0] for name in sizes}
