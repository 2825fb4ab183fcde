"""Habilitations that arrive as events 19 of a tablet's log: judged with this centre's own list of
supervisors.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from procuration.domain.events import Enrolled
from procuration.errors import RecordRejected
from procuration.record.directory import Role
from procuration.record.enrolment import Enrolment, verify_enrolment
from procuration.record.inbox import OfficerRevoked
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.signed import parse_signed
from server.config.centre import Centre
from server.ledger.enums import Aside
from server.ledger.inbox import put
from server.ledger.known import Known, LogPlace
from server.ledger.models import OfficerEnrolment
from server.ledger.opening import Opened

_WHERE_OFFICERS_ACT: Final = (Role.BRIGADE, Role.SERVER)
"""On their tablet, or in a browser: then in a log of their own that the centre writes."""


def judge_enrolment(centre: Centre, opened: Opened) -> Enrolment | Aside:
    """The habilitation that an event brings, or the code of why it brings none. Whether its supervisor was
    still in office is judged with each act, by the place of this event (`revoked.side_of_supervisor`)."""
    if not isinstance(opened.content, Enrolled):
        return opened.fault or Aside.ENROLMENT
    if opened.device.role not in _WHERE_OFFICERS_ACT:
        return Aside.ROLE
    try:
        enrolment = verify_enrolment(opened.content.signed_enrolment, centre.tables.directory, centre.realm)
    except RecordRejected as error:
        return Aside.SUPERVISOR if error.code.startswith(("KEY_", "SIGN")) else Aside.ENROLMENT
    return enrolment if enrolment.role is Role.OFFICER else Aside.ENROLMENT


def take_in_enrolments(known: Known, events: Sequence[Opened]) -> list[Opened]:
    """Store the habilitations, and make them known to the acts that follow in the same bundle.

    Returns: the events that bring none, with their fault.
    """
    faults: list[Opened] = []
    known.load_officers({one.device.id for one in events})
    rows: list[OfficerEnrolment] = []
    for one in events:
        judged = judge_enrolment(known.centre, one)
        if isinstance(judged, Aside):
            faults.append(replace(one, fault=judged))
        else:
            rows.append(enrolment_row(one, judged))
            place = LogPlace(one.envelope.boot.floor, one.envelope.wall, one.received_at)
            known.add_officer(rows[-1], place)
    OfficerEnrolment.objects.bulk_create(rows)
    return faults


def tell_known_ends(known: Known, device_id: int, events: Sequence[Opened]) -> None:
    """Ends of these habilitations that came here before them: the tablet learns of them with its receipt."""
    seqs = {one.envelope.seq for one in events}
    for officer in known.officers_of(device_id):
        at = officer.habilitation.revoked_at
        if officer.seq in seqs and at is not None:
            put(device_id, OfficerRevoked(officer.key.kid, at), known.centre.clock.now())


def enrolment_row(opened: Opened, enrolment: Enrolment) -> OfficerEnrolment:
    """The row of a habilitation, not yet stored."""
    assert isinstance(opened.content, Enrolled), "judged before"
    assert enrolment.designation is not None, "an officer's enrolment"
    supervisor = parse_signed(opened.content.signed_enrolment, max_bytes=ENROLMENT_BYTES_MAX).kid
    return OfficerEnrolment(
        device_id=opened.device.id,
        seq=opened.envelope.seq,
        kid=enrolment.kid.hex(),
        named_log=enrolment.log_id.hex(),
        cose_key=enrolment.cose_key,
        not_before=enrolment.not_before,
        not_after=enrolment.not_after,
        nom=enrolment.designation.nom,
        prenoms=enrolment.designation.prenoms,
        qualite=enrolment.designation.qualite,
        designation=enrolment.designation.designation,
        supervisor=supervisor.hex(),
    )
