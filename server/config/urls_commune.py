"""Addresses of the computer of a town hall: its pages, its registers, its stick. No console, no agent."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("server.commune.urls")),
    path("mairie/", include("server.mairie.urls")),
    path("", include("server.registers.urls")),
    path("", include("server.pages.urls")),
]

handler400 = "server.pages.views.bad_request"
handler403 = "server.pages.views.forbidden"
handler404 = "server.pages.views.not_found"
handler500 = "server.pages.views.server_error"
