"""Sessions end: after 15 minutes without a page, and 12 hours after they began, whatever was done."""

import re
from collections.abc import Callable
from time import time
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from server.usagers.speaking import speaking

IDLE_SECONDS: Final = 15 * 60
LONGEST_SECONDS: Final = 12 * 3600
_SEEN_EVERY_SECONDS: Final = 60
"""A session is written once a minute at most: it may end a minute early."""
_KEY: Final = re.compile(r"[a-z0-9]{32}")
"""A session of ours; whoever sends anything else never had one."""
_BEGAN, _SEEN = "began", "seen"


def end_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after the sessions': Django forgets a session 15 minutes after it was last written, so it
    is written when it is used. Who is sent to sign in again with an old session is told why.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        ended = _is_over(request)
        if not ended and request.session.session_key and request.session.keys():
            _note_use(request)
        response = get_response(request)
        if ended and _sends_to_sign_in(response):
            return redirect(f"{reverse('pages:session_ended')}?{urlencode({'next': _asked_for(request)})}")
        return response

    return answer


def _is_over(request: HttpRequest) -> bool:
    """Whether the browser speaks of a session that is no more; the one that is too old ends here."""
    if not _KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
        return False
    if not request.session.keys():
        return True
    now = time()
    if 0 <= now - request.session.get(_BEGAN, now) < LONGEST_SECONDS:
        return False
    request.session.flush()
    return True


def note_beginning(sender: object, request: HttpRequest, **_: object) -> None:
    """Receiver of Django's signal: somebody signed in."""
    request.session[_BEGAN] = request.session[_SEEN] = int(time())


def _note_use(request: HttpRequest) -> None:
    now = int(time())
    if _BEGAN not in request.session:
        request.session[_BEGAN] = now
    if not 0 <= now - request.session.get(_SEEN, 0) < _SEEN_EVERY_SECONDS:
        request.session[_SEEN] = now


def _sends_to_sign_in(response: HttpResponse) -> bool:
    """Where accounts sign in, or where an elector begins."""
    location = urlsplit(response.headers.get("Location", "")).path
    return response.status_code == 302 and location in (resolve_url(settings.LOGIN_URL), *_of_electors())


def _of_electors() -> tuple[str, ...]:
    """The first page of an elector on line; a town hall's own computer has none."""
    try:
        return (reverse("usagers:home"),)
    except NoReverseMatch:
        return ()


def _asked_for(request: HttpRequest) -> str:
    """The page asked for; of a form that was sent, the page it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}".rstrip("?") if ours and parts.path else reverse("pages:home")


@require_safe
def session_ended(request: HttpRequest) -> HttpResponse:
    """Says so, and leads to the sign-in page, then to the page that was asked for."""
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    elector = next((one for one in _of_electors() if ours and wanted.startswith(one)), "")
    sign_in = resolve_url(settings.LOGIN_URL)
    link = elector or (f"{sign_in}?{urlencode({'next': wanted})}" if ours else sign_in)
    say = speaking(request, for_agents=not elector, here=request.get_full_path())
    context = {**say.context, "title": say("session.ended.title"), "link": link}
    return render(request, "pages/session_ended.html", context)
