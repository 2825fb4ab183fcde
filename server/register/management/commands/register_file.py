"""`procuration-server register-file`: makes a list of electors fast to ask, and checks one that was made.

Example: procuration-server --home DIR register-file build electors.csv electors.index
"""

import sys
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from procuration.errors import CarrierUnavailable, RecordRejected
from server.ledger.progress import ProgressBar
from server.register.electors_index import About, about, build_index, check_index
from server.words.register import REGISTER

_KIB: Final = 1 << 10
_MIB: Final = 1 << 20


class Command(BaseCommand):
    """Nothing of a list is printed: a line is named by its number."""

    help = "build: index a list of electors in CSV. check: read an index again, whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """One of two works."""
        works = parser.add_subparsers(dest="work", required=True)
        build = works.add_parser("build", help="index a CSV (docs/reference-data.md, 5)")
        build.add_argument("source", type=Path, metavar="CSV")
        build.add_argument("target", type=Path, metavar="INDEX", help="replaced once the new one is whole")
        check = works.add_parser("check", help="read every line again and compare with what was written")
        check.add_argument("target", type=Path, metavar="INDEX")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 1 when the list or the index is refused, 3 when a file cannot be read or written."""
        try:
            if options["work"] == "build":
                said = _build(options["source"], options["target"])
            else:
                said = _check(options["target"])
        except RecordRejected as error:
            self.stderr.write(_why(error))
            sys.exit(1)
        except CarrierUnavailable as error:
            self.stderr.write(REGISTER[f"register_file.{error.code}"])
            sys.exit(3)
        self.stdout.write(
            REGISTER[f"register_file.{options['work']}"].format(
                electors=f"{said.electors:,}".replace(",", "\u202f"),
                mib=f"{said.bytes / _MIB:.1f}".replace(".", ","),
            )
        )


def _build(source: Path, target: Path) -> About:
    size = source.stat().st_size if source.is_file() else 0
    bar = ProgressBar(REGISTER["register_file.reading"], size // _KIB)
    rest = [0]

    def read(count: int) -> None:
        rest[0] += count
        bar.add(rest[0] // _KIB)
        rest[0] %= _KIB

    try:
        return build_index(source, target, read)
    finally:
        bar.close()


def _check(target: Path) -> About:
    bar = ProgressBar(REGISTER["register_file.checking"], about(target).electors)
    try:
        return check_index(target, bar.add)
    finally:
        bar.close()


def _why(error: RecordRejected) -> str:
    """The sentence of a refusal: the line, and the column, never what stands in it."""
    line, column = error.ids.get("line"), error.ids.get("column")
    if column:
        return REGISTER["register_file.column"].format(line=line, column=column)
    if line and error.code == "REGISTRE_ILLISIBLE":
        return REGISTER["register_file.line"].format(line=line)
    return REGISTER[f"register_file.{error.code}"]
