"""What a case of the human queue is, and what may be decided about it (DESIGN, decision 5). Pure: `queue`
reads, `rulings` writes.

A ruling names events and says which of them stands. Three questions use three sets of names, so that an
answer to one is never read as an answer to another: one event set aside for its clock; several acts of one
request; acts of several requests, with whatever else the doubt is about.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from procuration.domain.acts import Act
from procuration.domain.candidates import SecondProcuration
from procuration.domain.facts import Fact, PortalAccount, RulingOutcome
from procuration.domain.identifiers import EventHash
from procuration.domain.instants import Interval
from procuration.domain.status import RULE_OF_DOUBT, Doubt
from procuration.record.facts import RULED_EVENTS_MAX
from server.dossiers.models import Procuration, Withdrawal
from server.ledger.enums import Aside
from server.ledger.models import Device
from server.ledger.proofs import Covered

SIDES_MAX: Final = RULED_EVENTS_MAX
LETTERS: Final = "ABCDEFGHIJKLMNOP"
assert len(LETTERS) == SIDES_MAX


class Level(StrEnum):
    """Which question a case asks about a request; part of its address."""

    ASIDE = "mise-de-cote"
    ACTS = "actes"
    RIVALS = "rivales"


def level_of(code: str) -> Level:
    """The question behind the code of a row that waits for a person."""
    if code in tuple(Aside):
        return Level.ASIDE
    return Level.ACTS if code == Doubt.DEUX_DECISIONS else Level.RIVALS


def rule_of(code: str) -> str:
    """The rule that sends a case to a person."""
    return RULE_OF_DOUBT[Doubt(code)] if code in tuple(Doubt) else "R-43"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActSide:
    """An act of a case with what is proved of it.

    Attributes:
        letter: how the page names it; empty for one that is only shown.
        act: None for an event set aside before its act was looked at.
        claimed_at: what it says of its own time.
        proved: between which instants it was drawn up.
        may_count: whether a person may let it count: False for one whose device was revoked meanwhile.
        keyed_in: a paper form: its place in the log of the centre says nothing of when it was drawn up.
    """

    letter: str = ""
    hash: EventHash
    procuration: Procuration = field(repr=False)
    act: Act | None = field(repr=False)
    claimed_at: datetime
    proved: Interval
    device: Device
    seq: int
    received_at: datetime
    proof: Covered | None
    may_count: bool = True
    keyed_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalSide:
    """A résiliation that may end the procuration of a case."""

    hash: EventHash
    withdrawal: Withdrawal = field(repr=False)
    device: Device
    received_at: datetime
    proof: Covered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteSide:
    """Somebody is said to have voted."""

    hash: EventHash
    fact: Fact
    received_at: datetime
    proof: Covered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A ruling about a case, as its event says."""

    hash: EventHash
    at: datetime
    outcome: RulingOutcome
    decided_on: tuple[EventHash, ...]
    reason: str = field(repr=False)
    account: PortalAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One ruling that a choice writes: an outcome, and the events in their order."""

    outcome: RulingOutcome
    decided_on: tuple[EventHash, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that a person may decide.

    Attributes:
        key: what the form sends, e.g. "keep-A", "order-B-A", "none".
        words: key of its sentence in the catalogue, under the code of the case.
        letters: the sides that the sentence names, in order.
    """

    key: str
    words: str
    letters: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of the queue.

    Attributes:
        rid: of the request by which it was opened.
        code: a `Doubt`, or an `Aside` of FOR_A_PERSON.
        waits: whether it still needs a person.
        closing: the nearest closing that it can still change, None when the calendar knows none.
        sides: what a decision chooses between, at most SIDES_MAX.
        beside: acts that are shown and not decided on.
        left_out: rivals beyond SIDES_MAX: they come back as another case.
        rulings: about these events, the oldest first.
    """

    rid: str
    level: Level
    code: str
    waits: bool
    closing: datetime | None
    sides: tuple[ActSide, ...]
    beside: tuple[ActSide, ...] = ()
    withdrawals: tuple[WithdrawalSide, ...] = ()
    votes: tuple[VoteSide, ...] = ()
    rulings: tuple[Given, ...] = ()
    left_out: int = 0

    @property
    def rule(self) -> str:
        """The rule that sends it to a person."""
        return rule_of(self.code)

    @property
    def last_ruling(self) -> str:
        """Hash of the ruling given last, in hexadecimal; empty while there is none."""
        return self.rulings[-1].hash.hex() if self.rulings else ""

    @property
    def token(self) -> str:
        """What a form sends back to show which case its author had before their eyes: the sides as the page
        named them, and the ruling in force."""
        sides = " ".join(f"{side.letter}{side.hash.hex()}" for side in self.sides)
        return f"{sha256(f'{self.code} {sides}'.encode()).hexdigest()[:32]}.{self.last_ruling}"

    @property
    def procurations(self) -> list[Procuration]:
        """The procurations that a decision concerns, each once."""
        return list({side.procuration.rid: side.procuration for side in self.sides}.values())

    @property
    def can_be_ruled(self) -> bool:
        """Whether a decision here can settle it: a forked log or a silent law cannot be ruled away."""
        return bool(self.sides) and self.code not in (Aside.FORK, Aside.LOI_INCONNUE)

    def choice(self, key: str) -> Choice | None:
        """The choice of that key, None when it is not one of this case."""
        if self.takes_ranks and key.startswith("order-"):
            sides = {side.letter: side.hash for side in self.sides}
            letters = key.split("-")[1:]
            return in_order(sides, letters) if sorted(letters) == sorted(sides) else None
        return next((one for one in choices_of(self) if one.key == key), None)

    @property
    def takes_ranks(self) -> bool:
        """Whether the page asks for the rank of each: an order of more than two has too many choices."""
        return len(self.sides) > 2 and _order_may_settle(self)


def choices_of(case: Case) -> list[Choice]:
    """What may be decided, in the order of the page."""
    if not case.can_be_ruled:
        return []
    sides = {side.letter: side.hash for side in case.sides}
    match case.code:
        case Aside.CLOCK | Aside.REVOCATION:
            return _about_clocks(case.sides)
        case Doubt.PLAFOND_LIBERE:
            return _for_or_against(sides, [side.hash for side in case.beside], None)
        case Doubt.RESILIATION_INCERTAINE:
            return _for_or_against(sides, [one.hash for one in case.withdrawals], None)
        case Doubt.VOTES_CONTRAIRES:
            return _for_or_against(sides, [one.hash for one in case.votes], RulingOutcome.NONE_STANDS)
        case Doubt.ACTES_SIMULTANES:
            return [*_one_of(sides)[:-1], _all_of(sides), _one_of(sides)[-1]]
        case _:
            orders = _orders(sides) if _order_may_settle(case) else []
            return [*orders, *_one_of(sides)]


def _order_may_settle(case: Case) -> bool:
    """Whether the rules decide by themselves once the order is known: those of the ceiling do (R-39); those
    of a second procuration do where the last one replaces the one before it (R-49)."""
    if case.code == Doubt.DEUX_PROCURATIONS:
        owns = (one.own for one in case.procurations)
        return all(own is not None and own["second"] == SecondProcuration.LAST_WINS for own in owns)
    return case.code == Doubt.ORDRE_INCERTAIN


def _one_of(sides: Mapping[str, EventHash]) -> list[Choice]:
    every = tuple(sides.values())
    kept = [
        Choice(key=f"keep-{letter}", words="keep", letters=(letter,), parts=(_first(one, every),))
        for letter, one in sides.items()
    ]
    none = Part(outcome=RulingOutcome.NONE_STANDS, decided_on=every)
    return [*kept, Choice(key="none", words="none", letters=tuple(sides), parts=(none,))]


def _all_of(sides: Mapping[str, EventHash]) -> Choice:
    """Each stands by itself: two officers may share a name, and a second."""
    parts = tuple(Part(outcome=RulingOutcome.FIRST_STANDS, decided_on=(one,)) for one in sides.values())
    return Choice(key="all", words="all", letters=tuple(sides), parts=parts)


def _orders(sides: Mapping[str, EventHash]) -> list[Choice]:
    """Which one was drawn up first. Of more than two, the page asks for the rank of each: `in_order`."""
    if len(sides) != 2:
        return []
    first, second = sides
    return [in_order(sides, letters) for letters in ((first, second), (second, first))]


def in_order(sides: Mapping[str, EventHash], letters: Sequence[str]) -> Choice:
    """They were drawn up in this order."""
    part = Part(outcome=RulingOutcome.IN_THIS_ORDER, decided_on=tuple(sides[letter] for letter in letters))
    return Choice(key="-".join(("order", *letters)), words="order", letters=tuple(letters), parts=(part,))


def _for_or_against(
    sides: Mapping[str, EventHash], about: Sequence[EventHash], against: RulingOutcome | None
) -> list[Choice]:
    """One procuration, and what speaks against it: it stands, or that does."""
    ((letter, one),) = sides.items()
    names = (one, *about)[:RULED_EVENTS_MAX]
    lost = (
        Part(outcome=RulingOutcome.NONE_STANDS, decided_on=names)
        if against is RulingOutcome.NONE_STANDS or len(names) == 1
        else Part(outcome=RulingOutcome.FIRST_STANDS, decided_on=(*names[1:], one))
    )
    return [
        Choice(key=f"keep-{letter}", words="keep", letters=(letter,), parts=(_first(one, names),)),
        Choice(key="none", words="none", letters=(letter,), parts=(lost,)),
    ]


def _about_clocks(sides: Iterable[ActSide]) -> list[Choice]:
    choices = []
    for side in sides:
        outcomes = {"keep": RulingOutcome.FIRST_STANDS, "drop": RulingOutcome.NONE_STANDS}
        if not side.may_count:
            del outcomes["keep"]
        choices += [
            Choice(
                key=f"{words}-{side.letter}",
                words=words,
                letters=(side.letter,),
                parts=(Part(outcome=outcome, decided_on=(side.hash,)),),
            )
            for words, outcome in outcomes.items()
        ]
    return choices


def _first(one: EventHash, every: Iterable[EventHash]) -> Part:
    others = tuple(other for other in every if other != one)
    return Part(outcome=RulingOutcome.FIRST_STANDS, decided_on=(one, *others))


def narrowed(part: Part, names: frozenset[EventHash]) -> Part:
    """The same decision said of fewer events: what an earlier ruling about those must now say."""
    kept = tuple(one for one in part.decided_on if one in names)
    if part.outcome is RulingOutcome.FIRST_STANDS and part.decided_on[0] not in names:
        return Part(outcome=RulingOutcome.NONE_STANDS, decided_on=kept)
    return Part(outcome=part.outcome, decided_on=kept)


def level_of_names(
    names: Sequence[EventHash], withheld: Collection[EventHash], own_acts: frozenset[EventHash]
) -> Level:
    """Which question of a request a ruling answers, by the events that it names.

    Args:
        withheld: events of the request that a clock speaks against.
        own_acts: its acts.
    """
    if len(names) == 1 and names[0] in withheld:
        return Level.ASIDE
    return Level.ACTS if len(names) > 1 and own_acts.issuperset(names) else Level.RIVALS
