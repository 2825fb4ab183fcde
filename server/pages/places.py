"""Names and clocks of places, as the signed table of communes has them."""

from typing import Final
from zoneinfo import ZoneInfo

from server.config.centre import Tables

_ELSEWHERE: Final = "Europe/Paris"


def place_name(tables: Tables, code: str, kind: int) -> str:
    """Name of a place; its code when the table does not know it."""
    commune = tables.communes.get((code, kind))
    return commune.name if commune else code


def zone_of_place(tables: Tables, code: str, kind: int) -> ZoneInfo:
    """The clock of a place; Paris when the table does not know it (a consulate)."""
    commune = tables.communes.get((code, kind))
    return ZoneInfo(commune.zone if commune else _ELSEWHERE)
