"""Django's entry to this package."""

from django.apps import AppConfig


class BrigadeConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.brigade"
    default_auto_field = "django.db.models.BigAutoField"
