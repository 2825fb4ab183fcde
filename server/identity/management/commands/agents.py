"""`procuration-server agents`: which employers' agents sign in with ProConnect, and what they may see."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from procuration.domain.people import Place, PlaceType
from procuration.errors import RuleViolated
from server.identity.agents import add_employer, remove_employer
from server.identity.models import Employer

EXAMPLES: Final = """examples:
  procuration-server agents add 21988180000011 --commune 98818
  procuration-server agents add 21988180000011 --commune 98818 --email prenom.nom@mairie.example
  procuration-server agents add 11001401600015 --console --email prenom.nom@interieur.example
  procuration-server agents list --json
  procuration-server agents remove 21988180000011
"""
REFUSED: Final = {
    "SIRET_INVALIDE": "Un SIRET a quatorze chiffres, et sa clé doit être juste.",
    "COMMUNE_INCONNUE": "Cette commune n’est pas dans la liste du centre : {commune}.",
    "CONSOLE_SANS_COURRIEL": "La console ne s’ouvre qu’à une personne : ajoutez --email.",
    "EMPLOYEUR_EXISTANT": "Cette ligne existe déjà. Retirez-la d’abord.",
    "EMPLOYEUR_INCONNU": "Aucune ligne ne porte ce SIRET et ce courriel.",
}


class Command(BaseCommand):
    """Employers by SIRET. Removing one closes the accounts of its agents."""

    help = "Add, list and remove the employers whose agents sign in with ProConnect."

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(
            *args, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="let the agents of an employer sign in")
        add.add_argument("siret", help="fourteen digits")
        rights = add.add_mutually_exclusive_group(required=True)
        rights.add_argument("--commune", metavar="CODE", help="INSEE code of the only commune they see")
        rights.add_argument("--console", action="store_true", help="the console of the administrators")
        add.add_argument("--type", type=int, choices=[int(kind) for kind in PlaceType], default=1)
        add.add_argument("--cog-year", type=int, default=2026, help="millésime of the code (default 2026)")
        remove = actions.add_parser("remove", help="close the accounts of its agents; none signs in again")
        remove.add_argument("siret", help="fourteen digits")
        for action in (add, remove):
            action.add_argument("--email", default="", help="one person only")
        listing = actions.add_parser("list", help="every row")
        listing.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except RuleViolated as refusal:
            raise CommandError(REFUSED[refusal.code].format(**refusal.ids)) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        place = None
        if not options["console"]:
            place = Place(
                code=options["commune"], type=PlaceType(options["type"]), cog_year=options["cog_year"]
            )
        add_employer(options["siret"], options["email"], place)
        self.stdout.write(f"Employeur ajouté : {options['siret']}")

    def _remove(self, options: dict[str, Any]) -> None:
        closed = remove_employer(options["siret"], options["email"])
        self.stdout.write(f"Employeur retiré : {options['siret']} ; comptes fermés : {closed}")

    def _list(self, options: dict[str, Any]) -> None:
        rows = [
            {
                "siret": row.siret,
                "email": row.email or None,
                "commune": row.place_code or None,
                "console": row.console,
                "accounts": row.people,
            }
            for row in Employer.objects.annotate(people=Count("accounts")).order_by("siret", "email")
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            right = "console" if row["console"] else row["commune"]
            self.stdout.write(f"{row['siret']} {right:10} {row['accounts']:6} {row['email'] or 'tous'}")
