"""`procuration-server send-notices`: send once what is due. `serve` does the same every few seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from server.config.centre import current_centre
from server.notices.services import send_due


class Command(BaseCommand):
    """One run of the sender."""

    help = "Send once the messages that are due. Example: procuration-server send-notices"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Messages envoyés : {send_due(current_centre().clock.now())}")
