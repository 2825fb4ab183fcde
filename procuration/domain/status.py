"""From events to the status of one procuration (DESIGN 5).

The status is a function of the *set* of events: the order in which they arrived never matters (I-2).
Causes stand before
effects, then the legal date, then the hash. What several procurations mean to one another (L. 73) is
decided elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, datetime
from enum import IntEnum, StrEnum
from typing import Final

from procuration.domain.acts import ActDecision
from procuration.domain.events import (
    ActRecorded,
    Decision,
    Filed,
    PaperForm,
    RecordedEvent,
    ReferenceGiven,
    TakenBy,
    TakenIn,
)
from procuration.domain.facts import Fact, MandataireAnswer, Ruled, Ruling, RulingOutcome
from procuration.domain.facts_in_force import without_withdrawn_facts
from procuration.domain.identifiers import EventHash
from procuration.domain.purged import not_purged, purge_in_force, rule_of
from procuration.domain.reference import Reference
from procuration.domain.refusal import RULE, RefusalCode


class Status(IntEnum):
    """Where one procuration stands. Numbers travel in records and never change their meaning."""

    INCONNUE = 0
    DEMANDE = 1
    ETABLIE = 2
    TRANSMISE = 3
    RECUE = 4
    VALIDEE = 5
    EXPIREE = 6
    REFUSEE = 7
    RECUEILLIE = 8
    INVALIDEE = 9
    NULLE_L73 = 10
    EN_ATTENTE_HUMAINE = 11
    RESILIEE = 12
    ANNULEE_L77 = 13
    UTILISEE = 14
    VOTE_PERSONNEL = 15
    ECHUE = 16
    PURGEE = 17


class Doubt(StrEnum):
    """Why a person must decide: what the row and the queue show beside EN_ATTENTE_HUMAINE."""

    DEUX_DECISIONS = "DEUX_DECISIONS"
    """One officer established what another refused, or they saw two requests under one rid."""
    ORDRE_INCERTAIN = "ORDRE_INCERTAIN"
    """The clocks do not say which procuration was drawn up first (R-43)."""
    PLAFOND_LIBERE = "PLAFOND_LIBERE"
    """Void for the ceiling, and one of those before it ended since (DOMAIN 2.4, row 9)."""
    DEUX_PROCURATIONS = "DEUX_PROCURATIONS"
    """The mandant gave two, and no résiliation stands between them (R-49)."""
    RESILIATION_INCERTAINE = "RESILIATION_INCERTAINE"
    """A résiliation may be earlier or later than the procuration, or names several persons (R-46)."""
    ACTES_SIMULTANES = "ACTES_SIMULTANES"
    """One officer drew up two procurations at the same second in two places (R-18)."""
    VOTES_CONTRAIRES = "VOTES_CONTRAIRES"
    """Both the mandant and the mandataire are said to have voted (R-50)."""


RULE_OF_DOUBT: Final[dict[Doubt, str]] = {
    Doubt.DEUX_DECISIONS: "R-18",
    Doubt.ORDRE_INCERTAIN: "R-43",
    Doubt.PLAFOND_LIBERE: "R-39",
    Doubt.DEUX_PROCURATIONS: "R-49",
    Doubt.RESILIATION_INCERTAINE: "R-46",
    Doubt.ACTES_SIMULTANES: "R-18",
    Doubt.VOTES_CONTRAIRES: "R-50",
}

ESTABLISHED: Final = frozenset(
    {Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.VALIDEE, Status.INVALIDEE}
)
_BEFORE_AN_ACT = frozenset({Status.INCONNUE, Status.DEMANDE, Status.RECUEILLIE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The status of one procuration by its own events, and what it rests on.

    Attributes:
        code: why, when it is refused or invalidated (I-10).
        doubt: why a person must decide.
        rule: the rule of the last change, e.g. "R-18".
        filed, filed_at, filed_hash: the request that an officer acted on; before any act, the earliest.
        reference: as filed, or given later.
        established: the event that established it first; its act ranks rivals (L. 73; R-39).
        act_hashes: events that established it; the first one counts, a repeated act changes nothing.
        transmitted_at: when the centre first said that it had it (R-54).
        decision: the last decision of the town hall or the register; decided_at: when.
        answer: what the mandataire's town hall last answered (R-72).
        facts: about its two persons, in force, each with the hash of its event.
        rulings: what persons decided between it and others; those between its own acts have had their effect.
    """

    status: Status = Status.INCONNUE
    code: RefusalCode | None = None
    doubt: Doubt | None = None
    rule: str = ""
    filed: Filed | None = None
    filed_at: datetime | None = None
    filed_hash: EventHash | None = None
    reference: Reference | None = None
    established: RecordedEvent | None = None
    act_hashes: tuple[EventHash, ...] = ()
    transmitted_at: datetime | None = None
    decision: Decision | None = None
    decided_at: datetime | None = None
    answer: MandataireAnswer | None = None
    facts: tuple[tuple[Fact, EventHash], ...] = ()
    rulings: tuple[Ruled, ...] = ()

    @property
    def established_at(self) -> datetime | None:
        """When it was drawn up (dressée), by the officer's clock."""
        return None if self.established is None else self.established.claimed_at


