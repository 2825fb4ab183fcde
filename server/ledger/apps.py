"""The ledger as a Django application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Label and key type of the ledger's tables."""

    name = "server.ledger"
    default_auto_field = "django.db.models.BigAutoField"
