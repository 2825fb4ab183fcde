"""`procuration-provision places import` and `places check`: a spreadsheet becomes a table to sign."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from procuration.adapters.clock import SystemClock
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.domain.places import ReceptionPlace
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.limits import TABLE_BYTES_MAX
from procuration.record.places import check_places, encode_places
from procuration.record.shape import sequence, words
from procuration.record.tables import encode_table, read_table
from provisioning import publication
from provisioning.commands import Report
from provisioning.places_csv import CSV_BYTES_MAX, FAULTS_MAX, read_csv

_TABLE: Final = ".cbor"
_PLACE_TEXT_MAX: Final = 2 << 20
FIRST_VERSION: Final = 1
"""`places set` gives the next one when the authority already has a table."""


def places_import(options: argparse.Namespace) -> Report:
    """Writes the table of a spreadsheet; nothing when it has a fault. Raises: RuleViolated PLACES_CSV."""
    places = _read(options.file, options.communes)
    issued = options.issued or SystemClock().now()
    data = encode_table(FIRST_VERSION, issued, encode_places(places))
    if len(data) > TABLE_BYTES_MAX:
        raise RuleViolated("PLACES_BYTES", maximum=TABLE_BYTES_MAX >> 20)
    write_durably(options.out, data)
    return Report(
        (
            f"{len(places)} lieu(x) écrits dans {options.out}, {len(data)} octets",
            f"À signer : procuration-provision places set --authority DOSSIER {options.out}",
        ),
        {"places": len(places), "bytes": len(data), "out": str(options.out)},
    )


def places_check(options: argparse.Namespace) -> Report:
    """Reads a spreadsheet or a table as a tablet would, and writes nothing. Raises: RuleViolated PLACES_CSV;
    RecordRejected TABLE_FORMAT."""
    if options.file.suffix == _TABLE:
        count = check_places(read_table(publication.checked_table("places", options.file)).rows)
    else:
        count = len(_read(options.file, options.communes))
    return Report((f"{count} lieu(x), sans erreur",), {"places": count})


def _read(path: Path, communes: Path | None) -> tuple[ReceptionPlace, ...]:
    read = read_csv(read_regular(path.parent, path.name, CSV_BYTES_MAX), commune_codes(communes))
    for fault in read.faults:
        print(fault, file=sys.stderr)
    if read.faults:
        more = " au moins" if len(read.faults) == FAULTS_MAX else ""
        raise RuleViolated("PLACES_CSV", faults=f"{len(read.faults)}{more}")
    return read.places


def commune_codes(path: Path | None = None) -> frozenset[str]:
    """The codes of the commune table: the one given, or the program's. Raises: RecordRejected."""
    path = path or publication.REFERENCE_DATA / publication.SHIPPED["communes"]
    rows = read_table(read_regular(path.parent, path.name, TABLE_BYTES_MAX)).rows
    try:
        blocks = [words(sequence(row, 6)[5], maximum=_PLACE_TEXT_MAX) for row in rows]
    except RecordRejected as error:
        raise RecordRejected("TABLE_FORMAT") from error
    return frozenset(place.partition("|")[0] for block in blocks for place in block.split(";"))


def issued_day(text: str) -> datetime:
    """The day written in the table: the same file then gives the same bytes. Raises: ArgumentTypeError."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError("écrivez AAAA-MM-JJ") from error
