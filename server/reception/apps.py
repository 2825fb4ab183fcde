"""Django's entry to this package."""

from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.reception"
    default_auto_field = "django.db.models.BigAutoField"
