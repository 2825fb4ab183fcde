"""Pages where people say who they are: electors by a provider, agents by ProConnect or by a second factor."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import Client
from django.utils import timezone
from selenium.webdriver.common.by import By

from server.identity.providers import Kind, Provider, install_providers
from server.identity.second_factor import unconfirmed_device
from server.mairie.services import create_town_hall_account
from tests.browser.scene import Scene, Stage, scene
from tests.builders import NOUMEA
from tests.server.identity.hostile import Liar
from tests.server.townhall import PASSWORD, code_of, new_application
from tests.server.usagers.electors import ANGELA
from tests.server.usagers.electors import signed_in as elector_signed_in


def _away() -> Liar:
    """A provider that does not answer: nothing listens at its port."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return Liar(port=closed.getsockname()[1])


@contextmanager
def known(*providers: Provider) -> Iterator[None]:
    install_providers({provider.name: provider for provider in providers})
    try:
        yield
    finally:
        install_providers(None)


def _sits_down(stage: Stage, client: Client) -> None:
    """The session of a test's client becomes the browser's."""
    stage.is_(None)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": stage.site}
    stage.browser.execute_cdp_cmd("Network.setCookie", cookie)


@scene(
    "identity:elector_choice",
    "identity:elector_begin",
    "identity:elector_return",
    "identity:elector_ended",
    "identity:elector_out",
)
def an_elector_says_who_they_are(stage: Stage) -> None:
    stage.goes_to("/connexion-usager/", "identifier-aucun")
    away, by_discovery = _away(), {"token_endpoint": ""}
    with known(
        away.provider(),
        away.provider(name="nc_connect", label="NC Connect", kind=Kind.NC_CONNECT, **by_discovery),
        away.provider(name="plus", label="FranceConnect+", kind=Kind.FRANCE_CONNECT_PLUS),
    ):
        stage.goes_to("/connexion-usager/", "identifier")
        stage.goes_to("/connexion-usager/avec/nc_connect/", "identifier-en-panne", 503)
        stage.goes_to(
            "/connexion-usager/retour/franceconnect/?state=x&code=y", "identifier-etat-inconnu", 400
        )
        stage.goes_to("/connexion-usager/terminee/franceconnect/", "deconnexion-non-confirmee")
        _sits_down(stage, elector_signed_in())
        stage.goes_to("/connexion-usager/", "identifier-deja")
    with known(away.provider(name=ANGELA.provider, end_session_endpoint="")):
        stage.sends()
        stage.shows("deconnexion-ici-seulement")
    _in_english(stage, away)


def _in_english(stage: Stage, away: Liar) -> None:
    stage.is_(None)
    stage.opens("/demande/langue/?langue=en&page=/connexion-usager/")
    stage.shows("identifier-aucun-en")
    with known(away.provider()):
        stage.goes_to("/connexion-usager/", "identifier-en")
        stage.goes_to(
            "/connexion-usager/retour/franceconnect/?state=x&code=y", "identifier-etat-inconnu-en", 400
        )
        stage.goes_to("/connexion-usager/terminee/franceconnect/", "deconnexion-non-confirmee-en")


@scene("pages:sign_in", "identity:agent_begin", "identity:agent_return", "identity:agent_ended")
def an_agent_comes_by_proconnect(stage: Stage) -> None:
    away = _away()
    with known(away.provider(name="pro", label="ProConnect", kind=Kind.PRO_CONNECT, token_endpoint="")):
        stage.goes_to("/connexion/", "connexion-proconnect")
        stage.presses("S’identifier avec ProConnect")
        stage.shows("proconnect-en-panne", 503)
        stage.goes_to("/connexion/agents/retour/pro/", "proconnect-etat-inconnu", 400)
        stage.goes_to("/connexion/agents/terminee/pro/", "proconnect-deconnexion")


@scene("identity:enrol", "identity:code", "identity:recovery")
def an_account_has_a_second_factor(stage: Stage) -> None:
    user = create_town_hall_account("agent-noumea", PASSWORD, NOUMEA).user
    one_factor = Client()
    one_factor.force_login(user)
    _sits_down(stage, one_factor)
    stage.goes_to("/connexion/activer/", "activer")
    stage.sends()
    stage.shows("activer-erreur", 422)
    stage.fills(code=code_of(unconfirmed_device(user)))
    stage.sends()
    assert len(stage.browser.find_elements(By.CSS_SELECTOR, ".codes li")) == 10
    stage.shows("codes-de-secours")
    device = new_application(user)
    one_factor = Client()
    one_factor.force_login(user)
    _sits_down(stage, one_factor)
    stage.goes_to("/connexion/code/", "code")
    stage.fills(code="12 34")
    stage.sends()
    stage.shows("code-erreur", 422)
    device.throttling_failure_count, device.throttling_failure_timestamp = 6, timezone.now()
    device.save()
    stage.fills(code="123456")
    stage.sends()
    stage.shows("code-suspendu", 429)
    stage.presses("Je n’ai pas mon téléphone")
    stage.shows("secours")
    stage.sends()
    stage.shows("secours-erreur", 422)


SCENES: tuple[Scene, ...] = (
    an_elector_says_who_they_are,
    an_agent_comes_by_proconnect,
    an_account_has_a_second_factor,
)
