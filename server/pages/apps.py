"""Django's entry to this package."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.pages"
    default_auto_field = "django.db.models.BigAutoField"
