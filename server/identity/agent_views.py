"""Town halls and administrators by ProConnect: way there and back, log-out (DOMAIN 5.2)."""

import logging
from typing import Final

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from procuration.errors import ProcurationError
from server.config.centre import current_centre
from server.identity.agents import account_for
from server.identity.answers import ended, passing_on, stopped
from server.identity.claims import Agent, agent_from
from server.identity.journeys import (
    Arrival,
    arrive,
    came_back_from_the_end,
    carry_to_the_end,
    end_journey,
    forget_journey,
    leave,
)
from server.identity.leaving import leave_for_good, refused_code, wanted_page
from server.identity.providers import Provider, providers
from server.identity.second_factor import second_factor_by_provider

log = logging.getLogger(__name__)
_KEY: Final = "provider_session"
_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


@require_GET
def begin(request: HttpRequest, name: str) -> HttpResponse:
    """To the provider."""
    provider = _provider(name)
    try:
        return leave(provider, wanted_page(request), current_centre().clock.now())
    except ProcurationError as error:
        return _stop(request, provider, error)


@require_GET
def come_back(request: HttpRequest, name: str) -> HttpResponse:
    """From the provider, with a code or a refusal."""
    provider = _provider(name)
    try:
        arrival = arrive(request, provider, current_centre().clock.now())
        agent = agent_from(arrival.answer)
    except ProcurationError as error:
        return _stop(request, provider, error)
    try:
        user = account_for(provider, agent)
    except ProcurationError as error:
        return _stop_known(request, provider, error, arrival, agent)
    request.session.flush()
    login(request, user, backend=_BACKEND)
    request.session[_KEY] = {"provider": provider.name, "id_token": arrival.answer.id_token}
    if agent.second_factor:
        second_factor_by_provider(request)
    onward = arrival.wanted or reverse("pages:home")
    answer = passing_on(request, provider, "identity.arrived", onward)
    forget_journey(answer, provider)
    return answer


@require_GET
def end(request: HttpRequest, name: str) -> HttpResponse:
    """Back from the provider's log-out."""
    provider = _provider(name)
    confirmed = came_back_from_the_end(request, provider, current_centre().clock.now())
    return ended(request, provider, confirmed=confirmed)


def sign_out_by_provider(request: HttpRequest) -> HttpResponse | None:
    """The log-out of a session that a provider opened; None when it opened none.

    The provider's session lives twelve hours: it must not outlive ours on a shared computer (DOMAIN 5.2).
    """
    kept = request.session.get(_KEY)
    provider = providers().get(kept["provider"]) if kept else None
    if kept is None or provider is None:
        return None
    request.session.flush()
    return leave_for_good(request, provider, kept["id_token"])


def _provider(name: str) -> Provider:
    found = providers().get(name)
    if found is None or not found.for_agents:
        raise Http404
    return found


def _stop(request: HttpRequest, provider: Provider, error: ProcurationError) -> HttpResponse:
    log.warning("identity_refused", extra={"code": refused_code(error)})
    return stopped(request, provider, error)


def _stop_known(
    request: HttpRequest, provider: Provider, error: ProcurationError, arrival: Arrival, agent: Agent
) -> HttpResponse:
    """The provider knows the person, we do not: it has a session that only a log-out ends."""
    log.warning("identity_refused", extra={"code": refused_code(error)})
    journey = end_journey(provider, arrival.answer.id_token, current_centre().clock.now())
    siret = agent.siret if error.code == "EMPLOYEUR_INCONNU" else ""
    answer: HttpResponseBase = stopped(
        request, provider, error, siret=siret, leave=journey[0] if journey else ""
    )
    if journey:
        carry_to_the_end(answer, provider, journey[1])
    assert isinstance(answer, HttpResponse)
    return answer
