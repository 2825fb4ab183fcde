"""Django's entry to this package."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The package as Django installs it. It has no table: it reads the dossiers and the ledger."""

    name = "server.registers"
