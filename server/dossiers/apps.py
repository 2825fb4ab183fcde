"""The dossiers as a Django application."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """Label and key type of the dossiers' tables."""

    name = "server.dossiers"
    default_auto_field = "django.db.models.BigAutoField"
