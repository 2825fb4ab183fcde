"""The right to the console, and by which name signed events know each of its administrators."""

from django.conf import settings
from django.db import models


class ConsoleRight(models.Model):
    """Carries the permission; no table stands behind it."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("read_console", "May read the console of the central administrators")]


class Administrator(models.Model):
    """A person who may decide a case of the human queue: one account each.

    `pseudonym` names the person in signed events; the name of the account never leaves this database.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="administrator"
    )
    pseudonym = models.CharField(max_length=16, unique=True)
