"""A throw-away PostgreSQL 15 cluster in a temporary folder, on a socket of its own, run by an account that
is not root.

PostgreSQL refuses to run as root; on a machine where the tests are root, the server runs as `postgres` or
`nobody`.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

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


def _run(account: pwd.struct_passwd | None, *command: str) -> None:
    as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_account)


@contextmanager
def throw_away_cluster() -> Iterator[str]:
    """A running server.

    Yields: the URL of its empty database.
    """
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="procuration-pg-"))  # short: a socket path holds 107 bytes at most
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, log = folder / "data", folder / "log"
    try:
        _run(
            account,
            _program("initdb"),
            "-D",
            str(data),
            "-U",
            "procuration",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        )
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={folder} -c port={PORT} -c max_connections=40"
        )
        pg_ctl = _program("pg_ctl")
        _run(account, pg_ctl, "-D", str(data), "-l", str(log), "-o", options, "-w", "-t", "60", "start")
        try:
            yield f"postgresql://procuration@{quote(str(folder), safe='')}:{PORT}/postgres"
        finally:
            _run(account, pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throw_away_standby(primary_url: str, name: str) -> Iterator[None]:
    """A second server that follows the first one, under a name that `synchronous_standby_names` may name."""
    account = _account()
    primary = unquote(urlsplit(primary_url).netloc.partition("@")[2].rpartition(":")[0])
    folder = Path(tempfile.mkdtemp(prefix="procuration-pg-"))
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, log = folder / "data", folder / "log"
    follows = f"host={primary} port={PORT} user=procuration application_name={name}"
    pg_ctl = _program("pg_ctl")
    try:
        _run(
            account,
            _program("pg_basebackup"),
            "-d",
            follows,
            "-D",
            str(data),
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c port={PORT}"
        _run(account, pg_ctl, "-D", str(data), "-l", str(log), "-o", options, "-w", "-t", "60", "start")
        try:
            yield
        finally:
            _run(account, pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
