"""The act an officer signs in a browser, with a security key (SECURITY-DESIGN 5, typ procu/act-web/1).

The key signs what Web Authentication gives it (W3C, Level 2, 7.2): the challenge names the realm and the
whole act, so the signature covers it as a COSE_Sign1 would. Five parts: `[kid, payload, authenticatorData,
clientDataJSON, signature]`; the signature is kept as r || s with the low s, its only form.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from procuration.domain.acts import Act
from procuration.domain.events import Envelope
from procuration.domain.identifiers import Kid, Realm
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.act import read_act
from procuration.record.cose_key import ED25519, SIGNATURE_BYTES, VerifyingKey, low_s
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.shape import octets, sequence
from procuration.record.signed import Typ

CLIENT_DATA_BYTES_MAX: Final = 1_024
AUTHENTICATOR_DATA_BYTES: Final = range(37, 257)
"""37 bytes of an assertion without extensions; an authenticator may add some."""
_DER_SIGNATURE_BYTES_MAX: Final = 80
_ORIGIN: Final = re.compile(r"https?://([a-z0-9.-]{1,253})(?::[0-9]{1,5})?")
"""As browsers write it (RFC 6454, 6.2): scheme, host in ASCII, port when it is not the usual one."""
_PARTS: Final = 5
_FIRST_BYTE: Final = 0x80 + _PARTS
_RP_ID_HASH: Final = slice(0, 32)
_FLAGS: Final = 32
_USER_PRESENT_AND_VERIFIED: Final = 0b101


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAct:
    """A well-formed act of a browser whose signature is not yet checked.

    Attributes:
        origin: where the browser stood when the key signed, for example "https://relais.example".
    """

    kid: Kid
    payload: bytes
    authenticator_data: bytes
    client_data: bytes
    signature: bytes
    origin: str


def challenge_of(payload: bytes, realm: Realm) -> bytes:
    """What the browser asks the key to sign: 32 bytes."""
    return hashlib.sha256(canonical.encode([Typ.ACT_WEB.value, realm, payload])).digest()


def is_web_act(signed_act: bytes) -> bool:
    """Whether these bytes claim to be an act of a browser: a COSE_Sign1 has four parts, not five."""
    return signed_act[:1] == bytes((_FIRST_BYTE,))


def encode_web_act(
    key: VerifyingKey, payload: bytes, authenticator_data: bytes, client_data: bytes, signature: bytes
) -> bytes:
    """The signed act, from what the browser answered.

    Args:
        signature: as WebAuthn gives it: DER for a P-256 key, 64 bytes for an Ed25519 one.
    Raises: RecordRejected SIGNATURE when it has no such form.
    """
    parts = [key.kid, payload, authenticator_data, client_data, _one_form(signature, key.alg)]
    return canonical.encode(parts)


def _one_form(signature: bytes, alg: int) -> bytes:
    if alg == ED25519:
        return signature
    if len(signature) > _DER_SIGNATURE_BYTES_MAX:
        raise RecordRejected("SIGNATURE")
    try:
        r, s = decode_dss_signature(signature)
        return low_s(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    except (ValueError, OverflowError) as error:
        raise RecordRejected("SIGNATURE") from error


def parse_web_act(data: bytes) -> WebAct:
    """Raises: RecordRejected WEB_ACT_CLIENT_DATA when the browser's word is none, or a code of `canonical`
    or `shape`."""
    parts = sequence(canonical.decode(data, max_bytes=SIGN1_BYTES_MAX), _PARTS)
    kid, payload, authenticator_data, client_data, signature = parts
    said = octets(client_data, maximum=CLIENT_DATA_BYTES_MAX)
    return WebAct(
        kid=Kid(octets(kid, length=8)),
        payload=octets(payload, maximum=SIGN1_BYTES_MAX),
        authenticator_data=octets(authenticator_data, maximum=AUTHENTICATOR_DATA_BYTES.stop),
        client_data=said,
        signature=octets(signature, length=SIGNATURE_BYTES),
        origin=_told(said).get("origin", ""),
    )


def verify_web_act(signed_act: bytes, officer: VerifyingKey, envelope: Envelope, realm: Realm) -> Act:
    """The act, once signed by this officer's security key, with the person verified, for this very act, and
    bound to the event that carries it.

    That the origin is the centre's own is asked when the act is drawn up; here it need only be the site to
    which the key belongs, which is what an authenticator vouches for.

    Raises: RecordRejected ACT_BINDING when it names another place, request or log; WEB_ACT_CLIENT_DATA,
        WEB_ACT_PERSON (nobody touched the key, or it did not verify who), SIGNATURE, or as `parse_web_act`.
    """
    web = parse_web_act(signed_act)
    if web.kid != officer.kid:
        raise RecordRejected("SIGNATURE", kid=officer.kid.hex())
    _check_client_data(web, realm)
    _check_authenticator(web)
    officer.check(web.signature, web.authenticator_data + hashlib.sha256(web.client_data).digest())
    act = read_act(web.payload)
    if (act.log_id, act.seq, act.rid) != (envelope.log_id, envelope.seq, envelope.rid or b""):
        raise RecordRejected("ACT_BINDING")
    return act


def _told(client_data: bytes) -> dict[str, str]:
    """The texts of a CollectedClientData; a name said twice counts for nothing."""
    try:
        told = json.loads(client_data, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise RecordRejected("WEB_ACT_CLIENT_DATA") from error
    if not isinstance(told, dict) or told.get("crossOrigin", False) is not False:
        raise RecordRejected("WEB_ACT_CLIENT_DATA")
    return {name: value for name, value in told.items() if isinstance(value, str)}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise RecordRejected("WEB_ACT_CLIENT_DATA")
    return told


def _check_client_data(web: WebAct, realm: Realm) -> None:
    told = _told(web.client_data)
    challenge = urlsafe_b64encode(challenge_of(web.payload, realm)).rstrip(b"=").decode()
    if told.get("type") != "webauthn.get" or told.get("challenge") != challenge:
        raise RecordRejected("WEB_ACT_CLIENT_DATA")


def _check_authenticator(web: WebAct) -> None:
    data = web.authenticator_data
    if len(data) not in AUTHENTICATOR_DATA_BYTES:
        raise RecordRejected("WEB_ACT_PERSON")
    if data[_FLAGS] & _USER_PRESENT_AND_VERIFIED != _USER_PRESENT_AND_VERIFIED:
        raise RecordRejected("WEB_ACT_PERSON")
    site = _ORIGIN.fullmatch(web.origin)
    if site is None or hashlib.sha256(site[1].encode()).digest() != data[_RP_ID_HASH]:
        raise RecordRejected("WEB_ACT_CLIENT_DATA")
