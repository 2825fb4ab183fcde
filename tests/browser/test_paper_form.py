"""A town hall keys in a paper form in a real browser, on a computer and on a telephone."""

from procuration.domain.events import Kind
from server.ledger.models import Event
from tests.browser.pages import Person as Somebody
from tests.browser.test_town_hall import agent  # noqa: F401  the fixture
from tests.server.mairie.test_paper import FORM
from tests.server.townhall import PASSWORD, Story

RADIO = {"mandant_sex": "1", "mandataire_sex": "1", "scrutin": "1", "rounds": "3"}
"""The place of each choice."""
COMMUNES = ("mandataire_place_choix", "insee_choix")


def test_an_agent_keys_in_a_form_and_sees_what_was_recorded(agent: Somebody, story: Story):  # noqa: F811
    story.established(1)
    agent.signs_in("agent-noumea", PASSWORD)
    agent.opens("/mairie/formulaire/")
    sizes = {"formulaire": agent.pictures("formulaire")}
    agent.presses("Vérifier")
    assert agent.sees("réponses à corriger")
    sizes["formulaire-erreurs"] = agent.pictures("formulaire-erreurs")
    same = FORM | {"mandant_birth_name": "DUBOIS", "mandant_given_names": "Angela Claire Louise"}
    for name, value in same.items():
        if name in RADIO:
            agent.browser.execute_script(f"document.getElementById('id_{name}-{RADIO[name]}').click()")
        elif name not in ("rid", *COMMUNES):
            agent.browser.execute_script(
                "document.getElementById(arguments[0]).value = arguments[1]", f"id_{name}", value
            )
    agent.presses("Chercher la commune")
    sizes["formulaire-communes"] = agent.pictures("formulaire-communes")
    for name in COMMUNES:
        agent.browser.execute_script(f"document.getElementById('{name}-1').click()")
    agent.presses("Vérifier")
    assert agent.title() == "Vérifiez le formulaire"
    assert agent.sees("Cette personne a déjà 1 demande ou procuration")
    sizes["formulaire-confirmer"] = agent.pictures("formulaire-confirmer")
    agent.presses("Modifier")
    agent.presses("Vérifier")
    agent.presses("Enregistrer le formulaire")
    assert agent.sees("Le formulaire est signé et gardé par le centre.")
    sizes["formulaire-enregistre"] = agent.pictures("formulaire-enregistre")
    assert sizes == {name: [0, 0] for name in sizes}
    assert Event.objects.filter(kind=Kind.PAPER_FORM).count() == 1
