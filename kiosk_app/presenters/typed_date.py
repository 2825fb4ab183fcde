"""A date as people type it in three boxes, in the languages of the tablet."""

from datetime import date

from kiosk_app.languages import month_names
from procuration.domain import typed_date
from procuration.domain.people import PartialDate
from procuration.domain.typed_date import TypedDate

__all__ = ["NOTHING", "TypedDate", "parse_birth_date", "parse_day", "typed_from"]

NOTHING: TypedDate = ("", "", "")


def typed_from(day: date) -> TypedDate:
    """A date as it would have been typed."""
    return f"{day.day:02}", f"{day.month:02}", str(day.year)


def parse_birth_date(typed: TypedDate, *, partial: bool) -> PartialDate:
    """As `procuration.domain.typed_date.parse_birth_date`."""
    return typed_date.parse_birth_date(typed, month_names(), partial=partial)


def parse_day(typed: TypedDate) -> date:
    """A whole date. Raises: as above."""
    return typed_date.parse_day(typed, month_names())
