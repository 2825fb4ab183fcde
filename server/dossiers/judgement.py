"""What effect a stored event may have on a procuration, or the code of why it has none (SECURITY-DESIGN 4,
5, 8).

Pure: it reads what `Known` has fetched. Whatever it refuses stays in the ledger, receipted; it only has no
effect, and is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from procuration.domain.acts import Act, ActDecision
from procuration.domain.clock_evidence import LogEvidence
from procuration.domain.competence import check_competence
from procuration.domain.delegation import check_confirmation
from procuration.domain.establishment import Tables as LawTables
from procuration.domain.establishment import check_establishment
from procuration.domain.events import (
    ActRecorded,
    Authentication,
    Content,
    Decision,
    DecisionOrigin,
    Envelope,
    Filed,
    Kind,
    PaperForm,
    RecordedEvent,
    ReferenceGiven,
    RevocationAsked,
    TakenBy,
    TakenIn,
)
from procuration.domain.facts import Fact, FactWithdrawn, MandataireAnswer, Revocation, Ruling
from procuration.domain.paper_form import read_as_drawn_up
from procuration.domain.purge import Purge
from procuration.domain.revocation import Side
from procuration.domain.sites import check_place
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.chain import hash_of
from procuration.record.directory import Role
from procuration.record.event import open_body, parse_event
from procuration.record.officer_signature import signer_of, verify_officer_act
from procuration.record.signed import Signed, Typ, verify
from server.dossiers.act_checks import (
    SetAsideFor,
    aside_of,
    check_declarations,
    check_names,
    check_revoking_authority,
    check_time,
)
from server.ledger.enums import Aside
from server.ledger.known import Known, KnownDevice, KnownOfficer
from server.ledger.opening import Opened
from server.ledger.revoked import side_of_device, side_of_officer, side_of_supervisor

_MAY: Final = {
    Kind.FILED: frozenset({Role.KIOSK, Role.BRIGADE, Role.SERVER}),
    Kind.ACT: frozenset({Role.BRIGADE, Role.SERVER}),
    Kind.DECISION: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.TAKEN_IN: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.REFERENCE_GIVEN: frozenset({Role.SERVER}),
    Kind.REVOCATION: frozenset({Role.BRIGADE, Role.SERVER}),
    Kind.FACT: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.FACT_WITHDRAWN: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.RULING: frozenset({Role.SERVER}),
    Kind.MANDATAIRE_TOWN_HALL: frozenset({Role.SERVER, Role.TOWN_HALL}),
    Kind.PURGE: frozenset({Role.SERVER}),
    Kind.PAPER_FORM: frozenset({Role.SERVER}),
    Kind.REVOCATION_ASKED: frozenset({Role.SERVER}),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """The filed event that an act carries, its device's signature checked."""

    device: KnownDevice
    event: RecordedEvent
    sign1: bytes
    body: bytes
    unsure: bool = False
    """Nothing proves that its device still counted when it was filed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one event is worth.

    Attributes:
        events: what the fold may read: the event, before it the request that an act carries; empty when set
        aside.
        code: why it has no effect.
        pair: the request that an act carries, whenever it is genuine, even when the act itself is set aside.
        withheld: the event as it would count if a person let it, when only its time speaks against it.
        evidence: what proves the time of an act.
    """

    events: tuple[RecordedEvent, ...] = ()
    code: Aside | None = None
    pair: Pair | None = None
    withheld: RecordedEvent | None = None
    evidence: LogEvidence | None = None


def judge(opened: Opened, known: Known) -> Verdict:
    """The effect of one event that concerns a request."""
    try:
        if opened.fault is Aside.PURGED:
            return Verdict()  # the law had it deleted: nobody has to look at it
        if opened.fault is not None:
            raise SetAsideFor(opened.fault)
        if isinstance(opened.content, Revocation):
            judge_withdrawal(opened, known)  # what it ends is found by its mandant, not by its request
            return Verdict()
        _check_role(opened)
        _check_one_history(opened, known)
        return _within_its_history(opened, _judge_content(opened, known), known)
    except SetAsideFor as reason:
        return Verdict(code=reason.code)
    except RecordRejected as error:
        return Verdict(code=Aside(error.code))


