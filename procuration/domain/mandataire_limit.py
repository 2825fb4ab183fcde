"""How many procurations one mandataire may hold for one scrutin (Code électoral, L. 73; R-38 to R-45).

Order is by établissement; what exceeds the ceiling is void by operation of law. A procuration stands when
there is room whatever the doubts, falls when there is none whatever the doubts, and waits for a person
otherwise (R-43).
"""

from collections.abc import Iterable, Sequence

from procuration.domain.candidates import Candidate
from procuration.domain.scrutin import ServedRound


def has_room(served: ServedRound, in_france: bool, before: Sequence[Candidate]) -> bool:
    """Whether one more procuration stands beside those before it (R-38).

    Args:
        served: the round, with the ceilings of the scrutin of the one that asks (R-41, R-42).
        in_france: where the one that asks was drawn up.
        before: those that stand already.
    """
    if len(before) >= served.max_total:
        return False
    return not in_france or sum(one.in_france for one in before) < served.max_france


def first_without_room(
    served: ServedRound, in_france: bool, sure: Sequence[Candidate], possible: Iterable[Candidate]
) -> list[Candidate]:
    """The possible rivals that leave no room, as few as it takes; none when there is room for all.

    Reads no further than it must: a mandataire with thousands of rivals costs as much as one with three.
    """
    counted, doubted = list(sure), []
    for one in possible:
        counted.append(one)
        doubted.append(one)
        if not has_room(served, in_france, counted):
            return doubted
    return []
