"""Places that receive people, from a spreadsheet: one line of CSV is one place (docs/reference-data.md, 4).

Says every fault of the file in one run, by line and column, in the words of whoever filled it in. Writing and
signing the table is for the commands.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from procuration.domain.places import UNITS_PER_DEGREE, Hours, PlaceKind, Point, ReceptionPlace
from procuration.domain.places_sheet import COLUMNS, DAYS
from procuration.errors import RecordRejected
from procuration.record import places as table
from provisioning.places_words import FAULTS

CSV_BYTES_MAX: Final = 32 << 20
FAULTS_MAX: Final = 100
KINDS: Final = {
    "gendarmerie": PlaceKind.GENDARMERIE,
    "commissariat": PlaceKind.COMMISSARIAT,
    "consulat": PlaceKind.CONSULAT,
    "point d'accueil numérique": PlaceKind.POINT_ACCUEIL,
}
_SPACES: Final = re.compile(r"\s+")
_TIME: Final = r"(\d{1,2})\s*(?:h|:)(?:\s*(\d{2})(?!\d|\s*(?:h|:)))?"
_HOURS: Final = re.compile(rf"{_TIME}\s*(?:-|–|à)\s*{_TIME}", re.IGNORECASE)
_BETWEEN_HOURS: Final = re.compile(r"\s*(?:,|;|/|et)?\s*", re.IGNORECASE)
_FRENCH_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_COORDINATE: Final = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,12})?")
_CLOSED: Final = ("", "fermé", "ferme", "-")

Cell = TypeVar("Cell")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and what to do. `column` "" for the whole line, `line` 0 for the whole file."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        where = f"Ligne {self.line}" if self.line else "Fichier"
        column = f", colonne « {self.column} »" if self.column else ""
        return f"{where}{column} : {self.sentence}"


@dataclass(frozen=True, slots=True)
class Read:
    """Every place of the file when there is no fault; else the first hundred faults."""

    places: tuple[ReceptionPlace, ...]
    faults: tuple[Fault, ...]


class _Wrong(Exception):
    """A cell that says nothing we know; its argument is the sentence."""


def read_csv(data: bytes, communes: Collection[str]) -> Read:
    """Reads the whole file. `communes`: the codes that exist."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("encoding")
    if not content.strip():
        return _refused("empty")
    try:
        return _read_lines(content, communes)
    except csv.Error:
        return _refused("csv")


def _refused(fault: str, **values: object) -> Read:
    return Read((), (Fault(0, "", FAULTS[fault].format(**values)),))