def _within_its_history(opened: Opened, verdict: Verdict, known: Known) -> Verdict:
    """Beyond a fork nobody can tell which of two histories is the true one: what has an effect of its own
    loses it until a person has looked. A request stays a request: it has no effect before an officer has
    met its elector, whose paper must not become worthless.
    """
    if opened.envelope.kind is Kind.FILED or verdict.code not in (None, Aside.CLOCK, Aside.REVOCATION):
        return verdict
    if not known.is_beyond_fork(opened.device.id, opened.envelope.seq):
        return verdict
    carried = () if verdict.pair is None else (verdict.pair.event,)
    return Verdict(carried, Aside.FORK, verdict.pair)


def judge_withdrawal(opened: Opened, known: Known) -> RecordedEvent:
    """A résiliation whose act was signed by an officer who was competent (R-46).

    Raises: RecordRejected with a code of `Aside`: stored and receipted, it has no effect.
    """
    try:
        if opened.fault is not None:
            raise SetAsideFor(opened.fault)
        _check_role(opened)
        _check_one_history(opened, known)
        unsure = _check_device(opened, known)
        assert isinstance(opened.content, Revocation), "no fault: the content of its kind"
        if opened.content.subject.rid != opened.envelope.rid:
            raise SetAsideFor(Aside.ACT_BINDING)
        act, doubted = _checked_act(opened, opened.content.signed_act, known)
        if act.decision is not ActDecision.REVOKED:
            raise SetAsideFor(Aside.ACT_BINDING)
        check_revoking_authority(act)
        if known.is_beyond_fork(opened.device.id, opened.envelope.seq):
            raise SetAsideFor(Aside.FORK)
        check_time(opened, act, unsure=unsure or doubted)
    except SetAsideFor as reason:
        raise RecordRejected(reason.code) from reason
    return RecordedEvent(hash=opened.hash, envelope=opened.envelope, content=opened.content, act=act)


def with_confirmations(
    verdicts: Sequence[tuple[Opened, Verdict]], known: Known
) -> list[tuple[Opened, Verdict]]:
    """The verdicts on the events of one request, once each act that confirms what a délégué collected is
    compared with it: only the OPJ who chose the délégué may (R-15). Whatever arrives first, the answer is the
    same.
    """
    collected = {opened.hash: (opened, verdict) for opened, verdict in verdicts}
    found = []
    for opened, verdict in verdicts:
        act = next((event.act for event in verdict.events if event.act is not None), None)
        if act is None or act.confirms is None:
            found.append((opened, verdict))
            continue
        try:
            _check_confirms(act, collected.get(act.confirms), known)
        except RuleViolated as error:
            kept = tuple(event for event in verdict.events if event.act is None)
            verdict = replace(verdict, events=kept, code=aside_of(error))
        found.append((opened, verdict))
    return found


def _check_confirms(act: Act, collected: tuple[Opened, Verdict] | None, known: Known) -> None:
    if collected is None:
        raise RuleViolated("CONFIRMATION_IMPOSSIBLE", rule="R-15")
    opened, verdict = collected
    theirs = next((event.act for event in verdict.events if event.act is not None), None)
    if theirs is None or not isinstance(opened.content, ActRecorded):
        raise RuleViolated("CONFIRMATION_IMPOSSIBLE", rule="R-15")
    officer = _officer_of(opened, opened.content.signed_act, known)
    check_confirmation(act, theirs, officer.designation)


def _check_role(opened: Opened) -> None:
    if opened.device.role not in _MAY.get(opened.envelope.kind, frozenset()):
        raise SetAsideFor(Aside.ROLE)


def _check_one_history(opened: Opened, known: Known) -> None:
    if known.is_forked(opened.device.id, opened.envelope.seq):
        raise SetAsideFor(Aside.FORK)


