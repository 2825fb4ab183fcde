"""Addresses of the town-hall space. A procuration is named by its rid: no name, no reference in an address
or a log."""

from django.urls import path, register_converter

from server.mairie import views


class RidConverter:
    """A rid as the dossiers name it: 32 lower-case hexadecimal digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RidConverter, "rid")

app_name = "mairie"
urlpatterns = [
    path("", views.Waiting.as_view(), name="waiting"),
    path("decisions/", views.History.as_view(), name="history"),
    path("procurations/<rid:rid>/", views.OneProcuration.as_view(), name="procuration"),
    path("procurations/<rid:rid>/valider/", views.Validate.as_view(), name="validate"),
    path("procurations/<rid:rid>/invalider/", views.Invalidate.as_view(), name="invalidate"),
    path("procurations/<rid:rid>/resultat/", views.Result.as_view(), name="result"),
]
