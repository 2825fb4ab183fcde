"""The pages that a sign-in by a provider may end on: passing on, ended, stopped."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from procuration.errors import ProcurationError
from server.identity.journeys import forget_journey
from server.identity.providers import Provider
from server.usagers.speaking import Speaking, speaking

_SAME_WORDS: Final = {"FOURNISSEUR_OCCUPE": "FOURNISSEUR_ABSENT"}
_STATUS: Final = {
    "ETAT_INCONNU": HTTPStatus.BAD_REQUEST,
    "CODE_REFUSE": HTTPStatus.BAD_REQUEST,
    "FOURNISSEUR_ABSENT": HTTPStatus.SERVICE_UNAVAILABLE,
    "REPONSE_FOURNISSEUR": HTTPStatus.BAD_GATEWAY,
}


def passing_on(request: HttpRequest, provider: Provider, words: str, onward: str) -> HttpResponse:
    """A page that goes on by itself. Not a redirect: after another site's redirect the browser would keep
    the session's cookie (SameSite Strict), and the rules of a form (CSP) forbid the way to another site.

    Args:
        words: key of its title; that of its sentence ends in `_text`.
    """
    say = _speaking(request, provider)
    sentence = say(f"{words}_text", label=provider.label)
    context = {**say.context, "title": say(words), "sentence": sentence, "onward": onward}
    answer = render(request, "identity/passing.html", context)
    answer.headers["Refresh"] = f"0; url={onward}"
    return answer


def ended(request: HttpRequest, provider: Provider, *, confirmed: bool) -> HttpResponse:
    """The end of a log-out; `confirmed` when the provider's own session is known to be over."""
    key = "identity.ended_both" if confirmed else "identity.ended_here"
    say = _speaking(request, provider)
    told = {"sentence": say(key, label=provider.label), "again": _again(provider), "confirmed": confirmed}
    context = {**say.context, **told}
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
    say = _speaking(request, provider)
    context = {
        **say.context,
        "title": say(f"identity.problem.{code}.title", label=provider.label),
        "sentence": say(f"identity.problem.{code}.text", label=provider.label),
        "label": provider.label,
        "for_electors": not provider.for_agents,
        "again": _again(provider),
        "siret": siret,
        "leave": leave,
    }
    answer = render(request, "identity/problem.html", context, status=_STATUS.get(code, HTTPStatus.FORBIDDEN))
    forget_journey(answer, provider)
    return answer


def _speaking(request: HttpRequest, provider: Provider) -> Speaking:
    """A return from a provider is read once: another language leads to the choice of a provider."""
    return speaking(request, for_agents=provider.for_agents, here=reverse("identity:elector_choice"))


def _again(provider: Provider) -> str:
    return reverse("pages:sign_in" if provider.for_agents else "identity:elector_choice")