def _check_device(opened: Opened, known: Known) -> bool:
    """The event was not written after its device stopped counting. Returns: whether nothing proves that it
    was written before."""
    side = side_of_device(known, opened.device, opened.envelope, opened.received_at)
    if side is Side.AFTER:
        raise SetAsideFor(Aside.REVOKED)
    return side is Side.UNPROVED


def _judge_content(opened: Opened, known: Known) -> Verdict:
    assert opened.content is not None, "no fault: a content"
    event = RecordedEvent(hash=opened.hash, envelope=opened.envelope, content=opened.content)
    if isinstance(opened.content, ActRecorded):
        return _judge_act(opened, event, opened.content, known)
    unsure = _check_device(opened, known)
    match opened.content:
        case Filed() as filed:  # a request alone has no effect: a doubt is for whoever acts on it
            if filed.authentication is not Authentication.NONE and opened.device.role is not Role.SERVER:
                raise SetAsideFor(Aside.AUTHENTICATION)
        case _ if unsure:
            raise SetAsideFor(Aside.REVOCATION)
        case TakenIn(by=TakenBy.CENTRE) | Decision(origin=DecisionOrigin.REGISTER) if (
            opened.device.role is not Role.SERVER
        ):
            raise SetAsideFor(Aside.ROLE)
        case PaperForm():
            event = read_as_drawn_up(event)
        case (
            TakenIn()
            | Decision()
            | ReferenceGiven()
            | Fact()
            | FactWithdrawn()
            | Ruling()
            | MandataireAnswer()
            | Purge()
        ):
            pass
        case RevocationAsked():  # it ends nothing: an officer's act does
            pass
        case _:
            raise SetAsideFor(Aside.NOT_HANDLED)
    return Verdict((event,))


def _judge_act(opened: Opened, event: RecordedEvent, recorded: ActRecorded, known: Known) -> Verdict:
    pair = None
    try:
        pair = _checked_pair(opened, recorded, known)
        request = pair.event
        unsure = _check_device(opened, known)
        act, doubted = _checked_act(opened, recorded.signed_act, known)
        if act.filed_hash != request.hash or act.decision is ActDecision.REVOKED:
            raise SetAsideFor(Aside.PAIR)
        lawful = ("lawful", request.hash, opened.hash)  # both verified: their hashes name their contents
        known.checked.once(lawful, lambda: _check_law(request, act, known))
    except SetAsideFor as reason:
        return Verdict(() if pair is None else (pair.event,), reason.code, pair)
    evidence, counting = known.evidence(opened.device.id), replace(event, act=act)
    try:
        check_time(opened, act, unsure=unsure or doubted or pair.unsure)
    except SetAsideFor as reason:
        return Verdict((pair.event,), reason.code, pair, withheld=counting, evidence=evidence)
    return Verdict((pair.event, counting), None, pair, evidence=evidence)


def _checked_pair(opened: Opened, recorded: ActRecorded, known: Known) -> Pair:
    """The request that the act carries, as its own device signed it."""
    try:
        signed, envelope = parsed(recorded.filed_sign1, known)
        device = known.device(envelope.log_id)
        if device is None:
            raise SetAsideFor(Aside.PAIR_DEVICE)
        content = known.checked.once(
            ("request", recorded.filed_sign1, recorded.filed_body, device.key),
            lambda: _verified_body(signed, envelope, recorded.filed_body, device, known),
        )
    except RecordRejected as error:
        raise SetAsideFor(Aside.PAIR) from error
    if (
        not isinstance(content, Filed)
        or envelope.rid != opened.envelope.rid
        or device.role not in _MAY[Kind.FILED]
    ):
        raise SetAsideFor(Aside.PAIR)
    if known.is_forked(device.id, envelope.seq):
        raise SetAsideFor(Aside.FORK)
    name = hash_of(recorded.filed_sign1)
    existed_at = known.reception(device.id, envelope.seq, name) or opened.received_at
    side = side_of_device(
        known, device, envelope, min(existed_at, opened.received_at), carried=device.id != opened.device.id
    )
    if side is Side.AFTER:
        raise SetAsideFor(Aside.REVOKED)
    event = RecordedEvent(hash=name, envelope=envelope, content=content)
    unsure = side is Side.UNPROVED
    return Pair(device, event, recorded.filed_sign1, recorded.filed_body, unsure)


