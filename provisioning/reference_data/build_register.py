"""A list of invented electors, as long as asked, that answers as the register would once it is indexed.

    python -m provisioning.reference_data.build_register --electors 1000000 --seed 7 --out electors.csv
    procuration-server --home DIR register-file build electors.csv electors.index

Nobody of it exists. The same seed gives the same list. Among plain electors stand the cases that a control
meets: `Case` names them, and `invented` says which elector is which.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from pathlib import Path
from random import Random
from typing import Final, TextIO

from procuration.record.tables import read_table
from provisioning.reference_data import table_file
from provisioning.reference_data.invented_names import (
    COMPOUND_GIVEN_NAMES,
    GIVEN_NAMES,
    GIVEN_NAMES_OVERSEAS,
    PARTICLES,
    SURNAMES,
    SURNAMES_OVERSEAS,
)
from provisioning.reference_data.territories import ARRONDISSEMENTS

COMMUNES: Final = Path(__file__).with_name("communes-2026.cbor")
HEADER: Final = (
    "elector_number;birth_name;given_names;sex;birth_date;place_code;place_type;may_vote;holds_the_maximum"
)
ELECTORS_MAX: Final = 60_000_000
CONSULAR: Final = tuple(f"C{number:03}" for number in range(1, 12))
"""Invented codes of circonscriptions consulaires (docs/reference-data.md, 7: no list of them is shipped)."""
COMMUNE, ARRONDISSEMENT, CIRCONSCRIPTION = 1, 2, 3
_LINES_AT_ONCE: Final = 50_000
_FIRST_NUMBER: Final = 10_000_000


class Case(Enum):
    """What is particular about an elector; every hundredth number has each case once."""

    PLAIN = "plain"
    HOMONYM = "same names, birth date, sex and place as the elector before"
    NEAR_HOMONYM = "same names and place as the elector before, born another day"
    COMPOUND = "a double name, written with a hyphen"
    PARTICLE = "a name with a particle or an apostrophe"
    CORSICA = "votes in 2A or 2B"
    CALEDONIA = "votes in Nouvelle-Calédonie: no elector number"
    ABROAD = "votes in a circonscription consulaire"
    PRESUMED_DAY = "only the year and the month of birth are known"
    PRESUMED_MONTH = "only the year of birth is known"
    ONE_NAME = "no given name"
    STRUCK_OFF = "was enrolled, and is no more: not on the list"
    WITHOUT_RIGHTS = "enrolled, without electoral rights"
    AT_THE_MAXIMUM = "holds as many procurations as the law allows"


_CASES: Final = tuple(case for case in Case if case is not Case.PLAIN)
_EVERY: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """One invented person. `number`: of the elector, empty without one; `born`: "1962-08-24"."""

    case: Case
    number: str
    birth_name: str
    given_names: str
    sex: str
    born: str
    place: tuple[str, int]

    def line(self) -> str:
        """As the list has it."""
        code, kind = self.place
        may_vote = int(self.case is not Case.WITHOUT_RIGHTS)
        holds = int(self.case is Case.AT_THE_MAXIMUM)
        people = f"{self.number};{self.birth_name};{self.given_names};{self.sex};{self.born}"
        return f"{people};{code};{kind};{may_vote};{holds}\n"


class Country:
    """The places where invented electors vote."""

    def __init__(self, rows: Sequence[object]) -> None:
        places = [place for row in rows for place in _places_of(row)]
        self.plain = [place for place in places if place[0][:3] != "988"]
        self.corsica = [place for place in places if place[0][:2] in ("2A", "2B")]
        self.caledonia = [place for place in places if place[0][:3] == "988"]

    @classmethod
    def of_table(cls, path: Path = COMMUNES) -> "Country":
        """Of the shipped table of communes. Raises: OSError; RecordRejected."""
        return cls(read_table(path.read_bytes()).rows)

    def place_of(self, case: Case, chance: Random) -> tuple[str, int]:
        """Where an elector of this case votes."""
        match case:
            case Case.CORSICA:
                return chance.choice(self.corsica)
            case Case.CALEDONIA:
                return chance.choice(self.caledonia)
            case Case.ABROAD:
                return chance.choice(CONSULAR), CIRCONSCRIPTION
        return chance.choice(self.plain)


def _places_of(row: object) -> Iterator[tuple[str, int]]:
    assert isinstance(row, Sequence), "a row of the table of communes"
    for place in str(row[5]).split(";"):
        code = place.partition("|")[0]
        yield code, ARRONDISSEMENT if code in ARRONDISSEMENTS else COMMUNE


def invented(seed: int, index: int, country: Country) -> Invented:
    """The person of an index; the same for the same seed."""
    case = _case_of(index)
    if case in (Case.HOMONYM, Case.NEAR_HOMONYM):
        before = invented(seed, index - 1, country)
        born = before.born if case is Case.HOMONYM else _another_day(before.born)
        return replace(before, case=case, number=_number(index) if before.number else "", born=born)
    chance = Random(f"{seed} {index}")  # noqa: S311  # invented people, not secrets
    place = country.place_of(case, chance)
    sex = chance.choice("FM")
    return Invented(
        case=case,
        number="" if case is Case.CALEDONIA else _number(index),
        birth_name=_birth_name(case, place, chance),
        given_names="" if case is Case.ONE_NAME else _given_names(sex, place, chance),
        sex=sex,
        born=_born(case, chance),
        place=place,
    )


def _case_of(index: int) -> Case:
    """Two places apart, so that the elector before a homonym is plain."""
    position = index % _EVERY
    return _CASES[position // 2] if position % 2 and position // 2 < len(_CASES) else Case.PLAIN


def _number(index: int) -> str:
    return str(_FIRST_NUMBER + index)


def _is_overseas(place: tuple[str, int]) -> bool:
    return place[0].startswith(("97", "98"))


def _birth_name(case: Case, place: tuple[str, int], chance: Random) -> str:
    pool = SURNAMES_OVERSEAS if _is_overseas(place) and chance.random() < 0.6 else SURNAMES
    name = chance.choice(pool)
    if case is Case.COMPOUND:
        return f"{name}-{chance.choice(SURNAMES)}"
    if case is Case.PARTICLE:
        return f"{chance.choice(PARTICLES)}{name}"
    # Half a million plain names would be a few thousand persons: a syllable makes them others.
    return f"{name}{chance.choice(('', '', '', 'ET', 'OT', 'EAU', 'IER', 'ON', 'EL'))}"


def _given_names(sex: str, place: tuple[str, int], chance: Random) -> str:
    pool = GIVEN_NAMES_OVERSEAS[sex] if _is_overseas(place) and chance.random() < 0.5 else GIVEN_NAMES[sex]
    names = chance.sample(pool, chance.randint(1, 3))
    if chance.random() < 0.1:  # one in ten is called Jean-Claude or Marie-Rose
        names[0] = chance.choice(COMPOUND_GIVEN_NAMES[sex])
    return " ".join(names)


def _born(case: Case, chance: Random) -> str:
    year, month, day = chance.randint(1925, 2008), chance.randint(1, 12), chance.randint(1, 28)
    if case is Case.PRESUMED_MONTH:
        month = day = 0
    if case is Case.PRESUMED_DAY:
        day = 0
    return f"{year:04}-{month:02}-{day:02}"


def _another_day(born: str) -> str:
    day = int(born[8:])
    return f"{born[:8]}{day % 28 + 1:02}"


def electors(seed: int, wanted: int, country: Country) -> Iterator[Invented]:
    """The electors of a list of this length; those who were struck off are passed over."""
    written = 0
    for index in count():
        if written == wanted:
            return
        person = invented(seed, index, country)
        if person.case is not Case.STRUCK_OFF:
            written += 1
            yield person


def write(path: Path, seed: int, wanted: int, progress: TextIO) -> None:
    """Write the list as it is invented; memory does not grow with it. A terminal is told how far it is."""
    country = Country.of_table()
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8", newline="") as file:
        aside.chmod(0o600)
        file.write(HEADER + "\n")
        for number, elector in enumerate(electors(seed, wanted, country), 1):
            file.write(elector.line())
            if progress.isatty() and (number % _LINES_AT_ONCE == 0 or number == wanted):
                progress.write(f"\r{number} / {wanted}")
                progress.flush()
    aside.replace(path)
    if progress.isatty():
        progress.write("\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 when the list is written, 1 when it cannot be, 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        description="A list of invented electors.",
        epilog="example: python -m provisioning.reference_data.build_register --electors 1000000 --seed 7",
    )
    parser.add_argument("--electors", type=int, default=10_000, help="lines of the list (default 10000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other people (default 1)")
    parser.add_argument("--out", type=Path, default=Path("electors.csv"), metavar="CSV")
    given = parser.parse_args(arguments)
    if not 0 < given.electors <= ELECTORS_MAX:
        parser.error(f"--electors: 1 to {ELECTORS_MAX}")
    return table_file.exit_status(lambda: write(given.out, given.seed, given.electors, sys.stderr))


if __name__ == "__main__":
    sys.exit(main())
