"""What each command of `procuration-kiosk` does with its options, but the screen."""

import argparse
import getpass
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final, TypeVar

from sqlcipher3 import dbapi2 as sqlcipher

from kiosk_app import installation, readiness, readiness_probes
from kiosk_app.devices.printer import Printer
from kiosk_app.first_start import FirstStart, Places
from kiosk_app.renewal import Renewal
from kiosk_app.second_secrets import KIND_NAMES, Keepers, hardware, kind_name
from kiosk_app.station import Station
from kiosk_app.store.connection import FREE_BYTES_MIN
from kiosk_app.store.old_logs import PREFIX
from kiosk_app.store.slot_file import COUNTED_BY_HARDWARE
from kiosk_app.store.slots import CODE_CHARACTERS_MAX, Argon2Cost, SlotKind, SlotState
from procuration.adapters.clock import SystemClock, set_system_clock
from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.service_key import service_key
from procuration.adapters.spool import AppSpool
from procuration.adapters.tpm_secret import TpmSecret
from procuration.errors import ProcurationError, RecordRejected, RuleViolated
from procuration.record.limits import ENROLMENT_BYTES_MAX
from procuration.record.receipt import Level

_CODE_FILE_BYTES_MAX: Final = 4 * CODE_CHARACTERS_MAX
Asked = TypeVar("Asked")
FONTS: Final = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")


@dataclass(frozen=True, slots=True)
class Report:
    """What a command did: lines for a person, values for a script. `healthy` decides the exit status, then
    `unreachable`: something plugged in does not answer."""

    lines: tuple[str, ...]
    values: Mapping[str, object]
    healthy: bool = True
    unreachable: bool = False


def prepare(options: argparse.Namespace) -> Report:
    """Makes the encrypted store and the request for enrolment."""
    codes = installation.Codes(
        agent=_new_code(options.code_file, "Code de l’agent"),
        supervisor=_new_code(options.supervisor_code_file, "Phrase du responsable"),
        kind=KIND_NAMES[options.slot],
    )
    on_stick = codes.kind is SlotKind.SERVICE_KEY
    request = installation.prepare(
        options.store,
        installation.first_root(options.root),
        codes,
        service_key(_stick(options), create=True) if on_stick else b"",
        SystemClock(),
        Argon2Cost(memory_kib=options.argon2_mib * 1024),
        keepers=keepers_of(options),
    )
    AppSpool(options.spool)
    write_durably(options.request, request)
    line = f"Poste préparé. Faites enrôler la demande {options.request}, puis installez."
    return Report((line,), {"request": str(options.request)})


def renew(options: argparse.Namespace) -> Report:
    """Gives up a log that signs no more: a new store, a new request; the old one is sent to its end."""
    old_code = _code(options.old_code_file, "Code de l’ancien poste, ou phrase du responsable")
    codes = installation.Codes(
        agent=_new_code(options.code_file, "Nouveau code de l’agent"),
        supervisor=_new_code(options.supervisor_code_file, "Nouvelle phrase du responsable"),
        kind=KIND_NAMES[options.slot],
    )
    renewal = Renewal(
        folder=options.store,
        spool=AppSpool(options.spool),
        clock=SystemClock(),
        second_secret=lambda: service_key(_stick(options)),
        cost=Argon2Cost(memory_kib=options.argon2_mib * 1024),
        keepers=keepers_of(options),
    )
    request = renewal(installation.first_root(options.root), old_code, codes)
    write_durably(options.request, request)
    given_up = sorted(path.name.removeprefix(PREFIX) for path in options.store.glob(f"{PREFIX}*"))
    lines = (
        f"Poste préparé de nouveau. Faites enrôler la demande {options.request}, puis installez.",
        f"Faites retirer l’ancien journal\u00a0: {', '.join(given_up)}.",
        "Ce qu’il contient part vers le centre\u00a0: laissez le poste en marche.",
    )
    return Report(lines, {"request": str(options.request), "given_up": given_up})


def install(options: argparse.Namespace) -> Report:
    """Brings enrolment and signed tables into the store."""
    root = installation.first_root(options.root)
    station = station_of(options)
    try:
        verified = installation.verified_tables(options.store, root, options.tuf)
        signed = _read(options.enrolment)
        installation.install(
            station, _code(options.code_file), signed, root, verified, AppSpool(options.spool)
        )
        configuration = station.store.configuration
        values = {
            "profile": configuration.profile.value,
            "unit": configuration.unit_name,
            "log_id": station.identity.log_id.hex(),
            "directory_version": station.store.tables.directory.version,
        }
    finally:
        station.close()
    line = f"Poste installé\u00a0: {configuration.unit_name}, profil {configuration.profile.value}."
    return Report((line,), values)