def parsed(filed_sign1: bytes, known: Known) -> tuple[Signed, Envelope]:
    """The envelope of a request that an act carries, its signature not yet checked. Raises:
    RecordRejected."""
    return known.checked.once(("parsed", filed_sign1), lambda: parse_event(filed_sign1))


def _verified_body(
    signed: Signed, envelope: Envelope, body: bytes, device: KnownDevice, known: Known
) -> Content:
    verify(signed, device.key, Typ.EVENT, known.centre.realm)
    return open_body(envelope, body)


def _checked_act(opened: Opened, signed_act: bytes, known: Known) -> tuple[Act, bool]:
    """The act, signed by an officer who was competent on this tablet when they say they signed; and whether
    nothing proves that it was signed before their habilitation was withdrawn, or their supervisor's office.
    """
    officer = _officer_of(opened, signed_act, known)
    if known.is_an_end(opened.device.id, officer):  # withdrawn at the tablet: the chain says what came after
        raise SetAsideFor(Aside.HABILITATION_RETIREE)
    place = opened.envelope
    try:
        act = known.checked.once(
            ("act", signed_act, officer.key, place.log_id, place.seq, place.rid),
            lambda: verify_officer_act(
                signed_act,
                officer.key,
                place,
                known.centre.realm,
                in_browser=opened.device.role is Role.SERVER,
            ),
        )
    except RecordRejected as error:
        raise SetAsideFor(
            Aside.ACT_BINDING if error.code == "ACT_BINDING" else Aside.ACT_SIGNATURE
        ) from error
    try:
        term = replace(officer.habilitation, revoked_at=None)  # its withdrawal is not judged by a wall clock
        check_competence(term, opened.device.log_id, act.wall)
        if (
            act.decision is not ActDecision.REFUSED
        ):  # a refusal gives nobody a procuration, wherever it is said
            check_place(act.place, known.centre.tables.sites, act.wall)
    except RuleViolated as error:
        raise SetAsideFor(Aside(error.code)) from error
    check_names(act, officer)
    check_declarations(act)
    return act, _check_officer(opened, act, officer, known)


def _check_officer(opened: Opened, act: Act, officer: KnownOfficer, known: Known) -> bool:
    """Neither the officer nor who entitled them was certainly revoked before. Returns: whether nothing proves
    it."""
    mine = side_of_officer(known, opened.device, opened.envelope, act.wall, opened.received_at, officer)
    theirs = side_of_supervisor(known, opened.device, officer)
    if mine is Side.AFTER:
        raise SetAsideFor(Aside.HABILITATION_RETIREE)
    if theirs is Side.AFTER:
        raise SetAsideFor(Aside.SUPERVISOR)
    return Side.UNPROVED in (mine, theirs)


def _check_law(request: RecordedEvent, act: Act, known: Known) -> None:
    """The law allows the act, by its own figures of that day; a refusal needs no leave."""
    if act.decision not in (ActDecision.ESTABLISHED, ActDecision.COLLECTED):
        return
    assert isinstance(request.content, Filed), "the pair of an act is a request"
    filed, tables = request.content, known.centre.tables
    by = LawTables(tables.law, tables.held_at(filed.vote_place))
    try:
        check_establishment(filed, request.envelope.wall, act, tables.zone_of_act(act.place), by)
    except RuleViolated as error:
        raise SetAsideFor(aside_of(error)) from error


def _officer_of(opened: Opened, signed_act: bytes, known: Known) -> KnownOfficer:
    try:
        kid = signer_of(signed_act)
    except RecordRejected as error:
        raise SetAsideFor(Aside.ACT_SIGNATURE) from error
    officer = known.officer(opened.device.id, kid, opened.envelope.seq)
    if officer is None:
        raise SetAsideFor(Aside.OFFICER_UNKNOWN)
    return officer
