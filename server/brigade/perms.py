"""Who may use the officers' space: accounts that are an officer's, and nothing of anybody else's."""

from typing import Any, Final

from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from procuration.domain.facts import PortalAccount
from procuration.domain.people import Place, PlaceType
from server.brigade.models import OfficerAccount


def officer_account_of(user: User) -> OfficerAccount | None:
    """The officer of an account, if it is one's."""
    return OfficerAccount.objects.select_related("log").filter(user=user).first()


ROLE: Final = "agent en ligne"


class OfficerView(AccessMixin, View):
    """A page of the officers' space: signs in first, then refuses every other account."""

    account: OfficerAccount

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return self.handle_no_permission()
        account = officer_account_of(request.user)
        if account is None:
            raise PermissionDenied
        self.account = account
        request.place_name = account.log.unit_name  # type: ignore[attr-defined]  # the header shows it
        return super().dispatch(request, *args, **kwargs)

    @property
    def reader(self) -> PortalAccount:
        """The officer as the audit trail names them: by their log, never by a name."""
        place = Place(code=self.account.place_code, type=PlaceType.COMMUNE, cog_year=0)
        return PortalAccount(pseudonym=self.account.log.log_id, role=ROLE, place=place)
