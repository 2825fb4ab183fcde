"""COSE_Sign1 (RFC 9052, 4.2), the narrow subset this project signs with: one protected header, one meaning
per type.

The realm is in the signed bytes, so a record of the test realm means nothing in production.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from procuration.domain.identifiers import Kid, Realm
from procuration.errors import RecordRejected
from procuration.ports import Signer
from procuration.record import canonical
from procuration.record.canonical import byte_string_head
from procuration.record.cose_key import ED25519, ESP256, SIGNATURE_BYTES, VerifyingKey

_ALG: Final = 1
_KID: Final = 4
_TYP: Final = 16
_HEADER_BYTES_MAX: Final = 64
_SIGNATURE1: Final = b"\x84\x6aSignature1"
"""Head of a list of four, then the context string."""


class Typ(StrEnum):
    """What a signature means. A new meaning needs a new type."""

    EVENT = "procu/event/1"
    ACT = "procu/act/1"
    ACT_WEB = "procu/act-web/1"
    BUNDLE = "procu/bundle/1"
    ENROLMENT = "procu/enrol/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A well-formed COSE_Sign1 whose signature is not yet checked.

    Attributes:
        raw: the encoded array; its SHA-256 names the event.
        protected: the encoded header, as signed.
    """

    raw: bytes
    protected: bytes
    alg: int
    kid: Kid
    typ: Typ
    payload: bytes
    signature: bytes


def sign(payload: bytes, typ: Typ, signer: Signer, realm: Realm) -> bytes:
    """The encoded COSE_Sign1 of a payload."""
    protected = canonical.encode({_ALG: signer.alg, _KID: signer.kid, _TYP: typ.value})
    signature = signer.sign(to_be_signed(protected, payload, realm))
    return canonical.encode([protected, {}, payload, signature])


def to_be_signed(protected: bytes, payload: bytes, realm: Realm) -> bytes:
    """`Sig_structure` of RFC 9052, 4.4, with the realm as external data."""
    # Written out: the general encoder costs a tenth of the signature check that follows.
    return b"".join((_before_payload(protected, realm), byte_string_head(len(payload)), payload))


@lru_cache(maxsize=4096)
def _before_payload(protected: bytes, realm: Realm) -> bytes:
    """The part that all signatures of one key and type share."""
    aad = external_aad(realm)
    return b"".join(
        (_SIGNATURE1, byte_string_head(len(protected)), protected, byte_string_head(len(aad)), aad)
    )


@lru_cache(maxsize=8)
def external_aad(realm: Realm) -> bytes:
    """`cbor(["procu", 1, realm])`."""
    return canonical.encode(["procu", 1, realm])


def parse_signed(data: bytes, *, max_bytes: int) -> Signed:
    """A COSE_Sign1 in its only form: an untagged array, an empty unprotected header, exactly three
    protected labels.

    Raises: RecordRejected SIGN1_FORM, SIGN1_HEADER, or a code of `canonical`.
    """
    parts = _usual_parts(data) if len(data) <= max_bytes else None
    protected, payload, signature = parts or _decoded_parts(data, max_bytes)
    alg, kid, typ = _read_header(protected)
    return Signed(
        raw=data, protected=protected, alg=alg, kid=kid, typ=typ, payload=payload, signature=signature
    )


def _usual_parts(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Header, payload and signature by their places; None unless exactly these parts make these bytes again.

    A third of the cost of the general decoder, which gives every other input the code of its fault.
    """
    protected, at = _byte_string(data, 1)
    payload, at = _byte_string(data, at + 1)
    signature = data[-SIGNATURE_BYTES:]
    parts = (
        b"\x84",
        byte_string_head(len(protected)),
        protected,
        b"\xa0",
        byte_string_head(len(payload)),
        payload,
        b"\x58\x40",
        signature,
    )
    usual = len(signature) == SIGNATURE_BYTES and b"".join(parts) == data
    return (protected, payload, signature) if usual else None


def _byte_string(data: bytes, at: int) -> tuple[bytes, int]:
    """What a byte string at this place would hold, and where it would end; the caller proves it."""
    head = data[at : at + 3]
    if len(head) < 3:
        return b"", at
    first, one, other = head
    start, length = at + 1, max(first - 0x40, 0)
    if first == 0x58:
        start, length = at + 2, one
    elif first == 0x59:
        start, length = at + 3, one << 8 | other
    return data[start : start + length], start + length


def _decoded_parts(data: bytes, max_bytes: int) -> tuple[bytes, bytes, bytes]:
    match canonical.decode(data, max_bytes=max_bytes):
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)] if not unprotected:
            if len(signature) == SIGNATURE_BYTES:
                return protected, payload, signature
    raise RecordRejected("SIGN1_FORM")


@lru_cache(maxsize=4096)
def _read_header(protected: bytes) -> tuple[int, Kid, Typ]:
    match canonical.decode(protected, max_bytes=_HEADER_BYTES_MAX):
        case {1: int(alg), 4: bytes(kid), 16: str(typ), **rest} if not rest:
            if alg in (ED25519, ESP256) and len(kid) == 8 and typ in tuple(Typ):
                return alg, Kid(kid), Typ(typ)
    raise RecordRejected("SIGN1_HEADER")


def verify(signed: Signed, key: VerifyingKey, typ: Typ, realm: Realm) -> bytes:
    """The payload, once the key, the type and the signature agree.

    Raises: RecordRejected SIGN1_TYPE, SIGN1_KEY, SIGNATURE.
    """
    if signed.typ is not typ:
        raise RecordRejected("SIGN1_TYPE")
    if signed.kid != key.kid or signed.alg != key.alg:
        raise RecordRejected("SIGN1_KEY")
    key.check(signed.signature, to_be_signed(signed.protected, signed.payload, realm))
    return signed.payload
