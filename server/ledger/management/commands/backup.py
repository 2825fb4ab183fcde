"""`procuration-server backup`: the database and the audit trail, whole, in the folder of the backups.

Example: procuration-server --home DIR backup
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.config.centre import current_centre
from server.config.settings import OPTIONS
from server.ledger.backups import back_up
from server.traces.reads import trail_of


class Command(BaseCommand):
    """Exit status 0 when the backup is on the disk, 1 when no folder is set, 3 when it could not be made."""

    help = (
        "Back up the database and the audit trail. The keys are kept apart: a backup alone reads nothing new."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--to` for another folder, `--json` for scripts."""
        parser.add_argument("--to", type=Path, metavar="DIR", help="instead of the setting backup_dir")
        parser.add_argument("--json", action="store_true", help="the files, as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Raises: CarrierUnavailable SAUVEGARDE_IMPOSSIBLE."""
        folder = options["to"] or (Path(OPTIONS.backup_dir) if OPTIONS.backup_dir else None)
        if folder is None:
            raise CommandError("backup_dir n’est pas réglé ; ou bien --to DOSSIER.")
        centre = current_centre()
        files = [str(path) for path in back_up(folder, trail_of(centre), centre.clock.now())]
        self.stdout.write(json.dumps({"files": files}) if options["json"] else "\n".join(files))
