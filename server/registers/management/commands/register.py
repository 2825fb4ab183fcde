"""`procuration-server register`: one register as a file."""

import json
from argparse import RawDescriptionHelpFormatter
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procuration.adapters.durable_file import write_durably
from procuration.domain.people import Place, PlaceType
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.registers import selectors
from server.registers.csv_file import csv_file
from server.registers.pdf_file import pdf_file
from server.registers.polls import find_poll
from server.registers.sheet import Kind, Sheet
from server.registers.special_sheet import special_sheet
from server.registers.town_hall_sheets import TownHallRegisters
from server.traces.reads import Read, record_command

KINDS: Final = {
    "public": Kind.PUBLIC,
    "internal": Kind.INTERNAL,
    "marking": Kind.MARKING,
    "special": Kind.SPECIAL,
}
EXAMPLES: Final = """examples:
  procuration-server register --kind public --place 98818 --day 2024-07-07 --round 2 \\
      --format pdf --out register.pdf
  procuration-server register --kind internal --place 98818 --day 2024-07-07 --round 2 \\
      --format csv --out register.csv --json
  procuration-server register --kind special --unit 988-dumbea --names --format pdf --out special.pdf

A PDF of more than 1000 lines is written in parts: register.pdf, register-2.pdf, register-3.pdf ...
Exit status: 0 done, 1 refused with a reason, 2 wrong usage, 3 a component is unreachable.
"""
REFUSED: Final = {
    "COMMUNE_INCONNUE": "Cette commune n’est pas dans la liste du centre : {place}.",
    "SCRUTIN_INCONNU": "Le calendrier n’a pas ce jour de vote avec ce tour dans cette commune.",
    "UNITE_INCONNUE": "Aucun poste enrôlé n’est de cette unité : {unit}.",
    "FICHIER_IMPOSSIBLE": "Le fichier ne peut pas être écrit : {file}.",
}
WRONG_USAGE: Final = 2
FOR_ITS_OWNER: Final = 0o600


class Command(BaseCommand):
    """Writes files that hold names: readable by their owner only, and never on the standard output."""

    help = "One register as PDF or CSV: public, internal, marking (émargement) or special."

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(
            *args, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=KINDS, required=True)
        parser.add_argument("--place", metavar="CODE", help="INSEE code of the commune of vote")
        parser.add_argument(
            "--type",
            type=int,
            choices=[int(kind) for kind in PlaceType],
            default=int(PlaceType.COMMUNE),
            help="1 commune (default), 2 arrondissement municipal, 3 circonscription consulaire",
        )
        parser.add_argument("--day", type=date.fromisoformat, help="polling day in the commune, 2024-07-07")
        parser.add_argument("--round", type=int, choices=(1, 2))
        parser.add_argument("--unit", metavar="CODE", help="the unit of a special register")
        parser.add_argument(
            "--names", action="store_true", help="with the names of people, in a special register"
        )
        parser.add_argument("--format", choices=("pdf", "csv"), required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="replaced when it exists")
        parser.add_argument("--json", action="store_true", help="what was written, as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 1 when there is no such register, 2 when the options do not go together."""
        try:
            sheet = _special(options) if options["kind"] == "special" else _of_town_hall(options)
            what = Read.SPECIAL_REGISTER if sheet.kind is Kind.SPECIAL else Read.REGISTER
            record_command("register", what, count=len(sheet.lines), subject=sheet.stem)
            written = _write(sheet, options["format"], options["out"])
        except RuleViolated as refusal:
            raise CommandError(REFUSED[refusal.code].format(**refusal.ids)) from refusal
        if options["json"]:
            files = [str(file) for file in written]
            told = {"kind": options["kind"], "rows": len(sheet.lines), "files": files}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for file in written:
            self.stdout.write(f"{sheet.count} : {file}")


def _special(options: dict[str, Any]) -> Sheet:
    if not options["unit"] or options["place"] or options["day"] or options["round"]:
        raise CommandError("--kind special: --unit, sans --place, --day ni --round", returncode=WRONG_USAGE)
    unit = selectors.find_unit(options["unit"])
    if unit is None:
        raise RuleViolated("UNITE_INCONNUE", unit=options["unit"])
    centre = current_centre()
    return special_sheet(
        unit, selectors.acts_of(unit), centre.tables, centre.clock.now(), with_names=options["names"]
    )


def _of_town_hall(options: dict[str, Any]) -> Sheet:
    if not (options["place"] and options["day"] and options["round"]) or options["unit"] or options["names"]:
        raise CommandError(
            f"--kind {options['kind']}: --place, --day et --round, sans --unit ni --names",
            returncode=WRONG_USAGE,
        )
    centre = current_centre()
    place = Place(code=options["place"], type=PlaceType(options["type"]), cog_year=options["day"].year)
    if (place.code, int(place.type)) not in centre.tables.communes:
        raise RuleViolated("COMMUNE_INCONNUE", place=place.code)
    poll = find_poll(place, centre.tables.calendar, options["day"], options["round"])
    if poll is None:
        raise RuleViolated("SCRUTIN_INCONNU")
    entries = selectors.registered(selectors.rows_of(place, poll), poll, centre.tables)
    registers = TownHallRegisters(
        place=place, poll=poll, entries=entries, tables=centre.tables, now=centre.clock.now()
    )
    return registers.sheet(KINDS[options["kind"]])


def _write(sheet: Sheet, form: str, out: Path) -> list[Path]:
    """The whole register, in as many files as it takes. Raises: RuleViolated FICHIER_IMPOSSIBLE."""
    if form == "csv":
        return [_replace(out, csv_file(sheet))]
    names = [out, *(out.with_stem(f"{out.stem}-{number}") for number in range(2, len(sheet.parts()) + 1))]
    return [_replace(name, pdf_file(part)) for name, part in zip(names, sheet.parts(), strict=True)]


def _replace(file: Path, content: bytes) -> Path:
    """Whole or absent, and readable by its owner only."""
    try:
        write_durably(file, content, FOR_ITS_OWNER)
    except OSError as error:
        raise RuleViolated("FICHIER_IMPOSSIBLE", file=file.name) from error
    return file
