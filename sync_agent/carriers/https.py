"""The carrier over HTTPS: TLS 1.3, one authority, and nothing believed that the centre would not say.

Redirects, pages in HTML, other content types, answers cut short or too large and every failure of name or
certificate mean one thing: off line. The seal protects what travels; this layer protects the tablet's time,
memory and disk.
"""

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from procuration.adapters.spool import SEALED_BYTES_MAX, SMALL_BYTES_MAX, check_code
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from procuration.record.limits import ENROLMENT_BYTES_MAX

CONNECT_SECONDS: Final = 10
SILENCE_SECONDS: Final = 30
ANSWER_SECONDS_MAX: Final = 600  # a slow line may take long; a line that drips for ever may not
RETRY_AFTER_SECONDS_MAX: Final = 600
_CHUNK: Final = 64 << 10
_OCTETS: Final = "application/octet-stream"


def check_server(url: str) -> str:
    """The address of the centre, without final slash.

    Raises: RuleViolated SERVER_URL, unless it is https://name or https://name:port and nothing else.
    """
    try:
        parts = urlsplit(url)
        plain = (parts.scheme, parts.path.rstrip("/"), parts.query, parts.fragment) == ("https", "", "", "")
        named = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError as error:
        raise RuleViolated("SERVER_URL") from error
    if not (plain and named):
        raise RuleViolated("SERVER_URL")
    return f"https://{parts.netloc}"


class _PinnedAdapter(HTTPAdapter):
    """Connections of TLS 1.3 or later, to holders of a certificate of one authority; no retry of its own."""

    def __init__(self, ca_file: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks certificate and name by default
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        self._context.load_verify_locations(cafile=ca_file)
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # the signature belongs to requests
        """Use this context instead of the system's."""
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)


def _session(ca_file: Path) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy, no .netrc, no other authority from the environment
    session.verify = str(ca_file)  # without it, requests would add the public authorities to the context
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("https://", _PinnedAdapter(ca_file))
    session.headers.clear()
    session.headers.update({"User-Agent": "procuration-agent", "Accept-Encoding": "identity"})
    return session


