"""The calendar table, made from calendar.toml: one row per ballot and group of places alike.

    python -m provisioning.reference_data.build_calendar

Decides the instants: local hours become UTC here, no tablet reads a time-zone file to order the polls.
"""

import argparse
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from procuration.record import canonical
from provisioning.reference_data import table_file
from provisioning.reference_data.territories import (
    ARRONDISSEMENT,
    ARRONDISSEMENTS,
    COMMUNE,
    METROPOLITAN_ZONE,
    ZONE_BY_COMMUNE,
    departement_of,
    zone_of_place,
)

SOURCE = Path(__file__).with_name("calendar.toml")
DEFAULT_OUTPUT = Path(__file__).with_name("calendar-demo.cbor")

ELECTIONS = frozenset(
    {
        "presidentielle",
        "legislatives",
        "europeennes",
        "municipales",
        "arrondissements",
        "metropolitaines",
        "departementales",
        "regionales",
        "territoriales",
        "provinciales",
    }
)
SCRUTIN_ID = re.compile(r"[a-z0-9-]{1,40}/[a-z0-9-]{1,23}")
POLLING_WEEKDAYS = frozenset({5, 6})
DEFAULT_GROUP = "metropole"


class UnusableCalendar(table_file.UnusableSource):
    """The source says something that cannot be a calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """Elections of the same days, as the source writes them.

    Attributes:
        rounds: one or two local polling days.
        opens, closes: local hours.
        saturday: whether the territories of the Saturday list vote the day before.
        exceptions: other polling days, by territory.
    """

    id: str
    elections: tuple[str, ...]
    rounds: tuple[date, ...]
    opens: time
    closes: time
    max_total: int
    max_france: int
    article: str
    saturday: bool
    exceptions: Mapping[str, tuple[date, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table (docs/reference-data.md, 1)."""

    ballot: Ballot
    group: str
    places: tuple[str, ...]
    zone: str

    @property
    def scrutin_id(self) -> str:
        return f"{self.ballot.id}/{self.group}"

    def columns(self) -> list[canonical.Value]:
        ballot = self.ballot
        first, second = (*ballot.rounds, None)[:2]
        return [
            self.scrutin_id,
            list(ballot.elections),
            [selector(place) for place in self.places],
            day_column(first),
            day_column(second),
            [
                [instant(day, hour, self.zone) for hour in (ballot.opens, ballot.closes)]
                for day in ballot.rounds
            ],
            self.zone,
            ballot.max_total,
            ballot.max_france,
            ballot.article,
        ]


def selector(place: str) -> canonical.Value:
    """A département or territory as its code, one place as [code, type]."""
    if len(place) < len("98818"):
        return place
    return [place, ARRONDISSEMENT if place in ARRONDISSEMENTS else COMMUNE]


def day_column(day: date | None) -> canonical.Value:
    return [day.year, day.month, day.day] if day else None


def instant(day: date, hour: time, zone: str) -> int:
    return int(datetime.combine(day, hour, tzinfo=ZoneInfo(zone)).timestamp())


def rounds_of(table: Mapping[str, Any]) -> tuple[date, ...]:
    """The polling days of a ballot, group or exception, in order."""
    days = tuple(table[key] for key in ("round_1", "round_2") if key in table)
    if list(days) != sorted(set(days)) or any(day.weekday() not in POLLING_WEEKDAYS for day in days):
        raise UnusableCalendar(f"polling days must be Saturdays or Sundays in order: {days}")
    return days


def read_ballot(table: Mapping[str, Any]) -> Ballot:
    return Ballot(
        id=table["id"],
        elections=known_elections(table["elections"]),
        rounds=rounds_of(table),
        opens=table["opens"],
        closes=table["closes"],
        max_total=table["max_total"],
        max_france=table["max_france"],
        article=table["article"],
        saturday=table.get("saturday", False),
        exceptions={entry["territory"]: rounds_of(entry) for entry in table.get("exception", [])},
    )


def known_elections(codes: Sequence[str]) -> tuple[str, ...]:
    if not codes or not ELECTIONS.issuperset(codes):
        raise UnusableCalendar(f"unknown election in {codes}")
    return tuple(codes)


