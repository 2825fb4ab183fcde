"""Where a provider answers: as the file says, or as its own discovery document says.

Discovery documents and keys are kept for a while by each process, so that a sign-in costs two questions.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from procuration.errors import RecordRejected
from server.identity.providers import Provider, is_safe_address
from server.identity.transport import fetch_object

_KEPT_SECONDS: Final = 3600.0
ASKED_AGAIN_SECONDS: Final = 30.0
"""A token with an unknown key makes us ask for the keys again, but no more often than this."""
_KEYS_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where one provider answers. `end_session` is empty when it has no log-out."""

    authorization: str
    token: str
    userinfo: str
    jwks: str
    end_session: str


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    at: float


_lock = threading.Lock()
_documents: dict[str, _Kept] = {}
_key_sets: dict[str, _Kept] = {}


def forget_addresses() -> None:
    """Ask every provider again."""
    with _lock:
        _documents.clear()
        _key_sets.clear()


def addresses_of(provider: Provider) -> Addresses:
    """Raises: CarrierUnavailable FOURNISSEUR_ABSENT, RecordRejected REPONSE_FOURNISSEUR."""
    if provider.is_explicit:
        return Addresses(
            authorization=provider.authorization_endpoint,
            token=provider.token_endpoint,
            userinfo=provider.userinfo_endpoint,
            jwks=provider.jwks_uri,
            end_session=provider.end_session_endpoint,
        )
    kept = _documents.get(provider.issuer)
    if kept is None or time.monotonic() - kept.at > _KEPT_SECONDS:
        document = fetch_object(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        kept = _Kept(_discovered(provider, document), time.monotonic())
        with _lock:
            _documents[provider.issuer] = kept
    found: Addresses = kept.value
    return found


def _discovered(provider: Provider, document: Mapping[str, Any]) -> Addresses:
    """The addresses of a discovery document, which must speak for the very issuer that was asked."""
    if document.get("issuer") != provider.issuer:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="issuer")

    def address(name: str, *, needed: bool = True) -> str:
        value = document.get(name, "")
        if not isinstance(value, str) or (not value and needed) or (value and not is_safe_address(value)):
            raise RecordRejected("REPONSE_FOURNISSEUR", part=name)
        return value

    return Addresses(
        authorization=address("authorization_endpoint"),
        token=address("token_endpoint"),
        userinfo=address("userinfo_endpoint"),
        jwks=address("jwks_uri"),
        end_session=provider.end_session_endpoint or address("end_session_endpoint", needed=False),
    )


def signing_key(provider: Provider, kid: str | None, algorithm: str) -> Key:
    """The provider's key of a token. An unknown name makes us ask once more: providers change their keys.

    Raises: CarrierUnavailable FOURNISSEUR_ABSENT, RecordRejected REPONSE_FOURNISSEUR.
    """
    address = addresses_of(provider).jwks
    kept = _key_sets.get(address)
    age = time.monotonic() - kept.at if kept else _KEPT_SECONDS + 1
    found = _find(kept.value, kid, algorithm) if kept and age <= _KEPT_SECONDS else None
    if found is None and age > ASKED_AGAIN_SECONDS:
        kept = _Kept(_key_set(fetch_object(address)), time.monotonic())
        with _lock:
            _key_sets[address] = kept
        found = _find(kept.value, kid, algorithm)
    if found is None:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="kid")
    return found


_TYPES: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "ES384": "EC"}


def _find(keys: list[Key], kid: str | None, algorithm: str) -> Key | None:
    """A key of that name and of the algorithm's kind; without a name, the only one of its kind."""
    fitting = [key for key in keys if key.key_type == _TYPES[algorithm]]
    if kid is None:
        return fitting[0] if len(fitting) == 1 else None
    return next((key for key in fitting if key.kid == kid), None)


def _key_set(document: Mapping[str, Any]) -> list[Key]:
    """The signing keys of a JWKS; those of other uses and unknown kinds are left out."""
    rows = document.get("keys")
    if not isinstance(rows, list) or len(rows) > _KEYS_MAX:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="jwks")
    keys = []
    for row in rows:
        wanted = isinstance(row, dict) and row.get("use", "sig") == "sig" and row.get("kty") in ("EC", "RSA")
        if not wanted:
            continue
        try:
            keys.append(JWKRegistry.import_key(row))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise RecordRejected("REPONSE_FOURNISSEUR", part="jwks") from error
    return keys
