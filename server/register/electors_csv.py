"""A list of electors as one CSV file, read line by line: memory does not grow with the list. The format is in
docs/reference-data.md.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO, Final

from procuration.domain.people import PartialDate, Person, PlaceType, Sex, check_elector_number, check_name
from procuration.errors import RecordRejected, RuleViolated
from server.register.electors import Elector

COLUMNS: Final = (
    "elector_number",
    "birth_name",
    "given_names",
    "sex",
    "birth_date",
    "place_code",
    "place_type",
    "may_vote",
    "holds_the_maximum",
)
LINE_BYTES_MAX: Final = 4096
"""Two names of 100 characters, of four bytes each, fit several times."""
CSV_BYTES_MAX: Final = 16 << 20
CSV_ELECTORS_MAX: Final = 100_000
"""Of a list that is read at once, without an index."""
_SEXES: Final = {"": None, "F": Sex.FEMALE, "M": Sex.MALE}
_TRUTHS: Final = {"0": False, "1": True}
_DATE_LENGTH: Final = 10
_PLACE_LENGTH_MAX: Final = 8
_BAD: Final = "REGISTRE_ILLISIBLE"


def read_electors(data: bytes) -> list[Elector]:
    """The electors of a small list. Raises: RecordRejected REGISTRE_ILLISIBLE (ids: line, column)."""
    if len(data) > CSV_BYTES_MAX:
        raise RecordRejected(_BAD, line=0)
    return list(electors_of(BytesIO(data), CSV_ELECTORS_MAX))


def electors_of(file: BinaryIO, maximum: int) -> Iterator[Elector]:
    """The electors of a list, as they come. One bad line refuses the whole list: a list read in part would
    refuse people.

    Args:
        maximum: electors of the list.
    Raises: RecordRejected REGISTRE_ILLISIBLE (ids: line, counted from 1; column, where one is at fault).
    """
    reader = csv.reader(_lines(file), delimiter=";", strict=True)
    try:
        if tuple(next(reader, ())) != COLUMNS:
            raise RecordRejected(_BAD, line=1)
        for number, columns in enumerate(reader, 1):
            if number > maximum:
                raise RecordRejected("REGISTRE_TROP_GRAND", line=reader.line_num, maximum=maximum)
            yield _elector(columns, reader.line_num)
    except csv.Error as error:
        raise RecordRejected(_BAD, line=reader.line_num) from error


def _lines(file: BinaryIO) -> Iterator[str]:
    """Its lines, each bounded before it is read. Raises: RecordRejected REGISTRE_ILLISIBLE (ids: line)."""
    number = 0
    while line := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        if len(line) > LINE_BYTES_MAX:
            raise RecordRejected(_BAD, line=number)
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise RecordRejected(_BAD, line=number) from error


def _elector(columns: list[str], line: int) -> Elector:
    if len(columns) != len(COLUMNS):
        raise RecordRejected(_BAD, line=line)
    read: dict[str, Any] = {}
    for column, written in zip(COLUMNS, columns, strict=True):
        try:
            read[column] = _READ[column](written)
        except (RuleViolated, ValueError, KeyError) as error:
            raise RecordRejected(_BAD, line=line, column=column) from error
    if read["birth_name"] is None and read["given_names"] is None:
        raise RecordRejected(_BAD, line=line, column="birth_name")
    person = Person(
        birth_date=read["birth_date"],
        birth_name=read["birth_name"],
        given_names=read["given_names"],
        sex=read["sex"],
        elector_number=read["elector_number"],
    )
    return Elector(
        person=person,
        place=(read["place_code"], read["place_type"]),
        may_vote=read["may_vote"],
        holds_the_maximum=read["holds_the_maximum"],
    )


def _birth_date(written: str) -> PartialDate:
    """ "1962-08-24"; unknown parts are "00". Raises: ValueError."""
    if len(written) != _DATE_LENGTH or not written.isascii():
        raise ValueError("a date has ten characters")
    year, month, day = (int(part) for part in written.split("-"))
    date(year, month or 1, day or 1)  # raises ValueError when there is no such day
    return PartialDate(year, month, day)


def _place_code(written: str) -> str:
    if not 1 <= len(written) <= _PLACE_LENGTH_MAX or not (written.isascii() and written.isalnum()):
        raise ValueError("a code has one to eight letters and digits")
    return written


_READ: Final[Mapping[str, Callable[[str], object]]] = {
    "elector_number": lambda written: check_elector_number(written) if written else None,
    "birth_name": lambda written: check_name(written) if written else None,
    "given_names": lambda written: check_name(written, "PRENOMS") if written else None,
    "sex": _SEXES.__getitem__,
    "birth_date": _birth_date,
    "place_code": _place_code,
    "place_type": lambda written: PlaceType(int(written)),
    "may_vote": _TRUTHS.__getitem__,
    "holds_the_maximum": _TRUTHS.__getitem__,
}
