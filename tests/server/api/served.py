"""A real centre in real processes: an authority made by the provisioning program, `migrate`, then `serve`
on free ports.
"""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

from procuration.adapters.key_file import Cost
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import Realm
from procuration.record.directory import Directory, Role
from procuration.record.enrolment import Configuration, EnrolmentRequest, OfflineRequestPolicy, Profile
from provisioning import authority, publication
from provisioning.enrolment import Desk, enrol_device
from provisioning.folder import AuthorityFolder
from provisioning.pass_phrases import PassPhrases
from server.config.settings import OPTIONS
from tests.server.centre import Tablet

START_SECONDS = 60
HOLDERS = ("1", "2", "3", "superviseur")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Served:
    """A running centre, as an agent and a browser see it."""

    folder: AuthorityFolder
    pass_phrases: PassPhrases
    agent_port: int
    browser_port: int
    process: subprocess.Popen[bytes]

    @property
    def realm(self) -> Realm:
        return realm_of((self.folder.path / "root.json").read_bytes())

    @property
    def directory(self) -> Directory:
        return publication.seen_by_a_tablet(self.folder, self.folder.server)

    def tls(self, highest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
        """What the agent accepts: the authority's certificate and nothing else."""
        context = ssl.create_default_context(cafile=str(self.folder.path / "ca.pem"))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.maximum_version = highest
        return context

    def asks(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One request to the agents' address."""
        connection = HTTPSConnection("127.0.0.1", self.agent_port, context=self.tls(), timeout=30)
        return _answer(connection, method, path, body, headers)

    def browses(self, path: str) -> Answer:
        """One page asked by a browser."""
        return _answer(HTTPConnection("127.0.0.1", self.browser_port, timeout=30), "GET", path, None, None)

    def tablet(self, name: str = "served kiosk") -> tuple[Tablet, bytes]:
        """A tablet that the authority's supervisor admits, and its signed enrolment."""
        now = datetime.now(UTC)
        tablet = Tablet(name, realm=self.realm, wall=now, floor=now - timedelta(hours=1), role=Role.KIOSK)
        told = Configuration(
            profile=Profile.ACCUEIL,
            unit_name="Point d’accueil",
            place="98818",
            departement="988",
            policy=OfflineRequestPolicy.DEMATERIALISED,
        )
        request = EnrolmentRequest(
            cose_key=tablet.key.cose_key, sealing_key=tablet.sealing_key.public, log_id=tablet.log_id
        )
        desk = Desk(self.folder, None, self.pass_phrases)
        return tablet, enrol_device(desk, request, "988", told, now, timedelta(days=30))[1]


def _answer(
    connection: HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str] | None
) -> Answer:
    with closing(connection):
        connection.request(method, path, body, headers or {})
        response: HTTPResponse = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())


def _free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on; both are held while they are chosen, so they differ."""
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def phrases_in(folder: Path) -> PassPhrases:
    folder.mkdir()
    files = {}
    for holder in HOLDERS:
        files[holder] = folder / holder
        files[holder].write_text(f"phrase de passe de {holder}\n", encoding="utf-8")
        files[holder].chmod(0o600)

    def no_keyboard(prompt: str) -> str:
        raise AssertionError(prompt)

    return PassPhrases(files, no_keyboard)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A centre with its authority and empty tables, ready to be started, as often as a test likes."""

    folder: AuthorityFolder
    pass_phrases: PassPhrases
    agent_port: int
    browser_port: int
    environment: dict[str, str]

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "server", "--home", str(self.folder.server)]

    def starts(self, *, alone: bool = False) -> Served:
        """Running and healthy.

        Args:
            alone: in a process group of its own, which can then be killed as a whole.
        """
        process = subprocess.Popen([*self.command, "serve"], env=self.environment, start_new_session=alone)
        served = Served(self.folder, self.pass_phrases, self.agent_port, self.browser_port, process)
        _wait_until_healthy(served)
        return served


def prepared_centre(base: Path, database_url: str = OPTIONS.database_url) -> Prepared:
    """Authority, tables and ports of a new centre; nothing runs yet."""
    pass_phrases = phrases_in(base / "phrases")
    plan = authority.Plan(
        holders=3,
        supervisor="988",
        server_names=["127.0.0.1", "localhost"],
        tables={},
        cost=Cost(memory_kib=32, passes=1, lanes=1),
    )
    authority.create(base / "authority", plan, pass_phrases, datetime.now(UTC))
    folder = AuthorityFolder.existing(base / "authority")
    agent_port, browser_port = _free_ports()
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PROCURATION_", "DJANGO_"))
        },
        "PROCURATION_DEVICE_ADDRESS": f"127.0.0.1:{agent_port}",
        "PROCURATION_BROWSER_ADDRESS": f"127.0.0.1:{browser_port}",
        "PROCURATION_WORKERS": "1",
    }
    if database_url:
        environment["PROCURATION_DATABASE_URL"] = database_url
    prepared = Prepared(folder, pass_phrases, agent_port, browser_port, environment)
    subprocess.run([*prepared.command, "migrate", "-v", "0"], env=environment, check=True)
    return prepared


@contextmanager
def served_centre(base: Path) -> Iterator[Served]:
    """Everything started, and everything stopped."""
    served = prepared_centre(base).starts()
    try:
        yield served
    finally:
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(30)


def _wait_until_healthy(served: Served) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert served.process.poll() is None, "the server stopped by itself"
        try:
            if served.asks("GET", "/v1/health").status == served.browses("/v1/health").status == 200:
                return
        except OSError:
            # Not listening yet: the next try finds out, a refused connection costs nothing.
            continue
    raise AssertionError("the server did not answer in time")
