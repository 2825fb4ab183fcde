"""`procuration-server verify`: audit the whole ledger and every state.

Example: procuration-server --home DIR verify
         procuration-server --home DIR verify --checkpoint receipt.tlog-proof
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procuration.errors import RecordRejected
from procuration.record.checkpoint import CHECKPOINT_BYTES_MAX, TreeHead
from procuration.record.receipt import PROOF_BYTES_MAX
from server.config.centre import Centre, current_centre
from server.ledger.progress import ProgressBar
from server.ledger.tree_audit import signed_head
from server.ledger.verifying import verify_everything, work_to_do

_TLOG_PROOF = b"c2sp.org/tlog-proof@v1\n"


class Command(BaseCommand):
    """Exit status 0 when everything holds, 1 when something does not: each fault names table and row."""

    help = (
        "Read the whole ledger again: chains, signatures, receipts, stored columns, and every state against "
        "a fresh fold. The end of a log removed together with its leaves leaves no trace here: give a "
        "checkpoint or receipt that somebody else kept. After new tables were published, run `rebuild` first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for scripts."""
        parser.add_argument("--json", action="store_true", help="the result as one JSON line")
        parser.add_argument(
            "--checkpoint",
            type=Path,
            action="append",
            default=[],
            help="a checkpoint or a receipt (tlog-proof) kept elsewhere; several times for several",
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=os.cpu_count() or 1,
            help="how many work at once (default: cores)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Audit, then say what was read and what is wrong."""
        centre = current_centre()
        kept = dict(_kept_head(centre, path) for path in options["checkpoint"])
        bar = ProgressBar("Vérification", work_to_do())
        audit = verify_everything(
            centre, bar.add, kept=kept, processes=max(1, options["processes"]), source=current_centre
        )
        bar.close()
        counts = {
            "events": audit.events,
            "dossiers": audit.dossiers,
            "leaves": audit.leaves,
            "checkpoints": audit.checkpoints,
        }
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "faults": audit.faults}))
        else:
            self.stdout.write(f"Lus\u202f: {audit.events} événements, {audit.dossiers} dossiers,")
            self.stdout.write(f"{audit.leaves} feuilles, {audit.checkpoints} points de contrôle.")
            for fault in audit.faults:
                self.stdout.write(f"Défaut\u202f: {fault}")
        if audit.faults:
            sys.exit(1)


def _kept_head(centre: Centre, path: Path) -> tuple[int, TreeHead]:
    """The tree head that a file states; of a receipt, its checkpoint. Raises: CommandError."""
    try:
        with path.open("rb") as file:
            data = file.read(PROOF_BYTES_MAX + CHECKPOINT_BYTES_MAX + 1)
        note = data.partition(b"\n\n")[2] if data.startswith(_TLOG_PROOF) else data
        head = signed_head(centre, note)
    except OSError as error:
        raise CommandError("the checkpoint cannot be read", returncode=1) from error
    except RecordRejected as error:
        raise CommandError(f"this is no checkpoint of this centre: {error.code}", returncode=1) from error
    return head.size, head
