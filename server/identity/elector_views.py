"""Pages where an elector says who they are: choice of the provider, way there and back, log-out."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from procuration.errors import ProcurationError
from server.config.centre import current_centre
from server.identity.answers import ended, passing_on, stopped
from server.identity.claims import elector_from
from server.identity.elector import Elector, elector_of, remember_elector
from server.identity.journeys import arrive, came_back_from_the_end, forget_journey, leave
from server.identity.leaving import end_elector_session, refused_code, wanted_page
from server.identity.providers import Provider, elector_providers, providers
from server.usagers.speaking import Speaking, speaking

log = logging.getLogger(__name__)


def elector_home() -> str:
    """Where an elector goes once known: the first page of a request, when this centre has it."""
    try:
        return reverse("usagers:home")
    except NoReverseMatch:
        return reverse("identity:elector_choice")


@require_GET
def choice(request: HttpRequest) -> HttpResponse:
    """Which provider? Who is already known goes on, or out."""
    wanted = wanted_page(request)
    elector = elector_of(request)
    after = f"?{request.GET.urlencode()}" if wanted else ""
    say = speaking(request, here=request.get_full_path())
    rows = [
        {
            "name": provider.name,
            "label": provider.label,
            "hint": say(f"identity.hint.{provider.kind}"),
            "link": reverse("identity:elector_begin", args=[provider.name]) + after,
        }
        for provider in elector_providers()
    ]
    context = {
        **say.context,
        "providers": rows,
        "elector": elector,
        "elector_name": name_of(elector, say),
        "wanted": wanted or elector_home(),
    }
    return render(request, "identity/choice.html", context)


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
    now = current_centre().clock.now()
    try:
        arrival = arrive(request, provider, now)
        elector = elector_from(provider, arrival.answer, now.date())
    except ProcurationError as error:
        return _stop(request, provider, error)
    remember_elector(request, elector)
    onward = arrival.wanted or elector_home()
    answer = passing_on(request, provider, "identity.arrived", onward)
    forget_journey(answer, provider)
    return answer


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session here, then the provider's."""
    return end_elector_session(request) or redirect("identity:elector_choice")


@require_GET
def end(request: HttpRequest, name: str) -> HttpResponse:
    """Back from the provider's log-out."""
    provider = _provider(name)
    confirmed = came_back_from_the_end(request, provider, current_centre().clock.now())
    return ended(request, provider, confirmed=confirmed)


def name_of(elector: Elector | None, say: Speaking) -> str:
    """First name and birth name, as far as there are any."""
    if elector is None:
        return ""
    return " ".join(filter(None, (elector.given_names, elector.birth_name))) or say("identity.nameless")


def _provider(name: str) -> Provider:
    found = providers().get(name)
    if found is None or found.for_agents:
        raise Http404
    return found


def _stop(request: HttpRequest, provider: Provider, error: ProcurationError) -> HttpResponse:
    log.warning("identity_refused", extra={"code": refused_code(error)})
    return stopped(request, provider, error)
