"""What one established procuration brings to the comparison with its rivals, and what comes out of it.

Rivals are the procurations of one mandant, or held by one mandataire, for one round of one ballot. `rivals`
compares them; here are the values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum

from procuration.domain.facts import FactCode
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.instants import Interval
from procuration.domain.scrutin import RoundKey, ServedRound
from procuration.domain.status import Doubt


class Effect(StrEnum):
    """What a procuration is worth for one round."""

    STANDS = "STANDS"
    NULLE_L73 = "NULLE_L73"
    DEJA_EXISTANTE = "DEJA_EXISTANTE"
    RESILIEE = "RESILIEE"
    ANNULEE_L77 = "ANNULEE_L77"
    VOTE_PERSONNEL = "VOTE_PERSONNEL"
    UTILISEE = "UTILISEE"
    ECARTEE = "ECARTEE"
    DOUBT = "DOUBT"


class SecondProcuration(StrEnum):
    """What a second procuration of one mandant does without a résiliation: the articles do not say (R-49)."""

    REQUIRE_RESILIATION = "REQUIRE_RESILIATION"
    LAST_WINS = "LAST_WINS"


class CeilingRevival(StrEnum):
    """Whether what was void for the ceiling revives when one before it ends: the articles do not say (DOMAIN
    2.4, row 9)."""

    HUMAN = "HUMAN"
    STRICT = "STRICT"
    LENIENT = "LENIENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What ends a procuration from an instant on: a résiliation, or the loss of one of the two persons.

    Attributes:
        effect: RESILIEE or ANNULEE_L77.
        rounds: those concerned, None for all.
        cause: the event that says so.
        log_id, seq: where it stands, for a résiliation: within one log the order is certain.
    """

    effect: Effect
    when: Interval
    rounds: frozenset[RoundKey] | None
    cause: EventHash
    rule: str
    log_id: LogId | None = None
    seq: int = 0

    def covers(self, served: ServedRound) -> bool:
        """Whether it ends this round: it concerns it and came before its poll closed."""
        return (self.rounds is None or served.key in self.rounds) and self.when.earliest < served.closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An established procuration, not refused by who controls it (R-45).

    Attributes:
        act_hashes: the events that established it; the first one counts.
        log_id, seq: where the first one stands: within one log the order is certain.
        drawn_up: when (dressée), as far as the evidence goes.
        claimed_at, officer: the second that the act claims, and who signed it.
        in_france: whether it was drawn up on the national territory (L. 73).
        mandant, mandataire: keys of the persons (`people.civil_key`).
        marks: what else tells two mandants of one key apart: sex and elector number, empty when not said.
        transmitted_at: when the centre first had it, None while it has not.
        votes: who voted on which day.
        doubts: reasons for a person to decide that do not come from a rival.
        doubted_by: the events that the first of them is about; a ruling settles it when it names them.
    """

    rid: Rid
    act_hashes: tuple[EventHash, ...]
    log_id: LogId
    seq: int
    drawn_up: Interval
    claimed_at: datetime
    officer: str = field(repr=False)
    in_france: bool
    mandant: str = field(repr=False)
    mandataire: str = field(repr=False)
    marks: tuple[str, str] = field(default=("", ""), repr=False)
    transmitted_at: datetime | None
    rounds: tuple[ServedRound, ...]
    endings: tuple[Ending, ...] = ()
    votes: tuple[tuple[FactCode, date], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    doubted_by: frozenset[EventHash] = frozenset()
    second: SecondProcuration = SecondProcuration.REQUIRE_RESILIATION
    revival: CeilingRevival = CeilingRevival.HUMAN

    def is_somebody_else(self, other: "Candidate") -> bool:
        """Whether two mandants of one key are certainly two persons."""
        return any(mine and its and mine != its for mine, its in zip(self.marks, other.marks, strict=True))

    def serving(self, key: RoundKey) -> ServedRound:
        """The round of that key, which it serves."""
        for served in self.rounds:
            if served.key == key:
                return served
        raise KeyError(key)

    def endings_of(self, key: RoundKey) -> list[Ending]:
        """What ends it for a round."""
        if not self.endings:
            return []
        served = self.serving(key)
        return [ending for ending in self.endings if ending.covers(served)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOutcome:
    """What a procuration is worth for one round, and why.

    Attributes:
        because: the requests that it gives way to, or that the doubt is about.
    """

    effect: Effect
    rule: str
    doubt: Doubt | None = None
    because: tuple[Rid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What one walk over the procurations learns of some that it had judged already.

    Attributes:
        in_doubt_since: by which others of the same mandant (R-49).
        replaced: by which one of the mandant that came next, where the law table says that the last wins.
    """

    in_doubt_since: Mapping[Rid, frozenset[Rid]] = field(default_factory=dict)
    replaced: Mapping[Rid, frozenset[Rid]] = field(default_factory=dict)

    def with_more(self, other: "Later") -> "Later":
        """The same with what another walk learned; nothing is ever taken back: the walks come to an end."""
        return Later(
            in_doubt_since=_united(self.in_doubt_since, other.in_doubt_since),
            replaced=_united(self.replaced, other.replaced),
        )


def _united(
    some: Mapping[Rid, frozenset[Rid]], others: Mapping[Rid, frozenset[Rid]]
) -> dict[Rid, frozenset[Rid]]:
    return {
        rid: some.get(rid, frozenset()) | others.get(rid, frozenset()) for rid in some.keys() | others.keys()
    }


class Alive(Enum):
    """Whether a procuration was still in force when another one was drawn up."""

    YES = 1
    MAYBE = 2
    NO = 3
