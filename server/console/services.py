"""Making the accounts of central administrators."""

from django.contrib.auth.models import Permission, User
from django.db import transaction

from server.mairie.services import check_new_account


@transaction.atomic
def create_console_account(username: str, password: str) -> User:
    """An account that reads the console and nothing else.

    Raises: RuleViolated, as `check_new_account` says.
    """
    check_new_account(username, password)
    user = User.objects.create_user(username, password=password)
    user.user_permissions.add(
        Permission.objects.get(content_type__app_label="console", codename="read_console")
    )
    return user
