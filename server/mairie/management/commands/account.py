"""`procuration-server account`: make, list and close the accounts of town halls and of the console."""

import getpass
import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from procuration.domain.people import Place, PlaceType
from procuration.errors import RuleViolated
from server.console.services import create_console_account
from server.identity.second_factor import reset
from server.mairie.services import close_account, create_town_hall_account

PASSWORD_BYTES_MAX: Final = 4096
EXAMPLES: Final = """examples:
  procuration-server account create --commune 98818 agent-noumea
  procuration-server account create --console --password-file password.txt supervision
  procuration-server account list --json
  procuration-server account close agent-noumea
  procuration-server account reset-second-factor agent-noumea
"""
CREATE_EXAMPLE: Final = "example: procuration-server account create --commune 98818 agent-noumea"
REFUSED: Final = {
    "COMPTE_NOM": "Ce nom de compte n’est pas utilisable.",
    "COMPTE_EXISTANT": "Ce nom de compte existe déjà.",
    "COMPTE_INCONNU": "Aucun compte ne porte ce nom.",
    "COMMUNE_INCONNUE": "Cette commune n’est pas dans la liste du centre : {commune}.",
    "MOT_DE_PASSE_FAIBLE": "Ce mot de passe est trop faible. {reasons}",
    "MOT_DE_PASSE_ABSENT": "Les deux saisies diffèrent, ou le fichier est vide ou trop grand.",
}


class Command(BaseCommand):
    """Accounts for browsers. A password is never an argument: other users of the machine could read it."""

    help = "Make, list and close the accounts of town halls and of the console."

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(
            *args, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="a new account", epilog=CREATE_EXAMPLE)
        create.add_argument("username")
        rights = create.add_mutually_exclusive_group(required=True)
        rights.add_argument(
            "--commune", metavar="CODE", help="INSEE code of the only commune the account sees"
        )
        rights.add_argument("--console", action="store_true", help="an account of the central administrators")
        create.add_argument(
            "--type",
            type=int,
            choices=[int(kind) for kind in PlaceType],
            default=int(PlaceType.COMMUNE),
            help="1 commune (default), 2 arrondissement municipal, 3 circonscription consulaire",
        )
        create.add_argument("--cog-year", type=int, default=2026, help="millésime of the code (default 2026)")
        create.add_argument(
            "--password-file", type=Path, help="file that holds the password; asked for when absent"
        )
        listing = actions.add_parser(
            "list",
            help="every account, without passwords",
            epilog="example: procuration-server account list --json",
        )
        listing.add_argument("--json", action="store_true")
        close = actions.add_parser(
            "close",
            help="an account that must sign in no more",
            epilog="example: procuration-server account close agent-noumea",
        )
        close.add_argument("username")
        again = actions.add_parser(
            "reset-second-factor",
            help="forget the application and the recovery codes of an account, whose telephone is lost",
            epilog="example: procuration-server account reset-second-factor agent-noumea",
        )
        again.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, "_" + options["action"].replace("-", "_"))(options)
        except RuleViolated as refusal:
            raise CommandError(REFUSED[refusal.code].format(**refusal.ids)) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        password = read_password(options["password_file"])
        if options["console"]:
            create_console_account(options["username"], password)
        else:
            place = Place(
                code=options["commune"], type=PlaceType(options["type"]), cog_year=options["cog_year"]
            )
            create_town_hall_account(options["username"], password, place)
        self.stdout.write(f"Compte créé : {options['username']}")

    def _list(self, options: dict[str, Any]) -> None:
        users = User.objects.select_related("town_hall").order_by("username")
        rows = [
            {
                "username": user.username,
                "commune": user.town_hall.place_code if hasattr(user, "town_hall") else None,
                "console": user.has_perm("console.read_console"),
                "active": user.is_active,
            }
            for user in users
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            right = row["commune"] or ("console" if row["console"] else "-")
            self.stdout.write(f"{row['username']:30} {right:10} {'actif' if row['active'] else 'fermé'}")

    def _close(self, options: dict[str, Any]) -> None:
        close_account(options["username"])
        self.stdout.write(f"Compte fermé : {options['username']}")

    def _reset_second_factor(self, options: dict[str, Any]) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise RuleViolated("COMPTE_INCONNU")
        reset(user)
        self.stdout.write(f"Second facteur effacé : {options['username']}")


def read_password(file: Path | None) -> str:
    """From a file, or typed twice."""
    if file is None:
        typed = getpass.getpass("Mot de passe : ")
        again = getpass.getpass("Encore une fois : ") if sys.stdin.isatty() else typed
        if typed != again:
            raise RuleViolated("MOT_DE_PASSE_ABSENT")
        return typed
    try:
        size = file.stat().st_size
    except OSError as error:
        raise RuleViolated("MOT_DE_PASSE_ABSENT") from error
    if not 0 < size <= PASSWORD_BYTES_MAX:
        raise RuleViolated("MOT_DE_PASSE_ABSENT")
    return file.read_text(encoding="utf-8").rstrip("\r\n")
