"""The same places as files: JSON, and CSV with the columns that `places import` reads."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Final

from procuration.domain.places import UNITS_PER_DEGREE, Hours, PlaceKind, ReceptionPlace
from procuration.domain.places_sheet import COLUMNS, DAYS
from server.config.centre import Tables
from server.reception.selectors import commune_name
from server.registers.csv_file import BYTE_ORDER_MARK, disarmed
from server.texts_fr import text

FORMS: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_ADDRESS_LINES: Final = 3


def file_of(form: str, places: Iterable[ReceptionPlace], tables: Tables) -> bytes:
    """The bytes of one form of FORMS."""
    return csv_of(places) if form == "csv" else json_of(places, tables)


def csv_of(places: Iterable[ReceptionPlace]) -> bytes:
    """UTF-8 with a mark, semicolons; a list without places has its headers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(place) for place in places)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _cells(place: ReceptionPlace) -> list[str]:
    address = (*place.address, *[""] * (_ADDRESS_LINES - len(place.address)))
    point = place.point
    return [
        disarmed(place.id),
        text(f"reception.kind.{place.kind:d}"),
        *map(disarmed, (place.name, *address, place.commune)),
        _degrees(point.latitude) if point else "",
        _degrees(point.longitude) if point else "",
        *(" ".join(map(_span, hours)) for hours in place.week),
        ", ".join(str(first) if first == last else f"{first} au {last}" for first, last in place.closures),
        disarmed(place.phone),
        str(place.first_day),
        str(place.last_day or ""),
    ]


def _span(hours: Hours) -> str:
    return f"{_clock(hours.opens)}-{_clock(hours.closes)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _degrees(units: int) -> str:
    sign, size = "-" if units < 0 else "", abs(units)
    return f"{sign}{size // UNITS_PER_DEGREE}.{size % UNITS_PER_DEGREE:05}"


def json_of(places: Iterable[ReceptionPlace], tables: Tables) -> bytes:
    """A list of objects, hours as texts by day; keys are the columns of the CSV where they are the same."""
    return json.dumps([_object(place, tables) for place in places], ensure_ascii=False).encode()


def _object(place: ReceptionPlace, tables: Tables) -> dict[str, object]:
    point = place.point
    return {
        "id": place.id,
        "genre": text(f"reception.kind.{place.kind:d}"),
        "nom": place.name,
        "adresse": list(place.address),
        "code_commune": place.commune,
        "commune": commune_name(tables, place.commune),
        "latitude": _degrees(point.latitude) if point else None,
        "longitude": _degrees(point.longitude) if point else None,
        "horaires": {day: [_span(one) for one in hours] for day, hours in zip(DAYS, place.week, strict=True)}
        if place.hours_known
        else None,
        "fermetures": [[str(first), str(last)] for first, last in place.closures],
        "telephone": place.phone or None,
        "du": str(place.first_day),
        "au": str(place.last_day) if place.last_day else None,
    }


def is_desk(place: ReceptionPlace) -> bool:
    """Whether it is a point d'accueil numérique."""
    return place.kind is PlaceKind.POINT_ACCUEIL
