"""`procuration-server export DIR`: the signed tables and the answers that wait, on a stick.

Example: procuration-server --home /var/lib/procuration export /media/cle --unit bta-noumea
"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.ledger.progress import ProgressBar
from server.ledger.stick import export_stick
from server.ledger.stick_words import as_json, in_words, told_in_words


class Command(BaseCommand):
    """Exit status 0 when all is on the stick, 1 when it is missing, 3 when it failed."""

    help = "Write the signed tables, and an answer for every device that something waits for, on a stick."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the stick is mounted, for whom, and `--json` for scripts."""
        parser.add_argument("stick", type=Path, help="where the stick is mounted")
        parser.add_argument("--unit", default="", help="only the devices of this unit")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write, wait until it is on the stick, say how much."""
        bar = ProgressBar("Clé", 0, sys.stderr)

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.add(done - bar.done)

        with told_in_words(self.stderr):
            taken = export_stick(current_centre(), options["stick"], options["unit"], progress)
        bar.close()
        for line in [as_json(taken)] if options["json"] else in_words(taken, imported=False):
            self.stdout.write(line)
