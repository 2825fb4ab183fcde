"""`procuration-server rebuild`: fold every dossier again from the ledger. Example: procuration-server
--home DIR rebuild --json
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.dossiers.rebuilding import rebuild_all


class Command(BaseCommand):
    """Writes the rows that are live already, or the ones they should be."""

    help = "Fold every dossier again from the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for scripts."""
        parser.add_argument("--json", action="store_true", help="the counts as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Fold by chunks, each its own transaction: the centre may go on answering meanwhile."""

        def progress(done: int) -> None:
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done} dossiers")

        result = rebuild_all(current_centre(), progress)
        if options["json"]:
            self.stdout.write(json.dumps({"dossiers": result.dossiers, "differed": result.differed}))
        else:
            self.stdout.write(
                f"Dossiers reconstruits\u00a0: {result.dossiers}, dont changés\u00a0: {result.differed}."
            )
