"""Django's entry to this package."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.notices"
    default_auto_field = "django.db.models.BigAutoField"
