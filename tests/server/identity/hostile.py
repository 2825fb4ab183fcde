"""A provider that answers whatever the test says, at a real port of this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from server.identity.providers import Kind, Provider, UserInfo

SECRET = "un secret partage de quarante caracteres"
CLIENT = "relais"


@dataclass
class Liar:
    """Answers by path: bytes, or a function of the form that was posted.

    Attributes:
        asked: the paths asked for, in order.
    """

    port: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, list[str]]] = field(default_factory=list)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}))

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def provider(self, **changes: Any) -> Provider:
        """This provider as a deployer would describe it, with explicit addresses."""
        settings: dict[str, Any] = {
            "name": "franceconnect",
            "label": "FranceConnect",
            "kind": Kind.FRANCE_CONNECT,
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret_file": "secret",
            "secret": SECRET,
            "scopes": "openid given_name family_name gender birthdate email preferred_username",
            "acr": "eidas1",
            "userinfo": UserInfo.JWT,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
        }
        return Provider(**{**settings, **changes})

    def serves_keys(self, *keys: ECKey) -> None:
        self.answers["/jwks"] = json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()

    def signs(self, claims: dict[str, Any], key: Any = None, **header: Any) -> str:
        header = {"alg": "ES256", "kid": "one", **header}
        return jwt.encode(header, claims, key or self.key, algorithms=[header["alg"]])

    def keyed(self, claims: dict[str, Any]) -> str:
        """By the shared secret."""
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])

    def id_claims(self, nonce: str, now: datetime, **changes: Any) -> dict[str, Any]:
        at = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "a" * 64,
            "nonce": nonce,
            "iat": at,
            "exp": at + 60,
            "acr": "eidas1",
        }
        return without_none({**claims, **changes})

    def user_claims(self, **changes: Any) -> dict[str, Any]:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "a" * 64,
            "given_name": "Angela Claire Louise",
            "family_name": "DUBOIS",
            "preferred_username": "MARTIN",
            "birthdate": "1962-08-24",
            "gender": "female",
            "email": "angela@example.fr",
        }
        return without_none({**claims, **changes})

    def tells(self, id_token: object, userinfo: bytes | str, access_token: object = "opaque") -> None:
        """The next sign-in gets these."""
        token = {"token_type": "Bearer", "expires_in": 60, "access_token": access_token, "id_token": id_token}
        self.answers["/token"] = json.dumps(token).encode()
        self.answers["/userinfo"] = userinfo if isinstance(userinfo, bytes) else userinfo.encode()


def without_none(claims: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if value is not None}


@contextmanager
def liar() -> Iterator[Liar]:
    """A provider that knows nothing yet but its key."""
    told = Liar()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(told))
    told.port = server.server_address[1]
    told.serves_keys(told.key)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(told: Liar) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            told.forms.append(parse_qs(self.rfile.read(length).decode()))
            self._answer()

        def _answer(self) -> None:
            told.asked.append(self.path)
            answer: bytes | Callable[[Any], None] = told.answers.get(self.path, b"{}")
            if callable(answer):
                answer(self)
                return
            self.send_response(told.status.get(self.path, 200))
            for name, value in told.headers.get(self.path, {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    return Handler
