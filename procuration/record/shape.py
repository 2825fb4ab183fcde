"""Reads the fields of a decoded value with their type, or refuses: the only way from loose values to typed
objects."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import IntEnum, IntFlag
from functools import lru_cache
from typing import Final, TypeVar

from procuration.domain.people import PartialDate
from procuration.errors import RecordRejected
from procuration.record.limits import TEXT_LENGTH_MAX

Number = TypeVar("Number", bound=IntEnum | IntFlag)
T = TypeVar("T")
SECONDS_MAX: Final = 253_370_764_799
"""31 December 9998, 23:59:59 UTC: a year before the last that can be written, so that a time zone, a term or
a tolerance may still be added."""


def integer(value: object, *, minimum: int = 0, maximum: int = 2**53) -> int:
    """A whole number within bounds. Raises: RecordRejected FIELD_INTEGER."""
    if type(value) is not int or not minimum <= value <= maximum:
        raise RecordRejected("FIELD_INTEGER")
    return value


def octets(value: object, *, length: int | None = None, maximum: int | None = None) -> bytes:
    """A byte string, of a given length or of at most a maximum. Raises: RecordRejected FIELD_BYTES."""
    if not isinstance(value, bytes):
        raise RecordRejected("FIELD_BYTES")
    if length is not None and len(value) != length:
        raise RecordRejected("FIELD_BYTES")
    if maximum is not None and len(value) > maximum:
        raise RecordRejected("FIELD_BYTES")
    return value


def text(value: object, *, maximum: int = TEXT_LENGTH_MAX) -> str:
    """A text without control or bidi characters. Raises: RecordRejected FIELD_TEXT."""
    if not isinstance(value, str) or len(value) > maximum or not value.isprintable():
        raise RecordRejected("FIELD_TEXT")
    return value


def words(value: object, *, maximum: int = TEXT_LENGTH_MAX) -> str:
    """A text with something to read in it. Raises: RecordRejected FIELD_TEXT."""
    read = text(value, maximum=maximum)
    if not read.strip():
        raise RecordRejected("FIELD_TEXT")
    return read


def sequence(value: object, length: int | None = None, *, maximum: int | None = None) -> Sequence[object]:
    """A list, of a given length or of at most a maximum. Raises: RecordRejected FIELD_LIST."""
    if not isinstance(value, list):
        raise RecordRejected("FIELD_LIST")
    if (length is not None and len(value) != length) or (maximum is not None and len(value) > maximum):
        raise RecordRejected("FIELD_LIST")
    return value


def fields(value: object, required: int, optional: int = 0) -> dict[int, object]:
    """A map with the keys 0 to required - 1, and possibly the next `optional` ones; key 0 is the version, 1.

    Raises: RecordRejected FIELD_MAP, FIELD_VERSION.
    """
    if not isinstance(value, dict):
        raise RecordRejected("FIELD_MAP")
    if not set(range(required)) <= set(value) <= set(range(required + optional)):
        raise RecordRejected("FIELD_MAP")
    if value[0] != 1 or type(value[0]) is not int:
        raise RecordRejected("FIELD_VERSION")
    return value


def number_of(kind: type[Number], value: object) -> Number:
    """A member of an enumeration by its number; flags may combine known ones. Raises: RecordRejected
    FIELD_ENUM."""
    if type(value) is int and issubclass(kind, IntEnum) and value in kind._value2member_map_:
        # The usual case, without the cost of a call of the class. Not for flags: theirs also keeps what it
        # was wrongly asked.
        return kind._value2member_map_[value]  # type: ignore[return-value]
    number = integer(value)
    if issubclass(kind, IntFlag) and number & ~_all_flags(kind):
        raise RecordRejected("FIELD_ENUM")  # before the class is called: it would keep each strange number
    try:
        return kind(number)
    except ValueError as error:
        raise RecordRejected("FIELD_ENUM") from error


@lru_cache(maxsize=16)
def _all_flags(kind: type[IntFlag]) -> int:
    return sum(member.value for member in kind if member.value.bit_count() == 1)


def optional(value: object, read: Callable[[object], T]) -> T | None:
    """What `read` makes of the value, None for null."""
    return None if value is None else read(value)


def instant(value: object) -> datetime:
    """Unix seconds as an aware UTC time. Raises: RecordRejected FIELD_INTEGER."""
    return datetime.fromtimestamp(integer(value, maximum=SECONDS_MAX), UTC)


def seconds(at: datetime) -> int:
    """An aware time as whole Unix seconds. Raises: RecordRejected NAIVE_TIME, for our own bug of a time
    without a zone."""
    if at.tzinfo is None:
        raise RecordRejected("NAIVE_TIME")
    return int(at.timestamp())


def partial_date(value: object) -> PartialDate:
    """`[year, month or 0, day or 0]`. Raises: RecordRejected FIELD_DATE."""
    year, month, day = sequence(value, 3)
    if (
        type(year) is type(month) is type(day) is int
        and 0 < year < 10_000
        and 0 < month < 13
        and 0 < day < 29
    ):
        return PartialDate(year, month, day)  # a day that every month has: nothing is left to prove
    year, month, day = (integer(part, maximum=9999) for part in (year, month, day))
    if (day and not month) or year < 1:
        raise RecordRejected("FIELD_DATE")
    partial = PartialDate(year, month, day)
    try:
        partial.earliest  # noqa: B018  # reading it proves that the day exists
    except ValueError as error:
        raise RecordRejected("FIELD_DATE") from error
    return partial


def whole_date(value: object) -> date:
    """`[year, month, day]`. Raises: RecordRejected FIELD_DATE."""
    partial = partial_date(value)
    if not partial.day:
        raise RecordRejected("FIELD_DATE")
    return partial.earliest


def date_value(day: date | PartialDate) -> list[int]:
    """A date, whole or partial, as it travels."""
    return [day.year, day.month, day.day]
