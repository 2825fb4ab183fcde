"""The store of a town hall without network, as Django sees it."""

from django.apps import AppConfig


class CommuneConfig(AppConfig):
    """Installed by `settings_commune` only: a centre has no such tables."""

    name = "server.commune"
