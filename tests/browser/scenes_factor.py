"""The second factor of an account: taking it, typing it, doing without the telephone."""

import re

from server.mairie.services import create_town_hall_account
from tests.browser.scene import Scene, Stage, scene
from tests.builders import NOUMEA
from tests.server.townhall import PASSWORD, code_of, new_application, signed_in


@scene("identity:enrol", "identity:code", "identity:recovery")
def an_agent_takes_a_second_factor(stage: Stage) -> None:
    user = create_town_hall_account("agent-noumea", PASSWORD, NOUMEA).user
    client = signed_in(user)
    client.logout()
    user.totpdevice_set.all().delete()
    client.force_login(user)
    stage.has_session_of(client)
    stage.goes_to("/connexion/activer/", "facteur-activer")
    stage.fills(code="000000")
    stage.sends()
    stage.shows("facteur-activer-erreur", 422)
    device = user.totpdevice_set.get()
    device.throttle_reset()
    stage.fills(code=code_of(device))
    stage.sends()
    stage.shows("facteur-codes-de-secours")
    assert re.search(r"\w", stage.title())
    new_application(user)
    client.force_login(user)
    stage.has_session_of(client)
    stage.goes_to("/connexion/code/", "facteur-code")
    stage.fills(code="000000")
    stage.sends()
    stage.shows("facteur-code-erreur", 422)
    stage.goes_to("/connexion/secours/", "facteur-secours")
    stage.sends()
    stage.shows("facteur-secours-erreur", 422)


SCENES: tuple[Scene, ...] = (an_agent_takes_a_second_factor,)
