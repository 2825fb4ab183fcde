"""`procuration-server import DIR`: take in what a stick brings, and put the answers on it.

Example: procuration-server --home /var/lib/procuration import /media/cle
"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.ledger.progress import ProgressBar
from server.ledger.stick import import_stick
from server.ledger.stick_words import REFUSED, as_json, in_words, told_in_words


class Command(BaseCommand):
    """Exit status 0 when all was taken in, 1 when a file was refused or the stick is missing, 3 when it
    failed. The same stick again changes nothing."""

    help = "Take in the sealed bundles and enrolments of a USB stick, and write the sealed answers beside."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the stick is mounted, and `--json` for scripts."""
        parser.add_argument("stick", type=Path, help="where the stick is mounted, or one sealed file")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """As over HTTPS, one file after the other."""
        bar = ProgressBar("Clé", 0, sys.stderr)

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.add(done - bar.done)

        with told_in_words(self.stderr):
            taken = import_stick(current_centre(), options["stick"], progress)
        bar.close()
        for line in [as_json(taken)] if options["json"] else in_words(taken, imported=True):
            self.stdout.write(line)
        if taken.refused:
            sys.exit(REFUSED)
