"""A town hall without network beside the centre, in one process: two databases, one stick between them."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from django.db import connections
from django.test import Client, override_settings

from procuration.adapters.pass_phrase import Cost
from procuration.adapters.spool import name_of
from procuration.domain.people import Place
from procuration.errors import RecordRejected
from procuration.record.directory import Directory, Role, encode_directory
from procuration.record.enrolment import (
    Configuration,
    Enrolment,
    OfflineRequestPolicy,
    Profile,
    read_request,
    sign_enrolment,
)
from server.commune import hall as halls
from server.commune import store, views
from server.commune.stick import FOLDER, Read, read_stick, write_stick
from server.config import settings_commune
from server.config.centre import Centre, current_centre, install_centre
from server.config.sqlcipher.base import DatabaseWrapper
from server.ledger.enrol import accept_enrolment
from tests import builders
from tests.builders import NOUMEA, NOW
from tests.server.centre import REFERENCE_DATA, HeldClock, World

CODE = "une mairie de trois cents âmes"
CHEAP = Cost(memory_kib=1024, passes=1, lanes=1)
ROOT = b"test realm"
"""Its hash is the realm of the builders."""


def signed_tables(directory: Directory) -> dict[str, bytes]:
    """What a verified repository gives: the real calendar, law and communes beside an invented directory."""
    names = {"calendar.cbor": "calendar-demo", "law.cbor": "law", "communes.cbor": "communes-2026"}
    found = {name: (REFERENCE_DATA / f"{file}.cbor").read_bytes() for name, file in names.items()}
    return {**found, "directory.cbor": encode_directory(directory)}


@dataclass
class TownHall:
    """The computer of one commune: its folder, and what switches this process to it and back."""

    folder: Path
    clock: HeldClock
    place: Place = NOUMEA
    centre: Centre | None = None
    enrolment: bytes = field(default=b"", repr=False)

    @contextmanager
    def here(self) -> Iterator[Centre | None]:
        """This process is the town hall's."""
        centre_connection, centre = connections["default"], current_centre()
        database = settings_commune.DATABASES["default"] | {"NAME": self.folder / "store.db"}
        whole = {**connections["default"].settings_dict, **database}
        connections["default"] = DatabaseWrapper(whole, "default")
        install_centre(self.centre)
        try:
            with override_settings(
                ROOT_URLCONF="server.config.urls_commune",
                MIDDLEWARE=settings_commune.MIDDLEWARE,
                COMMUNE_FACE=True,
            ):
                yield self.centre
                if self.centre is not None:
                    self.centre = current_centre()
        finally:
            connections["default"].close()
            connections["default"] = centre_connection
            install_centre(centre)

    def is_enrolled(self, directory: Directory) -> None:
        """Prepared here, enrolled by the supervisor, installed here."""
        self.folder.mkdir(exist_ok=True)
        for path in prepared(self.place.code).iterdir():
            shutil.copy(path, self.folder)
        request = read_request((self.folder / "demande").read_bytes())
        (self.folder / "demande").unlink()
        assert request.sealing_key is not None
        enrolment = Enrolment(
            cose_key=request.cose_key,
            role=Role.TOWN_HALL,
            unit="mairie-test",
            not_before=NOW.replace(microsecond=0),
            not_after=NOW.replace(year=NOW.year + 1),
            log_id=request.log_id,
            sealing_key=request.sealing_key,
            configuration=Configuration(
                profile=Profile.MAIRIE,
                unit_name="Mairie d’essai",
                place=self.place.code,
                departement="988",
                policy=OfflineRequestPolicy.DEMATERIALISED,
                place_type=self.place.type,
            ),
        )
        self.enrolment = sign_enrolment(enrolment, builders.key("supervisor"), builders.REALM)
        with self.here():
            store.unlock(self.folder, CODE)
            self.centre = store.install_with(
                self.folder, signed_tables(directory), self.enrolment, self.clock
            )

    def reads(self, stick: Path) -> Read:
        """« Lire la clé USB »."""
        with self.here() as hall:
            return read_stick(hall, stick)

    def writes(self, stick: Path) -> int:
        """« Écrire sur la clé USB »."""
        with self.here() as hall:
            return write_stick(hall, stick)

    @contextmanager
    def browser(self) -> Iterator[Client]:
        """A browser of this computer, its session open."""
        with self.here():
            client = Client()
            client.get(f"/ouvrir/{views.TOKEN}/")
            yield client


@cache
def prepared(name: str) -> Path:
    """A store with its keys and its tables, made once: the migrations take longer than a whole test."""
    folder = Path(tempfile.mkdtemp(prefix="mairie-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with TownHall(folder, HeldClock()).here():
        request = store.prepare(folder, ROOT, CODE, CHEAP)
    (folder / "demande").write_bytes(request)
    return folder


def carried(world: World, stick: Path) -> int:
    """The centre takes what is on the stick and leaves its answers there. Returns: how many answers."""
    folder = stick / FOLDER
    for file in sorted(folder.glob("*.enrol")):
        accept_enrolment(world.centre, file.read_bytes(), world.centre.clock.now())
        file.unlink()
    answers = []
    for file in sorted(folder.glob("*.prb"), key=lambda one: one.stat().st_mtime_ns):
        with suppress(RecordRejected):  # an answer that is for the town hall
            answers.append(world.takes(file.read_bytes()))
            file.unlink()
    for sealed in answers:
        (folder / f"{name_of(sealed)}.prb").write_bytes(sealed)
    return len(answers)


def copy_of(stick: Path) -> Path:
    """The same stick, once more."""
    target = stick.with_name(stick.name + "-copie")
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(stick, target))


__all__ = ["CODE", "TownHall", "carried", "copy_of", "halls", "replace"]
