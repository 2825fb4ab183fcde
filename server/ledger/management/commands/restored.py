"""`procuration-server restored`: after a backup of the database was put back, before the server starts again.

Example: procuration-server --home DIR restored
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.ledger.restoring import begin_again, looks_restored


class Command(BaseCommand):
    """Exit status 0 when the new ledger has begun, 1 when nothing says that a backup was put back."""

    help = (
        "After a backup of the database was put back, and before the server starts: begin a new ledger epoch "
        "and a new log of the server. Tablets then send again what the backup does not hold. "
        "Stop the server first. Example: procuration-server --home DIR restored"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--anyway`, and `--json` for scripts."""
        parser.add_argument(
            "--anyway",
            action="store_true",
            help="the backup also put the file ledger-head.cbor back, or it is lost: nothing can be compared",
        )
        parser.add_argument("--json", action="store_true", help="the result as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Begin again, then say from where."""
        centre = current_centre()
        if not options["anyway"] and not looks_restored(centre):
            self.stderr.write("Cette base n’est pas plus ancienne que le dernier point de contrôle signé.")
            self.stderr.write("Si une sauvegarde a bien été remise, ajoutez --anyway.")
            sys.exit(1)
        done = begin_again(centre)
        if options["json"]:
            found = {
                "epoch": done.epoch.hex(),
                "log_id": done.log_id.hex(),
                "events": done.events,
                "tree_size": done.tree_size,
                "devices": done.devices,
            }
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(f"Nouvelle époque du registre\u00a0: {done.epoch.hex()}")
        self.stdout.write(f"Nouveau journal du serveur\u00a0: {done.log_id.hex()}")
        self.stdout.write(f"Il reste {done.events} événements et un arbre de {done.tree_size} feuilles.")
        self.stdout.write(f"{done.devices} postes renverront le reste à leur prochain contact.")
        self.stdout.write("Le serveur peut démarrer.")
