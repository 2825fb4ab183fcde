"""What every template may use: the branding, and the menu that the account has a right to."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.urls import reverse

from server.pages.console_menu import menu_of
from server.texts_fr import text

MenuEntry = dict[str, object]

_TOWN_HALL = (
    ("mairie.nav.waiting", "mairie:waiting"),
    ("mairie.nav.search", "mairie:search"),
    ("mairie.nav.history", "mairie:history"),
    ("register.nav", "registers:polls"),
    ("mairie.nav.mandataires", "mairie:asked"),
    ("mairie.nav.tell", "mairie:tell"),
    ("mairie.nav.paper", "mairie:paper"),
)
_COMMUNE = (("commune.nav.stick", "commune:stick"), *_TOWN_HALL)
"""Of a town hall without network: everything begins with the stick."""
_REFUSED_BY_REGISTER = ("mairie.nav.reu", "mairie:register_refusals")
"""Only where the register controls: `mairie.perms`."""
_BRIGADE = (
    ("brigade.nav.find", "brigade:find"),
    ("brigade.nav.end", "brigade:end"),
    ("brigade.nav.day", "brigade:day"),
    ("brigade.nav.keys", "brigade:keys"),
)


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor. It asks the database nothing that the view has not already asked."""
    user: User | AnonymousUser | None = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    has_menu = signed_in and not hasattr(request, "without_menu")
    space = request.path_info.split("/")[1] if has_menu else ""
    town_hall = _COMMUNE if getattr(settings, "COMMUNE_FACE", False) else _TOWN_HALL
    if getattr(request, "register_controls", False):
        town_hall = (*town_hall[:1], _REFUSED_BY_REGISTER, *town_hall[1:])
    entries = {"mairie": town_hall, "brigade": _BRIGADE}.get(space, ())
    menu = [_entry(request, label, name) for label, name in entries]
    submenu: list[MenuEntry] = []
    if space == "console":
        menu, submenu = menu_of(request.path_info)
    return {
        "state_branding": settings.STATE_BRANDING,
        "signed_in": signed_in,
        "space": text(f"{space}.space") if menu else "",
        "place_name": getattr(request, "place_name", ""),
        "menu": menu,
        "submenu": submenu,
    }


def _entry(request: HttpRequest, label: str, name: str) -> MenuEntry:
    address = reverse(name)
    return {"label": text(label), "link": address, "current": request.path_info == address}
