"""What `procuration-kiosk officer ...` does: the same ceremony as the page of the officers, at a terminal."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from kiosk_app.commands import Report, _code, _new_code, station_of
from kiosk_app.devices.supervisor_stick import SupervisorStick
from kiosk_app.officer_desk import OfficerDesk
from kiosk_app.second_secrets import KIND_NAMES
from kiosk_app.station import Station
from kiosk_app.store.slots import CODE_CHARACTERS_MAX, SlotKind
from kiosk_app.use_cases.ceremony import TwoCodes
from kiosk_app.use_cases.enrol_officer import NewOfficer, OfficerChanged
from kiosk_app.use_cases.reset_code import NewCode
from procuration.domain.identifiers import Kid
from procuration.errors import RecordRejected, RuleViolated

_LINES_BYTES_MAX: Final = 4 * 4 * CODE_CHARACTERS_MAX
KID_BYTES: Final = 8


def supervisor_stick(options: argparse.Namespace) -> SupervisorStick:
    """Where the supervisor's key is looked for: the folder that was said, else beside the service key."""
    key: Path | None = options.service_key
    folder: Path | None = options.supervisor_key or (key.parent if key else None)
    return SupervisorStick(lambda: folder)


@dataclass(frozen=True, slots=True)
class _Typed:
    """The codes of one command: the two people's, and the new one where there is one."""

    two: TwoCodes
    new: str = field(repr=False)


def _typed(options: argparse.Namespace, new: str = "") -> _Typed:
    """From one descriptor, one a line; else each from its file, or typed.

    Args: new: what to ask for a new code with; "" for a command without one.
    """
    if options.codes_fd is not None:
        lines = _lines_of(options.codes_fd)
        if len(lines) != (3 if new else 2):
            raise RecordRejected("CODES_LUS")
        return _Typed(TwoCodes(lines[0], lines[1]), lines[2] if new else "")
    chosen = _new_code(options.new_code_file, new) if new else ""
    phrase = _code(options.supervisor_phrase_file, "Phrase de la clé du responsable")
    return _Typed(TwoCodes(phrase, _code(options.second_code_file, "Code de la seconde personne")), chosen)


def _lines_of(descriptor: int) -> list[str]:
    """Raises: RecordRejected CODES_LUS, when it cannot be read or holds more than codes."""
    try:
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(_LINES_BYTES_MAX + 1)
    except OSError as error:
        raise RecordRejected("CODES_LUS") from error
    if len(data) > _LINES_BYTES_MAX:
        raise RecordRejected("CODES_LUS")
    return data.decode("utf-8", "replace").splitlines()


@contextmanager
def _at_the_desk(options: argparse.Namespace) -> Iterator[tuple[Station, OfficerDesk]]:
    station = station_of(options)
    try:
        yield station, OfficerDesk(station, supervisor_stick(options))
    finally:
        station.close()


def _done(changed: OfficerChanged, line: str) -> Report:
    """The number of the key, never a name: what a command prints may stay in a terminal's memory."""
    ends = None if changed.not_after is None else changed.not_after.isoformat()
    return Report(
        (f"{line} (clé {changed.kid.hex()}).", "Le centre l’apprendra à la prochaine transmission."),
        {"kid": changed.kid.hex(), "seq": changed.seq, "not_after": ends},
    )


def officer_add(options: argparse.Namespace) -> Report:
    """Makes somebody an officer of this tablet."""
    typed, last_day = _typed(options, "Code du nouvel agent"), _day(options.last_day)
    asked = NewOfficer(
        nom=options.nom,
        prenoms=options.prenoms,
        qualite=options.qualite,
        designation=options.designation,
        last_day=last_day,
        code=typed.new,
        kind=_kind(options),
    )
    with _at_the_desk(options) as (_, desk):
        return _done(desk.enrol(typed.two, asked), "Agent habilité")


def _kind(options: argparse.Namespace) -> SlotKind | None:
    return None if options.slot is None else KIND_NAMES[options.slot]


def officer_renew(options: argparse.Namespace) -> Report:
    """Gives an officer a new term."""
    typed, last_day = _typed(options), _day(options.last_day)
    with _at_the_desk(options) as (_, desk):
        return _done(desk.renew(typed.two, options.kid, last_day), "Habilitation prolongée")


def officer_revoke(options: argparse.Namespace) -> Report:
    """Takes an officer off this tablet."""
    typed = _typed(options)
    with _at_the_desk(options) as (_, desk):
        return _done(desk.revoke(typed.two, options.kid), "Agent retiré")


def officer_reset_code(options: argparse.Namespace) -> Report:
    """Gives an officer a new code and a new key."""
    typed = _typed(options, "Nouveau code de l’agent")
    with _at_the_desk(options) as (_, desk):
        return _done(
            desk.reset(typed.two, options.kid, NewCode(typed.new, _kind(options))), "Nouveau code donné"
        )


def officer_phrase(options: argparse.Namespace) -> Report:
    """Gives the supervisor a new phrase for this tablet."""
    typed = _typed(options, "Nouvelle phrase du responsable")
    with _at_the_desk(options) as (_, desk):
        return _done(desk.replace_phrase(typed.two, typed.new), "Phrase changée")


def officer_list(options: argparse.Namespace) -> Report:
    """Says who may act on this tablet, to whoever has a code of it."""
    with _at_the_desk(options) as (station, desk):
        station.open(_code(options.code_file))
        seen, zone = desk.listed(), station.store.zone
    lines = [
        f"{one.kid.hex()}  {one.prenoms} {one.nom.upper()}, {one.qualite}\u00a0: {one.standing.value}, "
        f"{_local(one.not_after.astimezone(zone))}"
        for one in seen
    ]
    rows = [
        {
            "kid": one.kid.hex(),
            "nom": one.nom,
            "prenoms": one.prenoms,
            "qualite": one.qualite,
            "not_after": one.not_after.isoformat(),
            "standing": one.standing.value,
        }
        for one in seen
    ]
    return Report(tuple(lines) or ("Aucun agent n’est habilité sur ce poste.",), {"officers": rows})


def kid_typed(text: str) -> Kid:
    """Sixteen hexadecimal digits. Raises: argparse.ArgumentTypeError."""
    try:
        kid = bytes.fromhex(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("16 chiffres hexadécimaux") from error
    if len(kid) != KID_BYTES:
        raise argparse.ArgumentTypeError("16 chiffres hexadécimaux")
    return Kid(kid)


def _local(moment: datetime) -> str:
    return moment.strftime("%d/%m/%Y %H:%M")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleViolated("DATE") from error
