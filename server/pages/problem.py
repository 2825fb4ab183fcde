"""The page of what went wrong: what, and what to do, to agents in French, to electors in their language."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from server.usagers.pages import frame_of
from server.usagers.speaking import counted_in, words_of
from server.usagers.wording import FRENCH, wording_of

_OF_AGENTS: Final = frozenset({"mairie", "console", "brigade", "connexion", "deconnexion"})
_OF_ELECTORS: Final = frozenset(
    """
    demande suivi points-accueil connexion-usager accessibilite mentions-legales donnees-personnelles
    """.split()
)


def problem(
    request: HttpRequest,
    status: int,
    title: str,
    sentence: str,
    retry_seconds: int | None = None,
    *,
    count: int | None = None,
    **values: object,
) -> HttpResponse:
    """Args:
    title, sentence: their keys.
    retry_seconds: when it is worth trying again, for programs too.
    count: what the sentence counts, when it does.
    """
    frame = frame_of_stranger(request)
    language = frame["language"] if frame else FRENCH
    said = words_of(language, sentence, **values) if count is None else counted_in(language, sentence, count)
    context = {"title": words_of(language, title), "sentence": said}
    if frame:  # no context processor: it would read the session
        page = render_to_string("pages/problem.html", {**frame, **context})
        answer = HttpResponse(page, status=status)
    else:
        answer = render(request, "pages/problem.html", {**frame_of_agents(), **context}, status=status)
    if retry_seconds is not None:
        answer["Retry-After"] = str(retry_seconds)
    return answer


def frame_of_agents() -> dict[str, Any]:
    """What such a page lacks without a space of its own."""
    return {"layout": "base.html", "home": reverse("pages:home")}


def frame_of_stranger(request: HttpRequest) -> dict[str, Any] | None:
    """The electors' frame, for one of their addresses, or for any other that is not of agents once somebody
    chose another language; None for agents. Read from the address and the cookie of the language alone."""
    part = request.path_info.strip("/").partition("/")[0].partition(".")[0]
    language = wording_of(request).language
    if getattr(settings, "COMMUNE_FACE", False) or part in _OF_AGENTS:
        return None
    if part not in _OF_ELECTORS and language == FRENCH:
        return None
    return {
        **frame_of(request, None),
        "layout": "usagers/base.html",
        "language": language,
        "state_branding": settings.STATE_BRANDING,
        "request": request,
        "home": reverse("usagers:home"),
    }


def explain_wrong_method(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a page opened where only a form may be sent says so, instead of staying white."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        opened = request.method in ("GET", "HEAD")
        if response.status_code != 405 or not opened or response.content or not request.accepts("text/html"):
            return response
        page = problem(request, 405, "error.405.title", "error.405.text")
        page["Allow"] = response["Allow"]
        return page

    return answer
