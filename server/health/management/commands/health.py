"""`procuration-server health`: the state of the service, as the page of the console shows it."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from server.config.centre import current_centre
from server.config.settings import OPTIONS
from server.health.sentences import name_of, sentence_of
from server.health.state import Level, look, worst
from server.texts_fr import text

EXAMPLES: Final = """examples:
  procuration-server --home /srv/procuration health
  procuration-server --home /srv/procuration health --json | jq '.checks[] | select(.level != "OK")'

Exit status: 0 nothing to do, or only to note; 1 something needs a person; 3 an alarm.
"""


class Command(BaseCommand):
    """No name of a person, no address: figures and codes only."""

    help = "The state of the service: disks, certificate, tables, jobs, messages, backups."

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(
            *args, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for scripts."""
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status: see the examples."""
        checks = look(current_centre(), OPTIONS)
        level = worst(checks)
        if options["json"]:
            told = [
                {"name": one.name, "about": one.about, "level": one.level.name, **one.figures}
                for one in checks
            ]
            self.stdout.write(json.dumps({"level": level.name, "checks": told}))
        else:
            for one in checks:
                word = text(f"health.level.{one.level.name.lower()}")
                self.stdout.write(f"{word:10} {name_of(one)} – {sentence_of(one)}")
        sys.exit({Level.WARN: 1, Level.ALARM: 3}.get(level, 0))
