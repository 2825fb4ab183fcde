"""Persons, places and validities as they travel in a body (SECURITY-DESIGN 5)."""

from functools import lru_cache
from typing import Final

from procuration.domain.people import (
    NAME_LENGTH_MAX,
    Person,
    Place,
    PlaceType,
    Sex,
    check_elector_number,
    check_name,
)
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.limits import SCRUTIN_ID_LENGTH_MAX
from procuration.record.shape import (
    date_value,
    integer,
    number_of,
    partial_date,
    sequence,
    text,
    whole_date,
)

_PERSON_KEYS: Final = frozenset(range(7))


def person_value(person: Person) -> dict[int, object]:
    """`{0: birth name, 1: prénoms, 2: sex, 3: birth date, 4: elector number, 5: used name, 6: place of
    enrolment}`."""
    return {
        0: person.birth_name,
        1: person.given_names,
        2: None if person.sex is None else person.sex.value,
        3: date_value(person.birth_date),
        4: person.elector_number,
        5: person.used_name,
        6: None if person.enrolment is None else place_value(person.enrolment),
    }


def read_person(value: object) -> Person:
    """Raises: RecordRejected PERSON, or a code of `shape`."""
    if not isinstance(value, dict) or value.keys() != _PERSON_KEYS:
        raise RecordRejected("PERSON")
    birth_name, given_names, sex, birth_date, elector_number, used_name, enrolment = map(value.get, range(7))
    return Person(
        birth_name=None if birth_name is None else read_name(birth_name),
        given_names=None if given_names is None else read_name(given_names),
        sex=None if sex is None else number_of(Sex, sex),
        birth_date=partial_date(birth_date),
        elector_number=None if elector_number is None else _read_elector_number(elector_number),
        used_name=None if used_name is None else read_name(used_name),
        enrolment=None if enrolment is None else read_place(enrolment),
    )


def read_name(value: object) -> str:
    """A name that the rules accept (letters, marks and the few signs of names). Raises: RecordRejected
    PERSON_NAME."""
    name = text(value, maximum=NAME_LENGTH_MAX)
    try:
        stored = check_name(name)
    except RuleViolated as error:
        raise RecordRejected("PERSON_NAME") from error
    if stored != name:
        raise RecordRejected("PERSON_NAME")
    return name


def _read_elector_number(value: object) -> str:
    number = text(value)
    try:
        stored = check_elector_number(number)
    except RuleViolated as error:
        raise RecordRejected("PERSON_NUMBER") from error
    if stored != number:
        raise RecordRejected("PERSON_NUMBER")
    return number


def place_value(place: Place) -> list[object]:
    """`[code, type, COG year]`."""
    return [place.code, place.type.value, place.cog_year]


def read_place(value: object) -> Place:
    """Raises: RecordRejected PLACE, or a code of `shape`."""
    code, type_, cog_year = sequence(value, 3)
    return _place(text(code, maximum=8), integer(type_), integer(cog_year))


@lru_cache(maxsize=4096)
def _place(code: str, type_: int, cog_year: int) -> Place:
    # Remembered: an import reads the same few communes thousands of times.
    if not (code.isascii() and code.isalnum()):
        raise RecordRejected("PLACE")
    return Place(
        code=code, type=number_of(PlaceType, type_), cog_year=integer(cog_year, minimum=1943, maximum=9999)
    )


def validity_value(validity: Validity) -> list[object]:
    """`[1, scrutin id, rounds]` or `[2, first day, last day]`."""
    match validity:
        case OneScrutin(scrutin_id=scrutin_id, rounds=rounds):
            return [1, scrutin_id, rounds.value]
        case Period(first_day=first_day, last_day=last_day):
            return [2, date_value(first_day), date_value(last_day)]


def read_validity(value: object) -> Validity:
    """Raises: RecordRejected VALIDITY, or a code of `shape`."""
    form, one, other = sequence(value, 3)
    match integer(form):
        case 1:
            return _one_scrutin(text(one, maximum=SCRUTIN_ID_LENGTH_MAX), integer(other))
        case 2:
            return Period(first_day=whole_date(one), last_day=whole_date(other))
        case _:
            raise RecordRejected("VALIDITY")


@lru_cache(maxsize=1024)
def _one_scrutin(scrutin_id: str, number: int) -> OneScrutin:
    rounds = number_of(Rounds, number)
    if not rounds:
        raise RecordRejected("VALIDITY")
    return OneScrutin(scrutin_id=scrutin_id, rounds=rounds)
