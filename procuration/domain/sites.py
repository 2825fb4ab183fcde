"""The préfet's list of public places where a procuration may be drawn up outside police and gendarmerie
premises (R. 72-1 III; R-16)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from procuration.domain.acts import ActPlace, ActPlaceKind
from procuration.errors import RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When officers receive people in a listed place.

    Attributes:
        day: local.
        opens_at, closes_at: aware UTC, both included.
    """

    day: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlace:
    """One place of the list, with its days and hours."""

    id: str
    name: str
    insee_code: str
    openings: tuple[Opening, ...]

    def openings_on(self, day: date) -> tuple[Opening, ...]:
        """Its hours on a local day, from the first."""
        found = (opening for opening in self.openings if opening.day == day)
        return tuple(sorted(found, key=lambda opening: opening.opens_at))


def check_place(place: ActPlace, listed: Iterable[PublicPlace], at: datetime) -> None:
    """The place of an act, its commune and the instant are on the list, when they must be (R-16).

    Raises: RuleViolated LIEU_NON_AUTORISE.
    """
    if place.kind is not ActPlaceKind.LISTED_PUBLIC_PLACE:
        if place.site_id is not None:
            raise RuleViolated("LIEU_NON_AUTORISE")
        return
    found = next((one for one in listed if one.id == place.site_id), None)
    if found is None or found.insee_code != place.insee_code:
        raise RuleViolated("LIEU_NON_AUTORISE")
    if not any(opening.opens_at <= at <= opening.closes_at for opening in found.openings):
        raise RuleViolated("LIEU_NON_AUTORISE")


def open_on(day: date, listed: Iterable[PublicPlace]) -> tuple[PublicPlace, ...]:
    """The places of the list that receive people on a local day."""
    return tuple(one for one in listed if one.openings_on(day))
