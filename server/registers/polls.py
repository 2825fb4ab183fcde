"""The polling days of one place, and which procurations serve each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from procuration.domain.candidates import Effect
from procuration.domain.people import Place
from procuration.domain.scrutin import Scrutin, scrutins_of
from server.dossiers.listing import effect_on
from server.dossiers.models import Procuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One polling day and round of one place. Elections held together are one (R-31).

    Attributes:
        number: 1 or 2, the round.
        elections: codes of `Scrutin.elections`.
        closes_at: the last closing, aware UTC.
    """

    day: date
    number: int
    elections: tuple[str, ...]
    closes_at: datetime


def polls_of(place: Place, calendar: Iterable[Scrutin]) -> list[Poll]:
    """Every polling day of a place that the calendar knows, the oldest first."""
    found: dict[tuple[date, int], Poll] = {}
    for scrutin in scrutins_of(place, calendar):
        for number, round_ in enumerate(scrutin.rounds, start=1):
            same = found.get((round_.day, number))
            found[round_.day, number] = Poll(
                day=round_.day,
                number=number,
                elections=(*(same.elections if same else ()), *scrutin.elections),
                closes_at=max(round_.closes_at, same.closes_at) if same else round_.closes_at,
            )
    return [found[key] for key in sorted(found)]


def find_poll(place: Place, calendar: Iterable[Scrutin], day: date, number: int) -> Poll | None:
    """The polling day of a place, None when the calendar has none that day with that round."""
    return next(
        (poll for poll in polls_of(place, calendar) if (poll.day, poll.number) == (day, number)), None
    )


def serves(row: Procuration, poll: Poll) -> bool:
    """Whether the procuration covers this polling day. The poll is of the row's own place: its day tells the
    round."""
    return poll.day.isoformat() in row.polling_days


def effect_in(row: Procuration, poll: Poll) -> tuple[Effect, str]:
    """What the procuration is worth in this round, and the code of why when its name does not tell."""
    return effect_on(vars(row), poll.day.isoformat(), poll.number)
