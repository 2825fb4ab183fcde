"""`procuration-server new-archive`: the folder of the settings becomes the archive, in place of another.

Example: procuration-server --home DIR new-archive
"""

from typing import Any

from django.core.management.base import BaseCommand

from procuration.errors import CarrierUnavailable, RuleViolated
from server.config.centre import current_centre
from server.ledger.durability import ArchiveFault, adopt_archive


class Command(BaseCommand):
    """For a new disk only: every log is then written to it again from its first event."""

    help = "Make the folder of PROCURATION_ARCHIVE_DIR the archive of this centre: a new, empty disk."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Give the folder its number; the next answers and the job fill it."""
        centre = current_centre()
        if centre.archive_dir is None:
            raise RuleViolated("ARCHIVE_NON_REGLEE")
        try:
            adopt_archive(centre, centre.archive_dir)
        except OSError as error:
            raise CarrierUnavailable(ArchiveFault.ABSENT) from error
        self.stdout.write("Archive nouvelle. Tous les journaux y seront écrits de nouveau.")
