"""`procuration-server verify`: audit the whole ledger. Example: procuration-server --home DIR verify"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.ledger.verifying import verify_ledger


class Command(BaseCommand):
    """Exit status 0 when everything holds, 1 when something does not."""

    help = "Read the whole ledger again: chains, signatures, tree, checkpoints."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for scripts."""
        parser.add_argument("--json", action="store_true", help="the result as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Audit, then say what was read and what is wrong."""

        def progress(done: int) -> None:
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done} événements")

        audit = verify_ledger(current_centre(), progress)
        counts = {"events": audit.events, "leaves": audit.leaves, "checkpoints": audit.checkpoints}
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "faults": audit.faults}))
        else:
            self.stdout.write(f"Lus\u00a0: {audit.events} événements, {audit.leaves} feuilles,")
            self.stdout.write(f"{audit.checkpoints} points de contrôle.")
            for fault in audit.faults:
                self.stdout.write(f"Défaut\u00a0: {fault}")
        if audit.faults:
            sys.exit(1)
