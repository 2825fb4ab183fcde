"""The human queue in a real browser: from the list to the signed decision, and back."""

from procuration.domain.facts import FactCode
from server.console.services import create_console_account
from tests.browser.pages import Person
from tests.builders import JEAN_CLAUDE
from tests.server.queue.stories import Doubts, mandant, mandataire
from tests.server.townhall import PASSWORD


def test_a_person_decides_a_case_with_both_sides_before_their_eyes(
    browser, live_server, world, kiosk, officer
):
    create_console_account("claire-martin", PASSWORD)
    doubts = Doubts(world, kiosk, officer)
    person = Person(browser, live_server.url)
    person.signs_in("claire-martin", PASSWORD)
    person.opens("/console/a-trancher/")
    sizes = {"trancher-vide": person.pictures("trancher-vide")}
    rids = doubts.unsure_order()
    doubts.votes(20, FactCode.MANDANT_VOTED)
    doubts.revokes(None, "fourth", mandant=mandant(21))
    person.opens("/console/a-trancher/")
    sizes["trancher"] = person.pictures("trancher")
    person.presses("Examiner")
    assert person.title() == "Cas à trancher : Ordre incertain"
    sizes["cas"] = person.pictures("cas")
    person.presses("Continuer")
    sizes["cas-erreurs"] = person.pictures("cas-erreurs")
    person.chooses("Seule la procuration A compte. Les autres sont nulles.")
    person.types("Raison de la décision", "Le registre de la brigade donne l’heure de chaque acte.")
    person.presses("Continuer")
    sizes["cas-confirmer"] = person.pictures("cas-confirmer")
    person.presses("Signer la décision")
    assert person.title() == "Décision enregistrée"
    sizes["cas-resultat"] = person.pictures("cas-resultat")
    person.presses("Voir le cas")
    assert person.sees("claire-martin")
    sizes["cas-tranche"] = person.pictures("cas-tranche")
    doubts.establishes(3, "third", 9, mandant=mandant(3), mandataire=JEAN_CLAUDE)
    doubts.establishes(4, "fourth", 5, mandant=mandant(2), mandataire=mandataire(4))
    person.opens(f"/console/a-trancher/{rids[0]}/rivales/?nouvelle=1")
    sizes["cas-rangs"] = person.pictures("cas-rangs")
    for name, page in {"tranches": "a-trancher/decisions/", "sans-suite": "en-attente/"}.items():
        person.opens(f"/console/{page}")
        sizes[name] = person.pictures(name)
    assert sizes == {name: [0, 0] for name in sizes}
