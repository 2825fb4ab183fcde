"""The communes as the pages of electors search them: the index of the tablets (`procuration.domain.communes`)
over the table in force, and what a form sends back for a place.
"""

from threading import Lock
from typing import Final

from procuration.domain.communes import CommuneIndex, CommuneSuggestion
from procuration.record.tables import Table

FOUND_MAX: Final = 10


def key_of(found: CommuneSuggestion) -> str:
    """What a form sends back: code and type, because codes alone are shared (DOMAIN 6, trap 1)."""
    return f"{found.place.code}|{found.place.type:d}"


class CommuneSearch:
    """The places of one signed table."""

    def __init__(self, index: CommuneIndex) -> None:
        self._index = index

    def named(self, key: str) -> CommuneSuggestion | None:
        """The place that a form names; None for one that the table does not list."""
        return self._index.at(*key.split("|")) if key.count("|") == 1 else None

    def search(self, query: str, limit: int = FOUND_MAX) -> tuple[CommuneSuggestion, ...]:
        """The likeliest first; none below two characters."""
        return tuple(self._index.search(query, limit))

    def offered(self, key: str, query: str) -> tuple[CommuneSuggestion, ...]:
        """Under a form's field: the place chosen already, first, then what is searched."""
        chosen, found = self.named(key), self.search(query)
        return tuple(dict.fromkeys((chosen, *found) if chosen else found))


class _Kept:
    """The search of the table last asked for: tables live as long as they are in force."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.table: Table | None = None
        self.search = read_search(None)


def read_search(table: Table | None) -> CommuneSearch:
    """The search of one table; empty without a table. Raises: RecordRejected COMMUNE_TABLE."""
    return CommuneSearch(CommuneIndex.from_table(table.rows if table else ()))


_kept = _Kept()


def search_of(table: Table | None) -> CommuneSearch:
    """The search of the table in force, built the first time anybody asks.

    Raises: RecordRejected COMMUNE_TABLE.
    """
    with _kept.lock:
        if table is not _kept.table:
            _kept.search, _kept.table = read_search(table), table
        return _kept.search
