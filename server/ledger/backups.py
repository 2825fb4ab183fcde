"""One backup: the database with its own means, and the audit trail beside it. Never a key.

Each file is written aside under a name that ends in `.part`, and takes its own name when it is whole and on
the disk: `prune-backups` and the state of the service count only whole ones.
"""

import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection

from procuration.adapters.durable_file import sync_folder
from procuration.errors import CarrierUnavailable
from server.traces.trail import Trail

_UNFINISHED: Final = ".part"
_FOR_US: Final = 0o600


def back_up(folder: Path, trail: Trail, now: datetime) -> list[Path]:
    """Write a backup of now. Returns: its files.

    Raises: CarrierUnavailable SAUVEGARDE_IMPOSSIBLE, with what a half-made file there was taken away.
    """
    stem = now.strftime("%Y%m%dT%H%M%S")
    name = f"{stem}.sqlite3" if connection.vendor == "sqlite" else f"{stem}.dump"
    write = _sqlite if connection.vendor == "sqlite" else _postgresql
    return [
        _whole(folder / name, write),
        _whole(folder / f"{stem}-traces.tar", lambda path: _traces(path, trail)),
    ]


def _whole(path: Path, write: Any) -> Path:
    aside = path.with_name(path.name + _UNFINISHED)
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FOR_US))
        write(aside)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.rename(path)
        sync_folder(path.parent)
    except (OSError, sqlite3.Error, subprocess.SubprocessError) as error:
        aside.unlink(missing_ok=True)
        raise CarrierUnavailable("SAUVEGARDE_IMPOSSIBLE", file=path.name) from error
    return path


def _sqlite(path: Path) -> None:
    """A copy while others write, as SQLite makes it."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def _postgresql(path: Path) -> None:
    """pg_dump, whole and compressed; the password, if there is one, is not on the command line."""
    told = connection.settings_dict
    environment = (
        {**os.environ, "PGPASSWORD": str(told["PASSWORD"])} if told["PASSWORD"] else dict(os.environ)
    )
    named = {"-h": told["HOST"], "-p": told["PORT"], "-U": told["USER"], "-d": told["NAME"]}
    words = [word for option, value in named.items() if value for word in (option, str(value))]
    subprocess.run(
        ["pg_dump", "-Fc", "--no-owner", "-f", str(path), *words],  # noqa: S607  found as the system has it
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _traces(path: Path, trail: Trail) -> None:
    """The files of days and the mark of the end; nobody writes meanwhile."""
    with trail.held(), tarfile.open(path, "w") as archive:
        for one in (*trail.files(), trail.head_file):
            if one.exists():
                archive.add(one, arcname=one.name)
