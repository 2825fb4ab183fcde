"""What every page of the electors has: its words, the languages, the menu, who is signed in."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from server.identity.elector import Elector, elector_of
from server.usagers.step_pages import provider_name
from server.usagers.wording import NAMES, wording_of

SIGN_IN: Final = "/connexion-usager/"
_SIGNED_IN: Final = "usagers:mine"
"""The page that means nothing to a stranger."""
_ENTRIES: Final = (
    ("nav.ask", "usagers:home"),
    ("nav.follow", "usagers:follow"),
    ("nav.mine", _SIGNED_IN),
    ("nav.places", "reception:home"),
)


def show(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """One page. Args: title: key of its name; it is also the heading."""
    shown = {**frame(request), "page_name": wording_of(request)(title), **context}
    return render(request, f"usagers/{template}", shown, status=status)


def frame(request: HttpRequest, here: str = "") -> dict[str, Any]:
    """What stands around every page. Args: here: the page to come back to; by default the one shown."""
    return frame_of(request, elector_of(request), here)


def frame_of(request: HttpRequest, elector: Elector | None, here: str = "") -> dict[str, Any]:
    """The same for an elector who is known already, or for nobody: neither session nor database is read."""
    say = wording_of(request)
    language = reverse("usagers:language")
    return {
        "wording": say,
        "elector": elector,
        "provider": provider_name(say, elector.provider) if elector else "",
        "languages": [
            {
                "code": code,
                "name": name,
                "current": code == say.language,
                "link": f"{language}?{urlencode({'langue': code, 'page': here or request.path})}",
            }
            for code, name in NAMES.items()
        ],
        "entries": [
            {"label": say(label), "link": reverse(name), "current": request.path == reverse(name)}
            for label, name in _ENTRIES
            if elector or name != _SIGNED_IN
        ],
    }
