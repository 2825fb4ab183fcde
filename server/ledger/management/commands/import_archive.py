"""`procuration-server import-archive DIR`: bring back what a restored database lacks.

Example: procuration-server --home /var/lib/procuration import-archive /mnt/archive
Run it after `restored`, before the centre answers again.
"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.config.centre import current_centre
from server.ledger.progress import ProgressBar
from server.ledger.replaying import import_archive


class Command(BaseCommand):
    """Exit status 0 when all of the archive is in the database, 1 when something could not be read or
    joined."""

    help = "Take in every event of the sealed archive that the database lacks. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and `--json` for scripts."""
        parser.add_argument("folder", type=Path, help="the folder of the archive")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Replay, then say what came back and what did not."""
        if not options["folder"].is_dir():
            raise CommandError("this folder does not exist", returncode=1)
        bar = ProgressBar("Archive", 0)

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.add(done - bar.done)

        replay = import_archive(current_centre(), options["folder"], progress)
        bar.close()
        counts = {"records": replay.records, "events": replay.events, "added": replay.added}
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "faults": replay.faults}))
        else:
            self.stdout.write(f"Lus\u202f: {replay.events} événements. Repris\u202f: {replay.added}.")
            for fault in replay.faults:
                self.stdout.write(f"Défaut\u202f: {fault}")
        if replay.faults:
            sys.exit(1)
