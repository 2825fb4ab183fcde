"""What the centre tells a town hall of one procuration in one round: its worth beside its rivals (L. 73).

Rivals may be of other communes, whose procurations this town hall never sees: it takes the centre's word.
"""

from dataclasses import dataclass
from typing import Final

from procuration.domain.candidates import Effect
from procuration.domain.status import Doubt
from procuration.errors import RecordRejected
from procuration.record.shape import integer, optional, sequence, text

RANKS_MAX: Final = 64
"""Rounds that one procuration serves: a period lasts three years at most."""
_BALLOT_LENGTH_MAX: Final = 64
_ROUNDS: Final = (1, 2)
_POSITION_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRank:
    """One round.

    Attributes:
        ballot, round: which one, as the calendar names it; the round is 1 or 2.
        effect: what the procuration is worth there.
        rule: which rule of DOMAIN says so; empty when nothing is to say.
        doubt: what nobody but a person can tell.
        position: 1 when no rival stands before it, one more for each that does.
    """

    ballot: str
    round: int
    effect: Effect
    rule: str
    doubt: Doubt | None
    position: int


def rank_value(rank: RoundRank) -> list[object]:
    """`[ballot, round, effect, rule, doubt or null, position]`."""
    doubt = None if rank.doubt is None else rank.doubt.value
    return [rank.ballot, rank.round, rank.effect.value, rank.rule, doubt, rank.position]


def read_rank(value: object) -> RoundRank:
    """Raises: RecordRejected RANK."""
    ballot, round_, effect, rule, doubt, position = sequence(value, 6)
    number, worth, unsure = integer(round_), text(effect), optional(doubt, text)
    if number not in _ROUNDS or worth not in tuple(Effect):
        raise RecordRejected("RANK")
    if unsure is not None and unsure not in tuple(Doubt):
        raise RecordRejected("RANK")
    return RoundRank(
        ballot=text(ballot, maximum=_BALLOT_LENGTH_MAX),
        round=number,
        effect=Effect(worth),
        rule=text(rule),
        doubt=None if unsure is None else Doubt(unsure),
        position=integer(position, minimum=1, maximum=_POSITION_MAX),
    )
