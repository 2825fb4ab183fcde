"""Django's entry to this package."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.identity"
    default_auto_field = "django.db.models.BigAutoField"
