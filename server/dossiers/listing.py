"""On which registers of which polling days a procuration stands, and at which place: written with its row,
so that a page of a long register is found without reading the whole commune.

Every answer comes from the row alone; the registers that are printed ask the same questions (`registers`).
"""

from collections.abc import Mapping
from typing import Any, Final

from procuration.domain.candidates import Effect
from procuration.domain.events import Kind, TakenBy
from procuration.domain.refusal import RefusalCode
from procuration.domain.register import is_public, is_to_write, name_order
from procuration.domain.status import Status

ACCEPTED: Final = 1
"""How the history of a dossier writes an acceptance."""
ANSWER_AWAITED: Final = "ATTENDUE"
PUBLIC, MARKING = "p", "e"
_ROUNDS: Final = (1, 2)
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
Row = Mapping[str, Any]


def effect_on(row: Row, day: str, number: int) -> tuple[Effect, str]:
    """What a procuration is worth in a round, and the code of why when its name does not tell.

    A doubt about the procuration itself holds for each round; one about a rival, for the rounds that say so.
    Without a comparison (refused), the status says it. Two ballots of one day that judge a procuration
    differently (R-42) make a doubt: one line cannot say both.
    """
    worth = [(Effect(one["effect"]), one) for one in row["effects"]]
    if row["status"] == Status.EN_ATTENTE_HUMAINE and all(effect is not Effect.DOUBT for effect, _ in worth):
        return Effect.DOUBT, row["code"]
    of_day = [(effect, one["doubt"]) for effect, one in worth if (one["day"], one["round"]) == (day, number)]
    if not of_day:
        effect = _OF_STATUS.get(Status(row["status"]), Effect.STANDS)
        return effect, _CODE.get(effect, "")
    effect, doubt = of_day[0]
    if any(other is not effect for other, _ in of_day):
        return Effect.DOUBT, ""
    return effect, doubt or _CODE.get(effect, "")


def is_received(row: Row) -> bool:
    """Whether the town hall or the register has it: it said so, or decided (R-54)."""
    return row["decided_at"] is not None or any(
        entry["kind"] == Kind.TAKEN_IN and entry.get("decision") == TakenBy.TOWN_HALL_OR_REGISTER
        for entry in row["history"]
    )


def was_accepted(row: Row) -> bool | None:
    """What who controls decided; None before, and while the mandataire's town hall has not answered (R-72).

    A refused procuration is compared with no rival, so it has no effects; what a rival ends has.
    """
    if row["status"] == Status.INVALIDEE and not row["effects"]:
        return False
    decisions = [entry["decision"] for entry in row["history"] if entry["kind"] == Kind.DECISION]
    if not decisions or row["decided_at"] is None or row["answer"] == ANSWER_AWAITED:
        return None
    return bool(decisions[-1] == ACCEPTED)


def lists_of(row: Row) -> str:
    """Each polling day that an established row serves, with the lists of its first and of its second round
    on which it stands: "2027-04-11pe--" is the public register and the marking list of a first round.
    """
    if row["established_at"] is None:
        return ""
    received, accepted = is_received(row), was_accepted(row)
    return " ".join(
        day + "".join(_marks(effect_on(row, day, one)[0], received, accepted) for one in _ROUNDS)
        for day in row["polling_days"]
    )


def _marks(effect: Effect, received: bool, accepted: bool | None) -> str:
    public = PUBLIC if is_public(received, accepted, effect) else "-"
    return public + (MARKING if is_to_write(accepted, effect) else "-")


def pattern_of(letter: str, day: str, number: int) -> str:
    """The regular expression that a row's lists match when it stands on one of them; on any, without a
    letter."""
    return day + "." * (2 * (number - 1) + (letter == MARKING)) + letter if letter else day


def order_of(nom: str, prenoms: str) -> bytes:
    """What a mandant is ranked by: bytes, which every database compares alike."""
    return "\0".join(name_order(nom, prenoms)).encode()
