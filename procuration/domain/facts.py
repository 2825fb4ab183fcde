"""What town halls, the register and named persons add to a procuration after it was established: facts about
the people, the answer of the mandataire's town hall, the rulings of the human queue; and the résiliation.

Their meaning for one procuration is in `status`, for several together in `rivals`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum

from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.people import Person, Place
from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalAccount:
    """The person behind a server-signed event: a pseudonym, a role, and the place the account is bound to."""

    pseudonym: str
    role: str
    place: Place | None


class FactCode(IntEnum):
    """What became known of the mandant or of the mandataire (L. 76, L. 77, R. 79, R. 80)."""

    MANDANT_DEAD = 1
    MANDANT_WITHOUT_RIGHTS = 2
    MANDANT_STRUCK_OFF = 3
    MANDATAIRE_DEAD = 4
    MANDATAIRE_WITHOUT_RIGHTS = 5
    MANDANT_VOTED = 6
    MANDATAIRE_VOTED = 7


ENDS_WITH_THE_MANDANT = frozenset(
    {FactCode.MANDANT_DEAD, FactCode.MANDANT_WITHOUT_RIGHTS, FactCode.MANDANT_STRUCK_OFF}
)
"""Nothing is left to vote for (R-52)."""
ENDS_WITH_THE_MANDATAIRE = frozenset({FactCode.MANDATAIRE_DEAD, FactCode.MANDATAIRE_WITHOUT_RIGHTS})
"""Void by law; the mayor tells the mandant (L. 77, R. 80; R-51)."""
VOTES = (FactCode.MANDANT_VOTED, FactCode.MANDATAIRE_VOTED)
"""Who used it, for one round (R-50)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Kind 16. A fact about one of the two persons of a procuration.

    Attributes:
        day: local day of the fact; of a vote, the polling day.
        account: who recorded it; None for the register.
    """

    code: FactCode
    day: date
    account: PortalAccount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWithdrawn:
    """Kind 22. A fact was recorded by mistake: it counts no more, and both events stay (R-50 to R-52;
    decision 0043).

    It withdraws a fact of its own request, and nothing else. Recorded again, a fact is another event.

    Attributes:
        fact_hash: hash of the event of kind 16.
        reason: the agent's own words, for the register.
        account: who withdrew it.
    """

    fact_hash: EventHash
    reason: str = field(repr=False)
    account: PortalAccount


class RulingOutcome(IntEnum):
    """What a named person decided about the events of a case, in the order in which the ruling names them."""

    FIRST_STANDS = 1
    """The first event keeps its effect, the others lose it."""
    NONE_STANDS = 2
    """None of them has an effect."""
    IN_THIS_ORDER = 3
    """They were drawn up in this order; the rules then apply by themselves (R-39)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Kind 17. What a person decided where the rules or the clocks do not (DESIGN, decision 5; R-43, R-49).

    Another ruling about the same events replaces it; nothing else does.

    Attributes:
        decided_on: hashes of the events of the case, one to sixteen, each once.
        reason: the person's own words, for the register.
    """

    decided_on: tuple[EventHash, ...]
    outcome: RulingOutcome
    reason: str = field(repr=False)
    account: PortalAccount


@dataclass(frozen=True, slots=True, order=True)
class Ruled:
    """A ruling at its place: the last one about the same events is in force.

    Attributes:
        at: by the centre's clock, aware UTC.
        seq, hash: of its event.
    """

    at: datetime
    seq: int
    hash: EventHash
    ruling: Ruling = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MandataireAnswer:
    """Kind 18. The mandataire's town hall has checked the ceiling of L. 73 for its own elector (R. 213-1 3°;
    R-72).

    Attributes:
        act_hash: hash of the event that carries the act asked about.
        code: why not; None when the mandataire may hold this procuration.
    """

    act_hash: EventHash
    code: RefusalCode | None
    account: PortalAccount | None


ANSWER_CODES = (
    RefusalCode.PLAFOND_DEPASSE,
    RefusalCode.MANDATAIRE_INTROUVABLE,
    RefusalCode.MANDATAIRE_SANS_DROITS,
)
"""What the mandataire's town hall may answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationSubject:
    """Which procurations a mandant ends (L. 75, R. 78).

    Attributes:
        rid: the request, when its paper or its record is at hand.
        vote_place: where the mandant is enrolled.
        validity: the scrutin or period concerned, None for every procuration.
    """

    rid: Rid | None
    mandant: Person = field(repr=False)
    vote_place: Place
    validity: Validity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """Kind 3. A mandant ends procurations before a competent authority; no motive is asked (R-46).

    Attributes:
        signed_act: encoded COSE_Sign1 of typ procu/act/1, its decision `REVOKED`.
    """

    signed_act: bytes
    subject: RevocationSubject
