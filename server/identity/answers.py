"""The pages that a sign-in by a provider may end on: passing on, ended, stopped."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from procuration.errors import ProcurationError
from server.identity.journeys import forget_journey
from server.identity.providers import Provider
from server.texts_fr import text

_SAME_WORDS: Final = {"FOURNISSEUR_OCCUPE": "FOURNISSEUR_ABSENT"}
_STATUS: Final = {
    "ETAT_INCONNU": HTTPStatus.BAD_REQUEST,
    "CODE_REFUSE": HTTPStatus.BAD_REQUEST,
    "FOURNISSEUR_ABSENT": HTTPStatus.SERVICE_UNAVAILABLE,
    "REPONSE_FOURNISSEUR": HTTPStatus.BAD_GATEWAY,
}


def passing_on(request: HttpRequest, title: str, sentence: str, onward: str) -> HttpResponse:
    """A page that goes on by itself. Not a redirect: after another site's redirect the browser would keep
    the session's cookie (SameSite Strict), and the rules of a form (CSP) forbid the way to another site.
    """
    context = {"title": title, "sentence": sentence, "onward": onward}
    answer = render(request, "identity/passing.html", context)
    answer.headers["Refresh"] = f"0; url={onward}"
    return answer


def ended(request: HttpRequest, provider: Provider, *, confirmed: bool) -> HttpResponse:
    """The end of a log-out; `confirmed` when the provider's own session is known to be over."""
    key = "identity.ended_both" if confirmed else "identity.ended_here"
    context = {"sentence": text(key, label=provider.label), "again": _again(provider), "confirmed": confirmed}
    answer = render(request, "identity/ended.html", context)
    forget_journey(answer, provider)
    return answer


def stopped(
    request: HttpRequest, provider: Provider, error: ProcurationError, *, siret: str = "", leave: str = ""
) -> HttpResponse:
    """Why a sign-in came to nothing, and the next step.

    Args:
        leave: address that ends the provider's session; empty: there is nothing to end.
    """
    code = _SAME_WORDS.get(error.code, error.code)
    if code == "IDENTITE_INCOMPLETE" and provider.for_agents:
        code = "EMPLOYEUR_ABSENT"
    context = {
        "title": text(f"identity.problem.{code}.title", label=provider.label),
        "sentence": text(f"identity.problem.{code}.text", label=provider.label),
        "label": provider.label,
        "for_electors": not provider.for_agents,
        "again": _again(provider),
        "siret": siret,
        "leave": leave,
    }
    answer = render(request, "identity/problem.html", context, status=_STATUS.get(code, HTTPStatus.FORBIDDEN))
    forget_journey(answer, provider)
    return answer


def _again(provider: Provider) -> str:
    return reverse("pages:sign_in" if provider.for_agents else "identity:elector_choice")
