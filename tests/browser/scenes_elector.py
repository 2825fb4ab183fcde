"""Every page of an elector on line: who they are, the four steps, the acknowledgment, what became of it."""

from dataclasses import replace

from procuration.domain.people import PartialDate
from server.dossiers.models import Procuration
from server.identity.providers import Kind, install_providers
from tests.browser.scene import Scene, Stage, scene
from tests.server.identity.hostile import Liar
from tests.server.usagers.electors import ANGELA, STEPS, answers, starts
from tests.server.usagers.electors import signed_in as elector_signed_in

FORM = "main form[method=post]"
GO_ON = f"{FORM} .buttons button[type=submit]"


@scene(
    *("usagers:home", "usagers:identite", "usagers:commune", "usagers:mandataire"),
    *("usagers:elections", "usagers:review", "usagers:filed"),
)
def an_elector_makes_a_request(stage: Stage) -> None:
    stage.goes_to("/demande/", "demande")
    stage.has_session_of(elector_signed_in())
    stage.goes_to("/demande/", "demande-identifie")
    stage.sends(f"{FORM} button[type=submit]")
    stage.shows("demande-identite")
    stage.fills(email="angela@gmial.com")
    stage.sends(GO_ON)
    stage.shows("demande-identite-adresse", 422)
    stage.fills(email=STEPS["identite"]["email"])
    stage.sends(GO_ON)
    stage.shows("demande-commune")
    stage.sends(GO_ON)
    stage.shows("demande-commune-erreur", 422)
    for step in ("mandataire", "elections"):
        stage.has_session_of(answers(starts(), **{step: dict.fromkeys(STEPS[step], "")}))
        stage.goes_to(f"/demande/{step}/", f"demande-{step}")
        stage.sends(GO_ON)
        stage.shows(f"demande-{step}-erreurs", 422)
    stage.has_session_of(answers(starts()))
    for step in STEPS:
        stage.goes_to(f"/demande/{step}/", f"demande-{step}-rempli")
    stage.goes_to("/demande/verification/", "demande-verification")
    stage.sends(GO_ON)
    stage.shows("demande-enregistree")
    stage.opens("/demande/langue/?langue=en&page=/demande/enregistree/")
    stage.shows("demande-enregistree-anglais")
    stage.opens("/demande/langue/?langue=en&page=/demande/")
    stage.shows("demande-anglais")


@scene("usagers:identite")
def an_elector_cannot_be_named(stage: Stage) -> None:
    stage.has_session_of(starts(replace(ANGELA, birth_name=None, given_names=None)))
    stage.goes_to("/demande/identite/", "demande-identite-refusee")
    stage.has_session_of(starts(replace(ANGELA, birth_date=PartialDate(2020, 1, 1))))
    stage.goes_to("/demande/identite/", "demande-identite-mineur")


@scene("usagers:follow")
def an_elector_follows_a_request(stage: Stage) -> None:
    stage.goes_to("/suivi/", "suivi")
    stage.sends(GO_ON)
    stage.shows("suivi-erreurs", 422)
    stage.fills(reference="XBQ7V3", day="24", month="8", year="1962")
    stage.sends(GO_ON)
    stage.shows("suivi-introuvable")
    rid = stage.story.established(1)
    stage.fills(reference=str(Procuration.objects.get(rid=rid).reference))
    stage.sends(GO_ON)
    stage.shows("suivi-trouve")


@scene(
    *("identity:elector_choice", "identity:elector_return", "identity:elector_ended"),
    *("identity:agent_return", "identity:agent_ended", "pages:sign_in"),
)
def somebody_says_who_they_are(stage: Stage) -> None:
    stage.goes_to("/connexion-usager/", "identite-aucun-service")
    told = Liar(port=9)
    for_agents = {"name": "proconnect", "label": "ProConnect", "kind": Kind.PRO_CONNECT}
    known = [told.provider(), told.provider(**for_agents)]
    install_providers({one.name: one for one in known})
    try:
        stage.goes_to("/connexion-usager/", "identite-choix")
        stage.goes_to("/connexion-usager/retour/franceconnect/?code=x&state=y", "identite-perdue", 400)
        stage.goes_to("/connexion-usager/terminee/franceconnect/", "identite-terminee")
        stage.goes_to("/connexion/agents/retour/proconnect/?code=x&state=y", "identite-agent-perdue", 400)
        stage.goes_to("/connexion/agents/terminee/proconnect/", "identite-agent-terminee")
        stage.goes_to("/connexion/", "connexion-proconnect")
        stage.has_session_of(elector_signed_in(replace(ANGELA, provider="franceconnect")))
        stage.goes_to("/connexion-usager/", "identite-deja")
    finally:
        install_providers(None)


SCENES: tuple[Scene, ...] = (
    an_elector_makes_a_request,
    an_elector_cannot_be_named,
    an_elector_follows_a_request,
    somebody_says_who_they_are,
)
