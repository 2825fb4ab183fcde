"""What each kind of event says, as CBOR values and back (SECURITY-DESIGN 5; docs/formats.md has the
tables)."""

from collections.abc import Callable
from typing import Final

from procuration.domain.events import (
    ActRecorded,
    Authentication,
    BodyKey,
    Channel,
    ClockStep,
    Content,
    Decision,
    DecisionOrigin,
    Enrolled,
    Filed,
    Kind,
    LockOut,
    LookUp,
    PaperForm,
    ReferenceGiven,
    RevocationAsked,
    SlotChange,
    SlotOperation,
    Start,
    StartReason,
    SyncPoint,
    TakenBy,
    TakenIn,
    TwoPeople,
)
from procuration.domain.facts import Fact, FactWithdrawn, MandataireAnswer, Revocation, Ruling
from procuration.domain.identifiers import EventHash, Kid, Rid
from procuration.domain.people import EMAIL_LENGTH_MAX, check_email
from procuration.domain.purge import Purge
from procuration.domain.reference import Reference, parse_reference
from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.facts import (
    account_value,
    answer_value,
    fact_value,
    read_account,
    read_answer,
    read_fact,
    read_revocation,
    read_ruling,
    read_withdrawn,
    revocation_value,
    ruling_value,
    withdrawn_value,
)
from procuration.record.limits import (
    BODY_BYTES_MAX,
    ENROLMENT_BYTES_MAX,
    REQUEST_BODY_BYTES_MAX,
    SIGN1_BYTES_MAX,
)
from procuration.record.paper_form import paper_form_value, read_paper_form
from procuration.record.people import (
    person_value,
    place_value,
    read_person,
    read_place,
    read_validity,
    validity_value,
)
from procuration.record.purge import purge_value, read_purge
from procuration.record.shape import (
    date_value,
    fields,
    integer,
    number_of,
    octets,
    optional,
    partial_date,
    sequence,
    text,
)

SLOT_ID_BYTES: Final = 8


def content_value(content: Content) -> object:
    """The value that a body holds beside its salt."""
    match content:
        case Filed():
            return _filed_value(content)
        case ActRecorded():
            return [content.signed_act, [content.filed_sign1, content.filed_body]]
        case Decision():
            code = None if content.code is None else content.code.value
            account = account_value(content.account)
            return {
                0: 1,
                1: content.act_hash,
                2: content.origin.value,
                3: content.accepted,
                4: code,
                5: account,
            }
        case ClockStep():
            return {0: 1, 1: content.step_ms}
        case SlotChange():
            return _slot_change_value(content)
        case LockOut():
            return {0: 1, 1: content.slot_id, 2: content.tries}
        case SyncPoint():
            return {0: 1}
        case Start():
            return {0: 1, 1: content.software_version, 2: content.reason.value, 3: content.kid}
        case LookUp():
            return {0: 1, 1: content.reference, 2: date_value(content.birth_date), 3: content.officer}
        case BodyKey():
            return content.sealed_key
        case TakenIn():
            return {0: 1, 1: content.by.value, 2: content.act_hash, 3: account_value(content.account)}
        case ReferenceGiven():
            return {0: 1, 1: content.reference}
        case RevocationAsked():
            return {0: 1, 1: content.act_hash, 2: content.authentication.value}
        case Enrolled():
            return content.signed_enrolment
        case Revocation():
            return revocation_value(content)
        case Fact():
            return fact_value(content)
        case FactWithdrawn():
            return withdrawn_value(content)
        case Ruling():
            return ruling_value(content)
        case MandataireAnswer():
            return answer_value(content)
        case PaperForm():
            return paper_form_value(content)
        case Purge():
            return purge_value(content)


def kind_of(content: Content) -> Kind:
    """The kind of event that carries this content."""
    return _KIND_OF[type(content)]


def read_content(kind: Kind, value: object) -> Content:
    """The content of a body.

    Raises: RecordRejected KIND_WITHOUT_READER for a kind that this version stores without effect, or a
    code of `shape`.
    """
    reader = _READERS.get(kind)
    if reader is None:
        raise RecordRejected("KIND_WITHOUT_READER", kind=kind.value)
    return reader(value)


