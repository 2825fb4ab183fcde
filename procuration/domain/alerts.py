"""What an officer is told before signing, because it is unusual: many acts in a day, many at home, one
mandataire named again and again (DOMAIN 9.8).

An alert informs and never refuses (DESIGN, decision 14): it names what to look at, and the officer decides.
Pure, from what one tablet still knows of its own acts; the same figures over the whole country are the
centre's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from procuration.domain.acts import ActPlaceKind
from procuration.domain.identifiers import Kid


class AlertCode(StrEnum):
    """What is unusual."""

    MANDATAIRE_REPETE = "MANDATAIRE_REPETE"
    DOMICILES_NOMBREUX = "DOMICILES_NOMBREUX"
    ACTES_NOMBREUX = "ACTES_NOMBREUX"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """From how many earlier acts on the officer is told; the signed policy may say otherwise.

    Attributes:
        same_mandataire: acts here that name this mandataire: one is all that the ceiling allows in France (L.
            73).
        home_visits_per_day: acts at home on one day: no address is kept, so that a home for the elderly shows
            only by their number (R. 72-1 IV).
        acts_per_day: acts of one officer on one day.
    """

    same_mandataire: int = 1
    home_visits_per_day: int = 3
    acts_per_day: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAct:
    """One procuration that this tablet established.

    Attributes:
        day: local, of the act.
        mandataire: key of the person (`people.civil_key`).
    """

    day: date
    officer: Kid
    place: ActPlaceKind
    mandataire: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to look at; `n` earlier acts are why."""

    code: AlertCode
    n: int


def alerts_for(asked: PastAct, past: Iterable[PastAct], policy: AlertPolicy) -> tuple[Alert, ...]:
    """What is unusual about an act that is about to be signed, the gravest first.

    Args:
        asked: the act as it would be.
        past: those before it, in any order.
    """
    same = home = volume = 0
    for one in past:
        same += one.mandataire == asked.mandataire
        if one.day == asked.day:
            home += one.place is ActPlaceKind.HOME
            volume += one.officer == asked.officer
    if asked.place is not ActPlaceKind.HOME:
        home = 0
    counted = (
        (AlertCode.MANDATAIRE_REPETE, same, policy.same_mandataire),
        (AlertCode.DOMICILES_NOMBREUX, home, policy.home_visits_per_day),
        (AlertCode.ACTES_NOMBREUX, volume, policy.acts_per_day),
    )
    return tuple(Alert(code=code, n=n) for code, n, from_ in counted if n and n >= from_)
