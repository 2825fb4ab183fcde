"""Names and clocks of the communes, from the signed table: what the pages and the messages write instead of
a code."""

from collections.abc import Iterator
from dataclasses import dataclass

from procuration.domain.people import PlaceType
from procuration.errors import RecordRejected
from procuration.record.shape import sequence, text
from procuration.record.tables import Table

_DEPARTEMENT_COLUMNS = 6
_PLACE_COLUMNS = 5
_TEXT_MAX = 2 << 20
_PLACE_TYPES = tuple(str(one.value) for one in PlaceType)


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune: its name, and the IANA zone of its clock."""

    name: str
    zone: str


def read_communes(table: Table) -> dict[tuple[str, int], Commune]:
    """By code and type, because codes alone are shared (DOMAIN 6, trap 1).

    Raises: RecordRejected COMMUNES_ILLISIBLES.
    """
    return {key: commune for row in table.rows for key, commune in _of_departement(row)}


def read_departements(table: Table) -> dict[str, str]:
    """Names of the départements and territories, by code. Raises: RecordRejected COMMUNES_ILLISIBLES."""
    names = {}
    for row in table.rows:
        columns = sequence(row, maximum=_DEPARTEMENT_COLUMNS)
        if len(columns) != _DEPARTEMENT_COLUMNS:
            raise RecordRejected("COMMUNES_ILLISIBLES")
        names[text(columns[0], maximum=3)] = text(columns[1])
    return names


def _of_departement(row: object) -> Iterator[tuple[tuple[str, int], Commune]]:
    columns = sequence(row, maximum=_DEPARTEMENT_COLUMNS)
    if len(columns) != _DEPARTEMENT_COLUMNS:
        raise RecordRejected("COMMUNES_ILLISIBLES")
    zone, places = text(columns[3], maximum=64), text(columns[5], maximum=_TEXT_MAX)
    for place in places.split(";") if places else ():
        parts = place.split("|")
        if len(parts) < _PLACE_COLUMNS or parts[1] not in _PLACE_TYPES:
            raise RecordRejected("COMMUNES_ILLISIBLES")
        yield (parts[0], int(parts[1])), Commune(parts[4], parts[3] or zone)
