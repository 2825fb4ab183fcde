"""Who may read the console and decide the cases of its queue: accounts with its permission, whatever else
they are."""

from typing import Any, Final

from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

PERMISSION: Final = "console.read_console"


def may_read_console(user: User) -> bool:
    """Whether the account has the right."""
    return user.has_perm(PERMISSION)


class ConsoleView(AccessMixin, View):
    """A page of the console: signs in first, then refuses accounts without the permission."""

    http_method_names = ["get", "head", "options"]
    administrator: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return self.handle_no_permission()
        if not may_read_console(request.user):
            raise PermissionDenied
        self.administrator = request.user
        return super().dispatch(request, *args, **kwargs)