_NOTHING_KNOWN: Final = Standing()


def status_of(events: Iterable[RecordedEvent]) -> Status:
    """Status of one procuration. The order in which the events arrived never matters."""
    return standing_of(events).status


def standing_of(events: Iterable[RecordedEvent]) -> Standing:
    """Status of one procuration and what it rests on; all events are of one rid. Repetition changes
    nothing."""
    standing, every = _NOTHING_KNOWN, not_purged(list(events))
    if (purge := purge_in_force(every)) is not None:
        return Standing(status=Status.PURGEE, rule=rule_of(purge))
    for event in told_in_order(every):
        standing = after(standing, event)
    if not standing.rulings:
        return standing
    acts = frozenset(event.hash for event in every if event.act is not None)
    return replace(standing, rulings=tuple(one for one in standing.rulings if not _is_between(one, acts)))


def _is_between(one: Ruled, acts: frozenset[EventHash]) -> bool:
    """Whether a ruling chose between these acts of one request: it says nothing of its rivals, and must not
    be read as if it kept the procuration before them."""
    return len(one.ruling.decided_on) > 1 and acts.issuperset(one.ruling.decided_on)


def told_in_order(events: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """The events that count, in legal order: each once, no rival request, no act that a ruling put aside, no
    fact that was withdrawn."""
    ordered = sorted({event.hash: event for event in events}.values(), key=legal_order)
    if len(ordered) == 1:
        return ordered
    ruled_out = _ruled_out(ordered)
    kept = [event for event in ordered if event.hash not in ruled_out]
    return _without_rivals(without_withdrawn_facts(kept))


def last_rulings(rulings: Iterable[Ruled]) -> dict[frozenset[EventHash], Ruling]:
    """The ruling in force for each set of events, the one that was given last at the end."""
    found: dict[frozenset[EventHash], Ruling] = {}
    for one in sorted(rulings):
        events = frozenset(one.ruling.decided_on)
        found.pop(events, None)
        found[events] = one.ruling
    return found


def ruled(event: RecordedEvent, ruling: Ruling) -> Ruled:
    """A ruling at its place."""
    return Ruled(event.envelope.wall, event.envelope.seq, event.hash, ruling)


def _ruled_out(ordered: Sequence[RecordedEvent]) -> set[EventHash]:
    """The acts of this procuration that a ruling between its own acts leaves without effect."""
    acts = {event.hash for event in ordered if event.act is not None}
    rulings = last_rulings(
        ruled(event, event.content) for event in ordered if isinstance(event.content, Ruling)
    )
    lost: set[EventHash] = set()
    for events, ruling in rulings.items():
        if len(events) > 1 and events <= acts:
            match ruling.outcome:
                case RulingOutcome.FIRST_STANDS:
                    lost |= set(ruling.decided_on[1:])
                case RulingOutcome.NONE_STANDS:
                    lost |= events
                case RulingOutcome.IN_THIS_ORDER:
                    continue
    return lost


def _without_rivals(ordered: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """The events without any request other than the one that the first act names.

    Any enrolled tablet can file under a rid it has seen, with the clock it likes: what an officer checked
    with the person is the request, whoever says to have filed first (I-3).
    """
    seen = next((event.act.filed_hash for event in ordered if _is_act(event) and event.act is not None), None)
    return [
        event
        for event in ordered
        if seen is None or event.hash == seen or not isinstance(event.content, Filed)
    ]


def _is_act(event: RecordedEvent) -> bool:
    return isinstance(event.content, ActRecorded | PaperForm)


def legal_order(event: RecordedEvent) -> tuple[int, datetime, int, bytes]:
    """Causes before effects, then the legal date, then the place in the log, then the hash: values inside the
    events only, never arrival."""
    return _cause_rank(event), event.claimed_at, event.envelope.seq, event.hash


def _cause_rank(event: RecordedEvent) -> int:
    match event.content:
        case Filed():
            return 0
        case ReferenceGiven():
            return 1
        case ActRecorded() if event.act is not None and event.act.decision is ActDecision.COLLECTED:
            return 2
        case ActRecorded() | PaperForm():
            return 3
        case TakenIn(by=TakenBy.CENTRE):
            return 4
        case TakenIn():
            return 5
        case _:
            return 6


def after(standing: Standing, event: RecordedEvent) -> Standing:
    """The standing once one more event is known; an event that does not fit changes nothing."""
    match event.content:
        case Filed() as filed:
            return _after_filed(standing, event, filed)
        case ReferenceGiven(reference=reference):
            return replace(standing, reference=standing.reference or reference)
        case ActRecorded() | PaperForm():
            return _after_act(standing, event)
        case TakenIn() as taken:
            return _after_taken_in(standing, event, taken)
        case Decision() as decision:
            return _after_decision(standing, event, decision)
        case MandataireAnswer() as answer if answer.act_hash in standing.act_hashes:
            return replace(standing, answer=answer)
        case Fact() as fact:
            return replace(standing, facts=(*standing.facts, (fact, event.hash)))
        case Ruling() as ruling:
            return replace(standing, rulings=(*standing.rulings, ruled(event, ruling)))
        case _:
            return standing


def _after_filed(standing: Standing, event: RecordedEvent, filed: Filed) -> Standing:
    if standing.filed is not None:
        return standing
    return replace(
        standing,
        status=Status.DEMANDE,
        rule="R-27",
        filed=filed,
        filed_at=event.envelope.wall,
        filed_hash=event.hash,
        reference=filed.reference,
    )


def _after_act(standing: Standing, event: RecordedEvent) -> Standing:
    act = event.act
    if act is None:
        return standing
    if standing.filed_hash not in (None, act.filed_hash):
        # Two officers saw two requests under one rid: a program does not choose (DESIGN, decision 5).
        return _in_doubt(standing, Doubt.DEUX_DECISIONS)
    match act.decision:
        case ActDecision.ESTABLISHED if standing.status in _BEFORE_AN_ACT:
            return replace(
                standing, status=Status.ETABLIE, rule="R-18", established=event, act_hashes=(event.hash,)
            )
        case ActDecision.ESTABLISHED if standing.status in ESTABLISHED:
            return replace(standing, act_hashes=(*standing.act_hashes, event.hash))
        case ActDecision.REFUSED if standing.status in _BEFORE_AN_ACT:
            code = act.refusal_code
            rule = "R-18" if code is None else RULE.get(code, "R-18")
            return replace(standing, status=Status.REFUSEE, code=code, rule=rule)
        case ActDecision.COLLECTED if standing.status is Status.DEMANDE:
            return replace(standing, status=Status.RECUEILLIE, rule="R-15")
        case ActDecision.ESTABLISHED | ActDecision.REFUSED if standing.status is not act_status(act.decision):
            # One officer established what another refused: a program does not choose (DESIGN, decision 5).
            return _in_doubt(standing, Doubt.DEUX_DECISIONS)
        case _:
            return standing


def _in_doubt(standing: Standing, doubt: Doubt) -> Standing:
    return replace(
        standing, status=Status.EN_ATTENTE_HUMAINE, doubt=doubt, code=None, rule=RULE_OF_DOUBT[doubt]
    )


def act_status(decision: ActDecision) -> Status:
    """The status that an act alone gives."""
    return {
        ActDecision.ESTABLISHED: Status.ETABLIE,
        ActDecision.REFUSED: Status.REFUSEE,
        ActDecision.REVOKED: Status.RESILIEE,
        ActDecision.COLLECTED: Status.RECUEILLIE,
    }[decision]


def _after_taken_in(standing: Standing, event: RecordedEvent, taken: TakenIn) -> Standing:
    if taken.act_hash not in standing.act_hashes:
        return standing
    if taken.by is TakenBy.CENTRE:
        known = replace(standing, transmitted_at=standing.transmitted_at or event.envelope.wall)
        if standing.status is Status.ETABLIE:
            return replace(known, status=Status.TRANSMISE, rule="R-58")
        return known
    if standing.status in (Status.ETABLIE, Status.TRANSMISE):
        return replace(standing, status=Status.RECUE, rule="R-54")
    return standing


def _after_decision(standing: Standing, event: RecordedEvent, decision: Decision) -> Standing:
    if decision.act_hash not in standing.act_hashes or standing.status not in ESTABLISHED:
        return standing
    rule = "R-02" if decision.code is None else RULE.get(decision.code, "R-02")
    return replace(
        standing,
        status=Status.VALIDEE if decision.accepted else Status.INVALIDEE,
        code=decision.code,
        rule=rule,
        decision=decision,
        decided_at=event.envelope.wall,
    )


def with_answer(standing: Standing, *, needed: bool) -> Standing:
    """The standing once the mandataire's town hall is heard, where the law asks for it: the two decide
    together (R. 213-1 3°; R-72).

    An acceptance waits for the answer; an answer that refuses invalidates, whatever was accepted.
    """
    if not needed or standing.status not in ESTABLISHED or standing.status is Status.INVALIDEE:
        return standing
    if standing.answer is not None and standing.answer.code is not None:
        return replace(standing, status=Status.INVALIDEE, code=standing.answer.code, rule="R-72")
    if standing.answer is None and standing.status is Status.VALIDEE:
        return replace(standing, status=Status.RECUE, rule="R-72")
    return standing


def add_months(day: datetime, months: int) -> datetime:
    """The same instant some calendar months later; a day that does not exist becomes the last of its
    month, and nothing lies after the last representable instant: a tablet's clock may be that wrong."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return datetime.max.replace(tzinfo=day.tzinfo)
    for shorter in range(4):
        try:
            return day.replace(year=year, month=month + 1, day=day.day - shorter)
        except ValueError:
            continue
    raise AssertionError("every month has at least 28 days")


def status_at(standing: Standing, at: datetime, expiry_months: int, ends_at: datetime | None) -> Status:
    """The status seen at an instant: EXPIREE and ECHUE are the fold at a date, not events.

    Args:
        expiry_months: life of a request that nobody established (R-64), from the law table.
        ends_at: closing of the last poll served, None while the calendar does not say.
    """
    if standing.status in (Status.DEMANDE, Status.RECUEILLIE):
        assert standing.filed_at is not None, "a request has a filing date"
        expired = at > add_months(standing.filed_at, expiry_months)
        return Status.EXPIREE if expired else standing.status
    if ends_at is not None and at > ends_at and standing.status in ESTABLISHED - {Status.INVALIDEE}:
        return Status.ECHUE
    return standing.status
