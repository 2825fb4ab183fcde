"""The act an officer signs, nested in the device's event (SECURITY-DESIGN 5, typ procu/act/1).

The officer's signature and the device's are both needed for any effect (I-3). Keys 8 and 9 bind the act to
one place in one
log, so it cannot be replayed elsewhere.
"""

from procuration.domain.acts import Act, ActDecision, ActPlace, ActPlaceKind, Declarations, IdentityDocument
from procuration.domain.competence import Authority
from procuration.domain.events import Envelope
from procuration.domain.identifiers import EventHash, LogId, Realm, Rid
from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected
from procuration.ports import Signer
from procuration.record import canonical
from procuration.record.cose_key import VerifyingKey
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.shape import (
    fields,
    instant,
    integer,
    number_of,
    octets,
    optional,
    seconds,
    sequence,
    text,
    words,
)
from procuration.record.signed import Typ, parse_signed, sign, verify

FIELDS = 14


def sign_act(act: Act, officer: Signer, realm: Realm) -> bytes:
    """The encoded COSE_Sign1 of an act."""
    return sign(encode_act(act), Typ.ACT, officer, realm)


def encode_act(act: Act) -> bytes:
    """The payload an officer signs."""
    return canonical.encode(
        {
            0: 1,
            1: act.rid,
            2: act.filed_hash,
            3: act.decision.value,
            4: None if act.refusal_code is None else act.refusal_code.value,
            5: None if act.identity_document is None else act.identity_document.value,
            6: seconds(act.wall),
            7: act.directory_version,
            8: act.log_id,
            9: act.seq,
            10: [act.place.kind.value, act.place.site_id, act.place.insee_code],
            11: act.declarations.value,
            12: [act.authority.nom, act.authority.prenoms, act.authority.qualite, act.authority.unit_name],
            13: act.confirms,
        }
    )


def read_act(payload: bytes) -> Act:
    """The act of a payload whose signature the caller checks.

    Raises: RecordRejected ACT_REFUSAL_CODE, ACT_PLACE (a listed place has a name: R-16), FIELD_TEXT when a
    datum of the authority is missing (R-23), or a code of `shape` or `canonical`.
    """
    value = fields(canonical.decode(payload, max_bytes=SIGN1_BYTES_MAX), FIELDS)
    decision = number_of(ActDecision, value[3])
    code = optional(value[4], _refusal_code)
    if (code is not None) != (decision is ActDecision.REFUSED):
        raise RecordRejected("ACT_REFUSAL_CODE")
    document = optional(value[5], lambda number: number_of(IdentityDocument, number))
    if document is None and decision is not ActDecision.REFUSED:
        raise RecordRejected("ACT_DOCUMENT")
    revoked = decision is ActDecision.REVOKED
    return Act(
        rid=Rid(_known(value[1], 16, revoked)),
        filed_hash=EventHash(_known(value[2], 32, revoked)),
        decision=decision,
        refusal_code=code,
        identity_document=document,
        wall=instant(value[6]),
        directory_version=integer(value[7]),
        log_id=LogId(octets(value[8], length=8)),
        seq=integer(value[9]),
        place=_place(value[10]),
        declarations=number_of(Declarations, value[11]),
        authority=_authority(value[12]),
        confirms=optional(value[13], lambda hash_: EventHash(octets(hash_, length=32))),
    )


def verify_act(signed_act: bytes, officer: VerifyingKey, envelope: Envelope, realm: Realm) -> Act:
    """The act, once signed by this officer key and bound to the event that carries it.

    Raises: RecordRejected ACT_BINDING when it names another place, request or log; or a code of `signed`.
    """
    payload = verify(parse_signed(signed_act, max_bytes=SIGN1_BYTES_MAX), officer, Typ.ACT, realm)
    act = read_act(payload)
    if (act.log_id, act.seq, act.rid) != (envelope.log_id, envelope.seq, envelope.rid or b""):
        raise RecordRejected("ACT_BINDING")
    return act


def _known(value: object, length: int, may_be_unknown: bool) -> bytes:
    """An identifier; empty in a résiliation whose procuration is not at hand."""
    return b"" if may_be_unknown and value == b"" else octets(value, length=length)


def _refusal_code(value: object) -> RefusalCode:
    code = text(value)
    if code not in tuple(RefusalCode):
        raise RecordRejected("ACT_REFUSAL_CODE")
    return RefusalCode(code)


def _place(value: object) -> ActPlace:
    kind, site_id, insee_code = sequence(value, 3)
    place = ActPlace(
        kind=number_of(ActPlaceKind, kind),
        site_id=optional(site_id, words),
        insee_code=words(insee_code, maximum=8),
    )
    if place.kind is ActPlaceKind.LISTED_PUBLIC_PLACE and place.site_id is None:
        raise RecordRejected("ACT_PLACE")
    return place


def _authority(value: object) -> Authority:
    nom, prenoms, qualite, unit_name = (words(part) for part in sequence(value, 4))
    return Authority(nom=nom, prenoms=prenoms, qualite=qualite, unit_name=unit_name)
