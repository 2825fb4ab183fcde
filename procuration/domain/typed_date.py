"""A date as people type it in three boxes, and the date it means (UX 2). Pure: the caller brings the names of
the months, in each language that somebody may type.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

from procuration.domain.people import PartialDate
from procuration.errors import RuleViolated

TypedDate = tuple[str, str, str]
MonthNames = Iterable[tuple[int, str]]
MONTH_LETTERS_MIN: Final = 3


def parse_birth_date(typed: TypedDate, months: MonthNames, *, partial: bool) -> PartialDate:
    """The date meant. With `partial`, an empty day or month is unknown; otherwise each box is asked for.

    Args:
        typed: day, month, year.
        months: number and name, each name in full; its first letters are enough.
    Raises: RuleViolated DATE_MANQUANTE, DATE_SANS_JOUR, DATE_SANS_MOIS, DATE_SANS_ANNEE, DATE_ANNEE,
        DATE_INEXISTANTE.
    """
    day, month, year = (part.strip() for part in typed)
    if not (day or month or year):
        raise RuleViolated("DATE_MANQUANTE")
    if not year:
        raise RuleViolated("DATE_SANS_ANNEE")
    if not month and not (partial and not day):
        raise RuleViolated("DATE_SANS_MOIS")
    if not day and not partial:
        raise RuleViolated("DATE_SANS_JOUR")
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise RuleViolated("DATE_ANNEE")
    return PartialDate(int(year), _month(month, months) if month else 0, _number(day) if day else 0)


def parse_day(typed: TypedDate, months: MonthNames) -> date:
    """A whole date. Raises: as above."""
    parsed = parse_birth_date(typed, months, partial=False)
    try:
        return date(parsed.year, parsed.month, parsed.day)
    except ValueError as error:
        raise RuleViolated("DATE_INEXISTANTE") from error


def _number(text: str) -> int:
    if text.casefold() == "1er":
        return 1
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 2 and int(text)):
        raise RuleViolated("DATE_INEXISTANTE")
    return int(text)


def _month(text: str, months: MonthNames) -> int:
    if text.isascii() and text.isdigit():
        return _number(text)
    folded = _fold(text)
    matches = {number for number, name in months if _fold(name).startswith(folded)}
    if len(folded) < MONTH_LETTERS_MIN or len(matches) != 1:
        raise RuleViolated("DATE_INEXISTANTE")
    return matches.pop()


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().rstrip("."))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
