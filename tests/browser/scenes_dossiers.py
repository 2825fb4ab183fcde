"""Pages of the administrators that lead to dossiers: search, findings, contested states, exports, figures."""

from server.console.findings import Sort
from server.console.models import Contested, Finding
from tests.browser.scene import Scene, Stage, scene
from tests.server.console.test_contested import says
from tests.server.console.test_searching import born, finding

EMPTY = {
    "recherche": "recherche/",
    "constats": "constats/",
    "contestations": "contestations/",
    "chiffres": "chiffres/",
    "exports": "exports/",
    "messages-revenus": "messages/revenus/",
}


@scene(
    *("console:search", "console:dossier", "console:findings", "console:finding", "console:contested"),
    *("console:contested_one", "console:figures", "console:exports", "console:returned"),
)
def an_administrator_looks_into_dossiers(stage: Stage) -> None:
    story = stage.story
    stage.is_administrator()
    for name, page in EMPTY.items():
        stage.goes_to(f"/console/{page}", f"console-{name}-vide")
    rid = story.established(1)
    found = finding(next(iter(Sort)), "x", [rid])
    assert Finding.objects.count() == 1
    says(story, 1, b"x" * 32)
    stage.is_administrator()
    stage.goes_to("/console/constats/", "console-constats")
    stage.goes_to(f"/console/constats/{found.pk}/", "console-constat")
    stage.goes_to("/console/contestations/", "console-contestations")
    contested = Contested.objects.get()
    stage.goes_to(f"/console/contestations/{contested.pk}/", "console-contestation")
    stage.goes_to("/console/chiffres/", "console-chiffres")
    stage.goes_to("/console/exports/", "console-exports")
    stage.opens("/console/recherche/")
    stage.sends("section[aria-labelledby='par-personne'] button")
    stage.shows("console-recherche-erreurs", 422)
    stage.fills(reference="zzzzzz")
    stage.sends("section[aria-labelledby='par-reference'] button")
    stage.shows("console-recherche-aucun")
    stage.fills(nom="dubois", naissance=born())
    stage.fills(motif="electeur")
    stage.sends("section[aria-labelledby='par-personne'] button")
    stage.shows("console-recherche")
    stage.goes_to(f"/console/dossiers/{rid}/", "console-dossier")


SCENES: tuple[Scene, ...] = (an_administrator_looks_into_dossiers,)
