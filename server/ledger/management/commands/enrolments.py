"""`procuration-server enrolments list` and `export FINGERPRINT FILE`: the requests that tablets sent by
network, and one of them as a file for `procuration-provision device enrol --fingerprint`.

Example: procuration-server --home DIR enrolments export "A1B2 C3D4 E5F6 0718" demande.cbor
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from procuration.adapters.durable_file import write_durably
from procuration.domain.identifiers import fingerprint_in_groups
from server.ledger.joining import request_of, waiting


class Command(BaseCommand):
    """Exit status 0 when done, 1 when no request has this fingerprint."""

    help = "List the requests for enrolment that wait, or write one of them in a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """The two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list", help="fingerprint, log and time of each request, the newest first")
        listing.add_argument("--json", action="store_true", help="one JSON object a line")
        export = verbs.add_parser("export", help="one request, for the authority")
        export.add_argument("fingerprint", help="as the screen of the tablet shows it")
        export.add_argument("file", type=Path, help="where to write the request")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Raises: RecordRejected DEMANDE_ABSENTE."""
        if options["verb"] == "export":
            write_durably(options["file"], bytes(request_of(options["fingerprint"]).request))
            self.stdout.write("Demande écrite. Comparez l’empreinte avec l’écran de la tablette.")
            return
        for row in waiting():
            fingerprint = fingerprint_in_groups(bytes.fromhex(row.kid))
            times = [at.isoformat(timespec="seconds") for at in (row.asked_at, row.heard_at)]
            told = (fingerprint, row.log_id, *times)
            names = ("fingerprint", "log_id", "asked_at", "heard_at")
            line = json.dumps(dict(zip(names, told, strict=True))) if options["json"] else "  ".join(told)
            self.stdout.write(line)
