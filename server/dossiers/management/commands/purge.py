"""`procuration-server purge`: delete what the law lets nobody keep.

Example: procuration-server --home DIR purge --dry-run
"""

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.dossiers.purging import purge
from server.traces.retention import purge_traces

_WORDS: Final = {
    "requests": "demandes jamais établies",
    "procurations": "procurations",
    "late": "dossiers complétés après leur effacement",
    "traces": "traces sans dossier",
    "copies": "copies",
    "bodies": "contenus en tout",
    "reads": "jours de traces de lecture",
}


class Command(BaseCommand):
    """Exit status 0 when everything due is gone, 1 when the clock or the law table speaks against it."""

    help = "Delete what the law lets nobody keep, and sign that it went."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--dry-run` deletes nothing; `--json` for scripts."""
        parser.add_argument("--dry-run", action="store_true", help="only count what is due")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Counts, never a name."""
        centre = current_centre()
        done = dict(purge(centre, dry_run=options["dry_run"]))
        done["reads"] = purge_traces(centre, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(done))
            return
        said = "À effacer" if options["dry_run"] else "Effacés"
        counts = ", ".join(f"{_WORDS[name]} {count}" for name, count in done.items())
        self.stdout.write(f"{said}\u202f: {counts}.")
