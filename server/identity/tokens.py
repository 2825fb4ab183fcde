"""Signed tokens of a provider: who signed, for whom, when, in answer to which question, at which level
(OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2).
"""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from procuration.errors import RecordRejected
from server.identity.addresses import signing_key
from server.identity.providers import Provider
from server.identity.transport import ANSWER_BYTES_MAX

_LEVELS: Final = ("eidas1", "eidas2", "eidas3")
_ENCRYPTIONS: Final = ("ECDH-ES", "ECDH-ES+A256KW", "RSA-OAEP", "RSA-OAEP-256", "A256GCM")
_REPLICATED_CLAIMS: Final = jwe.JWERegistry(algorithms=list(_ENCRYPTIONS), strict_check_header=False)
"""Providers repeat `iss` and `aud` in the header of an encrypted token (RFC 7519, 5.3); no one reads them."""
_SUBJECT_MAX: Final = 255
_YEAR_SECONDS: Final = 366 * 86400

Claims = Mapping[str, Any]


def refused(part: str) -> RecordRejected:
    """A token is not what it should be; `part` says which check failed, never what was in it."""
    return RecordRejected("REPONSE_FOURNISSEUR", part=part)


def id_token_claims(provider: Provider, token: object, nonce: str, now: datetime) -> Claims:
    """The claims of an id token after every check but its level.

    Raises: RecordRejected REPONSE_FOURNISSEUR, CarrierUnavailable FOURNISSEUR_ABSENT.
    """
    claims = _signed_claims(provider, token, provider.id_token_algorithms)
    _check_source(provider, claims)
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(
        claims["nonce"].encode(), nonce.encode()
    ):
        raise refused("nonce")
    skew, at = provider.clock_skew_seconds, now.timestamp()
    expires, issued = _instant(claims, "exp"), _instant(claims, "iat")
    if at >= expires + skew:
        raise refused("exp")
    if issued > at + skew or at - issued > _YEAR_SECONDS:
        raise refused("iat")
    if "nbf" in claims and _instant(claims, "nbf") > at + skew:
        raise refused("nbf")
    subject_of(claims)
    return claims


def userinfo_claims(provider: Provider, token: bytes, subject: str, now: datetime) -> Claims:
    """The claims of a signed UserInfo answer, of the same person as the id token."""
    try:
        text = token.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise refused("userinfo") from error
    claims = _signed_claims(provider, text, provider.userinfo_algorithms)
    _check_source(provider, claims)
    if "exp" in claims and now.timestamp() >= _instant(claims, "exp") + provider.clock_skew_seconds:
        raise refused("exp")
    check_same_person(claims, subject)
    return claims


def check_same_person(claims: Claims, subject: str) -> None:
    """Another `sub` than the id token's: the answer of somebody else (OpenID Connect Core 5.3.2)."""
    if not hmac.compare_digest(subject_of(claims).encode(), subject.encode()):
        raise refused("sub")


def subject_of(claims: Claims) -> str:
    """Who the provider says it is, in its own words."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_MAX:
        raise refused("sub")
    return subject


def check_level(provider: Provider, claims: Claims) -> str:
    """The level reached. Raises: RecordRejected NIVEAU_INSUFFISANT, when it is below the one asked for."""
    reached = claims.get("acr", "")
    if not isinstance(reached, str) or len(reached) > _SUBJECT_MAX:
        raise refused("acr")
    if provider.acr and not at_least(reached, provider.acr):
        raise RecordRejected("NIVEAU_INSUFFISANT")
    return reached


def at_least(reached: str, asked: str) -> bool:
    """Whether a level is the one asked for or a higher one; names of other scales have no order."""
    if reached in _LEVELS and asked in _LEVELS:
        return _LEVELS.index(reached) >= _LEVELS.index(asked)
    return reached == asked


def signed_token(provider: Provider, token: object) -> str:
    """A compact signed JWT, taken out of its encryption when it has one. A log-out names this one as its hint
    (OpenID Connect Core 1.0, 3.1.2.1).
    """
    if not isinstance(token, str) or not 0 < len(token) <= ANSWER_BYTES_MAX:
        raise refused("token")
    if token.count(".") == 4:
        token = _decrypted(provider, token)
    if token.count(".") != 2:
        raise refused("token")
    return token


def _signed_claims(provider: Provider, token: object, algorithms: Sequence[str]) -> Claims:
    """What a compact JWT says, its signature checked."""
    token = signed_token(provider, token)
    header = _header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise refused("alg")
    if kid is not None and (not isinstance(kid, str) or len(kid) > _SUBJECT_MAX):
        raise refused("kid")
    try:
        key = _secret_key(provider) if algorithm.startswith("HS") else signing_key(provider, kid, algorithm)
        return jwt.decode(token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, RecursionError) as error:
        raise refused("signature") from error


def _secret_key(provider: Provider) -> Key:
    return OctKey.import_key(provider.secret)


def _decrypted(provider: Provider, token: str) -> str:
    """The signed token inside an encrypted one; nobody but us can have been meant."""
    if not provider.decryption_key:
        raise refused("encryption")
    last: Exception | None = None
    for kind in (ECKey, RSAKey):
        try:
            key = kind.import_key(provider.decryption_key)
            plain = jwe.decrypt_compact(token, key, registry=_REPLICATED_CLAIMS).plaintext
            return (plain or b"").decode("ascii")
        except (JoseError, ValueError, TypeError) as error:
            last = error
    raise refused("encryption") from last


def _header(token: str) -> Claims:
    first = token.split(".", 1)[0]
    try:
        header = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError) as error:
        raise refused("header") from error
    if not isinstance(header, dict):
        raise refused("header")
    return header


def _check_source(provider: Provider, claims: Claims) -> None:
    """Issued by this provider, for us and nobody else."""
    if claims.get("iss") != provider.issuer:
        raise refused("iss")
    audience = claims.get("aud")
    if audience not in (provider.client_id, [provider.client_id]):
        raise refused("aud")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise refused("azp")


def _instant(claims: Claims, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise refused(name)
    return float(value)
