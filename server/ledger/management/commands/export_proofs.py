"""`procuration-server export-proofs DIR`: the ledger without bodies, for an independent verifier.

Example: procuration-server --home DIR export-proofs /tmp/proofs
         python docs/verifier/verify_proofs.py /tmp/proofs/directory.cbor --ledger /tmp/proofs/ledger.cbor
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.config.centre import current_centre
from server.ledger.exporting import export_proofs, rows_to_export
from server.ledger.progress import ProgressBar


class Command(BaseCommand):
    """Two files without personal data; whoever wants may have them."""

    help = "Write ledger.cbor and directory.cbor: signatures, leaves, checkpoints and keys; no body."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder."""
        parser.add_argument("folder", type=Path, help="an existing folder")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write, then say how much."""
        if not options["folder"].is_dir():
            raise CommandError("this folder does not exist", returncode=1)
        bar = ProgressBar("Export", rows_to_export())
        exported = export_proofs(current_centre(), options["folder"], bar.add)
        bar.close()
        self.stdout.write(
            f"Écrits\u202f: {exported.logs} journaux, {exported.events} événements, "
            f"{exported.leaves} feuilles, {exported.checkpoints} points de contrôle."
        )
