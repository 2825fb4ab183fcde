"""One event as it travels: a signature part and a body, `[sign1, body]` (SECURITY-DESIGN 5).

The envelope commits to a salted hash of the body, so a body can be deleted for good while chain and
signatures stay valid.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from procuration.domain.events import Content, Envelope, Kind
from procuration.domain.identifiers import EventHash, Realm
from procuration.errors import RecordRejected
from procuration.ports import RandomBytes, Signer
from procuration.record import canonical
from procuration.record.chain import hash_of
from procuration.record.contents import content_value, kind_of, read_content
from procuration.record.cose_key import VerifyingKey
from procuration.record.envelope import decode_envelope, encode_envelope
from procuration.record.limits import BODY_BYTES_MAX, REQUEST_BODY_BYTES_MAX, SIGN1_BYTES_MAX
from procuration.record.shape import octets, sequence
from procuration.record.signed import Signed, Typ, parse_signed, sign, verify

SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class EventPair:
    """An event's two parts.

    Attributes:
        sign1: encoded COSE_Sign1 of typ procu/event/1.
        body: plain `cbor([salt, content])`, or the kiosk's encrypted form; None once purged.
    """

    sign1: bytes
    body: bytes | None = field(repr=False)

    @property
    def hash(self) -> EventHash:
        """The name of the event."""
        return hash_of(self.sign1)


def encode_body(content: Content, random: RandomBytes) -> bytes:
    """A plain body with a fresh salt.

    Raises: RecordRejected BODY_SIZE.
    """
    body = canonical.encode([random(SALT_BYTES), content_value(content)])
    if len(body) > _body_bytes_max(kind_of(content)):
        raise RecordRejected("BODY_SIZE", bytes=len(body))
    return body


def _body_bytes_max(kind: Kind) -> int:
    return REQUEST_BODY_BYTES_MAX if kind is Kind.FILED else BODY_BYTES_MAX


def body_hash(body: bytes) -> bytes:
    """What the envelope commits to."""
    return hashlib.sha256(body).digest()


def sign_event(envelope: Envelope, signer: Signer, realm: Realm) -> bytes:
    """The signature part of an event."""
    return sign(encode_envelope(envelope), Typ.EVENT, signer, realm)


def parse_event(sign1: bytes) -> tuple[Signed, Envelope]:
    """The envelope of a signature part whose signature is not yet checked.

    Raises: RecordRejected.
    """
    signed = parse_signed(sign1, max_bytes=SIGN1_BYTES_MAX)
    if signed.typ is not Typ.EVENT:
        raise RecordRejected("SIGN1_TYPE")
    return signed, decode_envelope(signed.payload)


def verify_event(sign1: bytes, key: VerifyingKey, realm: Realm) -> Envelope:
    """The envelope, once signed by this device key. Raises: RecordRejected."""
    signed, envelope = parse_event(sign1)
    verify(signed, key, Typ.EVENT, realm)
    return envelope


def open_body(envelope: Envelope, body: bytes) -> Content:
    """The content of a plain body that the envelope commits to.

    Raises: RecordRejected BODY_HASH, BODY_SIZE, or a code of the content.
    """
    if len(body) > _body_bytes_max(envelope.kind):
        raise RecordRejected("BODY_SIZE")
    if body_hash(body) != envelope.body_hash:
        raise RecordRejected("BODY_HASH")
    salt, content = sequence(canonical.decode(body, max_bytes=BODY_BYTES_MAX), 2)
    octets(salt, length=SALT_BYTES)
    return read_content(envelope.kind, content)


def pair_value(pair: EventPair) -> list[object]:
    """`[sign1, body]`, the body null once purged."""
    return [pair.sign1, pair.body]


def read_pair(value: object) -> EventPair:
    """Raises: RecordRejected."""
    sign1, body = sequence(value, 2)
    return EventPair(
        octets(sign1, maximum=SIGN1_BYTES_MAX),
        None if body is None else octets(body, maximum=BODY_BYTES_MAX),
    )
