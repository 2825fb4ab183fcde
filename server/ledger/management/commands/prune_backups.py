"""`procuration-server prune-backups`: delete backups, archive files and logs older than 35 days.

Example: procuration-server --home DIR prune-backups --dry-run
"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.config.settings import OPTIONS
from server.ledger.pruning import KEPT, prune
from server.ledger.trusted_clock import check_clock


class Command(BaseCommand):
    """Exit status 0 when it is done, 1 when no complete backup is younger than 35 days, or when the clock of
    this machine is in doubt.
    """

    help = "Delete backups, archive files and logs older than 35 days."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folders are those of the settings."""
        parser.add_argument("--dry-run", action="store_true", help="only say what is due")
        parser.add_argument("--json", action="store_true", help="the result as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Names of files, which are days and numbers; no name of a person stands in one."""
        centre = current_centre()
        check_clock(centre)
        today = centre.clock.now().date()
        backups = Path(OPTIONS.backup_dir) if OPTIONS.backup_dir else None
        archive = Path(OPTIONS.archive_dir) if OPTIONS.archive_dir else None
        done = prune(today, backups, archive, dry_run=options["dry_run"])
        stale = backups is not None and (done.newest is None or done.newest < today - KEPT)
        if options["json"]:
            newest = None if done.newest is None else done.newest.isoformat()
            found = {"deleted": done.deleted, "refused": done.refused, "newest": newest}
            self.stdout.write(json.dumps(found))
        else:
            self._say(done.deleted, done.refused, dry_run=options["dry_run"])
        if stale:
            self.stderr.write("Aucune sauvegarde complète n’a moins de 35 jours.")
            sys.exit(1)

    def _say(self, deleted: list[str], refused: list[str], *, dry_run: bool) -> None:
        for name in deleted:
            self.stdout.write(f"{'À supprimer' if dry_run else 'Supprimé'}\u202f: {name}")
        for name in refused:
            self.stdout.write(f"Laissé, ce n’est ni un fichier ni un dossier\u202f: {name}")
        self.stdout.write(f"En tout\u202f: {len(deleted)}.")
