"""Django's entry to this package."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.health"
    default_auto_field = "django.db.models.BigAutoField"
