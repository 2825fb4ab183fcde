"""Whose word counts for where a request comes from: the TLS proxy that the settings name, and nobody else."""

from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse

from server.config.settings import OPTIONS

_SAID_BY_A_PROXY = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
)


def trusted_proxies() -> frozenset[str]:
    """The addresses of the setting."""
    return frozenset(one.strip() for one in OPTIONS.trusted_proxies.split(",") if one.strip())


def believe_the_proxy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the first of all: `REMOTE_ADDR` becomes the address that the proxy saw; headers of that
    kind that came from anybody else are dropped."""

    def answer(request: HttpRequest) -> HttpResponse:
        trusted = trusted_proxies()
        if request.META.get("REMOTE_ADDR") in trusted:
            request.META["REMOTE_ADDR"] = _seen_by(
                request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META["REMOTE_ADDR"], trusted
            )
        else:
            for name in _SAID_BY_A_PROXY:
                request.META.pop(name, None)
        return get_response(request)

    return answer


def _seen_by(forwarded: str, proxy: str, trusted: frozenset[str]) -> str:
    """The last address that is not a proxy's: what stands before it may be invented by the browser."""
    for one in reversed(forwarded[-1024:].split(",")):
        address = one.strip()
        if address in trusted:
            continue
        try:
            return str(ip_address(address))
        except ValueError:
            return proxy
    return proxy
