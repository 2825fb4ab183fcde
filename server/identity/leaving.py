"""What sign-in pages of electors and of agents do alike: where one wanted to go, what a refusal is called in
the log, the way out.
"""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from procuration.errors import ProcurationError
from server.config.centre import current_centre
from server.identity.answers import ended, passing_on
from server.identity.elector import elector_of
from server.identity.journeys import carry_to_the_end, end_journey
from server.identity.providers import Provider, providers

log = logging.getLogger(__name__)
_ADDRESS_MAX = 500


def wanted_page(request: HttpRequest) -> str:
    """Where the person wanted to go, when that is on this site; empty otherwise."""
    wanted = request.GET.get("next", "")
    ours = len(wanted) <= _ADDRESS_MAX and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    fits_a_header = wanted.isascii() and wanted.isprintable() and " " not in wanted
    return wanted if ours and fits_a_header and wanted.startswith("/") else ""


def refused_code(error: ProcurationError) -> str:
    """For the log: the code and the check that failed; nothing of a person is in either."""
    part = error.ids.get("part")
    return f"{error.code}:{part}" if part else error.code


def end_elector_session(request: HttpRequest) -> HttpResponse | None:
    """Nothing stays of the elector of this session; the provider's session ends too (DOMAIN 5.1: a duty of
    every service).

    Returns: the page that goes on to the provider; None when there is no provider to go to.
    """
    elector = elector_of(request)
    request.session.flush()
    provider = providers().get(elector.provider) if elector else None
    if elector is None or provider is None:
        return None
    return leave_for_good(request, provider, elector.id_token)


def leave_for_good(request: HttpRequest, provider: Provider, id_token: str) -> HttpResponse:
    """The session here is over; now the provider's, when it can be reached."""
    try:
        journey = end_journey(provider, id_token, current_centre().clock.now())
    except ProcurationError as error:
        log.warning("identity_log_out", extra={"code": refused_code(error)})
        journey = None
    if journey is None:
        return ended(request, provider, confirmed=False)
    address, carried = journey
    answer = passing_on(request, provider, "identity.leaving", address)
    carry_to_the_end(answer, provider, carried)
    return answer
