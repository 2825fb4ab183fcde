"""Everything known at once: from the set of all verified events to the status of each procuration (DESIGN,
decision 1; I-2).

The centre folds by parts, those that an event touches; the result is the same. Tablets, tests and audits fold
whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from procuration.domain.clock_evidence import LogEvidence, interval_of
from procuration.domain.events import ActRecorded, ClockStep, RecordedEvent, SyncPoint, TakenBy, TakenIn
from procuration.domain.facts import Revocation
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.law import Law
from procuration.domain.outcome import (
    Settled,
    Withdrawal,
    needs_answer,
    rival_of,
    settle,
    withdrawal_of,
)
from procuration.domain.scrutin import Scrutin
from procuration.domain.status import Standing, Status, standing_of, with_answer
from procuration.domain.taking_over import with_taken_over
from procuration.domain.validity import Ballots


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What a set of events means.

    Attributes:
        settled: each procuration whose request is known.
        standings: each request by its own events, also while its filing is unknown: those wait, listed.
        without_object: résiliations of a mandant of whom no procuration is known yet (R-46).
    """

    settled: Mapping[Rid, Settled]
    standings: Mapping[Rid, Standing]
    without_object: tuple[Withdrawal, ...]

    @property
    def waiting(self) -> tuple[Rid, ...]:
        """Requests that events name and nobody has seen yet."""
        return tuple(
            sorted(
                rid
                for rid, standing in self.standings.items()
                if standing.filed is None and standing.status is not Status.PURGEE
            )
        )


def fold(events: Iterable[RecordedEvent], law: Law, calendar: Iterable[Scrutin]) -> Folded:
    """The meaning of a set of verified events; order and repetition change nothing."""
    ballots = Ballots(calendar)
    every = list({event.hash: event for event in events}.values())
    timed = list(with_intervals(every))
    by_rid: dict[Rid, list[RecordedEvent]] = {}
    for event in timed:
        if event.envelope.rid is not None and not isinstance(event.content, Revocation):
            by_rid.setdefault(event.envelope.rid, []).append(event)
    standings = {}
    for rid, of_rid in by_rid.items():
        standing = standing_of(of_rid)
        standings[rid] = with_answer(standing, needed=needs_answer(standing, law, ballots))
    standings = with_taken_over(standings)
    rivals = {
        rid: rival
        for rid, standing in standings.items()
        if (rival := rival_of(rid, standing, law, ballots)) is not None
    }
    withdrawals = [withdrawal_of(event) for event in timed if isinstance(event.content, Revocation)]
    known = {rid: standing for rid, standing in standings.items() if standing.filed is not None}
    mandants = {rival.candidate.mandant for rival in rivals.values()}
    return Folded(
        settled=settle(known, rivals, withdrawals, ballots),
        standings=standings,
        without_object=tuple(
            sorted(
                (one for one in withdrawals if one.rid not in rivals and one.mandant not in mandants),
                key=lambda one: one.hash,
            )
        ),
    )


def with_intervals(events: Sequence[RecordedEvent]) -> Iterable[RecordedEvent]:
    """The same events, acts and résiliations with what is proved of their time."""
    logs: dict[LogId, list[RecordedEvent]] = {}
    received: dict[EventHash, RecordedEvent] = {}
    for event in events:
        match event.content:
            case SyncPoint() | ClockStep():
                logs.setdefault(event.envelope.log_id, []).append(event)
            case TakenIn(by=TakenBy.CENTRE, act_hash=act_hash):
                first = received.get(act_hash)
                if first is None or event.envelope.wall < first.envelope.wall:
                    received[act_hash] = event
    evidence = {log_id: LogEvidence(of_log) for log_id, of_log in logs.items()}
    nothing = LogEvidence()
    for event in events:
        if isinstance(event.content, ActRecorded | Revocation):
            taken = received.get(event.hash)
            of_log = evidence.get(event.envelope.log_id, nothing)
            yield replace(
                event, when=interval_of(event, of_log, None if taken is None else taken.envelope.wall)
            )
        else:
            yield event
