"""A date as electors type it in three boxes of a form, in the languages of their pages (UX 2)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from procuration.domain import typed_date
from procuration.domain.people import PartialDate
from procuration.domain.typed_date import TypedDate
from server.usagers.wording import CATALOGUES, Wording

_MONTHS: Final = [
    named for language in CATALOGUES for named in enumerate(Wording(language)("when.months").split(), 1)
]


def parse_birth_date(answers: Mapping[str, str], prefix: str = "", *, partial: bool) -> PartialDate:
    """As `procuration.domain.typed_date.parse_birth_date`, from the boxes whose names begin with `prefix`."""
    return typed_date.parse_birth_date(_typed(answers, prefix), _MONTHS, partial=partial)


def parse_day(answers: Mapping[str, str], prefix: str) -> date:
    """A whole date. Raises: as above."""
    return typed_date.parse_day(_typed(answers, prefix), _MONTHS)


def _typed(answers: Mapping[str, str], prefix: str) -> TypedDate:
    return (
        answers.get(f"{prefix}day", ""),
        answers.get(f"{prefix}month", ""),
        answers.get(f"{prefix}year", ""),
    )