def _filed_value(filed: Filed) -> dict[int, object]:
    return {
        0: 1,
        1: filed.reference,
        2: person_value(filed.mandant),
        3: person_value(filed.mandataire),
        4: place_value(filed.vote_place),
        5: validity_value(filed.validity),
        7: filed.email,
        8: filed.declaration_version,
        9: filed.authentication.value,
        10: filed.channel.value,
        11: filed.taken_over,
    }


_FILED_KEYS: Final = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11}


def _read_filed(value: object) -> Filed:
    if not isinstance(value, dict) or value.keys() != _FILED_KEYS or integer(value[0]) != 1:
        raise RecordRejected("FILED_FIELDS")
    return Filed(
        reference=optional(value[1], read_reference),
        mandant=read_person(value[2]),
        mandataire=read_person(value[3]),
        vote_place=read_place(value[4]),
        validity=read_validity(value[5]),
        email=optional(value[7], _read_email),
        declaration_version=integer(value[8]),
        authentication=number_of(Authentication, value[9]),
        channel=number_of(Channel, value[10]),
        taken_over=optional(value[11], lambda rid: Rid(octets(rid, length=16))),
    )


def read_reference(value: object) -> Reference:
    """A reference exactly as it is stored. Raises: RecordRejected REFERENCE."""
    typed = text(value)
    try:
        reference = parse_reference(typed)
    except RuleViolated as error:
        raise RecordRejected("REFERENCE") from error
    if reference != typed:
        raise RecordRejected("REFERENCE")
    return reference


def _read_email(value: object) -> str:
    typed = text(value, maximum=EMAIL_LENGTH_MAX)
    try:
        stored = check_email(typed)
    except RuleViolated as error:
        raise RecordRejected("EMAIL") from error
    if stored != typed:
        raise RecordRejected("EMAIL")
    return stored


def _read_act_recorded(value: object) -> ActRecorded:
    signed_act, pair = sequence(value, 2)
    filed_sign1, filed_body = sequence(pair, 2)
    return ActRecorded(
        signed_act=octets(signed_act, maximum=SIGN1_BYTES_MAX),
        filed_sign1=octets(filed_sign1, maximum=SIGN1_BYTES_MAX),
        filed_body=octets(filed_body, maximum=REQUEST_BODY_BYTES_MAX),
    )


def _read_decision(value: object) -> Decision:
    read = fields(value, 6)
    accepted = read[3]
    if not isinstance(accepted, bool):
        raise RecordRejected("DECISION_FIELDS")
    code = optional(read[4], text)
    if (code is None) != accepted or (code is not None and code not in tuple(RefusalCode)):
        raise RecordRejected("DECISION_CODE")
    return Decision(
        act_hash=EventHash(octets(read[1], length=32)),
        origin=number_of(DecisionOrigin, read[2]),
        accepted=accepted,
        code=None if code is None else RefusalCode(code),
        account=optional(read[5], read_account),
    )


def _read_clock_step(value: object) -> ClockStep:
    return ClockStep(step_ms=integer(fields(value, 2)[1], minimum=-(2**53)))


def _slot_change_value(change: SlotChange) -> dict[int, object]:
    value: dict[int, object] = {
        0: 1,
        1: change.slot_id,
        2: change.slot_kind,
        3: change.operation.value,
        4: change.kid,
    }
    if change.by is not None:
        value[5] = [change.by.supervisor, change.by.second_slot]
    return value


def _read_slot_change(value: object) -> SlotChange:
    read = fields(value, 5, optional=1)
    return SlotChange(
        slot_id=octets(read[1], length=SLOT_ID_BYTES),
        slot_kind=integer(read[2], maximum=9),
        operation=number_of(SlotOperation, read[3]),
        kid=optional(read[4], _read_kid),
        by=_read_two_people(read[5]) if 5 in read else None,
    )


def _read_two_people(value: object) -> TwoPeople:
    supervisor, second_slot = sequence(value, 2)
    return TwoPeople(supervisor=_read_kid(supervisor), second_slot=octets(second_slot, length=SLOT_ID_BYTES))


def _read_kid(value: object) -> Kid:
    return Kid(octets(value, length=8))


