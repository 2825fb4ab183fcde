"""The law table, made from law.toml: one row per figure of the law, territory and time in force.

python -m provisioning.reference_data.build_law
"""

import argparse
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from procuration.record import canonical
from provisioning.reference_data import table_file

SOURCE = Path(__file__).with_name("law.toml")
DEFAULT_OUTPUT = Path(__file__).with_name("law.cbor")

EVERYWHERE = "*"
NAME = re.compile(r"[a-z_]{1,40}")
TERRITORY = re.compile(r"\*|[0-9]{2,3}|2[AB]")


class UnusableLaw(table_file.UnusableSource):
    """The source says something that cannot be a figure of the law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One figure of the law, for one territory, between two days, both in force."""

    name: str
    value: int | str
    territory: str
    start: date
    end: date | None
    article: str

    def columns(self) -> list[canonical.Value]:
        return [
            self.name,
            self.value,
            self.territory,
            day_column(self.start),
            day_column(self.end) if self.end else None,
            self.article,
        ]


def day_column(day: date) -> canonical.Value:
    return [day.year, day.month, day.day]


def read_parameter(table: Mapping[str, Any]) -> Parameter:
    parameter = Parameter(
        name=table["name"],
        value=table["value"],
        territory=table["territory"],
        start=table["from"],
        end=table.get("to"),
        article=table["article"],
    )
    if not NAME.fullmatch(parameter.name) or not TERRITORY.fullmatch(parameter.territory):
        raise UnusableLaw(f"malformed name or territory: {parameter.name} {parameter.territory}")
    if parameter.end and parameter.end < parameter.start:
        raise UnusableLaw(f"{parameter.name} ends before it begins")
    return parameter


def check_no_overlap(parameters: Sequence[Parameter]) -> None:
    """Two values of one name and territory are never in force on the same day."""
    by_key: dict[tuple[str, str], list[Parameter]] = defaultdict(list)
    for parameter in sorted(parameters, key=lambda parameter: parameter.start):
        by_key[parameter.name, parameter.territory].append(parameter)
    for key, versions in by_key.items():
        for earlier, later in pairwise(versions):
            if earlier.end is None or earlier.end >= later.start:
                raise UnusableLaw(f"two values in force on {later.start}: {key}")


def law_rows(source: Mapping[str, Any]) -> list[canonical.Value]:
    """The rows of the table, by name, territory and first day in force."""
    parameters = [read_parameter(table) for table in source["parameter"]]
    check_no_overlap(parameters)
    ordered = sorted(parameters, key=lambda parameter: (parameter.name, parameter.territory, parameter.start))
    return [parameter.columns() for parameter in ordered]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build_law", description="Write the law table from its source.")
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    options = parser.parse_args(arguments)
    return table_file.exit_status(lambda: build(options.source, options.output))


def build(path: Path, output: Path) -> None:
    """Write the table of one source."""
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = law_rows(source)
    size = table_file.write_table(output, version=source["version"], issued=source["issued"], rows=rows)
    print(f"{output}: {len(rows)} rows, {size} bytes")


if __name__ == "__main__":
    sys.exit(main())
