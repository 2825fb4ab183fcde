"""Addresses of the registers: codes, days and rounds, never a name."""

from datetime import date

from django.urls import path, register_converter

from server.registers import views


class DayConverter:
    """A polling day: 2024-07-07."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a day that does not exist is an address that does not exist

    def to_url(self, value: date) -> str:
        return value.isoformat()


class RoundConverter:
    """A round: 1 or 2."""

    regex = "[12]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(DayConverter, "day")
register_converter(RoundConverter, "round")

app_name = "registers"
urlpatterns = [
    path("mairie/registres/", views.PollsPage.as_view(), name="polls"),
    path(
        "mairie/registres/<day:day>/<round:number>/<slug:kind>/",
        views.RegisterPage.as_view(),
        name="register",
    ),
    path(
        "mairie/registres/<day:day>/<round:number>/<slug:kind>.<slug:form>",
        views.RegisterFile.as_view(),
        name="file",
    ),
    path("console/registres/", views.UnitsPage.as_view(), name="units"),
    path("console/registres/unite/", views.SpecialPage.as_view(), name="special"),
    path("console/registres/unite.<slug:form>", views.SpecialFile.as_view(), name="special_file"),
]