def expand(places: Iterable[str], sets: Mapping[str, Sequence[str]]) -> list[str]:
    """The codes of a list that mixes codes and names of sets."""
    return [code for place in places for code in sets.get(place, [place])]


def rows_of_group(
    ballot: Ballot, name: str, places: Sequence[str], saturday: frozenset[str]
) -> Iterator[Row]:
    """One row for the metropolitan places, one for each territory or archipelago overseas."""
    metropolitan = tuple(place for place in places if zone_of_place(place) == METROPOLITAN_ZONE)
    if metropolitan:
        yield Row(ballot=ballot, group=name, places=metropolitan, zone=METROPOLITAN_ZONE)
    for territory in (place for place in places if zone_of_place(place) != METROPOLITAN_ZONE):
        local = replace(ballot, rounds=local_rounds(ballot, territory, saturday))
        yield Row(ballot=local, group=territory, places=(territory,), zone=zone_of_place(territory))
        for zone, communes in communes_with_own_zone(territory).items():
            archipelago = zone.rpartition("/")[2].lower()
            yield Row(ballot=local, group=f"{territory}-{archipelago}", places=communes, zone=zone)


def local_rounds(ballot: Ballot, territory: str, saturday: frozenset[str]) -> tuple[date, ...]:
    if territory in ballot.exceptions:
        return ballot.exceptions[territory]
    shift = timedelta(days=1 if ballot.saturday and territory in saturday else 0)
    return tuple(day - shift for day in ballot.rounds)


def communes_with_own_zone(territory: str) -> dict[str, tuple[str, ...]]:
    own = {code: zone for code, zone in ZONE_BY_COMMUNE.items() if departement_of(code) == territory}
    return {
        zone: tuple(sorted(code for code in own if own[code] == zone)) for zone in sorted(set(own.values()))
    }


def rows_of_ballot(table: Mapping[str, Any], source: Mapping[str, Any]) -> list[Row]:
    sets, saturday = source["place_sets"], frozenset(source["saturday_territories"])
    ballot = read_ballot(table)
    rows = list(rows_of_group(ballot, DEFAULT_GROUP, expand(table["places"], sets), saturday))
    for group in table.get("group", []):
        own = replace(ballot, elections=known_elections(group["elections"]))
        places = expand(group["places"], sets)
        named = [place for place in places if zone_of_place(place) == METROPOLITAN_ZONE]
        rows = without_places(rows, named)
        rows += rows_of_group(own, group["name"], places, saturday)
    return rows


def without_places(rows: Iterable[Row], taken: Sequence[str]) -> list[Row]:
    """The rows less the départements that a group of their own names; a row left empty disappears."""
    kept = (replace(row, places=tuple(place for place in row.places if place not in taken)) for row in rows)
    return [row for row in kept if row.places]


def check_rows(rows: Sequence[Row]) -> None:
    """Every id is well formed and unique, and no two rows of one ballot name the same places."""
    ids = Counter(row.scrutin_id for row in rows)
    selectors = Counter((row.ballot.id, place) for row in rows for place in row.places)
    wrong = [name for name in ids if not SCRUTIN_ID.fullmatch(name)]
    twice = [key for counter in (ids, selectors) for key, count in counter.items() if count > 1]
    if wrong or twice:
        raise UnusableCalendar(f"malformed ids {wrong}, or named twice: {twice}")


def calendar_rows(source: Mapping[str, Any]) -> list[canonical.Value]:
    """The rows of the table, first polling day first."""
    rows = [row for table in source["ballot"] for row in rows_of_ballot(table, source)]
    check_rows(rows)
    return [row.columns() for row in sorted(rows, key=lambda row: (row.ballot.id, row.scrutin_id))]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="build_calendar", description="Write the calendar table from its source."
    )
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    options = parser.parse_args(arguments)
    return table_file.exit_status(lambda: build(options.source, options.output))


def build(path: Path, output: Path) -> None:
    """Write the table of one source, and say which dates nobody has verified."""
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = calendar_rows(source)
    size = table_file.write_table(output, version=source["version"], issued=source["issued"], rows=rows)
    print(f"{output}: {len(rows)} rows, {size} bytes")
    for table in source["ballot"]:
        if not table["verified"]:
            print(f"date not verified: {table['id']} ({table['source']})")


if __name__ == "__main__":
    sys.exit(main())
