"""Whether an event of the ledger lies before or after what was revoked: a device, an officer, a supervisor.

Judged by the place of the event in its log (`procuration.domain.revocation`). Pure: it reads what `Known` has
fetched.
"""

from datetime import datetime

from procuration.domain.clock_evidence import LogEvidence
from procuration.domain.events import Envelope
from procuration.domain.revocation import Side, bounds_of, side_of
from server.ledger.known import Known, KnownDevice, KnownOfficer, LogPlace


def side_of_device(
    known: Known, device: KnownDevice, envelope: Envelope, existed_at: datetime, *, carried: bool = False
) -> Side:
    """An event beside the end of the device that wrote it.

    Args:
        existed_at: when the centre had proof that the event existed.
        carried: its own log is not at hand: another device brought it.
    """
    place = LogPlace(envelope.boot.floor, envelope.wall, existed_at)
    evidence = LogEvidence() if carried else known.evidence(device.id)
    return _side(device, envelope.seq, place, evidence, device.ends_at)


def side_of_officer(
    known: Known, device: KnownDevice, envelope: Envelope, wall: datetime, received_at: datetime,
    officer: KnownOfficer,
) -> Side:  # fmt: skip
    """An act beside the withdrawal of the officer's habilitation; the log of the tablet is not in doubt."""
    place = LogPlace(envelope.boot.floor, wall, received_at)
    revoked_at = officer.habilitation.revoked_at
    return _side(device, envelope.seq, place, known.evidence(device.id), revoked_at)


def side_of_supervisor(known: Known, device: KnownDevice, officer: KnownOfficer) -> Side:
    """An officer's enrolment beside the revocation of the supervisor who signed it: its own dates are that
    supervisor's word, and a stolen key could date any enrolment back."""
    entry = known.centre.tables.entries.get(officer.supervisor)
    if entry is None or officer.place is None:
        return Side.BEFORE
    return _side(device, officer.seq, officer.place, known.evidence(device.id), entry.revoked_at)


def _side(
    device: KnownDevice, seq: int, place: LogPlace, evidence: LogEvidence, end: datetime | None
) -> Side:
    """A place of a log beside an instant, None for one that never came."""
    if end is None:
        return Side.BEFORE
    trusted = device.revoked_at is None
    when = bounds_of(seq, place.floor, place.wall, evidence, place.received_at, log_is_trusted=trusted)
    return side_of(when, end)
