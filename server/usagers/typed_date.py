"""A date as people type it in three boxes, and the date it means (UX 2)."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Final

from procuration.domain.people import PartialDate
from procuration.errors import RuleViolated
from server.usagers.wording import CATALOGUES, Wording

_MONTH_LETTERS_MIN: Final = 3
_MONTHS: Final = [Wording(language)("when.months").split() for language in CATALOGUES]


def parse_birth_date(answers: Mapping[str, str], prefix: str = "", *, partial: bool) -> PartialDate:
    """The date meant. With `partial`, an empty day or month is unknown; otherwise each box is asked for.

    Raises: RuleViolated DATE_MANQUANTE, DATE_SANS_JOUR, DATE_SANS_MOIS, DATE_SANS_ANNEE, DATE_ANNEE,
        DATE_INEXISTANTE.
    """
    day, month, year = (answers.get(f"{prefix}{part}", "").strip() for part in ("day", "month", "year"))
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
    return PartialDate(int(year), _month(month) if month else 0, _number(day) if day else 0)


def parse_day(answers: Mapping[str, str], prefix: str) -> date:
    """A whole date. Raises: as above."""
    parsed = parse_birth_date(answers, prefix, partial=False)
    try:
        return date(parsed.year, parsed.month, parsed.day)
    except ValueError as error:
        raise RuleViolated("DATE_INEXISTANTE") from error


def _number(typed: str) -> int:
    if typed.casefold() == "1er":
        return 1
    if not (typed.isascii() and typed.isdigit() and 0 < len(typed) <= 2 and int(typed)):
        raise RuleViolated("DATE_INEXISTANTE")
    return int(typed)


def _month(typed: str) -> int:
    if typed.isascii() and typed.isdigit():
        return _number(typed)
    wanted = _folded(typed)
    found = {
        number
        for months in _MONTHS
        for number, name in enumerate(months, 1)
        if _folded(name).startswith(wanted)
    }
    if len(wanted) < _MONTH_LETTERS_MIN or len(found) != 1:
        raise RuleViolated("DATE_INEXISTANTE")
    return found.pop()


def _folded(typed: str) -> str:
    decomposed = unicodedata.normalize("NFKD", typed.casefold().rstrip("."))
    return "".join(one for one in decomposed if not unicodedata.combining(one))
