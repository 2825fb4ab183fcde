"""The authorization code flow: where the browser is sent, and what is made of its return (OpenID Connect
Core 1.0, 3.1; RFC 7636).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from server.identity.addresses import addresses_of
from server.identity.providers import Provider, UserInfo
from server.identity.tokens import (
    Claims,
    check_level,
    check_same_person,
    id_token_claims,
    refused,
    signed_token,
    subject_of,
    userinfo_claims,
)
from server.identity.transport import fetch, fetch_tokens, read_object, session

_CODE_MAX: Final = 2048
_BEARER_MAX: Final = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one sign-in asked; the answer must match it. Each value is drawn anew, 43 characters."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider said of a person, every check made.

    Attributes:
        claims: those of the UserInfo answer.
        methods: `amr` of the id token, else of UserInfo: how the person proved who they are.
        level: `acr` of the id token; empty when the provider has no levels.
        id_token: kept for the log-out only.
    """

    subject: str = field(repr=False)
    claims: Claims = field(repr=False)
    methods: frozenset[str]
    level: str
    id_token: str = field(repr=False)


def new_question() -> Question:
    """Fresh values: 256 bits each (FranceConnect and ProConnect want 32 characters at least)."""
    return Question(
        state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48)
    )


def sign_in_address(provider: Provider, question: Question, redirect_uri: str) -> str:
    """Where the browser goes to sign in. Nothing but what the provider knows: ProConnect refuses the rest.

    Raises: CarrierUnavailable FOURNISSEUR_ABSENT, RecordRejected REPONSE_FOURNISSEUR.
    """
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scopes,
        "state": question.state,
        "nonce": question.nonce,
        "acr_values": provider.acr,
        "claims": provider.claims,
        "prompt": provider.prompt,
    }
    if provider.pkce:
        asked["code_challenge"] = create_s256_code_challenge(question.verifier)
        asked["code_challenge_method"] = "S256"
    said = {name: value for name, value in asked.items() if value}
    return f"{addresses_of(provider).authorization}?{urlencode(said)}"


def end_address(provider: Provider, id_token: str, state: str, return_uri: str) -> str | None:
    """Where the browser goes to end the provider's own session; None when the provider has no such place."""
    address = addresses_of(provider).end_session
    if not address:
        return None
    asked = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": return_uri}
    return f"{address}?{urlencode(asked)}"


def answer_of(
    provider: Provider, question: Question, given: Mapping[str, str], redirect_uri: str, now: datetime
) -> Answer:
    """Trade the code of a return for the identity.

    Args:
        given: the parameters of the return, whose `state` the caller has compared.

    Raises: RecordRejected CODE_REFUSE, NIVEAU_INSUFFISANT, REPONSE_FOURNISSEUR (ids: part);
        CarrierUnavailable FOURNISSEUR_ABSENT.
    """
    code = given.get("code", "")
    if not 0 < len(code) <= _CODE_MAX or not code.isascii() or not code.isprintable():
        raise refused("code")
    if given.get("iss", provider.issuer) != provider.issuer:
        raise refused("iss")  # the answer of another provider (RFC 9207)
    addresses = addresses_of(provider)
    client = session(
        provider.client_id, provider.secret, provider.client_authentication, redirect_uri, provider.scopes
    )
    with client:
        tokens = fetch_tokens(client, addresses.token, code, question.verifier if provider.pkce else None)
    id_token = signed_token(provider, tokens.get("id_token"))
    claims = id_token_claims(provider, id_token, question.nonce, now)
    level = check_level(provider, claims)
    subject = subject_of(claims)
    said = _userinfo(provider, addresses.userinfo, tokens.get("access_token"), subject, now)
    return Answer(
        subject=subject,
        claims=said,
        methods=_methods(claims) or _methods(said),
        level=level,
        id_token=id_token,
    )


def _userinfo(provider: Provider, address: str, bearer: object, subject: str, now: datetime) -> Claims:
    """The identity itself, fetched at once: access tokens live a minute (DOMAIN 5.1)."""
    if not isinstance(bearer, str) or not 0 < len(bearer) <= _BEARER_MAX or not bearer.isascii():
        raise refused("access_token")
    if not bearer.isprintable() or " " in bearer:
        raise refused("access_token")
    content = fetch(address, bearer)
    if provider.userinfo is UserInfo.JWT:
        return userinfo_claims(provider, content, subject, now)
    claims = read_object(content)
    check_same_person(claims, subject)
    return claims


def _methods(claims: Claims) -> frozenset[str]:
    methods = claims.get("amr", [])
    if not isinstance(methods, list) or len(methods) > 20 or not all(isinstance(m, str) for m in methods):
        raise refused("amr")
    return frozenset(methods)
