"""A real centre, real tablets and the spool between them, with a database that can be put back."""

import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from django.db import connection, connections

from procuration.errors import RecordRejected
from server.config.centre import install_centre
from server.config.settings import OPTIONS
from server.ledger.enrol import accept_enrolment
from server.ledger.restoring import begin_again
from server.ledger.services import accept_bundle
from tests import postgres
from tests.kiosk import world as kiosk_world
from tests.server.centre import centre_of


class Backup:
    """A copy of the whole database, made and put back with the database's own means."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(path)) as copy:
                connection.connection.backup(copy)
        else:
            self._run("pg_dump", "-Fc", "-f", str(path), "-d", _url())

    def put_back(self) -> None:
        """The database is again what it was, and knows nothing of what came after."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(self.path)) as copy:
                copy.backup(connection.connection)
        else:
            connections.close_all()
            self._run("pg_restore", "--clean", "--if-exists", "-d", _url(), str(self.path))
        connections.close_all()

    @staticmethod
    def _run(program: str, *arguments: str) -> None:
        subprocess.run([postgres._program(program), *arguments], check=True, stdout=subprocess.DEVNULL)


def _url() -> str:
    base, _, _ = OPTIONS.database_url.rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"


class Drill:
    """One centre and the tablets of `tests.kiosk.world`, which speak to it through their spools.

    Attributes:
        down: whether the centre does not answer.
    """

    def __init__(self, folder: Path) -> None:
        self.tablets = kiosk_world.World(folder)
        self.home = folder / "home"
        self.home.mkdir()
        self.centre = centre_of(self.home, self.tablets.directory())
        self.centre = replace(self.centre, clock=self.tablets.clock)
        self.backups = 0
        self.down = False
        install_centre(self.centre)

    def enrolled(self, *tablets):
        """The directory names them, everywhere."""
        directory = self.tablets.directory()
        self.centre = replace(self.centre, tables=replace(self.centre.tables, directory=directory))
        install_centre(self.centre)
        for tablet in self.tablets.tablets:
            tablet.receives()
        return tablets

    def closes(self) -> None:
        """Every tablet is switched off."""
        for tablet in self.tablets.tablets:
            tablet.station.close()

    def backup(self) -> Backup:
        self.backups += 1
        return Backup(self.home.parent / f"backup-{self.backups}")

    def restored(self):
        """What the operator does after putting a backup back."""
        done = begin_again(self.centre)
        self.centre = replace(self.centre, log_id=done.log_id)
        install_centre(self.centre)
        return done

    def carries(self, tablet) -> bool:
        """One journey of the agent: everything in the spool that was not answered. Returns: whether anything
        went."""
        out, went = tablet.spool.folder / "out", False
        names = sorted(path.name for path in out.iterdir() if path.suffix in (".prb", ".enrol"))
        for name in sorted(names, key=lambda one: not one.endswith(".enrol")):
            carried = tablet.__dict__.setdefault("carried", set())
            if name in carried or self.down:
                continue
            went = True
            sealed = (out / name).read_bytes()
            if name.endswith(".enrol"):
                accept_enrolment(self.centre, sealed, self.centre.clock.now())
                (out / name).unlink()
                continue
            carried.add(name)
            stem = name.removesuffix(".prb")
            try:
                answer = accept_bundle(self.centre, sealed, self.centre.clock.now()).sealed
            except RecordRejected as error:
                (tablet.spool.folder / "in" / f"{stem}.refused").write_text(f'{{"code": "{error.code}"}}')
            else:
                (tablet.spool.folder / "in" / f"{stem}.prb").write_bytes(answer)
        return went

    def syncs(self, *tablets) -> None:
        """One poll of each agent, which brings the newest bundle again, until nothing moves any more."""
        for tablet in tablets:
            for name in tablet.spool.bundle_names()[-1:]:
                tablet.__dict__.setdefault("carried", set()).discard(f"{name}.prb")
            tablet.exchange.ask_again()
            for _ in range(30):
                tablet.exchange.step()
                moved = self.carries(tablet)
                self.tablets.clock.pass_(seconds=3)
                if not moved and not tablet.spool.answer_names() and not tablet.spool.refusals():
                    break
            else:
                raise AssertionError("the exchange never comes to rest")


assert os.environ.get("DJANGO_SETTINGS_MODULE"), "pytest reads it from pyproject.toml"