def code_add(options: argparse.Namespace) -> Report:
    """Gives an agent a new code."""
    station = station_of(options)
    try:
        new_code = _new_code(options.new_code_file, "Nouveau code de l’agent")
        slot = installation.add_code(station, _code(options.code_file), new_code, KIND_NAMES[options.slot])
    finally:
        station.close()
    return Report(("Code ajouté.",), {"slot_id": slot.slot_id.hex()})


def code_remove(options: argparse.Namespace) -> Report:
    """Takes a code away; two that open are always left."""
    station = station_of(options)
    try:
        installation.remove_code(station, _code(options.code_file), options.slot_id)
    finally:
        station.close()
    return Report(("Code retiré.",), {"slot_id": options.slot_id.hex()})


def slots(options: argparse.Namespace) -> Report:
    """Says which codes there are, without any: their kind and their tries, nothing secret."""
    states = station_of(options).slots.states()
    lines = [_slot_line(state) for state in states]
    rows = [
        {
            "slot_id": state.slot.slot_id.hex(),
            "kind": kind_name(state.slot.kind),
            "officer": state.slot.kid is not None,
            "blocked": state.blocked,
            "tries_left": state.tries_left,
        }
        for state in states
    ]
    return Report(tuple(lines), {"slots": rows})


def _slot_line(state: SlotState) -> str:
    owner = "officier" if state.slot.kid else "agent ou responsable"
    left = "bloqué" if state.blocked else f"{state.tries_left} essais"
    return f"{state.slot.slot_id.hex()}  {kind_name(state.slot.kind):<12}{left:<11} {owner}"


def officer_prepare(options: argparse.Namespace) -> Report:
    """Makes an officer key under the officer's code, and the request for enrolment."""
    station = station_of(options)
    try:
        officer_code = _new_code(options.officer_code_file, "Code de l’officier ou de l’agent habilité")
        kind = KIND_NAMES[options.slot]
        request = installation.prepare_officer(station, _code(options.code_file), officer_code, kind)
    finally:
        station.close()
    write_durably(options.request, request)
    line = f"Clé créée. Faites enrôler la demande {options.request}, puis installez-la."
    return Report((line,), {"request": str(options.request)})


def officer_install(options: argparse.Namespace) -> Report:
    """Brings an officer's enrolment into use."""
    station = station_of(options)
    try:
        installation.install_officer(station, _code(options.code_file), _read(options.enrolment))
    finally:
        station.close()
    return Report(("Habilitation installée.",), {})


def doctor(options: argparse.Namespace) -> Report:
    """Tests what is there and what is plugged in; opens the store when a code is given."""
    station = station_of(options)
    free = _free_bytes(options.store)
    checks = {
        "sqlcipher": True,
        "store": (options.store / "store.db").exists(),
        "codes": len(station.slots.listed()) >= 2,
        "enrolment": station.declared_profile() is not None,
        "service_key": not _needs_stick(station) or _service_key_answers(options.service_key),
        **_hardware_answers(station, options),
        "free_space": free >= FREE_BYTES_MIN,
        "spool": AppSpool(options.spool).folder.is_dir(),
        "fonts": all(resources.files("kiosk_app").joinpath("fonts", name).is_file() for name in FONTS),
    }
    values: dict[str, object] = {"sqlite": sqlcipher.sqlite_version, "free_bytes": free, **checks}
    shown = None
    if options.code_file:
        opened = _opened(station, options.code_file)
        checks["opens"] = opened.pop("code") is None
        values.update(opened, opens=checks["opens"])
        shown = readiness_probes.opened_of(opened)
    parts = readiness_probes.every_part(station, options, shown)
    lines = tuple(f"{'bon' if good else 'À VOIR':<8} {name}" for name, good in checks.items())
    return Report(
        (*lines, *(part.line() for part in parts)),
        values | {"checks": [part.values() for part in parts]},
        healthy=all(checks.values()) and not readiness.is_broken(parts),
        unreachable=readiness.is_unreachable(parts),
    )


