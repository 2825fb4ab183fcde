"""A list of electors in one CSV file that answers as the register would: for demonstrations and tests. The
format is in docs/reference-data.md.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final

from procuration.domain.people import PartialDate, Person, PlaceType, Sex, check_elector_number, check_name
from procuration.domain.refusal import RefusalCode
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from server.register.electors import Elector, Electors
from server.register.port import Question

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
FILE_BYTES_MAX: Final = 16 << 20
ELECTORS_MAX: Final = 100_000
_SEXES: Final = {"": None, "F": Sex.FEMALE, "M": Sex.MALE}
_TRUTHS: Final = {"0": False, "1": True}
_DATE_LENGTH: Final = 10


class FileRegister:
    """Implements `port.Register`. The file is read again when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._electors = Electors(())

    def ask(self, questions: Sequence[Question]) -> Mapping[str, RefusalCode | None]:
        """Raises: CarrierUnavailable REGISTRE_ABSENT; RecordRejected REGISTRE_ILLISIBLE (ids: line)."""
        self._read_when_changed()
        return {question.rid: self._electors.answer(question) for question in questions}

    def _read_when_changed(self) -> None:
        try:
            state = self._path.stat()
            seen = (state.st_mtime_ns, state.st_size)
            if seen == self._seen:
                return
            with self._path.open("rb") as file:
                data = file.read(FILE_BYTES_MAX + 1)
        except OSError as error:
            raise CarrierUnavailable("REGISTRE_ABSENT") from error
        self._electors = Electors(read_electors(data))
        self._seen = seen


def read_electors(data: bytes) -> list[Elector]:
    """The electors of a file. Raises: RecordRejected REGISTRE_ILLISIBLE (ids: line)."""
    if len(data) > FILE_BYTES_MAX:
        raise RecordRejected("REGISTRE_ILLISIBLE", line=0)
    try:
        lines = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
        if tuple(next(lines, ())) != COLUMNS:
            raise RecordRejected("REGISTRE_ILLISIBLE", line=1)
        return list(_electors(lines))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RecordRejected("REGISTRE_ILLISIBLE", line=0) from error


def _electors(lines: Iterator[list[str]]) -> Iterator[Elector]:
    for number, columns in enumerate(lines, 2):
        if number > ELECTORS_MAX + 1:
            raise RecordRejected("REGISTRE_ILLISIBLE", line=number)
        try:
            yield _elector(dict(zip(COLUMNS, columns, strict=True)))
        except (RuleViolated, ValueError, KeyError) as error:
            raise RecordRejected("REGISTRE_ILLISIBLE", line=number) from error


def _elector(line: Mapping[str, str]) -> Elector:
    number, birth_name, given_names = line["elector_number"], line["birth_name"], line["given_names"]
    if not birth_name and not given_names:
        raise RuleViolated("NOM_MANQUANT")
    if not 1 <= len(line["place_code"]) <= 8:
        raise RuleViolated("COMMUNE_INCONNUE")
    person = Person(
        birth_date=_birth_date(line["birth_date"]),
        birth_name=check_name(birth_name) if birth_name else None,
        given_names=check_name(given_names, "PRENOMS") if given_names else None,
        sex=_SEXES[line["sex"]],
        elector_number=check_elector_number(number) if number else None,
    )
    return Elector(
        person=person,
        place=(line["place_code"], PlaceType(int(line["place_type"]))),
        may_vote=_TRUTHS[line["may_vote"]],
        holds_the_maximum=_TRUTHS[line["holds_the_maximum"]],
    )


def _birth_date(written: str) -> PartialDate:
    """ "1962-08-24"; unknown parts are "00". Raises: ValueError."""
    if len(written) != _DATE_LENGTH or not written.isascii():
        raise ValueError("a date has ten characters")
    year, month, day = (int(part) for part in written.split("-"))
    date(year, month or 1, day or 1)  # raises ValueError when there is no such day
    return PartialDate(year, month, day)
