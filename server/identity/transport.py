"""Asking an identity provider something: little time, few bytes, no detour.

What a provider sends is hostile until it is checked. A redirect is refused, because it would carry a secret
somewhere else; a proxy named by the environment is not used.
"""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter

from procuration.errors import CarrierUnavailable, RecordRejected

ANSWER_BYTES_MAX: Final = 64 * 1024
ANSWER_SECONDS_MAX: Final = 8.0
_CONNECT_SECONDS: Final = 3.0
_READ_SECONDS: Final = 5.0
_CHUNK: Final = 8 * 1024


class _BoundedAdapter(HTTPAdapter):
    """Reads a whole answer: `ANSWER_BYTES_MAX` at most, decompressed, in `ANSWER_SECONDS_MAX`."""

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        options |= {"stream": True, "timeout": (_CONNECT_SECONDS, _READ_SECONDS), "proxies": {}}
        end = time.monotonic() + ANSWER_SECONDS_MAX
        response = super().send(request, **options)
        received = bytearray()
        try:
            for chunk in response.iter_content(_CHUNK):
                received += chunk
                if len(received) > ANSWER_BYTES_MAX:
                    raise RecordRejected("REPONSE_FOURNISSEUR", part="size")
                if time.monotonic() > end:
                    raise CarrierUnavailable("FOURNISSEUR_ABSENT")
        finally:
            response.close()
        response._content = bytes(received)  # where requests looks for what was already read
        return response


def session(client_id: str, secret: str, method: str, redirect_uri: str, scopes: str) -> OAuth2Session:
    """A client of one provider for one exchange; its answers are bounded."""
    client = OAuth2Session(
        client_id=client_id,
        client_secret=secret,
        token_endpoint_auth_method=method,
        scope=scopes,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    return _bounded(client)


def fetch_tokens(client: OAuth2Session, endpoint: str, code: str, verifier: str | None) -> dict[str, Any]:
    """The answer of the token endpoint.

    Raises: CarrierUnavailable FOURNISSEUR_ABSENT; RecordRejected CODE_REFUSE: the provider does not take this
    code (replayed, too old, another client's); REPONSE_FOURNISSEUR.
    """
    more = {"code_verifier": verifier} if verifier else {}
    try:
        return dict(
            client.fetch_token(
                endpoint, grant_type="authorization_code", code=code, allow_redirects=False, **more
            )
        )
    except OAuthError as error:
        raise RecordRejected("CODE_REFUSE") from error
    except requests.exceptions.ContentDecodingError as error:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="encoding") from error
    except requests.RequestException as error:
        raise CarrierUnavailable("FOURNISSEUR_ABSENT") from error
    except ValueError as error:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="token") from error


def fetch(address: str, bearer: str = "") -> bytes:
    """What stands at an address of a provider.

    Raises: CarrierUnavailable FOURNISSEUR_ABSENT (no answer, or 5xx); RecordRejected REPONSE_FOURNISSEUR.
    """
    headers = {"Accept": "application/json, application/jwt"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    try:
        with _bounded(requests.Session()) as client:
            answer = client.get(address, headers=headers, allow_redirects=False)
    except requests.exceptions.ContentDecodingError as error:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="encoding") from error
    except requests.RequestException as error:
        raise CarrierUnavailable("FOURNISSEUR_ABSENT") from error
    if answer.status_code >= 500:
        raise CarrierUnavailable("FOURNISSEUR_ABSENT")
    if answer.status_code != 200:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="status")
    content: bytes = answer.content
    return content


def fetch_object(address: str) -> Mapping[str, Any]:
    """A JSON object of a provider. Raises: as `fetch`."""
    return read_object(fetch(address))


def read_object(content: bytes) -> Mapping[str, Any]:
    """Bytes of a provider as a JSON object. Raises: RecordRejected REPONSE_FOURNISSEUR."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RecordRejected("REPONSE_FOURNISSEUR", part="json") from error
    if not isinstance(value, dict):
        raise RecordRejected("REPONSE_FOURNISSEUR", part="json")
    return value


def _bounded(client: Any) -> Any:
    """The session, with bounded answers and nothing taken from the environment."""
    client.trust_env = False
    for scheme in ("https://", "http://"):
        client.mount(scheme, _BoundedAdapter())
    return client
