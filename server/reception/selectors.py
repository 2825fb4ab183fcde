"""What the public pages read of the signed table of places."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from procuration.domain.people import PlaceType
from procuration.domain.places import PlaceKind, ReceptionPlace, departement_of
from procuration.record.places import count_by_departement, read_departement, read_kind
from server.config.centre import Tables

QUERY_CHARACTERS_MAX: Final = 64
QUERY_CHARACTERS_MIN: Final = 2
FOUND_MAX: Final = 30
_TYPES: Final = (PlaceType.COMMUNE, PlaceType.ARRONDISSEMENT_MUNICIPAL)


@dataclass(frozen=True, slots=True)
class Departement:
    """One département or territory that has places."""

    code: str
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class FoundCommune:
    """One commune that a search means, and where its places are listed."""

    code: str
    name: str
    departement: str
    departement_name: str


def departements(tables: Tables) -> tuple[Departement, ...]:
    """Those of the table, by code."""
    if tables.places is None:
        return ()
    counts = count_by_departement(tables.places)
    return tuple(Departement(code, departement_name(tables, code), n) for code, n in counts.items())


def departement_name(tables: Tables, code: str) -> str:
    """Its name; its code when the table of communes does not know it."""
    return tables.departements.get(code, code)


def commune_name(tables: Tables, code: str) -> str:
    """Its name; "" for a code that is no commune, a consulate's."""
    names = (tables.communes[code, kind].name for kind in _TYPES if (code, kind) in tables.communes)
    return next(names, "")


def places_of(tables: Tables, departement: str) -> tuple[ReceptionPlace, ...]:
    """The places of one département, by commune."""
    return () if tables.places is None else read_departement(tables.places, departement)


def desks(tables: Tables) -> Iterable[ReceptionPlace]:
    """The points d'accueil numériques of the whole table."""
    return () if tables.places is None else read_kind(tables.places, PlaceKind.POINT_ACCUEIL)


def search(tables: Tables, query: str) -> tuple[FoundCommune, ...]:
    """Communes that have places in their département and whose name holds the query at the start of a word; a
    whole name first."""
    words = _folded(query[:QUERY_CHARACTERS_MAX])
    if len(words) < QUERY_CHARACTERS_MIN or tables.places is None:
        return ()
    listed = count_by_departement(tables.places)
    found = [
        (_folded(commune.name) != words, commune.name, code)
        for (code, _), commune in tables.communes.items()
        if f" {words}" in f" {_folded(commune.name)}" and departement_of(code) in listed
    ]
    return tuple(
        FoundCommune(code, name, departement_of(code), departement_name(tables, departement_of(code)))
        for _, name, code in sorted(found)[:FOUND_MAX]
    )


def _folded(name: str) -> str:
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one)
    )
    return " ".join(
        "".join(one if one.isalnum() else " " for one in plain.replace("œ", "oe").replace("æ", "ae")).split()
    )
