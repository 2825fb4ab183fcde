"""The commune table, made once per millésime from the public package of the Code officiel géographique.

Fetch and unpack the package first, in a temporary folder:

    npm pack @etalab/decoupage-administratif@6.0.0 && tar xzf etalab-decoupage-administratif-6.0.0.tgz
    python -m provisioning.reference_data.extract_communes package/

Names of communes that disappeared before the millésime are not in the package: `--former` adds the folder of
an older one (1.1.1 is millésime 2021), so that an elector who knows the old name finds the commune of today.
"""

import argparse
import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NotRequired, TypedDict

from procuration.record import canonical
from provisioning.reference_data import table_file
from provisioning.reference_data.territories import (
    ARRONDISSEMENT,
    COMMUNE,
    ZONE_BY_COMMUNE,
    zone_of_territory,
)

COG_YEAR = 2026
TABLE_VERSION = 202601
TABLE_ISSUED = datetime(2026, 3, 9, tzinfo=UTC)  # the day the package was made
DEFAULT_OUTPUT = Path(__file__).parent / f"communes-{COG_YEAR}.cbor"

COMMUNE_OF_TODAY = "commune-actuelle"
PLACE_TYPES = {COMMUNE_OF_TODAY: COMMUNE, "arrondissement-municipal": ARRONDISSEMENT}
ALIAS_TYPES = frozenset({"commune-deleguee", "commune-associee"})
# Electors of these three are enrolled by arrondissement (Code électoral, L. 16).
DIVIDED_COMMUNES = frozenset({"75056", "69123", "13055"})
# Terres australes and Clipperton have records and no electoral roll.
TERRITORIES_WITHOUT_ROLL = frozenset({"984", "989"})
# The package writes the name with spaces; its three records are circonscriptions (Code électoral, L. 387).
WALLIS_ET_FUTUNA = "986"
TERRITORY_NAMES = {WALLIS_ET_FUTUNA: "Wallis-et-Futuna"}
PLACE_WORDS = {WALLIS_ET_FUTUNA: "circonscription"}
PARIS_CENTRE = frozenset({"75101", "75102", "75103", "75104"})
SEPARATORS = ";|,"


class SourceRecord(TypedDict):
    """One record of the package's communes.json: only the fields read here."""

    code: str
    nom: str
    type: str
    departement: str
    chefLieu: NotRequired[str]
    commune: NotRequired[str]
    codesPostaux: NotRequired[list[str]]
    population: NotRequired[int]
    anciensCodes: NotRequired[list[str]]


class SourceTerritory(TypedDict):
    """One record of the package's departements.json."""

    code: str
    nom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """One place offered to voters, as the table writes it."""

    code: str
    kind: int
    name: str
    postal_codes: tuple[str, ...]
    population: int
    aliases: tuple[str, ...]

    def text(self) -> str:
        fields = (
            self.code,
            str(self.kind),
            str(self.population),
            ZONE_BY_COMMUNE.get(self.code, ""),
            self.name,
            ",".join(self.aliases),
            ",".join(self.postal_codes),
        )
        return "|".join(fields)


def clean_name(name: str) -> str:
    """The name in NFC; refused when it holds a separator of the table."""
    if any(separator in name for separator in SEPARATORS):
        raise table_file.UnusableSource(f"a name holds a separator of the table: {name!r}")
    return unicodedata.normalize("NFC", name)


def is_offered(record: SourceRecord) -> bool:
    """Whether electors are enrolled there: a commune, or an arrondissement of Paris, Lyon or Marseille."""
    return (
        record["type"] in PLACE_TYPES
        and record["code"] not in DIVIDED_COMMUNES
        and record["departement"] not in TERRITORIES_WITHOUT_ROLL
    )


def display_name(record: SourceRecord) -> str:
    """« Paris 15e » for « Paris 15e Arrondissement », any other name as it is."""
    if PLACE_TYPES.get(record["type"]) == ARRONDISSEMENT:
        return clean_name(record["nom"].removesuffix(" Arrondissement"))
    return clean_name(record["nom"])


