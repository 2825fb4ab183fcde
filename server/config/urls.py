"""Addresses for browsers: the town hall, the console, the electors."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from server.api.views import health

_PREFIXES = (
    ("mairie/", "mairie"),
    ("console/", "console"),
    ("brigade/", "brigade"),
    ("", "health"),
    ("", "registers"),
    ("", "pages"),
    ("", "identity"),
    ("", "usagers"),
    ("", "reception"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/health", health),
    *(
        path(prefix, include(f"server.{app}.urls"))
        for prefix, app in _PREFIXES
        if find_spec(f"server.{app}.urls")
    ),
]

handler400 = "server.pages.views.bad_request"
handler403 = "server.pages.views.forbidden"
handler404 = "server.pages.views.not_found"
handler500 = "server.pages.views.server_error"
