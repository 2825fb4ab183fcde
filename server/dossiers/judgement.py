"""What effect a stored event may have on a procuration, or the code of why it has none (SECURITY-DESIGN 4,
5, 8).

Pure: it reads what `Known` has fetched. Whatever it refuses stays in the ledger, receipted; it only has no
effect, and is listed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from procuration.domain.acts import Act, ActDecision, missing_to_establish, missing_to_revoke
from procuration.domain.clock_evidence import LogEvidence
from procuration.domain.competence import check_competence
from procuration.domain.events import (
    ActRecorded,
    Authentication,
    Decision,
    Envelope,
    Filed,
    Kind,
    RecordedEvent,
    ReferenceGiven,
    TakenBy,
    TakenIn,
)
from procuration.domain.facts import Fact, MandataireAnswer, Revocation, Ruling
from procuration.domain.sites import check_place
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.act import verify_act
from procuration.record.chain import hash_of
from procuration.record.directory import Role
from procuration.record.event import open_body, parse_event
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.signed import Typ, parse_signed, verify
from server.ledger.enums import Aside
from server.ledger.known import Known, KnownDevice, KnownOfficer
from server.ledger.opening import Opened

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far outside floor and reception a claimed time may lie before it is doubted."""
_MAY: Final = {
    Kind.FILED: frozenset({Role.KIOSK, Role.BRIGADE, Role.SERVER}),
    Kind.ACT: frozenset({Role.BRIGADE}),
    Kind.DECISION: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.TAKEN_IN: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.REFERENCE_GIVEN: frozenset({Role.SERVER}),
    Kind.REVOCATION: frozenset({Role.BRIGADE, Role.SERVER}),
    Kind.FACT: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.RULING: frozenset({Role.SERVER}),
    Kind.MANDATAIRE_TOWN_HALL: frozenset({Role.SERVER, Role.TOWN_HALL}),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """The filed event that an act carries, its device's signature checked."""

    device: KnownDevice
    event: RecordedEvent
    sign1: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one event is worth.

    Attributes:
        events: what the fold may read: the event, before it the request that an act carries; empty when set
        aside.
        code: why it has no effect.
        pair: the request that an act carries, whenever it is genuine, even when the act itself is set aside.
        withheld: the event as it would count if a person let it, when only a clock speaks against it.
        evidence: what proves the time of an act.
    """

    events: tuple[RecordedEvent, ...] = ()
    code: Aside | None = None
    pair: Pair | None = None
    withheld: RecordedEvent | None = None
    evidence: LogEvidence | None = None


class _SetAside(Exception):  # not an error: the way out of a chain of questions
    def __init__(self, code: Aside) -> None:
        super().__init__(code)
        self.code = code


def judge(opened: Opened, known: Known) -> Verdict:
    """The effect of one event that concerns a request."""
    try:
        if opened.fault is not None:
            raise _SetAside(opened.fault)
        if isinstance(opened.content, Revocation):
            judge_withdrawal(opened, known)  # what it ends is found by its mandant, not by its request
            return Verdict()
        _check_role(opened)
        _check_trust(opened, known)
        return _judge_content(opened, known)
    except _SetAside as reason:
        return Verdict(code=reason.code)
    except RecordRejected as error:
        return Verdict(code=Aside(error.code))


def judge_withdrawal(opened: Opened, known: Known) -> RecordedEvent:
    """A résiliation whose act was signed by an officer who was competent (R-46).

    Raises: RecordRejected with a code of `Aside`: stored and receipted, it has no effect.
    """
    try:
        if opened.fault is not None:
            raise _SetAside(opened.fault)
        _check_role(opened)
        _check_trust(opened, known)
        assert isinstance(opened.content, Revocation), "no fault: the content of its kind"
        if opened.content.subject.rid != opened.envelope.rid:
            raise _SetAside(Aside.ACT_BINDING)
        act = _checked_act(opened, opened.content.signed_act, known)
        if act.decision is not ActDecision.REVOKED:
            raise _SetAside(Aside.ACT_BINDING)
        _check_clock(opened, act)
    except _SetAside as reason:
        raise RecordRejected(reason.code) from reason
    return RecordedEvent(hash=opened.hash, envelope=opened.envelope, content=opened.content, act=act)


def _check_role(opened: Opened) -> None:
    if opened.device.role not in _MAY.get(opened.envelope.kind, frozenset()):
        raise _SetAside(Aside.ROLE)


def _check_trust(opened: Opened, known: Known) -> None:
    if known.is_forked(opened.device.id, opened.envelope.seq):
        raise _SetAside(Aside.FORK)
    _check_revocation(opened.device, opened.envelope, opened.received_at)


def _check_revocation(device: KnownDevice, envelope: Envelope, received_at: datetime) -> None:
    """Floor and reception bound the true time of an event; the claimed time alone never decides."""
    if device.revoked_at is None or received_at < device.revoked_at:
        return
    raise _SetAside(Aside.REVOKED if envelope.boot.floor >= device.revoked_at else Aside.CLOCK)


def _judge_content(opened: Opened, known: Known) -> Verdict:
    assert opened.content is not None, "no fault: a content"
    event = RecordedEvent(hash=opened.hash, envelope=opened.envelope, content=opened.content)
    match opened.content:
        case Filed() as filed:
            if filed.authentication is not Authentication.NONE and opened.device.role is not Role.SERVER:
                raise _SetAside(Aside.AUTHENTICATION)
        case ActRecorded() as recorded:
            return _judge_act(opened, event, recorded, known)
        case TakenIn(by=TakenBy.CENTRE) if opened.device.role is not Role.SERVER:
            raise _SetAside(Aside.ROLE)
        case TakenIn() | Decision() | ReferenceGiven() | Fact() | Ruling() | MandataireAnswer():
            pass
        case _:
            raise _SetAside(Aside.NOT_HANDLED)
    return Verdict((event,))


def _judge_act(opened: Opened, event: RecordedEvent, recorded: ActRecorded, known: Known) -> Verdict:
    pair = None
    try:
        pair = _checked_pair(opened, recorded, known)
        act = _checked_act(opened, recorded.signed_act, known)
        if act.filed_hash != pair.event.hash or act.decision is ActDecision.REVOKED:
            raise _SetAside(Aside.PAIR)
    except _SetAside as reason:
        return Verdict(() if pair is None else (pair.event,), reason.code, pair)
    evidence, counting = known.evidence(opened.device.id), replace(event, act=act)
    try:
        _check_clock(opened, act)
    except _SetAside as reason:
        return Verdict((pair.event,), reason.code, pair, withheld=counting, evidence=evidence)
    return Verdict((pair.event, counting), None, pair, evidence=evidence)


def _checked_pair(opened: Opened, recorded: ActRecorded, known: Known) -> Pair:
    """The request that the act carries, as its own device signed it."""
    try:
        signed, envelope = parse_event(recorded.filed_sign1)
        device = known.device(envelope.log_id)
        if device is None:
            raise _SetAside(Aside.PAIR_DEVICE)
        verify(signed, device.key, Typ.EVENT, known.centre.realm)
        content = open_body(envelope, recorded.filed_body)
    except RecordRejected as error:
        raise _SetAside(Aside.PAIR) from error
    if (
        not isinstance(content, Filed)
        or envelope.rid != opened.envelope.rid
        or device.role not in _MAY[Kind.FILED]
    ):
        raise _SetAside(Aside.PAIR)
    if known.is_forked(device.id, envelope.seq):
        raise _SetAside(Aside.FORK)
    _check_revocation(device, envelope, opened.received_at)
    event = RecordedEvent(hash=hash_of(recorded.filed_sign1), envelope=envelope, content=content)
    return Pair(device, event, recorded.filed_sign1, recorded.filed_body)


def _checked_act(opened: Opened, signed_act: bytes, known: Known) -> Act:
    """The act, signed by an officer who was competent on this tablet when they say they signed."""
    officer = _officer_of(opened, signed_act, known)
    try:
        act = verify_act(signed_act, officer.key, opened.envelope, known.centre.realm)
    except RecordRejected as error:
        raise _SetAside(Aside.ACT_BINDING if error.code == "ACT_BINDING" else Aside.ACT_SIGNATURE) from error
    try:
        check_competence(officer.habilitation, opened.device.log_id, act.wall)
        if (
            act.decision is not ActDecision.REFUSED
        ):  # a refusal gives nobody a procuration, wherever it is said
            check_place(act.place, known.centre.tables.sites, act.wall)
    except RuleViolated as error:
        raise _SetAside(Aside(error.code)) from error
    _check_names(act, officer)
    _check_declarations(act)
    return act


def _check_clock(opened: Opened, act: Act) -> None:
    """Floor and reception bound the true time: what lies outside is a person's to judge (R-43)."""
    earliest, latest = opened.envelope.boot.floor - CLOCK_TOLERANCE, opened.received_at + CLOCK_TOLERANCE
    if not earliest <= act.wall <= latest:
        raise _SetAside(Aside.CLOCK)


def _officer_of(opened: Opened, signed_act: bytes, known: Known) -> KnownOfficer:
    try:
        signed = parse_signed(signed_act, max_bytes=SIGN1_BYTES_MAX)
    except RecordRejected as error:
        raise _SetAside(Aside.ACT_SIGNATURE) from error
    officer = known.officer(opened.device.id, signed.kid, opened.envelope.seq)
    if officer is None:
        raise _SetAside(Aside.OFFICER_UNKNOWN)
    return officer


def _check_names(act: Act, officer: KnownOfficer) -> None:
    """The register names who signed: nobody draws up an act under another's name (R-23).

    Of the authority only the unit's name is not compared: a unit may be renamed, and the acts drawn up before
    are judged again.
    """
    named = act.authority
    if (named.nom, named.prenoms, named.qualite) != (officer.nom, officer.prenoms, officer.qualite):
        raise _SetAside(Aside.AUTHORITY)


def _check_declarations(act: Act) -> None:
    """Nothing is established or revoked without what the officer must have checked (R-07, R-17, R-18,
    R-46)."""
    missing = {
        ActDecision.ESTABLISHED: missing_to_establish,
        ActDecision.REVOKED: missing_to_revoke,
    }.get(act.decision)
    if missing is not None and missing(act.declarations, act.place.kind):
        raise _SetAside(Aside.DECLARATIONS)
