"""Django's entry to this package."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The package as Django installs it: commands and pages, no table."""

    name = "server.register"
