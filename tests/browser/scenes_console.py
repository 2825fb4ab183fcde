"""Every page of the central administrators."""

from datetime import UTC, datetime, timedelta

from procuration.adapters.keys import SoftwareKey
from procuration.domain.facts import FactCode
from procuration.domain.identifiers import fingerprint_in_groups
from procuration.domain.validity import OneScrutin, Rounds
from server.ledger import joining
from server.ledger.refusals import count_refusal
from server.notices.enums import NoticeCode, NoticeState
from server.notices.models import Notice
from server.notices.samples import SAMPLES
from tests.browser.scene import Scene, Stage, scene
from tests.builders import JEAN_CLAUDE, NOW
from tests.server.centre import Tablet
from tests.server.ledger.test_joining import request_of, tablet
from tests.server.queue.stories import Doubts, mandant, mandataire
from tests.server.townhall import LAON, LIFOU

LISTS = {
    "console": "",
    "console-urgences": "urgences/",
    "console-trancher": "a-trancher/",
    "console-tranches": "a-trancher/decisions/",
    "console-sans-suite": "en-attente/",
    "console-postes": "postes/",
    "console-demandes": "demandes/",
    "console-lots": "lots/",
    "console-cote": "mis-de-cote/",
    "console-messages": "messages/",
    "console-parc": "parc/",
    "console-apercus": "messages/apercu/",
    "console-registres": "registres/",
    "console-etat": "etat/",
}
"""The pages of the menu."""


@scene(
    *("console:overview", "console:urgent", "console:queue", "console:ruled", "console:waiting"),
    *("console:devices", "console:requests", "console:bundles", "console:aside", "console:mail"),
    *("console:device", "console:fleet", "console:previews", "console:preview"),
    *("registers:units", "registers:special", "health:state"),
)
def an_administrator_watches_the_service(stage: Stage) -> None:
    story = stage.story
    stage.is_administrator()
    for name, page in LISTS.items():
        stage.goes_to(f"/console/{page}", f"{name}-vide")
    story.established(1)
    story.established(2)
    story.established(3, vote_place=LIFOU)
    at_laon = OneScrutin(scrutin_id="2027-04-presidentielle/metropole", rounds=Rounds.BOTH)
    story.established(4, vote_place=LAON, validity=at_laon)
    story.world.kiosk("kiosk of nobody")
    count_refusal("SEAL_MALFORMED", story.world.clock.now())
    Notice.objects.filter(kind=1).update(
        state=NoticeState.FAILED, code=NoticeCode.ADDRESS_REFUSED, attempts=1
    )
    made = [tablet(f"new {number}") for number in range(3)]
    for one in made:
        joining.answer_to(story.world.centre, request_of(one), NOW)
    story.world.clock.at += timedelta(hours=3)
    stage.is_administrator()
    for name, page in LISTS.items():
        stage.goes_to(f"/console/{page}", name)
    stage.goes_to("/console/lots/?suivre=1", "console-lots-suivre")
    stage.goes_to("/console/postes/?poste=rien", "console-postes-aucun")
    stage.goes_to(f"/console/postes/{story.kiosk.log_id.hex()}/", "console-poste")
    stage.goes_to(f"/console/postes/{Tablet('kiosk of nobody').log_id.hex()}/", "console-poste-neuf")
    for name in ("m1", "m7-remplacee"):
        assert name in SAMPLES
        stage.goes_to(f"/console/messages/apercu/{name}/", f"console-apercu-{name}")
    typed = fingerprint_in_groups(made[0].key.kid)[:9].replace(" ", "+")
    stage.goes_to(f"/console/demandes/?empreinte={typed}", "console-demandes-une")
    stage.opens("/console/registres/")
    stage.presses("Ouvrir")
    stage.shows("registre-special")
    stage.presses("Afficher les noms")
    stage.shows("registre-special-noms")
    story.world.clock.at = datetime(2027, 4, 25, 3, tzinfo=UTC)
    stage.is_administrator()
    stage.goes_to("/console/urgences/", "console-urgences-jour")
    story.world.clock.at += timedelta(hours=8)
    stage.is_administrator()
    stage.goes_to("/console/urgences/", "console-urgences-closes")


@scene("console:overview", "console:devices", "console:histories")
def a_tablet_was_copied(stage: Stage) -> None:
    world, kiosk = stage.story.world, stage.story.kiosk
    kiosk.files(1)
    kiosk.files(2)
    world.hears(kiosk)
    copy = Tablet(kiosk.name)
    for number in (1, 9, 8):
        copy.files(number)
    world.hears(copy, 1)
    stage.is_administrator()
    stage.goes_to("/console/", "console-alarme")
    stage.goes_to("/console/postes/", "console-postes-fourche")
    stage.goes_to(f"/console/postes/{kiosk.log_id.hex()}/histoires/", "console-deux-histoires")


@scene(
    *("console:queue", "console:ruled", "console:waiting", "console:case_now", "console:case"),
    *("console:decide", "console:case_result"),
)
def an_administrator_decides_a_case(stage: Stage) -> None:
    doubts = Doubts(stage.story.world, stage.story.kiosk, _officer(stage))
    rids = doubts.unsure_order()
    doubts.votes(20, FactCode.MANDANT_VOTED)
    doubts.revokes(None, "fourth", mandant=mandant(21))
    stage.is_administrator()
    stage.goes_to("/console/a-trancher/", "trancher")
    stage.presses("Examiner")
    stage.shows("cas")
    stage.presses("Continuer")
    stage.shows("cas-erreurs", 422)
    stage.chooses("Seule la procuration A compte. Les autres sont nulles.")
    stage.fills(reason="Le registre de la brigade donne l’heure de chaque acte.")
    stage.presses("Continuer")
    stage.shows("cas-confirmer")
    stage.presses("Signer la décision")
    stage.shows("cas-resultat")
    stage.presses("Voir le cas")
    stage.shows("cas-tranche")
    stage.goes_to(f"/console/a-trancher/{rids[0]}/", "cas-aujourd-hui")
    doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE)
    doubts.establishes(4, "fourth", 5, mandant=mandant(2), mandataire=mandataire(4))
    stage.goes_to(f"/console/a-trancher/{rids[0]}/rivales/?nouvelle=1", "cas-rangs")
    stage.fills(seen="0" * 64, reason="Vu.")
    stage.presses("Continuer")
    stage.shows("cas-erreurs-encore", 422)
    stage.goes_to("/console/a-trancher/decisions/", "tranches")
    stage.goes_to("/console/en-attente/", "sans-suite")


def _officer(stage: Stage) -> SoftwareKey:
    return stage.story.officer


SCENES: tuple[Scene, ...] = (
    an_administrator_watches_the_service,
    a_tablet_was_copied,
    an_administrator_decides_a_case,
)
