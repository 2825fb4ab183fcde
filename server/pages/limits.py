"""How often one address, or one account, may ask: counted in the database, so that all workers count
together.

An address is kept as a digest with the secret of this centre, for an hour: nobody reads it back.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from server.pages.models import RateCount
from server.pages.problem import problem

_KEPT: Final = timedelta(hours=2)
_COUNT: Final = """
    INSERT INTO pages_ratecount (name, who, began, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (name, who, began) DO UPDATE SET count = pages_ratecount.count + 1
    RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in each period of `seconds`, by the clock's own periods."""

    name: str
    times: int
    seconds: int


POSTS: Final = Limit("posts", 120, 60)
"""Forms without an account: many electors of a mobile operator share one address."""
ACCOUNT_POSTS: Final = Limit("account-posts", 240, 60)
SIGN_IN: Final = Limit("sign-in", 60, 900)
"""Beside the ten of each account name: a town hall shares one address, a guesser tries many names."""


def wait_seconds(limit: Limit, who: str) -> int:
    """0 when this may be answered, and it is counted; else after how long to come back."""
    now = timezone.now()
    period = int(now.timestamp()) // limit.seconds
    began = datetime.fromtimestamp(period * limit.seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [limit.name, _digest(limit.name, who), began])
        count = int(cursor.fetchone()[0])
    if count <= limit.times:
        return 0
    return 1 + (period + 1) * limit.seconds - int(now.timestamp())


@dataclass(frozen=True, slots=True)
class Shared:
    """Two limits of one question: of each address, and of all together; every worker counts the same."""

    each: Limit
    together: Limit

    def wait_seconds(self, address: str) -> int:
        """As the function of that name, for an address of the network."""
        return wait_seconds(self.each, network(address)) or wait_seconds(self.together, "")


def forget_counts() -> int:
    """Delete what is over. Returns: how many rows went."""
    return RateCount.objects.filter(began__lt=timezone.now() - _KEPT).delete()[0]


_View = Callable[..., HttpResponseBase]


def limited(limit: Limit, *methods: str) -> Callable[[_View], _View]:
    """Decorator of a view: too many requests of these methods from one address get the page that says when
    to come back."""

    def decorate(view: _View) -> _View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            wait = wait_seconds(limit, network_of(request)) if request.method in methods else 0
            return too_many(request, wait) if wait else view(request, *args, **kwargs)

        return answer

    return decorate


def limit_posts(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: forms by account when somebody is signed in, else by address."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return get_response(request)
        user: Any = getattr(request, "user", None)
        signed_in = user is not None and user.is_authenticated
        wait = (
            wait_seconds(ACCOUNT_POSTS, str(user.pk))
            if signed_in
            else wait_seconds(POSTS, network_of(request))
        )
        return too_many(request, wait) if wait else get_response(request)

    return answer


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429, and when to come back."""
    return problem(request, 429, "error.429.title", "error.429.text", wait, count=whole_minutes(wait))


def whole_minutes(seconds: int) -> int:
    """How many minutes to wait, rounded up: who comes back then is let in."""
    return max(1, -(-seconds // 60))


def network_of(request: HttpRequest) -> str:
    """One customer of a network: an IPv4 address, or the 64 first bits of an IPv6 one."""
    return network(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """The same of an address in words; empty when it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> 64)
    return str(parsed)


def _digest(name: str, who: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"limit {name} {who}".encode(), hashlib.sha256).hexdigest()
