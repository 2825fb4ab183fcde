"""From events to the status of one procuration (DESIGN 5).

The status is a function of the *set* of events: the order in which they arrived never matters (I-2).
Causes stand before
effects, then the legal date, then the hash. What several procurations mean to one another (L. 73) is
decided elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, datetime
from enum import IntEnum

from procuration.domain.acts import ActDecision
from procuration.domain.events import (
    ActRecorded,
    Decision,
    Filed,
    RecordedEvent,
    ReferenceGiven,
    TakenBy,
    TakenIn,
)
from procuration.domain.identifiers import EventHash
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode


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


_ESTABLISHED = frozenset({Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.VALIDEE, Status.INVALIDEE})
_BEFORE_AN_ACT = frozenset({Status.INCONNUE, Status.DEMANDE, Status.RECUEILLIE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The status of one procuration and what it rests on.

    Attributes:
        code: why, when it is refused or invalidated (I-10).
        filed, filed_at, filed_hash: the request that an officer acted on; before any act, the earliest.
        reference: as filed, or given later.
        established_at: when it was drawn up (dressée); ranks rivals (L. 73; R-39).
        act_hashes: events that established it; the first one counts, a repeated act changes nothing.
        decided_at: when the town hall or the register decided.
    """

    status: Status = Status.INCONNUE
    code: RefusalCode | None = None
    filed: Filed | None = None
    filed_at: datetime | None = None
    filed_hash: EventHash | None = None
    reference: Reference | None = None
    established_at: datetime | None = None
    act_hashes: tuple[EventHash, ...] = ()
    decided_at: datetime | None = None


def status_of(events: Iterable[RecordedEvent]) -> Status:
    """Status of one procuration. The order in which the events arrived never matters."""
    return standing_of(events).status


def standing_of(events: Iterable[RecordedEvent]) -> Standing:
    """Status of one procuration and what it rests on; all events are of one rid. Repetition changes
    nothing."""
    standing = Standing()
    for event in _without_rivals(sorted({event.hash: event for event in events}.values(), key=legal_order)):
        standing = after(standing, event)
    return standing


def _without_rivals(ordered: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """The events without any request other than the one that the first act names.

    Any enrolled tablet can file under a rid it has seen, with the clock it likes: what an officer checked
    with the person is the request, whoever says to have filed first (I-3).
    """
    seen = next((event.act.filed_hash for event in ordered if event.act is not None), None)
    return [
        event
        for event in ordered
        if seen is None or event.hash == seen or not isinstance(event.content, Filed)
    ]


def legal_order(event: RecordedEvent) -> tuple[int, datetime, bytes]:
    """Causes before effects, then the legal date, then the hash: values inside the events only, never
    arrival."""
    date = event.act.wall if event.act is not None else event.envelope.wall
    return _cause_rank(event), date, event.hash


def _cause_rank(event: RecordedEvent) -> int:
    match event.content:
        case Filed():
            return 0
        case ReferenceGiven():
            return 1
        case ActRecorded() if event.act is not None and event.act.decision is ActDecision.COLLECTED:
            return 2
        case ActRecorded():
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
        case ActRecorded():
            return _after_act(standing, event)
        case TakenIn() as taken:
            return _after_taken_in(standing, taken)
        case Decision() as decision:
            return _after_decision(standing, event, decision)
        case _:
            return standing


def _after_filed(standing: Standing, event: RecordedEvent, filed: Filed) -> Standing:
    if standing.filed is not None:
        return standing
    return replace(
        standing,
        status=Status.DEMANDE,
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
        return replace(standing, status=Status.EN_ATTENTE_HUMAINE)
    match act.decision:
        case ActDecision.ESTABLISHED if standing.status in _BEFORE_AN_ACT:
            return replace(standing, status=Status.ETABLIE, established_at=act.wall, act_hashes=(event.hash,))
        case ActDecision.ESTABLISHED if standing.status in _ESTABLISHED:
            return replace(standing, act_hashes=(*standing.act_hashes, event.hash))
        case ActDecision.REFUSED if standing.status in _BEFORE_AN_ACT:
            return replace(standing, status=Status.REFUSEE, code=act.refusal_code)
        case ActDecision.COLLECTED if standing.status is Status.DEMANDE:
            return replace(standing, status=Status.RECUEILLIE)
        case ActDecision.ESTABLISHED | ActDecision.REFUSED if standing.status is not act_status(act.decision):
            # One officer established what another refused: a program does not choose (DESIGN, decision 5).
            return replace(standing, status=Status.EN_ATTENTE_HUMAINE)
        case _:
            return standing


def act_status(decision: ActDecision) -> Status:
    """The status that an act alone gives."""
    return {
        ActDecision.ESTABLISHED: Status.ETABLIE,
        ActDecision.REFUSED: Status.REFUSEE,
        ActDecision.REVOKED: Status.RESILIEE,
        ActDecision.COLLECTED: Status.RECUEILLIE,
    }[decision]


def _after_taken_in(standing: Standing, taken: TakenIn) -> Standing:
    if taken.act_hash not in standing.act_hashes:
        return standing
    if taken.by is TakenBy.CENTRE and standing.status is Status.ETABLIE:
        return replace(standing, status=Status.TRANSMISE)
    if taken.by is TakenBy.TOWN_HALL_OR_REGISTER and standing.status in (Status.ETABLIE, Status.TRANSMISE):
        return replace(standing, status=Status.RECUE)
    return standing


def _after_decision(standing: Standing, event: RecordedEvent, decision: Decision) -> Standing:
    if decision.act_hash not in standing.act_hashes or standing.status not in _ESTABLISHED:
        return standing
    status = Status.VALIDEE if decision.accepted else Status.INVALIDEE
    return replace(standing, status=status, code=decision.code, decided_at=event.envelope.wall)


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
    if ends_at is not None and at > ends_at and standing.status in _ESTABLISHED - {Status.INVALIDEE}:
        return Status.ECHUE
    return standing.status
