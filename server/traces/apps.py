"""Django's entry to this package."""

from django.apps import AppConfig


class TracesConfig(AppConfig):
    """The package as Django installs it; it has no table: the trail is kept apart from the database."""

    name = "server.traces"
