"""Production as documented: the centre with two workers on PostgreSQL behind nginx, the units of systemd."""

import configparser
import gzip
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import psycopg
import pytest

from procuration.record.sealed import Purpose, seal
from tests.postgres import throw_away_cluster
from tests.server.api.proxied import ROOT, free_port, nginx
from tests.server.api.served import Answer, Served, _answer, prepared_centre
from tests.server.test_postgresql import AGAIN

UNITS = sorted((ROOT / "provisioning" / "server" / "systemd").iterdir())
once = pytest.mark.skipif(AGAIN in os.environ, reason="this is the second run")
_NGINX_PACE_SECONDS = 0.06
"""A little more than the twenty requests a second that its configuration lets one address send."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a browser sees: nginx, and the centre behind it."""

    http: int
    https: int
    browser_port: int
    trust: ssl.SSLContext
    process: subprocess.Popen[bytes]
    command: list[str]
    environment: dict[str, str]
    served: Served

    def asks(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPSConnection("localhost", self.https, context=self.trust, timeout=30)
        return _answer(
            connection, method, path, body, {name.replace("_", "-"): v for name, v in headers.items()}
        )


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> Iterator[Site]:
    base = tmp_path_factory.mktemp("production")
    (base / "nginx").mkdir()
    http, https = free_port(), free_port()
    with throw_away_cluster() as url:
        prepared = prepared_centre(base, url)
        settings = {
            "PROCURATION_WORKERS": "2",
            "PROCURATION_TRUSTED_PROXIES": "127.0.0.1",
            "PROCURATION_HTTPS_ONLY": "true",
            "PROCURATION_HSTS_SECONDS": "31536000",
            "PROCURATION_SECURE_COOKIES": "true",
            "PROCURATION_PUBLIC_URL": f"https://localhost:{https}",
            "PROCURATION_ALLOWED_HOSTS": "localhost,127.0.0.1",
        }
        prepared = replace(prepared, environment={**prepared.environment, **settings})
        served = prepared.starts()
        try:
            with nginx(base / "nginx", served.browser_port, http, https) as trust:
                yield Site(
                    http,
                    https,
                    served.browser_port,
                    trust,
                    served.process,
                    prepared.command,
                    prepared.environment,
                    served,
                )
        finally:
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(30)


@pytest.mark.slow
@once
def test_pages_come_over_tls_1_3_and_http_2_with_their_headers(production: Site):
    answer = production.asks("/connexion/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    cookies = answer.headers["Set-Cookie"]
    assert all(word in cookies for word in ("Secure", "HttpOnly", "SameSite=Strict"))
    assert re.fullmatch(r"nginx", answer.headers["Server"])
    older = ssl.create_default_context()
    older.check_hostname, older.verify_mode = False, ssl.CERT_NONE
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", production.https)) as bare:
        older.wrap_socket(bare, server_hostname="localhost")
    newer = ssl.create_default_context(cadata=None)
    newer.check_hostname, newer.verify_mode = False, ssl.CERT_NONE
    newer.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", production.https)) as bare,
        newer.wrap_socket(bare, server_hostname="localhost") as wrapped,
    ):
        assert (wrapped.version(), wrapped.selected_alpn_protocol()) == ("TLSv1.3", "h2")


@pytest.mark.slow
@once
def test_plain_http_is_sent_to_https_also_past_the_proxy(production: Site):
    through = _answer(HTTPConnection("localhost", production.http, timeout=30), "GET", "/lieu", None, None)
    assert (through.status, through.headers["Location"]) == (301, "https://localhost/lieu")
    foreign = HTTPConnection("localhost", production.http, timeout=30)
    invented = _answer(foreign, "GET", "/lieu", None, {"Host": "ailleurs.example"})
    assert invented.headers["Location"] == "https://localhost/lieu"
    beside = _answer(HTTPConnection("127.0.0.1", production.browser_port), "GET", "/connexion/", None, None)
    assert beside.status == 301
    health = _answer(HTTPConnection("127.0.0.1", production.browser_port), "GET", "/v1/health", None, None)
    assert health.status == 200


@pytest.mark.slow
@once
def test_static_files_come_compressed_and_may_be_kept(production: Site):
    answer = production.asks("/static/relais/pages.css", Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"{" in gzip.decompress(answer.body)
    assert len(answer.body) < len(gzip.decompress(answer.body)) / 2


@pytest.mark.slow
@once
def test_what_is_too_large_never_reaches_the_centre(production: Site):
    connection = HTTPSConnection("localhost", production.https, context=production.trust, timeout=30)
    connection.putrequest("POST", "/connexion/")
    connection.putheader("Content-Length", str(7 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    assert production.asks("/" + "a" * 10_000).status in (400, 414)
    assert production.asks("/metrics").status == 404
    assert production.asks("/connexion/", Host="ailleurs.example").status in (301, 400, 404)


@pytest.mark.slow
@once
def test_both_workers_count_together_and_an_invented_address_counts_nothing(production: Site):
    page = production.asks("/connexion/")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
    assert token
    form = b"csrfmiddlewaretoken=" + token[1] + b"&username=&password="
    answers: list[Answer] = []
    while len(answers) < 2 * 60 + 2 and (not answers or answers[-1].status != 429):
        answer = production.asks(
            "/connexion/",
            "POST",
            form,
            Cookie=cookie,
            Referer=f"https://localhost:{production.https}/connexion/",
            Content_Type="application/x-www-form-urlencoded",
            X_Forwarded_For=f"203.0.113.{len(answers)}",
        )
        if answer.status == 429 and "Retry-After" not in answer.headers:
            time.sleep(_NGINX_PACE_SECONDS)  # the proxy's own limit, which other tests have used up
        else:
            answers.append(answer)
    *counted, refused = [answer.status for answer in answers]
    assert refused == 429
    assert set(counted) == {422}
    assert 55 <= len(counted) <= 120  # twice as many when the quarter of an hour ends meanwhile


@pytest.mark.slow
@once
def test_a_migration_runs_while_the_centre_answers(production: Site):
    """Tables of one part are made again, under load; no page fails and no process ends."""
    migrate(production, "health", "zero")
    stop, statuses = threading.Event(), list[int]()

    def asks() -> None:
        while not stop.is_set():
            statuses.append(production.asks("/connexion/", X_Forwarded_For="203.0.113.1").status)
            statuses.append(production.asks("/v1/health").status)
            stop.wait(2 * 2 * _NGINX_PACE_SECONDS)

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(asks) for _ in range(2)]
        migrate(production)
        stop.set()
        for one in asking:
            one.result()
    assert len(statuses) > 10
    assert set(statuses) <= {200, 429}
    assert statuses.count(200) > len(statuses) / 2
    assert production.process.poll() is None


NEXT_VERSION = {
    "0900_a_column": """
    dependencies = [("ledger", "{last}")]
    operations = [migrations.AddField("event", "of_the_next", models.CharField(max_length=9, db_default=""))]
    """,
    "0901_another": """
    dependencies = [("ledger", "0900_a_column")]
    operations = [migrations.AddField("device", "of_the_next", models.BigIntegerField(null=True))]""",
    "0902_time_passes": """
    atomic = False
    dependencies = [("ledger", "0901_another")]
    operations = [migrations.RunSQL("SELECT pg_sleep(1)", migrations.RunSQL.noop)]""",
    "0903_index": """
    atomic = False
    dependencies = [("ledger", "0902_time_passes")]
    operations = [AddIndexBesideWork("event", models.Index(fields=["wall"], name="of_the_next"))]""",
}
"""What an update brings to the tables that every bundle writes; the program that runs knows nothing of it.
Both columns in one transaction would end an import now and then: it locks the tables in the other order."""
_HEAD = (
    "from django.db import migrations, models\nfrom server.config.migration_steps import AddIndexBesideWork\n"
)


def next_version(site: Site, folder: Path) -> tuple[Site, str]:
    """The command `migrate` of a version that is not running yet, and the last migration of the one that
    is."""
    made = folder / "next_ledger"
    shutil.copytree(ROOT / "server" / "ledger" / "migrations", made)
    last = max(path.stem for path in made.glob("0*.py"))
    for name, body in NEXT_VERSION.items():
        written = f"{_HEAD}class Migration(migrations.Migration):{body.format(last=last)}\n"
        (made / f"{name}.py").write_text(written)
    settings = "from server.config.settings import *\nMIGRATION_MODULES = {'ledger': 'next_ledger'}\n"
    (folder / "next_version.py").write_text(settings)
    path = f"{folder}{os.pathsep}{ROOT}"
    told = {**site.environment, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "next_version"}
    return replace(site, environment=told), last


@dataclass
class Sender:
    """A tablet that sends one request after the other and remembers how each was answered."""

    served: Served
    name: str

    def __post_init__(self) -> None:
        self.tablet, enrolment = self.served.tablet(self.name)
        self.centre = self.served.directory.server_sealing_keys[0].key
        self.answers = list[tuple[int, float]]()
        sealed = seal(enrolment, self.centre, Purpose.ENROL, self.served.realm)
        assert self.served.asks("POST", "/v1/enrol", sealed).status == 204

    def sends(self) -> None:
        number = len(self.tablet.pairs)
        self.tablet.files(number + 1)
        plain = self.tablet.bundle(tuple(self.tablet.pairs[number:]), first_seq=number)
        sealed = seal(plain, self.centre, Purpose.UP, self.served.realm)
        began = time.monotonic()
        answer = self.served.asks("POST", "/v1/sync", sealed)
        self.answers.append((answer.status, time.monotonic() - began))


@pytest.mark.slow
@once
def test_bundles_are_taken_in_while_the_next_version_migrates(production: Site, tmp_path):
    """Columns and an index come to the tables that each bundle writes. Nothing is refused, nothing waits
    long, and the program that knows nothing of them goes on."""
    coming, last = next_version(production, tmp_path)
    senders = [Sender(production.served, name) for name in ("one", "two")]
    stop = threading.Event()

    def sends(sender: Sender) -> None:
        while not stop.is_set():
            sender.sends()

    with ThreadPoolExecutor(2) as pool:
        sending = [pool.submit(sends, sender) for sender in senders]
        try:
            before = sum(len(sender.answers) for sender in senders)
            migrate(coming)
            during = sum(len(sender.answers) for sender in senders) - before
        finally:
            stop.set()
        for one in sending:
            one.result()
    try:
        for sender in senders:
            sender.sends()
        answers = [answer for sender in senders for answer in sender.answers]
        assert {status for status, _ in answers} == {200}
        assert max(seconds for _, seconds in answers) < 10
        assert during > 4, "nothing was sent meanwhile"
        with psycopg.connect(production.environment["PROCURATION_DATABASE_URL"]) as database:
            heads = dict(database.execute("SELECT log_id, head_seq FROM ledger_device").fetchall())
            kept = database.execute("SELECT count(*) FROM ledger_event WHERE of_the_next = ''").fetchone()
            valid = database.execute(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'of_the_next'::regclass"
            ).fetchone()
        assert [heads[sender.tablet.log_id.hex()] for sender in senders] == [
            len(sender.tablet.pairs) - 1 for sender in senders
        ]
        assert kept is not None
        assert kept[0] >= len(answers)
        assert valid == (True,)
    finally:
        migrate(coming, "ledger", last)


def migrate(site: Site, *words: str) -> None:
    subprocess.run([*site.command, "migrate", "-v", "0", *words], env=site.environment, check=True)


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text("utf-8"))
    return parser


HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictSUIDSGID": "yes",
    "LimitCORE": "0",
    "UMask": "0077",
    "User": "procuration",
    "CapabilityBoundingSet": "",
}


@pytest.mark.parametrize(
    "path", [one for one in UNITS if one.suffix == ".service"], ids=lambda path: path.name
)
def test_every_service_runs_without_any_privilege(path: Path):
    service = unit(path)["Service"]
    assert {name: service.get(name) for name in HARDENED} == HARDENED
    for command in re.findall(r"^ExecStart=(.*)$", path.read_text("utf-8"), re.MULTILINE):
        assert command.startswith("/usr/local/bin/procuration-server ")


def test_the_units_pass_the_check_of_systemd(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine")
    made = []
    for path in UNITS:
        name = path.name.replace("@.", "@jobs.")
        text = path.read_text("utf-8").replace("/usr/local/bin/procuration-server", "/bin/true")
        text = re.sub(
            r"^(After|Wants)=.*postgresql.*\n|^(After|Wants)=network.*\n", "", text, flags=re.MULTILINE
        )
        (tmp_path / name).write_text(text)
        made.append(str(tmp_path / name))
    run = subprocess.run([program, "verify", "--man=no", *made], capture_output=True, text=True, check=False)
    said = [line for line in run.stderr.splitlines() if "procuration" in line and "target" not in line]
    assert said == [], run.stderr