def _opened(station: Station, code_file: Path) -> dict[str, object]:
    """Opens the store as a start would, chain checked; says how much of it the centre has."""
    try:
        station.open(_code(code_file))
        head = station.store.log.head
        return {
            "code": None,
            "events": head.next_seq,
            "received": station.store.outbox.receipted_seq(Level.RECEIVED) + 1,
            "references_left": station.store.leases.left,
            "directory_version": station.store.tables.directory.version,
            "directory_age_days": station.store.tables.age_days(SystemClock().now()),
            "directory_days_max": station.store.tables.directory_days_max,
        }
    except ProcurationError as error:
        return {"code": error.code, "refused": error.code}
    finally:
        station.close()


def station_of(options: argparse.Namespace) -> Station:
    """The tablet of the store folder; its service key is looked for at each code: the stick moves."""
    path = options.service_key
    return Station(
        options.store,
        SystemClock(),
        second_secret=lambda: service_key(path) if path else None,
        cost=Argon2Cost(memory_kib=options.argon2_mib * 1024),
        spool=options.spool,
        keepers=keepers_of(options),
    )


def keepers_of(options: argparse.Namespace) -> Keepers:
    """The TPM and the token that the options name. Raises: RuleViolated TPM_REGLAGE."""
    return hardware(options.tpm, options.token_module, options.token_label)


def _stick(options: argparse.Namespace) -> Path:
    """Raises: RuleViolated CLE_DE_SERVICE_ABSENTE, when no option says where the service key is."""
    path: Path | None = options.service_key
    if path is None:
        raise RuleViolated("CLE_DE_SERVICE_ABSENTE")
    return path


def _needs_stick(station: Station) -> bool:
    return any(slot.kind is SlotKind.SERVICE_KEY for slot in station.slots.listed())


def first_start_of(options: argparse.Namespace, printer: Printer) -> FirstStart:
    """What the screen needs when the tablet is not installed yet."""
    places = Places(
        store=options.store,
        root=options.root,
        stick=options.stick,
        service_key=options.service_key,
        roll=options.roll,
    )
    options.store.mkdir(mode=0o700, parents=True, exist_ok=True)
    cost = Argon2Cost(memory_kib=options.argon2_mib * 1024)
    spool, keepers = AppSpool(options.spool), keepers_of(options)
    return FirstStart(places, spool, SystemClock(), cost, printer, set_system_clock, keepers)


def _service_key_answers(path: Path | None) -> bool:
    return path is None or (path.exists() and len(service_key(path)) == 32)


def _hardware_answers(station: Station, options: argparse.Namespace) -> dict[str, bool]:
    """For the slots of a TPM or a token only: whether it is there, and whether the TPM keeps its count of
    wrong codes from whoever starts this machine.
    """
    answers: dict[str, bool] = {}
    for slot in station.slots.listed():
        if slot.kind in COUNTED_BY_HARDWARE:
            name = kind_name(slot.kind)
            answers[name] = answers.get(name, True) and _answers(station.slots.find_keeper, slot)
    if "tpm" in answers:
        answers["tpm_lockout"] = _answers(TpmSecret.check_lockout, TpmSecret(options.tpm))
    return answers


def _answers(find: Callable[[Asked], None], asked: Asked) -> bool:
    try:
        find(asked)
    except ProcurationError:
        return False
    return True


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _read(path: Path) -> bytes:
    try:
        return read_regular(path.parent, path.name, ENROLMENT_BYTES_MAX)
    except FileNotFoundError as error:
        raise RecordRejected("FICHIER_ABSENT", name=path.name) from error


def _code(code_file: Path | None, prompt: str = "Code") -> str:
    """From a file that only its owner reads, or typed. Raises: RuleViolated FICHIER_DE_CODE_LISIBLE."""
    if code_file is None:
        return getpass.getpass(f"{prompt}\u00a0: ")
    try:
        data = read_regular(code_file.parent, code_file.name, _CODE_FILE_BYTES_MAX)
    except FileNotFoundError as error:
        raise RecordRejected("FICHIER_ABSENT", name=code_file.name) from error
    if code_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise RuleViolated("FICHIER_DE_CODE_LISIBLE")
    return data.decode("utf-8", "replace").strip("\r\n")


def _new_code(code_file: Path | None, prompt: str) -> str:
    """A code chosen now: typed twice when it is typed. Raises: RuleViolated CODES_DIFFERENTS."""
    code = _code(code_file, prompt)
    if code_file is None and _code(None, f"{prompt}, encore une fois") != code:
        raise RuleViolated("CODES_DIFFERENTS")
    return code
