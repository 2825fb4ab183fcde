"""A throw-away PostgreSQL 15 cluster in a temporary folder, on a socket of its own, run by an account that
is not root.

PostgreSQL refuses to run as root; on a machine where the tests are root, the server runs as `postgres` or
`nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg

START_SECONDS = 60
PORT = 5432  # only names the socket file: nothing listens on TCP


def _program(name: str) -> str:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = str(debian[0]) if debian else shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: install the Debian package postgresql-15")
    return found


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as, None for whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no account to run PostgreSQL as: add `postgres` or `nobody`")


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _run(account: pwd.struct_passwd | None, *command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **_as(account))


@dataclass
class Cluster:
    """One cluster that can be killed and started again. Its server is our own child: only then is it certain
    to be gone when it is dead.

    Attributes:
        url: of its empty database.
    """

    folder: Path
    account: pwd.struct_passwd | None
    url: str
    server: subprocess.Popen[bytes] | None = None

    def starts(self) -> None:
        """Running, and recovered from what happened to it before."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "port": str(PORT),
            "max_connections": "40",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [_program("postgres"), "-D", str(self.folder / "data"), *words],
                stdout=log,
                stderr=log,
                cwd="/",
                **_as(self.account),
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.server.poll() is None:
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text("utf-8")[-2000:])

    def stops(self) -> None:
        """At once, as `pg_ctl stop -m immediate`."""
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(START_SECONDS)

    def is_killed(self) -> None:
        """kill -9 of the server and of all its processes; returns once they are gone."""
        assert self.server is not None
        self.server.send_signal(signal.SIGSTOP)  # it starts no other process while they are counted
        doomed = _children_of(self.server.pid)
        for pid in (self.server.pid, *doomed):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()
        while any(_lives(pid) for pid in doomed):
            time.sleep(0.01)


def _children_of(parent: int) -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _stat(path)[1:2] == [str(parent)]]


def _lives(pid: int) -> bool:
    return _stat(Path("/proc") / str(pid))[:1] not in ([], ["Z"], ["X"])


def _stat(process: Path) -> list[str]:
    """State, parent, ... of a process; nothing once it is gone."""
    try:
        return (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


@contextmanager
def killable_cluster() -> Iterator[Cluster]:
    """A running server; its folder goes with it."""
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="procuration-pg-"))  # short: a socket path holds 107 bytes at most
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    url = f"postgresql://procuration@{quote(str(folder), safe='')}:{PORT}/postgres"
    cluster = Cluster(folder, account, url)
    words = ("-U", "procuration", "-A", "trust", "-E", "UTF8", "--locale=C")
    try:
        _run(account, _program("initdb"), "-D", str(folder / "data"), *words)
        cluster.starts()
        try:
            yield cluster
        finally:
            cluster.stops()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throw_away_cluster() -> Iterator[str]:
    """A running server.

    Yields: the URL of its empty database.
    """
    with killable_cluster() as cluster:
        yield cluster.url


@contextmanager
def kept_cluster(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """A running server whose folder stays, for a benchmark that fills it once. Its settings are written when
    the folder is new. It is stopped cleanly: what was written is there the next time.

    Yields: the URL of its database, empty when the folder is new.
    """
    account = _account()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "data").exists():
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        words = ("-U", "procuration", "-A", "trust", "-E", "UTF8", "--locale=C")
        _run(account, _program("initdb"), "-D", str(folder / "data"), *words)
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as written:
            written.writelines(f"{name} = {value}\n" for name, value in settings.items())
    url = f"postgresql://procuration@{quote(str(folder), safe='')}:{PORT}/postgres"
    cluster = Cluster(folder, account, url)
    cluster.starts()
    try:
        yield url
    finally:
        assert cluster.server is not None, "it was started"
        cluster.server.send_signal(signal.SIGINT)  # "fast": sessions end, everything is written
        cluster.server.wait(10 * START_SECONDS)


@contextmanager
def throw_away_standby(primary_url: str, name: str) -> Iterator[None]:
    """A second server that follows the first one, under a name that `synchronous_standby_names` may name."""
    account = _account()
    primary = unquote(urlsplit(primary_url).netloc.partition("@")[2].rpartition(":")[0])
    folder = Path(tempfile.mkdtemp(prefix="procuration-pg-"))
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    follows = f"host={primary} port={PORT} user=procuration application_name={name}"
    copies = ("-d", follows, "-D", str(folder / "data"), "-R", "-X", "stream", "-c", "fast")
    url = f"postgresql://procuration@{quote(str(folder), safe='')}:{PORT}/postgres"
    standby = Cluster(folder, account, url)
    try:
        _run(account, _program("pg_basebackup"), *copies)
        standby.starts()
        yield
    finally:
        standby.stops()
        shutil.rmtree(folder, ignore_errors=True)
