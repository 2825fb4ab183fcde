"""A centre on loopback: real TLS, its own authority, and the ways a centre or a hotel network can fail."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Behaviour = Callable[["Handler", bytes], None]


class Authority:
    """A certificate authority made for one test session."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Autorité de test")])
        certificate = self._certificate(self._name, self._key.public_key(), is_authority=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(certificate.public_bytes(Encoding.PEM))
        self._folder = folder

    def _certificate(self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, is_authority: bool):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder(self._name, name, key, x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
            )
        )
        return builder.sign(self._key, hashes.SHA256())

    def server_context(self) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "centre")])
        certificate = self._certificate(name, key.public_key(), is_authority=False)
        pem = self._folder / "server.pem"
        pem.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context


class Handler(BaseHTTPRequestHandler):
    """Stores what comes, then does what the test asked for."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.centre.requests.append((self.path, body))
        behaviours = self.server.centre.behaviours
        (behaviours.pop(0) if behaviours else self.server.centre.usually)(self, body)

    def do_GET(self) -> None:
        self.server.centre.requests.append((self.path, b""))
        path = self.server.centre.files / self.path.removeprefix("/tuf/")
        if path.is_file():
            self.answer(200, path.read_bytes(), "application/octet-stream")
        else:
            self.answer(404, b"", "text/plain")

    def answer(self, status: int, body: bytes, content_type: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    centre: "Centre"

    def handle_error(self, *_: object) -> None:
        """A client that hung up is what many of these tests are about."""


class Centre:
    """What the tests ask of the server and see of it.

    Attributes:
        behaviours: one for each of the next requests; `usually` afterwards.
        requests: path and body of each request, in order.
        files: folder served under /tuf/.
    """

    def __init__(self, files: Path) -> None:
        self.behaviours: list[Behaviour] = []
        self.usually: Behaviour = answers
        self.requests: list[tuple[str, bytes]] = []
        self.files = files
        self.url = ""

    def bodies(self) -> list[bytes]:
        return [body for path, body in self.requests if path.startswith("/v1/")]


@contextmanager
def running_centre(context: ssl.SSLContext, files: Path) -> Iterator[Centre]:
    centre = Centre(files)
    server = Server(("127.0.0.1", 0), Handler)
    server.centre = centre
    # The handshake is left to the thread of the connection: a client that refuses it must not stop us.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    centre.url = f"https://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield centre
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answers(handler: Handler, body: bytes) -> None:
    """The centre as it should be: /v1/sync answers, /v1/enrol takes."""
    if handler.path == "/v1/sync":
        handler.answer(200, b"answer to " + body, "application/octet-stream")
    else:
        handler.send_response(204)
        handler.end_headers()


def hangs_up(handler: Handler, body: bytes) -> None:
    """Dies after it stored, before it answered."""
    handler.close_connection = True
    handler.connection.close()


def says(status: int, body: bytes = b"", content_type: str = "text/plain", **headers: str) -> Behaviour:
    """Answers exactly this."""

    def behaviour(handler: Handler, _: bytes) -> None:
        handler.answer(status, body, content_type, **headers)

    return behaviour


def cuts_the_answer(handler: Handler, body: bytes) -> None:
    """Announces 1,000 bytes, gives 10."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/octet-stream")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x" * 10)
    handler.close_connection = True


def gives_no_length(handler: Handler, body: bytes) -> None:
    """Ends the answer by hanging up, so that nobody can tell whether it is whole."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/octet-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(b"half an answer")
    handler.close_connection = True


def sends_too_much(handler: Handler, body: bytes) -> None:
    """Streams for as long as the client listens."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/octet-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    block = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    for _ in range(64):
        handler.wfile.write(block)
