"""`procuration-server officers`: accounts of officers on line, and the habilitations of their keys."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from procuration.adapters.foreign_file import read_regular
from procuration.errors import ProcurationError
from procuration.record.limits import ENROLMENT_BYTES_MAX
from server.brigade.keys import open_officer_account, take_in_habilitation
from server.brigade.models import OfficerAccount
from server.config.centre import current_centre
from server.mairie.management.commands.account import REFUSED, read_password

EXAMPLES: Final = """examples:
  procuration-server officers create --unit bta-1 --unit-name "Brigade de Nouméa" --commune 98818 adjudant
  procuration-server officers entitle habilitation.cbor
  procuration-server officers list --json
  procuration-server account close adjudant
"""
_REFUSED: Final = REFUSED | {"UNITE_INCONNUE": "Donnez le code et le nom de l’unité."}


class Command(BaseCommand):
    """An officer registers a security key on the pages; a supervisor's habilitation entitles it."""

    help = "Accounts of officers on line, and the habilitations of their security keys."

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(
            *args, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="a new account")
        create.add_argument("username")
        create.add_argument("--unit", required=True, metavar="CODE", help="code of the unit")
        create.add_argument("--unit-name", required=True, help="its name, as the registers show it")
        create.add_argument("--commune", required=True, metavar="CODE", help="INSEE code of its commune")
        create.add_argument("--password-file", type=Path, help="asked for when absent")
        entitle = actions.add_parser("entitle", help="take in a habilitation signed by a supervisor")
        entitle.add_argument("file", type=Path)
        listing = actions.add_parser("list", help="every account, and how many keys it has")
        listing.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except ProcurationError as refusal:
            sentence = _REFUSED.get(
                refusal.code, "Ce fichier n’est pas une habilitation pour une de ces clés."
            )
            raise CommandError(sentence.format(**refusal.ids)) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        unit = (options["unit"], options["unit_name"], options["commune"])
        password = read_password(options["password_file"])
        open_officer_account(current_centre(), options["username"], password, *unit)
        self.stdout.write(f"Compte créé : {options['username']}")

    def _entitle(self, options: dict[str, Any]) -> None:
        file: Path = options["file"].absolute()
        signed = read_regular(file.parent, file.name, ENROLMENT_BYTES_MAX)
        enrolment = take_in_habilitation(current_centre(), signed)
        self.stdout.write(f"Clé habilitée : {enrolment.kid.hex()}")

    def _list(self, options: dict[str, Any]) -> None:
        accounts = OfficerAccount.objects.select_related("user", "log").prefetch_related("keys")
        rows = [
            {
                "username": one.user.username,
                "unit": one.log.unit,
                "log_id": one.log.log_id,
                "keys": len(one.keys.all()),
                "active": one.user.is_active,
            }
            for one in accounts.order_by("user__username")
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            state = "actif" if row["active"] else "fermé"
            self.stdout.write(f"{row['username']:30} {row['unit']:20} {row['keys']} {state}")
