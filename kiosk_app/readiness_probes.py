"""Looks at every part of a tablet: each is touched as its work would touch it, with a time limit."""

import argparse
import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import kiosk_app
from kiosk_app import readiness
from kiosk_app.devices.choice import Description
from kiosk_app.devices.printer import Printer
from kiosk_app.devices.printer_choice import printer_of
from kiosk_app.readiness import Check
from kiosk_app.sheet import Roll
from kiosk_app.station import Station
from kiosk_app.store.connection import DATABASE_NAME, FREE_BYTES_MIN
from kiosk_app.store.full_disk import free_bytes
from kiosk_app.store.wal_damage import check_wal
from kiosk_app.use_cases.repair_clock import RepairClock
from procuration.adapters.spool import AppSpool
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected
from procuration.record.directory import FRESHNESS_LIMIT

_PLAIN_HEADER: Final = b"SQLite format 3\x00"
_TIMEX_BYTES: Final = 512
"""More than the 208 of `struct timex`; all zero, it asks and sets nothing."""
_UNSYNCHRONISED: Final = 5
_SOUND_SECONDS: Final = 5.0
_OTHERS: Final = 0o007
_GROUP_AND_OTHERS: Final = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What only a code shows. `refused`: the code of the error when it opened nothing."""

    refused: str | None
    directory_age_days: int | None = None
    directory_days_max: int = FRESHNESS_LIMIT.days


def opened_of(values: Mapping[str, object]) -> Opened:
    """From what `doctor` says of the open store."""
    refused, age, most = (
        values.get(name) for name in ("refused", "directory_age_days", "directory_days_max")
    )
    return Opened(
        refused=refused if isinstance(refused, str) else None,
        directory_age_days=age if isinstance(age, int) else None,
        directory_days_max=most if isinstance(most, int) else FRESHNESS_LIMIT.days,
    )


def every_part(station: Station, options: argparse.Namespace, opened: Opened | None) -> list[Check]:
    """What `doctor` shows: the printer first, since its page tells the rest."""
    others = all_but_printer(station, AppSpool(options.spool), options.scanner, opened)
    device = printer_of(options.printer, options.roll)
    at = datetime.now(UTC).astimezone()
    return [printer(device, others, at, options.roll, on_paper=options.print), *others]


def all_but_printer(
    station: Station, spool: AppSpool, scanner: Description | None, opened: Opened | None
) -> list[Check]:
    """In the order in which they would stop somebody. `opened`: None without a code."""
    age = opened.directory_age_days if opened else None
    return [
        store(station.folder, opened),
        disk(station.folder),
        clock(station),
        of_spool(spool),
        readiness.of_directory(age, opened.directory_days_max if opened else FRESHNESS_LIMIT.days),
        readiness.no_reader() if scanner is None else reader(scanner),
        sound(),
    ]


def printer(device: Printer, checks: list[Check], at: datetime, roll: Roll, *, on_paper: bool) -> Check:
    """Asks the printer; with `on_paper`, the page of all the other checks comes out of it."""
    error: ProcurationError | None = None
    near_end = False
    try:
        near_end = device.state().near_end
        if on_paper:
            mine = readiness.of_printer(None, near_end=near_end, printed=True)
            printed = readiness.page([mine, *checks], at, roll)
            device.print_paper("etat-du-poste", printed.png, printed.pdf)
    except CarrierUnavailable as refused:
        error = refused
    return readiness.of_printer(error, near_end=near_end, printed=on_paper)


def reader(described: Description) -> Check:
    """A scanner's port is opened, a camera gives a frame, a folder of pictures is there."""
    match described.kind:
        case "camera":
            return readiness.of_reader("caméra", _seen(lambda: _frame_of(described.path)))
        case "serial":
            return readiness.of_reader("lecteur", _seen(lambda: _port_of(described)))
    found = "Le dossier d’images est là." if described.path.exists() else None
    return readiness.of_reader("lecteur", found)


def sound() -> Check:
    """The voice is a program, its card is what `aplay -l` lists."""
    aplay = shutil.which("aplay")
    cards = 0
    if aplay is not None:
        try:
            words = {**os.environ, "LC_ALL": "C"}
            listed = subprocess.run(
                [aplay, "-l"], capture_output=True, check=False, timeout=_SOUND_SECONDS, env=words
            )
            cards = sum(line.startswith(b"card ") for line in listed.stdout.splitlines())
        except (OSError, subprocess.TimeoutExpired):
            cards = 0  # what does not answer plays nothing
    return readiness.of_sound(voice=shutil.which("espeak-ng") is not None, cards=cards)


def clock(station: Station) -> Check:
    """The kernel knows whether anything keeps its clock (adjtimex(2)); this file is as old as the program."""
    shown = RepairClock(station, _sets_nothing).shown()
    built = datetime.fromtimestamp(Path(kiosk_app.__file__).stat().st_mtime, UTC)
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return readiness.of_clock(shown.wall, built, shown.proved, synchronised=0 <= state < _UNSYNCHRONISED)


def disk(folder: Path) -> Check:
    """A file is written, flushed and taken away."""
    writable = True
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        writable = False
    free = free_bytes(folder) if folder.exists() else 0
    return readiness.of_disk(free, FREE_BYTES_MIN, writable=writable)


def store(folder: Path, opened: Opened | None) -> Check:
    """Without a code: its header, its write-ahead log, who may read it."""
    path = folder / DATABASE_NAME
    if not path.is_file():
        return readiness.of_store(None, None, private=True, opened=False)
    refused = opened.refused if opened else None
    with path.open("rb") as file:
        if file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER:
            refused = "MAGASIN_NON_CHIFFRE"
    try:
        check_wal(folder / f"{DATABASE_NAME}-wal")
    except RecordRejected as error:
        refused = error.code
    modes = path.stat().st_mode | folder.stat().st_mode
    return readiness.of_store(
        path.stat().st_size, refused, private=not modes & _GROUP_AND_OTHERS, opened=opened is not None
    )


def of_spool(spool: AppSpool) -> Check:
    """What waits there, and who may see it."""
    folders = [spool.folder / name for name in ("out", "in")]
    leaving = spool.out_files()
    times = [(folders[0] / file.name).stat().st_mtime for file in leaving]
    oldest = timedelta(seconds=time.time() - min(times)) if times else None
    return readiness.of_spool(
        len(leaving),
        len(spool.answer_names()),
        oldest,
        private=not any(path.stat().st_mode & _OTHERS for path in folders),
        writable=all(os.access(path, os.W_OK | os.X_OK) for path in folders),
    )


def _seen(look: Callable[[], str]) -> str | None:
    try:
        return look()
    except (CarrierUnavailable, OSError, ValueError):
        return None


def _frame_of(path: Path) -> str:
    from kiosk_app.devices.camera import CameraReader

    width, height = CameraReader(path).glance()
    return f"Une image de {width} sur {height} points."


def _port_of(described: Description) -> str:
    from kiosk_app.devices.serial_scanner import BAUD, SerialScanner

    SerialScanner(described.path, described.baud or BAUD).check()
    return "Le port s’ouvre."


def _sets_nothing(at: datetime) -> None:
    raise CarrierUnavailable("HORLOGE_NON_REGLABLE")
