"""The database, the trail and an hour of work are lost, and the very commands of docs/exploitation.md, 7,
bring them back from a shell. Once on SQLite and once on PostgreSQL, as every test of the server."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from procuration.record.sealed import Purpose, seal
from server.config.settings import OPTIONS
from server.traces.entries import Draft, Read
from server.traces.trail import Trail, trail_key
from tests import postgres
from tests.server.api.served import Prepared, Served, prepared_centre

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ENGINE = "PostgreSQL" if OPTIONS.database_url else "SQLite"
DATABASE = "exercice"
SHELL = """
set -euo pipefail
procuration-server() { "$PYTHON" -m server "$@"; }
systemctl() { echo "systemctl $*" >> "$CALLS"; }
"""


def commands_of_the_book() -> list[str]:
    """Every line of the code blocks under « Le serveur » of point 7, those of the other engine left out."""
    text = (ROOT / "docs" / "exploitation.md").read_text("utf-8")
    point = text.partition("\n## 7. ")[2].partition("\n## 8. ")[0]
    server = point.partition("**Le serveur.**")[2].partition("Sans l’étape 3")[0]
    lines, engine = [], ENGINE
    for block in re.findall(r"^ +```\n(.*?)^ +```", server, re.MULTILINE | re.DOTALL):
        engine = ENGINE
        for line in map(str.strip, block.splitlines()):
            if line.startswith("# "):
                engine = line[2:]
            elif engine == ENGINE:
                lines.append(line)
    return lines


@dataclass
class Machine:
    """A server that nobody can reach, its disks, and whoever types at it."""

    base: Path
    prepared: Prepared
    url: str

    @property
    def home(self) -> Path:
        return self.prepared.folder.server

    def types(self, *lines: str) -> str:
        """Lines of the book with the places of this machine. Returns: what they printed."""
        written = "\n".join(lines)
        for place, here in (
            ("/srv/procuration", self.home),
            ("/srv/sauvegardes", self.base / "sauvegardes"),
            ("/srv/archive/procuration", self.base / "archive"),
            ("/srv/traces/procuration", self.base / "traces"),
            ("-d procuration ", f"-d {self.url} "),
        ):
            written = written.replace(place, str(here))
        if newest := sorted((self.base / "sauvegardes").glob("*-traces.tar")):
            written = written.replace("20270401T021500", newest[-1].name.removesuffix("-traces.tar"))
        environment = {
            **self.prepared.environment,
            "PATH": f"{Path(postgres._program('pg_dump')).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
            "CALLS": str(self.base / "calls"),
        }
        done = subprocess.run(
            ["bash", "-c", SHELL + written], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def somebody_reads(self) -> None:
        """One line of the trail."""
        key = trail_key(self.home / "keys" / "traces.key")
        trail = Trail(folder=self.base / "traces", head_file=self.home / "traces-head", key=key)
        told = Draft(
            account="exercice", role="exploitant", place="", what=next(iter(Read)), rids=(), count=1,
            subject="", asked="",
        )  # fmt: skip
        trail.append(told, datetime.now(UTC))

    def counts(self) -> dict[str, int]:
        """Requests, events of tablets, and ledgers begun."""
        asked = {
            "requests": "SELECT count(*) FROM dossiers_procuration",
            "begun": "SELECT count(*) FROM ledger_ledger",
        }
        if self.url:
            with psycopg.connect(self.url) as database:
                return {name: database.execute(sql).fetchone()[0] for name, sql in asked.items()}
        with sqlite3.connect(self.home / "db.sqlite3") as file:
            return {name: file.execute(sql).fetchone()[0] for name, sql in asked.items()}

    def loses_the_database(self) -> None:
        if self.url:
            with psycopg.connect(self.url) as database:
                database.execute("DROP SCHEMA public CASCADE")
                database.execute("CREATE SCHEMA public")
            return
        (self.home / "db.sqlite3").write_bytes(b"what a broken disk returns")
        (self.home / "db.sqlite3-journal").write_bytes(b"half a journal")


@pytest.fixture
def machine(tmp_path):
    url = ""
    if OPTIONS.database_url:
        url = f"{OPTIONS.database_url.rpartition('/')[0]}/{DATABASE}"
        with psycopg.connect(OPTIONS.database_url, autocommit=True) as database:
            database.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            database.execute(f"CREATE DATABASE {DATABASE}")
    for name in ("sauvegardes", "archive", "traces", "cle"):
        (tmp_path / name).mkdir(mode=0o700)
    prepared = prepared_centre(tmp_path, url)
    prepared.environment.update(
        PROCURATION_BACKUP_DIR=str(tmp_path / "sauvegardes"),
        PROCURATION_ARCHIVE_DIR=str(tmp_path / "archive"),
        PROCURATION_TRACES_DIR=str(tmp_path / "traces"),
        DJANGO_SETTINGS_MODULE="server.config.settings",
        PROCURATION_HOME=str(prepared.folder.server),
    )
    yield Machine(tmp_path, prepared, url)
    if url:
        with psycopg.connect(OPTIONS.database_url, autocommit=True) as database:
            database.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


class Courier:
    """A tablet without network and its stick."""

    def __init__(self, machine: Machine) -> None:
        served = machine.prepared
        self.machine = machine
        self.served = Served(
            served.folder, served.pass_phrases, served.agent_port, served.browser_port, process=None
        )
        self.tablet, enrolment = self.served.tablet()
        self.centre = self.served.directory.server_sealing_keys[0].key
        self.leaves("poste.enrol", enrolment, Purpose.ENROL)

    def leaves(self, name: str, plain: bytes, purpose: Purpose) -> None:
        folder = self.machine.base / "cle" / "PROCU"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(seal(plain, self.centre, purpose, self.served.realm))

    def brings(self, number: int) -> None:
        """One more request, and the stick goes into the server."""
        self.tablet.files(number)
        self.leaves(f"lot-{number}.prb", self.tablet.bundle(), Purpose.UP)
        told = self.machine.types(
            f"procuration-server --home /srv/procuration import {self.machine.base / 'cle'} --json"
        )
        assert json.loads(told)["refused"] == {}


def test_the_commands_of_the_book_bring_back_the_database_the_trail_and_the_last_hour(machine):
    courier = Courier(machine)
    courier.brings(1)
    machine.somebody_reads()
    machine.types("procuration-server --home /srv/procuration backup")
    courier.brings(2)
    assert machine.counts() == {"requests": 2, "begun": 1}

    machine.loses_the_database()
    for file in (machine.base / "traces").iterdir():
        file.unlink()
    (machine.home / "traces-head").unlink()

    book = commands_of_the_book()
    assert len(book) >= 10
    machine.types(*book)
    assert machine.counts() == {"requests": 2, "begun": 2}
    calls = (machine.base / "calls").read_text().splitlines()
    assert calls == ["systemctl stop procuration@*", "systemctl start procuration.target"]
    assert [b"exercice" in file.read_bytes() for file in (machine.base / "traces").iterdir()] == [True]
