"""Django's entry to this package."""

from django.apps import AppConfig


class UsagersConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.usagers"
    default_auto_field = "django.db.models.BigAutoField"