def _read_lines(content: str, communes: Collection[str]) -> Read:
    first = content.splitlines()[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    header = [cell.strip().casefold() for cell in next(lines)]
    if missing := [name for name in COLUMNS if name not in header]:
        return _refused("columns", names=", ".join(missing))
    if unknown := [name for name in header if name not in COLUMNS]:
        return _refused("unknown", names=", ".join(unknown))
    if len(header) != len(COLUMNS):
        return _refused("twice")
    reader = _Reader(communes)
    start = lines.line_num + 1
    for cells in lines:
        if any(cell.strip() for cell in cells):
            reader.read(start, header, cells)
        start = lines.line_num + 1
        if len(reader.faults) >= FAULTS_MAX:
            break
    if not reader.places and not reader.faults:
        return _refused("empty")
    return Read(() if reader.faults else tuple(reader.places), tuple(reader.faults[:FAULTS_MAX]))


class _Reader:
    """Reads one line after another; a line with a fault gives no place."""

    def __init__(self, communes: Collection[str]) -> None:
        self._communes = communes
        self._first_line: dict[str, int] = {}
        self.places: list[ReceptionPlace] = []
        self.faults: list[Fault] = []

    def read(self, line: int, header: Sequence[str], cells: Sequence[str]) -> None:
        if len(cells) != len(header):
            self._fault(line, "", FAULTS["width"].format(found=len(cells), wanted=len(header)))
            return
        if len(self.places) >= table.PLACES_MAX:
            self._fault(line, "", FAULTS["many"].format(maximum=table.PLACES_MAX))
            return
        row = {name: _SPACES.sub(" ", unicodedata.normalize("NFC", cell)).strip()
               for name, cell in zip(header, cells, strict=True)}  # fmt: skip
        before = len(self.faults)
        place = self._place(line, row)
        if place is not None and len(self.faults) == before:
            self.places.append(place)

    def _fault(self, line: int, column: str, sentence: str) -> None:
        self.faults.append(Fault(line, column, sentence))

    def _place(self, line: int, row: Mapping[str, str]) -> ReceptionPlace | None:
        def cell(column: str, read: Callable[[str], Cell]) -> Cell | None:
            try:
                return read(row[column])
            except _Wrong as wrong:
                self._fault(line, column, str(wrong))
                return None

        id_ = cell("id", _text(table.ID_LENGTH_MAX))
        if id_ is not None and (first := self._first_line.setdefault(id_, line)) != line:
            self._fault(line, "id", FAULTS["id_twice"].format(line=first))
        kind = cell("genre", _kind)
        name = cell("nom", _text(table.NAME_LENGTH_MAX))
        address = [
            cell(f"adresse_{number}", _text(table.LINE_LENGTH_MAX, needed=number == 1))
            for number in (1, 2, 3)
        ]
        commune = cell("code_commune", lambda code: self._commune(code, kind))
        point = self._point(line, row)
        week = tuple(cell(day, _hours) or () for day in DAYS)
        closures = cell("fermetures", _closures)
        phone = cell("telephone", _text(table.PHONE_LENGTH_MAX, needed=False))
        first_day, last_day = cell("du", _day), cell("au", lambda day: _day(day) if day else None)
        if first_day is not None and last_day is not None and last_day < first_day:
            self._fault(line, "au", FAULTS["term"])
        if id_ is None or kind is None or name is None or commune is None or first_day is None:
            return None
        if closures is None or phone is None or None in address:
            return None
        return ReceptionPlace(
            id=id_,
            kind=kind,
            name=name,
            address=tuple(one for one in address if one),
            commune=commune,
            point=point,
            week=week,
            closures=closures,
            phone=phone,
            first_day=first_day,
            last_day=last_day,
        )

    def _commune(self, code: str, kind: PlaceKind | None) -> str:
        abroad = kind is PlaceKind.CONSULAT and code.isascii() and code.isalnum() and 3 <= len(code) <= 8
        if code not in self._communes and not abroad:
            raise _Wrong(FAULTS["commune"])
        return code

    def _point(self, line: int, row: Mapping[str, str]) -> Point | None:
        written = (row["latitude"], row["longitude"])
        if written == ("", ""):
            return None
        read: list[int] = []
        for column, degrees_max in (("latitude", 90), ("longitude", 180)):
            degrees = _degrees(row[column], degrees_max)
            if degrees is None:
                self._fault(line, column, FAULTS["coordinate"].format(maximum=degrees_max))
            else:
                read.append(degrees)
        return Point(*read) if len(read) == 2 else None


def _text(maximum: int, *, needed: bool = True) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if needed and not cell:
            raise _Wrong(FAULTS["missing"])
        if len(cell) > maximum:
            raise _Wrong(FAULTS["long"].format(maximum=maximum))
        wrong = next((one for one in cell if one in table.SEPARATORS or not one.isprintable()), None)
        if wrong is not None:
            raise _Wrong(FAULTS["character"].format(character=wrong if wrong.isprintable() else "?"))
        return cell

    return read


def _kind(cell: str) -> PlaceKind:
    kind = KINDS.get(cell.casefold().replace("’", "'"))
    if kind is None:
        raise _Wrong(FAULTS["kind"])
    return kind


def _degrees(cell: str, degrees_max: int) -> int | None:
    """Degrees with a point or a comma, to the nearest 1e-5; None when that is no coordinate."""
    if not _COORDINATE.fullmatch(cell):
        return None
    degrees = Decimal(cell.replace(",", "."))
    return round(degrees * UNITS_PER_DEGREE) if abs(degrees) <= degrees_max else None


def _hours(cell: str) -> tuple[Hours, ...]:
    if cell.casefold() in _CLOSED:
        return ()
    hours: list[Hours] = []
    position = 0
    while position < len(cell):
        found = _HOURS.match(cell, position)
        if found is None or len(hours) == table.HOURS_PER_DAY_MAX:
            raise _Wrong(FAULTS["hours"])
        hours.append(Hours(_minute(found[1], found[2]), _minute(found[3], found[4])))
        between = _BETWEEN_HOURS.match(cell, found.end())
        assert between is not None, "nothing is enough to match"
        position = between.end()
    try:
        table.check_hours(hours)
    except RecordRejected as error:
        raise _Wrong(FAULTS["hours_order"]) from error
    return tuple(hours)


def _minute(hour: str, minute: str | None) -> int:
    if int(hour) > 24 or int(minute or 0) > 59:
        raise _Wrong(FAULTS["hours"])
    return int(hour) * 60 + int(minute or 0)


def _day(cell: str) -> date:
    french = _FRENCH_DAY.fullmatch(cell)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date.fromisoformat(cell)
    except ValueError as error:
        raise _Wrong(FAULTS["day"]) from error


def _closures(cell: str) -> tuple[tuple[date, date], ...]:
    closures: list[tuple[date, date]] = []
    for part in re.split(r"\s*[,;]\s*", cell) if cell else ():
        days = re.split(r"\s+au\s+", part)
        if len(days) > 2:
            raise _Wrong(FAULTS["closures"])
        closures.append((_day(days[0]), _day(days[-1])))
    closures.sort()
    if len(closures) > table.CLOSURES_MAX:
        raise _Wrong(FAULTS["closures_many"].format(maximum=table.CLOSURES_MAX))
    try:
        table.check_closures(closures)
    except RecordRejected as error:
        raise _Wrong(FAULTS["closures"]) from error
    return tuple(closures)
