"""On which side of a revocation an event lies: judged by its place in the log, never by the time it claims
(SECURITY-DESIGN 4 and 7).

Decides from instants that are proved: the floor that the event carries, the sync points around its place, its
reception at the centre. Leaves what follows from the answer to whoever asks.
"""

from datetime import datetime
from enum import Enum

from procuration.domain.clock_evidence import PRECISION, LogEvidence, measured_interval
from procuration.domain.instants import Interval, shifted


class Side(Enum):
    """Where an event lies: before a revocation it is good, after it is set aside, else a person decides."""

    BEFORE = "BEFORE"
    AFTER = "AFTER"
    UNPROVED = "UNPROVED"


def bounds_of(
    seq: int,
    floor: datetime,
    wall: datetime,
    evidence: LogEvidence,
    received_at: datetime,
    *,
    log_is_trusted: bool,
) -> Interval:
    """Between which instants an event was written.

    What stands before a sync point was written before the centre's time that this point measured, whatever
    its own wall clock says. That is the log's own word: who holds a stolen key writes sync points too. So it
    never brings an event nearer to the past when the log itself is in doubt; it may always speak against it.

    Args:
        floor: the largest time that was proved to the tablet (payload 7 of the event).
        log_is_trusted: False when it is the key of this log that was revoked: then only the centre's own
        reception says that something existed already.
    """
    heard, said = evidence.heard_before(seq), evidence.heard_after(seq)
    earliest = floor if heard is None else max(floor, shifted(heard, -PRECISION))
    latest = received_at
    if log_is_trusted:
        if said is not None:
            latest = min(latest, shifted(said, PRECISION))
        measured = measured_interval(seq, wall, evidence)
        if measured is not None:
            earliest, latest = max(earliest, measured.earliest), min(latest, measured.latest)
    # Bounds that contradict each other prove nothing: both instants stay possible.
    return Interval(min(earliest, latest), max(earliest, latest))


def side_of(when: Interval, revoked_at: datetime) -> Side:
    """Before, after, or neither for certain. The instant of the revocation is after it."""
    if when.latest < revoked_at:
        return Side.BEFORE
    return Side.AFTER if when.earliest >= revoked_at else Side.UNPROVED
