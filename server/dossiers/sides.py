"""What the ledger has of the requests of a case: every act with what proves its time and its reception, the
votes that were reported, the rulings. Reads only; a constant number of questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from procuration.domain.events import ActRecorded, Kind, PaperForm, RecordedEvent
from procuration.domain.facts import VOTES, Fact, Ruling
from procuration.domain.facts_in_force import withdrawn_facts
from procuration.domain.identifiers import EventHash
from procuration.domain.instants import Interval
from server.config.centre import Centre
from server.dossiers.cases import ActSide, Given, VoteSide, WithdrawalSide
from server.dossiers.fold import Judged, timed
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.refolding import judge_all, stored_events
from server.ledger.enums import UNSURE_TIME, Aside
from server.ledger.known import Known
from server.ledger.models import Device, Event
from server.ledger.proofs import Covered, covering_each

_UNSURE: Final = UNSURE_TIME | {Aside.FORK}


@dataclass(frozen=True, slots=True)
class Told:
    """What the events of some requests say, by request in hexadecimal.

    Attributes:
        acts: those that were judged, in force or withheld for their clock.
        withheld: the events that a clock speaks against.
    """

    acts: Mapping[str, Mapping[EventHash, ActSide]]
    withheld: Mapping[str, tuple[EventHash, ...]]
    votes: Mapping[str, tuple[VoteSide, ...]]
    rulings: Mapping[str, tuple[Given, ...]]


def read_events(centre: Centre, rows: Iterable[Procuration]) -> Told:
    """Open and judge again every event of these requests."""
    by_rid = {row.rid: row for row in rows}
    known = Known(centre)
    judged = judge_all(stored_events(list(by_rid), known), known)
    every = [one for of_rid in judged.values() for one in of_rid if _is_shown(one)]
    proofs = covering_each({(one.opened.device.id, one.opened.envelope.seq) for one in every})
    devices = Device.objects.in_bulk({one.opened.device.id for one in every})
    return Told(
        acts={rid: _acts(by_rid[rid], of_rid, proofs, devices) for rid, of_rid in judged.items()},
        withheld={
            rid: tuple(one.opened.hash for one in of_rid if one.verdict.code in UNSURE_TIME)
            for rid, of_rid in judged.items()
        },
        votes={rid: tuple(_votes(of_rid, proofs)) for rid, of_rid in judged.items()},
        rulings={rid: tuple(_rulings(of_rid)) for rid, of_rid in judged.items()},
    )


def _is_shown(one: Judged) -> bool:
    return one.opened.envelope.kind in (Kind.ACT, Kind.PAPER_FORM, Kind.FACT) or one.verdict.code in _UNSURE


def _acts(
    row: Procuration,
    judged: Sequence[Judged],
    proofs: Mapping[tuple[int, int], Covered],
    devices: Mapping[int, Device],
) -> dict[EventHash, ActSide]:
    """Acts that count or would if a person let them; and whatever else is set aside for a person."""
    events = {event.hash: event for one in judged for event in one.verdict.events}
    acts = {event.hash: event for one in judged if (event := _act_of(one)) is not None}
    proved = {event.hash: event.interval for event in timed([*events.values(), *acts.values()], judged)}
    found: dict[EventHash, ActSide] = {}
    for one in judged:
        opened, act = one.opened, acts.get(one.opened.hash)
        if act is None and one.verdict.code not in _UNSURE:
            continue
        floor = min(opened.envelope.boot.floor, opened.received_at)
        found[opened.hash] = ActSide(
            hash=opened.hash,
            procuration=row,
            act=None if act is None else act.act,
            claimed_at=opened.envelope.wall if act is None else act.claimed_at,
            proved=Interval(floor, opened.received_at) if act is None else proved[opened.hash],
            device=devices[opened.device.id],
            seq=opened.envelope.seq,
            received_at=opened.received_at,
            proof=proofs.get((opened.device.id, opened.envelope.seq)),
            may_count=one.verdict.code is None or one.verdict.withheld is not None,
            keyed_in=isinstance(opened.content, PaperForm),
        )
    return found


def _act_of(one: Judged) -> RecordedEvent | None:
    """The event as it counts, or would: None for what is no act, or no valid one."""
    if not isinstance(one.opened.content, ActRecorded | PaperForm):
        return None
    counting = (event for event in one.verdict.events if event.hash == one.opened.hash)
    return one.verdict.withheld or next(counting, None)


def _votes(judged: Sequence[Judged], proofs: Mapping[tuple[int, int], Covered]) -> Iterable[VoteSide]:
    """Those that count: what was withdrawn speaks neither for nor against (R-50)."""
    withdrawn = withdrawn_facts(event for one in judged for event in one.verdict.events)
    for one in judged:
        content, opened = one.opened.content, one.opened
        if opened.hash in withdrawn:
            continue
        if isinstance(content, Fact) and content.code in VOTES and one.verdict.code is None:
            proof = proofs.get((opened.device.id, opened.envelope.seq))
            yield VoteSide(hash=opened.hash, fact=content, received_at=opened.received_at, proof=proof)


def _rulings(judged: Iterable[Judged]) -> list[Given]:
    """The rulings that count, the oldest first."""
    found = [
        (one.opened.envelope.wall, one.opened.envelope.seq, one.opened.hash, one.opened.content)
        for one in judged
        if isinstance(one.opened.content, Ruling) and one.verdict.code is None
    ]
    return [
        Given(
            hash=hash_,
            at=at,
            outcome=ruling.outcome,
            decided_on=ruling.decided_on,
            reason=ruling.reason,
            account=ruling.account,
        )
        for at, _, hash_, ruling in sorted(found, key=lambda one: one[:3])
    ]


def read_withdrawals(rows: Sequence[Withdrawal]) -> tuple[WithdrawalSide, ...]:
    """These résiliations with what proves their reception; `device` of each is fetched already."""
    places = {(row.device_id, row.seq) for row in rows}
    proofs = covering_each(places)
    stored = Event.objects.filter(
        device__in={device for device, _ in places}, seq__in={seq for _, seq in places}
    )
    received = {(one.device_id, one.seq): one.received_at for one in stored if places}
    return tuple(
        WithdrawalSide(
            hash=EventHash(bytes.fromhex(row.hash)),
            withdrawal=row,
            device=row.device,
            received_at=received[row.device_id, row.seq],
            proof=proofs.get((row.device_id, row.seq)),
        )
        for row in rows
    )
