"""The signed table of places that receive people, `places.cbor`: one row per département, `[code, text]`,
whose text holds one place per `;` and its columns per `|` (docs/reference-data.md, 4).

Text and not lists, as in `communes.cbor`: 35,000 places of a dozen values would cost a tablet its memory.
Each place has one spelling: what does not come back to the same bytes is refused.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from heapq import nsmallest
from itertools import chain, groupby
from math import cos, inf, radians
from typing import Final

from procuration.domain.places import (
    MINUTES_PER_DAY,
    UNITS_PER_DEGREE,
    Hours,
    PlaceKind,
    Point,
    ReceptionPlace,
    Week,
    centre_of,
    departement_of,
    shore_of,
)
from procuration.errors import RecordRejected
from procuration.record.canonical import Value
from procuration.record.shape import sequence, text, words
from procuration.record.tables import Table

PLACES_MAX: Final = 40_000
DEPARTEMENTS_MAX: Final = 200
PLACE_CHARACTERS_MAX: Final = 2_000
DEPARTEMENT_CHARACTERS_MAX: Final = 2 << 20
ID_LENGTH_MAX: Final = 36
NAME_LENGTH_MAX: Final = 120
ADDRESS_LINES_MAX: Final = 3
LINE_LENGTH_MAX: Final = 120
PHONE_LENGTH_MAX: Final = 24
HOURS_PER_DAY_MAX: Final = 4
CLOSURES_MAX: Final = 60
SEPARATORS: Final = ";|~"
"""No text of a place holds one."""
AROUND_MAX: Final = 60
"""More than a page shows: some may be closed for long."""
_COLUMNS: Final = 11
_KIND_COLUMN, _POINT_COLUMN, _WEEK_COLUMN = 1, 5, 6
_CODE_LENGTHS: Final = range(3, 9)
_NUMBER_LENGTH_MAX: Final = 9


def encode_places(places: Iterable[ReceptionPlace]) -> list[Value]:
    """The rows of the table, the same bytes whatever the order given. Raises: RecordRejected, for a place
    that a reader would refuse."""
    ordered = sorted(places, key=lambda one: (departement_of(one.commune), one.commune, one.id))
    rows: list[Value] = [
        [code, ";".join(map(_line, group))]
        for code, group in groupby(ordered, key=lambda one: departement_of(one.commune))
    ]
    check_places(rows)
    return rows


def check_places(rows: Sequence[object]) -> int:
    """Reads every place and keeps none. Returns: how many.

    Raises: RecordRejected PLACES_COUNT, PLACES_ORDER, PLACES_TWICE, or what `read_departement` raises.
    """
    seen: set[str] = set()
    codes: list[str] = []
    for row in sequence(list(rows), maximum=DEPARTEMENTS_MAX):
        code, block = _row(row)
        codes.append(code)
        for place in _places(code, block):
            if place.id in seen:
                raise RecordRejected("PLACES_TWICE")
            seen.add(place.id)
            if len(seen) > PLACES_MAX:
                raise RecordRejected("PLACES_COUNT")
    if codes != sorted(set(codes)):
        raise RecordRejected("PLACES_ORDER")
    return len(seen)


def read_places(table: Table) -> tuple[ReceptionPlace, ...]:
    """Every place of a small table; a tablet reads one département at a time. Raises: as `check_places`."""
    check_places(table.rows)
    return tuple(place for row in table.rows for place in _places(*_row(row)))


def read_departement(table: Table, wanted: str) -> tuple[ReceptionPlace, ...]:
    """The places of one département or territory; none when it has no row.

    Raises: RecordRejected PLACES_LINE, PLACES_HOURS, PLACES_DAY, FIELD_TEXT..., a place that is not written
        as `encode_places` would.
    """
    for row in sequence(table.rows, maximum=DEPARTEMENTS_MAX):
        code, block = _row(row)
        if code == wanted:
            return tuple(_places(code, block))
    return ()


def count_by_departement(table: Table) -> dict[str, int]:
    """How many places each row has, without reading them. Raises: RecordRejected."""
    blocks = map(_row, sequence(table.rows, maximum=DEPARTEMENTS_MAX))
    return {code: block.count(";") + 1 for code, block in blocks}


def read_kind(table: Table, kind: PlaceKind) -> Iterator[ReceptionPlace]:
    """Every place of one kind, in the order of the table; of the others one column is looked at. Raises: as
    `read_departement`."""
    marked = f"{kind:d}"
    for row in sequence(table.rows, maximum=DEPARTEMENTS_MAX):
        for line in _row(row)[1].split(";"):
            if line.split("|", 2)[1:2] == [marked]:
                yield _read_line(line)


def read_around(
    table: Table, commune: str, kinds: Collection[PlaceKind], count: int = AROUND_MAX
) -> tuple[ReceptionPlace, ...]:
    """The places among which `domain.places.nearest` of a commune is to be sought: all of its département,
    and the nearest of these kinds on its shore. Of the others only a column is looked at: a country of places
    read whole would keep the elector waiting.

    Raises: as `read_departement`.
    """
    home = departement_of(commune)
    own = read_departement(table, home)
    origin = centre_of(commune, own)
    away: list[tuple[float, str, str]] = []
    for row in table.rows:
        code, block = _row(row)
        if code == home or shore_of(code) != shore_of(commune):
            continue
        lines = ((_quick_distance(line, origin, kinds), code, line) for line in block.split(";"))
        away = nsmallest(count, chain(away, (one for one in lines if one[0] < inf)))
    return (*own, *(_read_line(line) for _, _, line in away))


def _quick_distance(line: str, origin: Point | None, kinds: Collection[PlaceKind]) -> float:
    """Orders places by how far they are, on a plane; infinite for another kind, 0 without an origin."""
    columns = line.split("|", _WEEK_COLUMN)
    if len(columns) <= _WEEK_COLUMN or _read_kind(columns[_KIND_COLUMN]) not in kinds:
        return inf
    if origin is None:
        return 0
    if not columns[_POINT_COLUMN]:
        return inf
    point = _read_point(columns[_POINT_COLUMN])
    east = (point.longitude - origin.longitude) * cos(radians(origin.latitude / UNITS_PER_DEGREE))
    return (point.latitude - origin.latitude) ** 2 + east**2


def _row(row: object) -> tuple[str, str]:
    code, block = sequence(row, 2)
    return words(code, maximum=3), words(block, maximum=DEPARTEMENT_CHARACTERS_MAX)


def _places(code: str, block: str) -> Iterator[ReceptionPlace]:
    before = ("", "")
    for line in block.split(";"):
        place = _read_line(line)
        if departement_of(place.commune) != code or (place.commune, place.id) <= before:
            raise RecordRejected("PLACES_ORDER")
        before = (place.commune, place.id)
        yield place


def _read_line(line: str) -> ReceptionPlace:
    if len(line) > PLACE_CHARACTERS_MAX:
        raise RecordRejected("PLACES_LINE")
    columns = line.split("|")
    if len(columns) != _COLUMNS:
        raise RecordRejected("PLACES_LINE")
    id_, kind, name, address, commune, point, week, closures, phone, first, last = columns
    if len(commune) not in _CODE_LENGTHS or not commune.isascii() or not commune.isalnum():
        raise RecordRejected("PLACES_LINE")
    place = ReceptionPlace(
        id=words(id_, maximum=ID_LENGTH_MAX),
        kind=_read_kind(kind),
        name=words(name, maximum=NAME_LENGTH_MAX),
        address=_read_address(address),
        commune=commune,
        point=_read_point(point) if point else None,
        week=_read_week(week),
        closures=_read_closures(closures),
        phone=text(phone, maximum=PHONE_LENGTH_MAX),
        first_day=_read_day(first),
        last_day=_read_day(last) if last else None,
    )
    if place.last_day is not None and place.last_day < place.first_day:
        raise RecordRejected("PLACES_DAY")
    if _line(place) != line:
        raise RecordRejected("PLACES_LINE")
    return place


def _read_kind(value: str) -> PlaceKind:
    kind = _number(value)
    if kind not in PlaceKind._value2member_map_:
        raise RecordRejected("PLACES_LINE")
    return PlaceKind(kind)


def _read_address(value: str) -> tuple[str, ...]:
    lines = tuple(words(one, maximum=LINE_LENGTH_MAX) for one in value.split("~"))
    if len(lines) > ADDRESS_LINES_MAX:
        raise RecordRejected("PLACES_LINE")
    return lines


def _number(value: str) -> int:
    digits = value.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _NUMBER_LENGTH_MAX:
        raise RecordRejected("PLACES_LINE")
    return int(value)


def _read_point(value: str) -> Point:
    latitude, comma, longitude = value.partition(",")
    point = Point(_number(latitude), _number(longitude)) if comma else None
    if (
        point is None
        or abs(point.latitude) > 90 * UNITS_PER_DEGREE
        or abs(point.longitude) > 180 * UNITS_PER_DEGREE
    ):
        raise RecordRejected("PLACES_LINE")
    return point


def _read_week(value: str) -> Week:
    week: list[tuple[Hours, ...]] = [()] * 7
    for group in value.split("/") if value else ():
        days, equals, hours = group.partition("=")
        if not equals or not days or len(days) > 7 or not set(days) <= set("1234567"):
            raise RecordRejected("PLACES_HOURS")
        read = _read_hours(hours)
        for day in days:
            week[int(day) - 1] = read
    return tuple(week)


def _read_hours(value: str) -> tuple[Hours, ...]:
    pairs = value.split(",")
    if len(pairs) > HOURS_PER_DAY_MAX:
        raise RecordRejected("PLACES_HOURS")
    hours: list[Hours] = []
    for pair in pairs:
        opens, _, closes = pair.partition("-")
        hours.append(Hours(_number(opens), _number(closes)))
    check_hours(hours)
    return tuple(hours)


def check_hours(hours: Sequence[Hours]) -> None:
    """Hours of one day follow each other within the day. Raises: RecordRejected PLACES_HOURS."""
    minute = -1
    for one in hours:
        if not minute < one.opens < one.closes <= MINUTES_PER_DAY:
            raise RecordRejected("PLACES_HOURS")
        minute = one.closes


def _read_closures(value: str) -> tuple[tuple[date, date], ...]:
    closures: list[tuple[date, date]] = []
    parts = value.split(",") if value else []
    if len(parts) > CLOSURES_MAX:
        raise RecordRejected("PLACES_DAY")
    for part in parts:
        first, _, last = part.partition("/")
        closures.append((_read_day(first), _read_day(last or first)))
    check_closures(closures)
    return tuple(closures)


def check_closures(closures: Sequence[tuple[date, date]]) -> None:
    """Closures are in order and apart. Raises: RecordRejected PLACES_DAY."""
    before = date.min
    for first, last in closures:
        if not before < first <= last:
            raise RecordRejected("PLACES_DAY")
        before = last


def _read_day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise RecordRejected("PLACES_DAY") from error


def _line(place: ReceptionPlace) -> str:
    point = f"{place.point.latitude},{place.point.longitude}" if place.point else ""
    columns = (
        place.id,
        f"{place.kind:d}",
        place.name,
        "~".join(place.address),
        place.commune,
        point,
        _week_text(place.week),
        ",".join(
            first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
            for first, last in place.closures
        ),
        place.phone,
        place.first_day.isoformat(),
        place.last_day.isoformat() if place.last_day else "",
    )
    return "|".join(columns)


def _week_text(week: Week) -> str:
    """`12345=480-720,840-1080/6=540-720`: days of the same hours together, by their first day."""
    groups: dict[tuple[Hours, ...], str] = {}
    for number, hours in enumerate(week, start=1):
        if hours:
            groups[hours] = groups.get(hours, "") + str(number)
    return "/".join(
        f"{days}={','.join(f'{one.opens}-{one.closes}' for one in hours)}" for hours, days in groups.items()
    )
