"""Django's entry to this package."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.console"
    default_auto_field = "django.db.models.BigAutoField"
