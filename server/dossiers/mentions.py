"""The facts that a dossier's own events record, and which of them somebody withdrew (R-50 to R-52; decision
0043). Read from the row alone. Pages call them « mentions ».
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from procuration.domain.candidates import Effect
from procuration.domain.events import Kind
from procuration.domain.facts import ENDS_WITH_THE_MANDANT, ENDS_WITH_THE_MANDATAIRE, VOTES, FactCode
from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.dossiers.selectors import of_place

_LOOKED_AT_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One recorded fact.

    Attributes:
        hash: of its event, in hexadecimal: what a withdrawal names.
        day: local day of the fact; of a vote, the polling day.
    """

    hash: str
    code: FactCode
    day: date


def in_force(row: Procuration) -> list[Mention]:
    """The facts that count, in legal order: recorded, and withdrawn by nobody."""
    gone = withdrawn(row)
    return [one for one in _recorded(row) if one.hash not in gone]


def withdrawn(row: Procuration) -> frozenset[str]:
    """Hashes of the facts of this procuration that were withdrawn."""
    named = {entry["fact"] for entry in row.history if entry["kind"] == Kind.FACT_WITHDRAWN}
    return frozenset(one.hash for one in _recorded(row) if one.hash in named)


def votes_not_cast(row: Procuration) -> frozenset[str]:
    """Days, as the row writes them, of which a vote was recorded by mistake and none is left."""
    gone = withdrawn(row)
    votes = [one for one in _recorded(row) if one.code in VOTES]
    left = {one.day for one in votes if one.hash not in gone}
    return frozenset(one.day.isoformat() for one in votes if one.day not in left)


def _recorded(row: Procuration) -> Iterator[Mention]:
    for entry in row.history:
        if entry["kind"] == Kind.FACT:
            code, day = FactCode(int(entry["decision"])), date.fromisoformat(entry["day"])
            yield Mention(hash=entry["hash"], code=code, day=day)


def ended_from_elsewhere(row: Procuration) -> bool:
    """Whether a fact ends this procuration that is not recorded on it: a death ends every procuration of that
    person, whoever recorded it (L. 77)."""
    ended = [row.status == Status.ANNULEE_L77, *(one["effect"] == Effect.ANNULEE_L77 for one in row.effects)]
    return any(ended) and not any(_person(row, one) for one in in_force(row))


def recorded_on(row: Procuration) -> Procuration | None:
    """Another procuration of the same place whose own fact ends this one; None when another town hall
    recorded it (I-8)."""
    keys = {key for key in (row.mandant_key, row.mandataire_key) if key is not None}
    of_them = Q(mandant_key__in=keys) | Q(mandataire_key__in=keys)
    others = of_place(row.place_code, row.place_type).filter(of_them).exclude(rid=row.rid)
    return next(
        (
            other
            for other in others[:_LOOKED_AT_MAX]
            if any(_person(other, one) in keys for one in in_force(other))
        ),
        None,
    )


def _person(row: Procuration, mention: Mention) -> str | None:
    """Key of the person whom a fact takes out of the vote; None for a vote."""
    key: str | None = None
    if mention.code in ENDS_WITH_THE_MANDANT:
        key = row.mandant_key
    elif mention.code in ENDS_WITH_THE_MANDATAIRE:
        key = row.mandataire_key
    return key
