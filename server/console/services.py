"""Making the accounts of central administrators, and the name under which they sign."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.models import Permission, User
from django.db import transaction

from procuration.domain.facts import PortalAccount
from server.console.models import Administrator
from server.dossiers.rulings import ROLE
from server.mairie.services import check_new_account


@transaction.atomic
def create_console_account(username: str, password: str) -> User:
    """An account that reads the console and decides the cases of the human queue; nothing else.

    Raises: RuleViolated, as `check_new_account` says.
    """
    check_new_account(username, password)
    user = User.objects.create_user(username, password=password)
    user.user_permissions.add(
        Permission.objects.get(content_type__app_label="console", codename="read_console")
    )
    administrator_of(user)
    return user


def administrator_of(user: User) -> PortalAccount:
    """How signed events name an account of the console; one made before the queue gets its name now."""
    row, _ = Administrator.objects.get_or_create(user=user, defaults={"pseudonym": secrets.token_hex(8)})
    return PortalAccount(pseudonym=row.pseudonym, role=ROLE, place=None)


def account_names(pseudonyms: Iterable[str]) -> dict[str, str]:
    """The account behind each pseudonym, as long as it exists; one question."""
    rows = Administrator.objects.filter(pseudonym__in=set(pseudonyms)).select_related("user")
    return {row.pseudonym: row.user.get_username() for row in rows}
