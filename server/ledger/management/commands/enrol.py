"""`procuration-server enrol FILE`: take in an enrolment, or the end of a habilitation, that a supervisor
signed and somebody carried here. Example: procuration-server --home DIR enrol fin.cbor
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from procuration.adapters.foreign_file import read_regular
from procuration.record.limits import ENROLMENT_BYTES_MAX
from server.config.centre import current_centre
from server.ledger.enrol import accept_signed


class Command(BaseCommand):
    """Exit status 0 when the centre has it, 1 when it is refused, with its code."""

    help = "Take in a signed enrolment, or the signed end of a habilitation."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, help="as `procuration-provision` wrote it with --out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The same as the enrolment end point, without the seal. Raises: RecordRejected."""
        path: Path = options["file"]
        centre = current_centre()
        signed = read_regular(path.parent, path.name, ENROLMENT_BYTES_MAX)
        accept_signed(centre, signed, centre.clock.now())
        self.stdout.write("Pris en compte.")
