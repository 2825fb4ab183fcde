"""The polling days of one place, and which procurations serve each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from procuration.domain.candidates import Effect
from procuration.domain.people import Place
from procuration.domain.refusal import RefusalCode
from procuration.domain.scrutin import Scrutin, scrutins_of
from procuration.domain.status import Status
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


_OF_STATUS: Final = {
    Status.NULLE_L73: Effect.NULLE_L73,
    Status.RESILIEE: Effect.RESILIEE,
    Status.ANNULEE_L77: Effect.ANNULEE_L77,
    Status.VOTE_PERSONNEL: Effect.VOTE_PERSONNEL,
    Status.UTILISEE: Effect.UTILISEE,
    Status.EN_ATTENTE_HUMAINE: Effect.DOUBT,
}
_CODE: Final = {
    Effect.NULLE_L73: RefusalCode.PLAFOND_DEPASSE.value,
    Effect.DEJA_EXISTANTE: RefusalCode.PROCURATION_DEJA_EXISTANTE.value,
}
"""The other effects say by themselves why."""


def effect_in(row: Procuration, poll: Poll) -> tuple[Effect, str]:
    """What the procuration is worth in this round, and the code of why when its name does not tell.

    A doubt about the procuration itself holds for each round; one about a rival, for the rounds that say so.
    Without a comparison (refused), the status says it. Two ballots of one day that judge a procuration
    differently (R-42) make a doubt: one line cannot say both.
    """
    worth = [(Effect(one["effect"]), one) for one in row.effects]
    if row.status == Status.EN_ATTENTE_HUMAINE and all(effect is not Effect.DOUBT for effect, _ in worth):
        return Effect.DOUBT, row.code
    key = poll.day.isoformat(), poll.number
    of_day = [(effect, one["doubt"]) for effect, one in worth if (one["day"], one["round"]) == key]
    if not of_day:
        effect = _OF_STATUS.get(Status(row.status), Effect.STANDS)
        return effect, _CODE.get(effect, "")
    effect, doubt = of_day[0]
    if any(other is not effect for other, _ in of_day):
        return Effect.DOUBT, ""
    return effect, doubt or _CODE.get(effect, "")
