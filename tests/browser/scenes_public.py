"""Pages that need no account, the sign-in page, and the pages that say what went wrong."""

import pytest
from django.contrib.auth.models import User

from server.pages import limits
from server.pages.models import RefusedSignIn
from server.pages.sign_in import TRIES_MAX
from server.reception import selectors
from server.traces import trail
from tests.browser.scene import Scene, Stage, scene
from tests.server.townhall import PASSWORD


@scene("pages:sign_in", "pages:home")
def somebody_signs_in(stage: Stage) -> None:
    stage.is_agent()
    stage.is_(None)
    stage.goes_to("/connexion/", "connexion")
    stage.presses("Se connecter")
    stage.shows("connexion-erreurs", 422)
    _types(stage, "un mot de passe faux")
    stage.shows("connexion-refusee", 422)
    row = RefusedSignIn.objects.get()
    RefusedSignIn.objects.bulk_create(
        [RefusedSignIn(account_digest=row.account_digest, at=row.at)] * TRIES_MAX
    )
    _types(stage, PASSWORD)
    stage.shows("connexion-suspendue", 429)
    stage.is_(User.objects.create_user("sans-mairie", password=PASSWORD))
    stage.goes_to("/", "compte-sans-droit", 403)


def _types(stage: Stage, password: str) -> None:
    stage.opens("/connexion/")
    stage.fills(username="agent-noumea", password=password)
    stage.presses("Se connecter")


@scene("reception:home", "reception:departement")
def somebody_looks_for_a_place(stage: Stage) -> None:
    stage.goes_to("/points-accueil/", "points-accueil-aucun")
    stage.has_places()
    stage.goes_to("/points-accueil/", "points-accueil")
    stage.goes_to("/points-accueil/?commune=laon", "points-accueil-trouve")
    stage.goes_to("/points-accueil/?commune=Zzzz", "points-accueil-introuvable")
    stage.goes_to("/points-accueil/02/", "departement")
    stage.goes_to("/points-accueil/02/?commune=02408", "departement-commune")
    stage.goes_to("/points-accueil/02/?commune=02001", "departement-commune-sans-lieu")


@scene("pages:accessibility", "pages:notice", "pages:personal_data")
def somebody_reads_the_legal_pages(stage: Stage) -> None:
    for name in ("accessibilite", "mentions-legales", "donnees-personnelles"):
        stage.goes_to(f"/{name}/", name)
        stage.is_agent()
    stage.is_(None)
    for name in ("accessibilite", "mentions-legales", "donnees-personnelles"):
        stage.opens(f"/demande/langue/?langue=en&page=/{name}/")
        stage.shows(f"{name}-en")


@scene("", "pages:sign_in", "reception:home", "mairie:procuration", "console:overview")
def something_is_wrong(stage: Stage) -> None:
    stage.goes_to("/nulle-part/", "erreur-404", 404)
    stage.goes_to("/connexion/", "connexion-avant-erreur")
    stage.fills(csrfmiddlewaretoken="a" * 64)
    stage.presses("Se connecter")
    stage.shows("erreur-403-formulaire", 403)
    stage.opens("/connexion/")
    stage.browser.execute_script(
        "const form = document.querySelector('main form');"
        "for (let n = 0; n < 200; n++) { const one = document.createElement('input');"
        "  one.type = 'hidden'; one.name = 'n' + n; form.append(one); }"
    )
    stage.presses("Se connecter")
    stage.shows("erreur-400", 400)
    stage.is_agent()
    stage.goes_to("/console/", "erreur-403", 403)
    stage.goes_to(f"/mairie/procurations/{'0' * 32}/", "procuration-introuvable", 404)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(selectors, "departements", None)
        stage.goes_to("/points-accueil/", "erreur-500", 500)


@scene("", "reception:home", "reception:departement", "pages:session_ended")
def an_elector_reads_english(stage: Stage) -> None:
    stage.has_places()
    stage.opens("/demande/langue/?langue=en&page=/points-accueil/")
    stage.goes_to("/points-accueil/?commune=laon", "points-accueil-en")
    stage.goes_to("/points-accueil/02/", "departement-en")
    stage.goes_to("/suivi/nulle-part/", "erreur-404-en", 404)
    stage.goes_to("/session-terminee/?next=%2Fdemande%2F", "session-terminee-en")
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(selectors, "departements", None)
        stage.goes_to("/points-accueil/", "erreur-500-en", 500)
    stage.opens("/demande/langue/?langue=fr&page=/points-accueil/")


@scene("pages:session_ended", "mairie:waiting", "pages:sign_in")
def a_session_ends_and_a_limit_is_met(stage: Stage) -> None:
    stage.goes_to("/session-terminee/?next=%2Fmairie%2F", "session-terminee")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "POSTS", limits.Limit("posts", 0, 600))
        stage.opens("/connexion/")
        stage.presses("Se connecter")
        stage.shows("erreur-429", 429)
    stage.story.established(1)
    stage.is_agent()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trail, "_append_durably", _full)
        stage.goes_to("/mairie/", "erreur-503-trace", 503)


def _full(*_: object) -> None:
    raise OSError("disk full")


SCENES: tuple[Scene, ...] = (
    somebody_signs_in,
    somebody_looks_for_a_place,
    somebody_reads_the_legal_pages,
    something_is_wrong,
    an_elector_reads_english,
    a_session_ends_and_a_limit_is_met,
)
