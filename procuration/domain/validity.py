"""How long a procuration serves: one scrutin with its rounds, or a period (Code électoral, R. 74).

Decides what a choice means and whether it is acceptable at entry and at établissement (R-28 to R-36).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime
from enum import IntFlag

from procuration.domain.people import Place
from procuration.domain.scrutin import Round, Scrutin, ServedRound, scrutins_of
from procuration.errors import RuleViolated


class Rounds(IntFlag):
    """Which rounds (tours) of a scrutin."""

    FIRST = 1
    SECOND = 2
    BOTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OneScrutin:
    """One scrutin of the calendar, first round, second round or both. It covers all elections of its days
    (R-31)."""

    scrutin_id: str
    rounds: Rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Every scrutin whose local polling day lies between two days, both included (R-35)."""

    first_day: date
    last_day: date


Validity = OneScrutin | Period


def add_years(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 when there is none, and nothing lies after
    the last representable day."""
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def check_period(period: Period, years_max: int, from_day: date) -> None:
    """A period counted from `from_day`: today at entry, the day of établissement at the brigade (R-29).

    Args:
        years_max: the ceiling of the law table for this elector (R-29, R-30).
    Raises: RuleViolated PERIODE_PASSEE, PERIODE_INVERSEE, DUREE_EXCESSIVE (ids: years).
    """
    if period.last_day < period.first_day:
        raise RuleViolated("PERIODE_INVERSEE")
    if period.last_day < from_day:
        raise RuleViolated("PERIODE_PASSEE")
    if period.last_day > add_years(from_day, years_max):
        raise RuleViolated("DUREE_EXCESSIVE", years=years_max)


def rounds_covered(validity: Validity, calendar: Iterable[Scrutin], vote_place: Place) -> tuple[Round, ...]:
    """The rounds that a validity covers for this place, by closing. A scrutin of another place gives none."""
    return tuple(round_ for _, _, round_ in _covered(validity, calendar, vote_place))


class Ballots:
    """The calendar as validities are compared with it: each question is answered once, then remembered."""

    def __init__(self, calendar: Iterable[Scrutin]) -> None:
        self._calendar = tuple(calendar)
        self._known: dict[tuple[Validity, Place], tuple[ServedRound, ...]] = {}

    def served(self, validity: Validity, vote_place: Place) -> tuple[ServedRound, ...]:
        """The rounds that a validity covers for this place, by closing, with the ceilings of their scrutin
        (R-41)."""
        question = validity, vote_place
        known = self._known.get(question)
        if known is None:
            known = self._known[question] = tuple(
                ServedRound(
                    key=(scrutin.ballot, number),
                    day=round_.day,
                    closes_at=round_.closes_at,
                    max_total=scrutin.max_total,
                    max_france=scrutin.max_france,
                )
                for scrutin, number, round_ in _covered(validity, self._calendar, vote_place)
            )
        return known


def _covered(
    validity: Validity, calendar: Iterable[Scrutin], vote_place: Place
) -> list[tuple[Scrutin, int, Round]]:
    covered = []
    for scrutin in scrutins_of(vote_place, calendar):
        for number, round_ in enumerate(scrutin.rounds, 1):
            match validity:
                case OneScrutin(scrutin_id=chosen, rounds=rounds):
                    serves = chosen == scrutin.id and bool(rounds & Rounds(number))
                case Period(first_day=first_day, last_day=last_day):
                    serves = first_day <= round_.day <= last_day
            if serves:
                covered.append((scrutin, number, round_))
    return sorted(covered, key=lambda one: one[2].closes_at)


def check_scrutin(choice: OneScrutin, calendar: Iterable[Scrutin], vote_place: Place, now: datetime) -> None:
    """A choice is of the calendar, held at this place, and not closed; being near never refuses it (R-36).

    Raises: RuleViolated SCRUTIN_INCONNU, TOURS, SCRUTIN_PASSE.
    """
    held = scrutins_of(vote_place, calendar)
    if not any(scrutin.id == choice.scrutin_id for scrutin in held):
        raise RuleViolated("SCRUTIN_INCONNU")
    rounds = rounds_covered(choice, held, vote_place)
    if not choice.rounds or len(rounds) != choice.rounds.bit_count():
        raise RuleViolated("TOURS")
    if rounds[-1].closes_at <= now:
        raise RuleViolated("SCRUTIN_PASSE")
