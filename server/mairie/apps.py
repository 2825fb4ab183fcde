"""Django's entry to this package."""

from django.apps import AppConfig


class MairieConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.mairie"
    default_auto_field = "django.db.models.BigAutoField"