class HttpsCarrier:
    """One line to the centre; for one thread."""

    def __init__(
        self,
        server: str,
        ca_file: Path,
        *,
        silence_seconds: int = SILENCE_SECONDS,
        answer_seconds_max: int = ANSWER_SECONDS_MAX,
    ) -> None:
        self._server = check_server(server)
        self._timeouts = (min(CONNECT_SECONDS, silence_seconds), silence_seconds)
        self._answer_seconds_max = answer_seconds_max
        try:
            self._session = _session(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise RuleViolated("CA_UNREADABLE") from error

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def sync(self, sealed: bytes) -> bytes:
        """Bring a sealed bundle, take the sealed answer."""
        with self._request("POST", "/v1/sync", sealed) as response:
            _refuse_unless(response, {200})
            if _content_type(response) != _OCTETS:
                raise CarrierUnavailable("NOT_THE_CENTRE")
            return b"".join(self._body(response, SEALED_BYTES_MAX))

    def enrol(self, sealed: bytes) -> None:
        """Bring a sealed enrolment."""
        with self._request("POST", "/v1/enrol", sealed) as response:
            _refuse_unless(response, {200, 204})

    def ask_enrolment(self, request: bytes) -> bytes | None:
        """Bring a tablet's request for enrolment, take the signed answer; None as long as it waits.

        Raises: CarrierUnavailable; RecordRejected, when the centre refuses it.
        """
        with self._request("POST", "/v1/enrolment", request) as response:
            _refuse_unless(response, {200, 202})
            waits = response.status_code == 202
            if _content_type(response) != ("application/json" if waits else _OCTETS):
                raise CarrierUnavailable("NOT_THE_CENTRE")
            return None if waits else b"".join(self._body(response, ENROLMENT_BYTES_MAX))

    def read(self, path: str, bytes_max: int) -> Iterator[bytes]:
        """A file of the signed tables, by pieces; its bytes are for the TUF client to judge.

        Raises: FileNotFoundError, when the centre does not have it.
        """
        with self._request("GET", path, None) as response:
            if response.status_code in {403, 404}:
                raise FileNotFoundError
            _refuse_unless(response, {200})
            yield from self._body(response, bytes_max)

    @contextmanager
    def _request(self, method: str, path: str, body: bytes | None) -> Iterator[requests.Response]:
        try:
            response = self._session.request(
                method,
                self._server + path,
                # In pieces, each with its own time limit: as one block, 4 MiB would have to leave in 10 s.
                data=BytesIO(body) if body is not None else None,
                headers={"Content-Type": _OCTETS} if body is not None else {},
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            )
            try:
                yield response
            finally:
                response.close()
        except (requests.RequestException, urllib3.exceptions.HTTPError, ssl.SSLError) as error:
            self._session.close()  # the next try opens a new connection, perhaps over another network
            raise CarrierUnavailable(_code_of(error)) from error

    def _body(self, response: requests.Response, bytes_max: int) -> Iterator[bytes]:
        """The body in pieces: a compressed one is not ours, one without a length could be cut unseen."""
        headers = response.headers
        if "Content-Encoding" in headers:
            raise CarrierUnavailable("NOT_THE_CENTRE")
        if "Content-Length" not in headers and headers.get("Transfer-Encoding", "").lower() != "chunked":
            raise CarrierUnavailable("ANSWER_CUT")
        ends, left = time.monotonic() + self._answer_seconds_max, bytes_max
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            left -= len(chunk)
            if left < 0:
                raise CarrierUnavailable("ANSWER_TOO_LARGE")
            if time.monotonic() > ends:
                raise CarrierUnavailable("TIMED_OUT")
            yield chunk


def _code_of(error: Exception) -> str:
    """Offline in one word. A line lost after the request left may be the fault of what was sent: see plan."""
    cause = error.args[0] if error.args else None
    match error:
        case requests.exceptions.SSLError() | urllib3.exceptions.SSLError() | ssl.SSLError():
            return "TLS_FAILED"
        case requests.ConnectTimeout():
            return "UNREACHABLE"
        case requests.Timeout() | urllib3.exceptions.TimeoutError():
            return "TIMED_OUT"
        case requests.ConnectionError() if isinstance(cause, urllib3.exceptions.ProtocolError):
            return "ANSWER_CUT"
        case requests.ConnectionError():
            return "UNREACHABLE"
        case _:
            return "ANSWER_CUT"


def _content_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _refuse_unless(response: requests.Response, expected: set[int]) -> None:
    status = response.status_code
    if status in expected:
        return
    if status in {429, 503}:
        raise CarrierUnavailable("BUSY", retry_after_seconds=_retry_after_seconds(response))
    if 500 <= status < 600:
        raise CarrierUnavailable("SERVER_FAULT")
    if 400 <= status < 500 and _content_type(response) == "application/json":
        raise RecordRejected(_refusal_code(response))
    raise CarrierUnavailable("NOT_THE_CENTRE")


def _refusal_code(response: requests.Response) -> str:
    body = response.raw.read(SMALL_BYTES_MAX, decode_content=False)
    try:
        return check_code(json.loads(body)["code"])
    except (ValueError, TypeError, KeyError, RecursionError, RecordRejected) as error:
        raise CarrierUnavailable("NOT_THE_CENTRE") from error


def _retry_after_seconds(response: requests.Response) -> int:
    """What the centre asks for, in seconds; 0 when it asks nothing that can be read."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), RETRY_AFTER_SECONDS_MAX)
    try:  # a date is measured against the centre's own clock: the tablet's may be years away
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):  # a day or a zone beyond every number of C
        return 0
    return min(max(int(wait.total_seconds()), 0), RETRY_AFTER_SECONDS_MAX)