def _read_lock_out(value: object) -> LockOut:
    read = fields(value, 3)
    return LockOut(slot_id=octets(read[1], length=SLOT_ID_BYTES), tries=integer(read[2], maximum=1000))


def _read_sync_point(value: object) -> SyncPoint:
    fields(value, 1)
    return SyncPoint()


def _read_start(value: object) -> Start:
    read = fields(value, 4)
    return Start(
        software_version=text(read[1]),
        reason=number_of(StartReason, read[2]),
        kid=optional(read[3], _read_kid),
    )


def _read_look_up(value: object) -> LookUp:
    read = fields(value, 4)
    return LookUp(
        reference=read_reference(read[1]), birth_date=partial_date(read[2]), officer=_read_kid(read[3])
    )


def _read_body_key(value: object) -> BodyKey:
    return BodyKey(sealed_key=octets(value, maximum=BODY_BYTES_MAX))


def _read_taken_in(value: object) -> TakenIn:
    read = fields(value, 4)
    return TakenIn(
        by=number_of(TakenBy, read[1]),
        act_hash=EventHash(octets(read[2], length=32)),
        account=optional(read[3], read_account),
    )


def _read_reference_given(value: object) -> ReferenceGiven:
    return ReferenceGiven(reference=read_reference(fields(value, 2)[1]))


def _read_revocation_asked(value: object) -> RevocationAsked:
    read = fields(value, 3)
    authentication = number_of(Authentication, read[2])
    if authentication is Authentication.NONE:
        raise RecordRejected("REVOCATION_ASKED_FIELDS")
    return RevocationAsked(act_hash=EventHash(octets(read[1], length=32)), authentication=authentication)


def _read_enrolled(value: object) -> Enrolled:
    return Enrolled(signed_enrolment=octets(value, maximum=ENROLMENT_BYTES_MAX))


_KIND_OF: Final[dict[type, Kind]] = {
    Filed: Kind.FILED,
    ActRecorded: Kind.ACT,
    Decision: Kind.DECISION,
    ClockStep: Kind.CLOCK_STEP,
    SlotChange: Kind.SLOT_CHANGE,
    LockOut: Kind.LOCK_OUT,
    SyncPoint: Kind.SYNC_POINT,
    Start: Kind.START,
    LookUp: Kind.LOOK_UP,
    BodyKey: Kind.BODY_KEY,
    TakenIn: Kind.TAKEN_IN,
    ReferenceGiven: Kind.REFERENCE_GIVEN,
    Enrolled: Kind.ENROLMENT,
    Revocation: Kind.REVOCATION,
    Fact: Kind.FACT,
    Ruling: Kind.RULING,
    MandataireAnswer: Kind.MANDATAIRE_TOWN_HALL,
    Purge: Kind.PURGE,
    PaperForm: Kind.PAPER_FORM,
    RevocationAsked: Kind.REVOCATION_ASKED,
    FactWithdrawn: Kind.FACT_WITHDRAWN,
}
_READERS: Final[dict[Kind, Callable[[object], Content]]] = {
    Kind.FILED: _read_filed,
    Kind.ACT: _read_act_recorded,
    Kind.DECISION: _read_decision,
    Kind.CLOCK_STEP: _read_clock_step,
    Kind.SLOT_CHANGE: _read_slot_change,
    Kind.LOCK_OUT: _read_lock_out,
    Kind.SYNC_POINT: _read_sync_point,
    Kind.START: _read_start,
    Kind.LOOK_UP: _read_look_up,
    Kind.BODY_KEY: _read_body_key,
    Kind.TAKEN_IN: _read_taken_in,
    Kind.REFERENCE_GIVEN: _read_reference_given,
    Kind.ENROLMENT: _read_enrolled,
    Kind.REVOCATION: read_revocation,
    Kind.FACT: read_fact,
    Kind.RULING: read_ruling,
    Kind.MANDATAIRE_TOWN_HALL: read_answer,
    Kind.PURGE: read_purge,
    Kind.PAPER_FORM: read_paper_form,
    Kind.REVOCATION_ASKED: _read_revocation_asked,
    Kind.FACT_WITHDRAWN: read_withdrawn,
}
