"""The figures of the law, as dated and located parameters: no ceiling, duration or age is a literal
(DESIGN, decision 4).

Rows come from the signed target `law.cbor` (docs/reference-data.md). An old event is judged by the row of
its date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from procuration.domain.people import Place, PlaceType
from procuration.errors import RuleViolated

EVERYWHERE: Final = "*"
Choice = TypeVar("Choice", bound=StrEnum)


class ControlRegime(StrEnum):
    """Who controls a procuration: the town hall of the mandant, or the Répertoire électoral unique (DOMAIN
    1.1)."""

    MAIRIE = "MAIRIE"
    REU = "REU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One figure in force in one territory between two days, both included.

    Attributes:
        territory: "*", or the code of a département or collectivity.
        last_day: None while nothing replaces it.
        article: where the law says so.
    """

    name: str
    value: int | str
    territory: str
    first_day: date
    last_day: date | None
    article: str

    def in_force(self, day: date) -> bool:
        """Whether the row applies on that day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class Law:
    """The parameters of the law table, answered by name, place and day."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self._rows: dict[tuple[str, str], list[Parameter]] = {}
        for row in parameters:
            self._rows.setdefault((row.name, row.territory), []).append(row)

    def find(self, name: str, place: Place, day: date) -> Parameter:
        """The row in force: the territory's own, else the one that holds everywhere.

        Raises: RuleViolated LOI_INCONNUE (ids: parameter), when the table says nothing: a program does not
        guess.
        """
        for territory in (place.departement, EVERYWHERE):
            for row in self._rows.get((name, territory), ()):
                if row.in_force(day):
                    return row
        raise RuleViolated("LOI_INCONNUE", parameter=name)

    def silent_on(self, day: date) -> int:
        """How many parameters that were in force somewhere before have no row for that place on that day."""
        return sum(
            any(row.first_day <= day for row in rows)
            and not any(
                row.in_force(day)
                for there in (territory, EVERYWHERE)
                for row in self._rows.get((name, there), ())
            )
            for (name, territory), rows in self._rows.items()
        )

    def number(self, name: str, place: Place, day: date) -> int:
        """The value of a numeric parameter. Raises: RuleViolated LOI_INCONNUE."""
        value = self.find(name, place, day).value
        if not isinstance(value, int):
            raise RuleViolated("LOI_INCONNUE", parameter=name)
        return value

    def words(self, name: str, place: Place, day: date) -> frozenset[str]:
        """The words of a parameter that is a list, e.g. codes of elections. Raises: RuleViolated
        LOI_INCONNUE."""
        value = self.find(name, place, day).value
        if not isinstance(value, str):
            raise RuleViolated("LOI_INCONNUE", parameter=name)
        return frozenset(value.split())

    def day(self, name: str, place: Place, day: date) -> date:
        """The value of a parameter that is a day, written as 2013-01-19. Raises: RuleViolated
        LOI_INCONNUE."""
        value = self.find(name, place, day).value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError as error:
            raise RuleViolated("LOI_INCONNUE", parameter=name) from error

    def one_of(self, name: str, allowed: frozenset[str], place: Place, day: date) -> str:
        """The value of a parameter that is one of a few words. Raises: RuleViolated LOI_INCONNUE."""
        value = self.find(name, place, day).value
        if value not in allowed:
            raise RuleViolated("LOI_INCONNUE", parameter=name)
        return str(value)

    def settled(self, name: str, place: Place, day: date, silent: Choice) -> Choice:
        """How the table settles what the law leaves open, `silent` while it says nothing that is known."""
        try:
            value = self.find(name, place, day).value
            return type(silent)(value if isinstance(value, str) else "")
        except (RuleViolated, ValueError):
            return silent

    def control_regime(self, vote_place: Place, day: date) -> ControlRegime:
        """Who controls: a function of the mandant's place and the first polling day, or the établissement
        for a period.

        Raises: RuleViolated LOI_INCONNUE.
        """
        value = self.find("control_regime", vote_place, day).value
        if value not in tuple(ControlRegime):
            raise RuleViolated("LOI_INCONNUE", parameter="control_regime")
        return ControlRegime(value)

    def period_years_max(self, vote_place: Place, day: date) -> int:
        """Ceiling of a period in years: another one on a consular list (R. 74; R-29, R-30)."""
        consular = vote_place.type is PlaceType.CIRCONSCRIPTION_CONSULAIRE
        return self.number(
            "validity_max_years_consular" if consular else "validity_max_years", vote_place, day
        )
