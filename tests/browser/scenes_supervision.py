"""The pages by which an administrator looks closer: figures, findings, contested log, search, exports."""

from datetime import timedelta

from procuration.domain.events import SyncEvidence, SyncPoint
from server.console.findings import Sort
from server.console.following import follow_all
from server.console.models import Contested, Finding
from tests.browser.scene import Scene, Stage, scene

LISTS = {
    "chiffres": "chiffres/",
    "constats": "constats/",
    "registre-conteste": "contestations/",
    "recherche-centre": "recherche/",
    "exports": "exports/",
}


@scene(
    *("console:figures", "console:findings", "console:finding", "console:contested"),
    *("console:contested_one", "console:search", "console:dossier", "console:exports"),
)
def an_administrator_looks_closer(stage: Stage) -> None:
    world, kiosk = stage.story.world, stage.story.kiosk
    stage.is_administrator()
    for name, page in LISTS.items():
        stage.goes_to(f"/console/{page}", f"{name}-vide")
    rids = [stage.story.established(number) for number in (1, 2)]
    kiosk.records(SyncPoint(), sync=SyncEvidence(tree_size=1, root=b"x" * 32, offset_ms=0))
    world.hears(kiosk)
    world.clock.at += timedelta(minutes=5)
    follow_all(world.centre)
    now = world.clock.at
    for sort, subject in ((Sort.VOLUME, "ab" * 16), (Sort.PLACE, "2:98805")):
        Finding.objects.create(
            kind=sort,
            subject=subject,
            day="2027-04-01",
            count=62,
            threshold=60,
            rids=rids,
            found_at=now,
            changed_at=now,
        )
    for name, page in LISTS.items():
        stage.goes_to(f"/console/{page}", name)
    stage.goes_to("/console/chiffres/?jours=30&canal=1", "chiffres-filtres")
    stage.goes_to(f"/console/constats/{Finding.objects.get(kind=Sort.VOLUME).pk}/", "constat")
    stage.presses("Marquer comme regardé")
    stage.shows("constat-erreur", 422)
    stage.presses("Montrer le nom")
    stage.shows("constat-raison", 422)
    stage.fills(motif="signalement")
    stage.presses("Montrer le nom")
    stage.shows("constat-nom")
    stage.goes_to(f"/console/contestations/{Contested.objects.get().pk}/", "contestation")
    stage.presses("Fermer l’alerte")
    stage.shows("contestation-erreur", 422)
    stage.fills(motif="Vérifié avec l’hébergeur.")
    stage.presses("Fermer l’alerte")
    stage.shows("contestation-fermee")
    stage.opens("/console/contestations/")
    stage.presses("Vérifier la preuve")
    stage.shows("registre-conteste-erreur", 422)
    stage.opens("/console/recherche/")
    stage.fills(reference="XBQ7V3")
    stage.sends("main form:has([name=reference]) button[type=submit]")
    stage.shows("recherche-centre-trouvee")
    stage.sends("main form:has([name=motif]) button[type=submit]")
    stage.shows("recherche-centre-erreurs", 422)
    stage.goes_to(f"/console/dossiers/{rids[0]}/", "dossier")
    stage.presses("Montrer les noms")
    stage.shows("dossier-raison", 422)
    stage.fills(motif="electeur")
    stage.presses("Montrer les noms")
    stage.shows("dossier-noms")
    stage.opens("/console/exports/")
    stage.presses("Exporter les noms")
    stage.shows("exports-erreurs", 422)
    stage.fills(commune="ko")
    stage.presses("Chercher la commune")
    stage.shows("exports-communes")


SCENES: tuple[Scene, ...] = (an_administrator_looks_closer,)
