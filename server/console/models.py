"""The right to the console. It is no row: it is a permission that an account has or has not."""

from django.db import models


class ConsoleRight(models.Model):
    """Carries the permission; no table stands behind it."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("read_console", "May read the console of the central administrators")]
