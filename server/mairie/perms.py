"""Who may see what in the town-hall space: an agent, their own commune, nothing else (I-8)."""

from typing import Any

from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from procuration.domain.law import ControlRegime
from procuration.domain.people import Place, PlaceType
from server.config.centre import Tables, current_centre
from server.dossiers.services import Account
from server.mairie.models import TownHallAccount
from server.pages.places import place_name

ROLE = "agent de mairie"


def town_hall_of(user: User) -> TownHallAccount | None:
    """The commune of an account, if it has one."""
    return TownHallAccount.objects.filter(user=user).first()


def _register_controls(town_hall: TownHallAccount, tables: Tables) -> bool:
    """Whether the register decides about the procurations of this commune today, not its town hall."""
    kind = PlaceType(town_hall.place_type)
    place = Place(code=town_hall.place_code, type=kind, cog_year=town_hall.place_cog_year)
    today = current_centre().clock.now().date()
    return tables.law.control_regime(place, today) is ControlRegime.REU


class TownHallView(AccessMixin, View):
    """A page of the town-hall space: signs in first, then refuses accounts without a commune, whatever the
    method."""

    town_hall: TownHallAccount

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return self.handle_no_permission()
        town_hall = town_hall_of(request.user)
        if town_hall is None:
            raise PermissionDenied
        self.town_hall = town_hall
        tables = current_centre().tables
        name = place_name(tables, town_hall.place_code, town_hall.place_type)
        request.place_name = name  # type: ignore[attr-defined]  # the header of the page shows it
        request.register_controls = _register_controls(town_hall, tables)  # type: ignore[attr-defined]  # its menu
        return super().dispatch(request, *args, **kwargs)

    @property
    def place(self) -> tuple[str, int]:
        """Key of the only commune whose procurations this account may read."""
        return self.town_hall.place_code, self.town_hall.place_type

    @property
    def commune(self) -> Place:
        """The same, as the calendar and the registers name it."""
        hall = self.town_hall
        return Place(code=hall.place_code, type=PlaceType(hall.place_type), cog_year=hall.place_cog_year)

    @property
    def account(self) -> Account:
        """Who acts, as signed events name them."""
        return Account(
            pseudonym=self.town_hall.pseudonym,
            role=ROLE,
            place_code=self.town_hall.place_code,
            place_type=self.town_hall.place_type,
            place_cog_year=self.town_hall.place_cog_year,
        )