def spoken_forms(record: SourceRecord) -> list[str]:
    """Other ways people type an arrondissement: « Paris 15 », « Paris 15eme », « Paris Centre »."""
    if PLACE_TYPES.get(record["type"]) != ARRONDISSEMENT:
        return []
    city, ordinal = display_name(record).rsplit(" ", 1)
    number = ordinal.rstrip("er")
    centre = [f"{city} Centre"] if record["code"] in PARIS_CENTRE else []
    return [f"{city} {number}", f"{city} {number}eme", record["nom"], *centre]


def names_by_current_code(
    records: Sequence[SourceRecord], former: Sequence[SourceRecord]
) -> dict[str, list[str]]:
    """Names that lead to a commune of today: déléguées, associées, and what `anciensCodes` named before.

    Keys are codes of communes, never of déléguées: 584 codes are borne by both.
    """
    former_names = {record["code"]: record["nom"] for record in former if record["type"] == COMMUNE_OF_TODAY}
    names: dict[str, list[str]] = defaultdict(list)
    for record in records:
        if record["type"] in ALIAS_TYPES:
            names[record["chefLieu"]].append(record["nom"])
        elif record["type"] == COMMUNE_OF_TODAY:
            codes = [record["code"], *record.get("anciensCodes", [])]
            names[record["code"]] += [former_names[code] for code in codes if code in former_names]
    return names


def aliases_of(record: SourceRecord, names: dict[str, list[str]]) -> tuple[str, ...]:
    # An arrondissement and a commune never share a code, so the look-up is safe for both.
    candidates = [clean_name(name) for name in (*spoken_forms(record), *names.get(record["code"], []))]
    return tuple(name for name in dict.fromkeys(candidates) if name != display_name(record))


def place_line(record: SourceRecord, names: dict[str, list[str]]) -> PlaceLine:
    return PlaceLine(
        code=record["code"],
        kind=PLACE_TYPES[record["type"]],
        name=display_name(record),
        postal_codes=tuple(record.get("codesPostaux", [])),
        population=record.get("population", 0),
        aliases=aliases_of(record, names),
    )


def table_rows(
    records: Sequence[SourceRecord],
    territories: Iterable[SourceTerritory],
    former: Sequence[SourceRecord] = (),
) -> list[canonical.Value]:
    """The rows of the table (docs/reference-data.md, 3), one per territory, places in order of code."""
    names = names_by_current_code(records, former)
    by_departement: dict[str, list[PlaceLine]] = defaultdict(list)
    for record in sorted(filter(is_offered, records), key=lambda record: record["code"]):
        by_departement[record["departement"]].append(place_line(record, names))
    territory_names = {territory["code"]: territory["nom"] for territory in territories} | TERRITORY_NAMES
    return [
        [
            code,
            clean_name(territory_names[code]),
            COG_YEAR,
            zone_of_territory(code),
            PLACE_WORDS.get(code, "commune"),
            ";".join(line.text() for line in lines),
        ]
        for code, lines in sorted(by_departement.items())
    ]


def read_communes(package: Path) -> list[SourceRecord]:
    records: list[SourceRecord] = json.loads((package / "data" / "communes.json").read_bytes())
    return records


def read_territories(package: Path) -> list[SourceTerritory]:
    territories: list[SourceTerritory] = json.loads((package / "data" / "departements.json").read_bytes())
    return territories


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="extract_communes", description="Write the commune table.")
    parser.add_argument("package", type=Path, help="folder of the unpacked package")
    parser.add_argument("--former", type=Path, action="append", default=[], help="folder of an older version")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    options = parser.parse_args(arguments)
    return table_file.exit_status(lambda: extract(options.package, options.former, options.output))


def extract(package: Path, older: Sequence[Path], output: Path) -> None:
    """Write the table of one package."""
    former = [record for folder in older for record in read_communes(folder)]
    rows = table_rows(read_communes(package), read_territories(package), former)
    size = table_file.write_table(output, version=TABLE_VERSION, issued=TABLE_ISSUED, rows=rows)
    print(f"{output}: {len(rows)} territories, {size} bytes")


if __name__ == "__main__":
    sys.exit(main())
