"""The stick of a courier: what is read from it, what is written on it (SECURITY-DESIGN 8).

Anybody may have written it: regular files only, reached through no link, of bounded size and number, copied
to memory one by one and believed for their seal and signature alone. What was sealed for others stays there.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from procuration.adapters.spool import name_of
from procuration.adapters.stick import CONTESTED, ENROLMENT, FOLDER, TABLES, UP, StickFolder, open_stick
from procuration.adapters.trust import verified_targets
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.contradiction import proofs_of
from procuration.record.growth import AlarmCode
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.sealed import Purpose, seal
from server.commune import hall as halls
from server.commune import memory
from server.commune.answers import Applied, apply_answer, open_answer, try_again
from server.commune.memory import Name
from server.commune.models import Alarm, PutAside, SentBundle
from server.commune.sealing import seal_waiting
from server.commune.standing import put_the_centre_s_words
from server.config.centre import TABLE_NAMES, Centre
from server.dossiers import services

READ_BYTES_MAX: Final = 256 << 20
_ANY_SEALED_NAME: Final = re.compile(r"[^/\0.][^/\0]{0,250}\.prb")
_LATE: Final = frozenset({"REPONSE_SANS_ENVOI", "REGISTRE_QUITTE"})
"""Answers that come after newer ones: no fault of anybody."""


@dataclass(slots=True)
class Read:
    """What a stick brought.

    Attributes:
        answers: answers for this computer that were applied.
        new, changed: procurations.
        foreign: sealed files that are for others.
        refused: codes of what was for us, or was said to be, and did not hold.
        tables: whether newer signed tables came; tables_code: why those of the stick were not believed.
    """

    answers: int = 0
    new: int = 0
    changed: int = 0
    foreign: int = 0
    more: bool = False
    tables: bool = False
    tables_code: str = ""
    refused: tuple[str, ...] = ()


def read_stick(hall: Centre, stick: Path) -> Read:
    """Take what is for this commune, in the order in which the centre numbered it.

    Raises: RuleViolated STICK_MISSING, when there is no stick, or nothing of ours on it; CLE_POUR_UN_AUTRE,
    when nothing on it is for this commune; CarrierUnavailable, when the stick fails.
    """
    read = Read()
    with open_stick(stick) as folder:
        read.tables, read.tables_code = _read_tables(hall, stick / FOLDER / TABLES)
        if read.tables:
            hall = halls.open_again()
        rids = _read_answers(hall, folder, read)
    if read.tables:
        later = try_again(hall)
        read.new += later.new
        read.changed += len(later.rids) - later.new
        rids |= later.rids
    put_the_centre_s_words()
    if rids and halls.why_nothing_is_signed(hall.clock.now()) is None:
        # Whoever reads the stick for the town hall receives what is on it.
        services.list_taken_in_by_town_hall(sorted(rids), halls.account_in_records())
        put_the_centre_s_words()
    if not read.answers and read.foreign and not read.refused:
        raise RuleViolated("CLE_POUR_UN_AUTRE")
    memory.put_instant(Name.READ_AT, hall.clock.now())
    return read


def _read_tables(hall: Centre, repository: Path) -> tuple[bool, str]:
    if repository.is_symlink() or not repository.is_dir():
        return False, ""
    try:
        found = verified_targets(
            memory.get(Name.FIRST_ROOT), repository, hall.home / "trust-cache", TABLE_NAMES
        )
    except RecordRejected as error:
        _put_aside(hall, error.code)
        return False, error.code
    newer = any(memory.find(f"table:{name}") != data for name, data in found.items())
    halls.keep_tables(found)
    return newer, ""


def _read_answers(hall: Centre, folder: StickFolder, read: Read) -> set[str]:
    opened = []
    left = READ_BYTES_MAX
    ours = set(SentBundle.objects.values_list("name", flat=True))
    listing = folder.list(_ANY_SEALED_NAME, SEALED_BUNDLE_BYTES_MAX)
    too_many = listing.too_many
    for file in listing.files:
        left -= file.size
        if left < 0:
            too_many = True
            break
        try:
            sealed = folder.read(file.name, SEALED_BUNDLE_BYTES_MAX)
            if name_of(sealed) in ours:
                continue
            opened.append(open_answer(hall, sealed))
        except (FileNotFoundError, RecordRejected) as error:
            _count_refusal(hall, error, read)
    if too_many:
        read.refused += ("CLE_TROP_PLEINE",)
    rids: set[str] = set()
    for manifest in sorted(opened, key=lambda one: one.inbox_number):
        try:
            applied = apply_answer(hall, manifest)
        except RecordRejected as error:
            if error.code in _LATE:
                read.answers += 1
            else:
                read.refused += (error.code,)
                _put_aside(hall, error.code)
            continue
        _count(read, applied)
        rids |= applied.rids
    return rids


def _count_refusal(hall: Centre, error: Exception, read: Read) -> None:
    """A seal that does not open is somebody else's file, or noise: nobody can tell which."""
    code = error.code if isinstance(error, RecordRejected) else "FILE_GONE"
    if code in ("SEAL_KEY", "SEAL_FORM", "SEAL_SUITE") or code.startswith("CBOR"):
        read.foreign += 1
        return
    read.refused += (code,)
    _put_aside(hall, code)


def _put_aside(hall: Centre, code: str) -> None:
    PutAside.objects.create(at=hall.clock.now(), code=code)


def _count(read: Read, applied: Applied) -> None:
    read.answers += 1
    read.new += applied.new
    read.changed += len(applied.rids) - applied.new
    read.more = read.more or applied.more
    read.refused += tuple(applied.refused)


def contested_proofs() -> list[bytes]:
    """Every contradiction of the centre that was seen here and that its own signatures prove, the first
    ones."""
    rows = Alarm.objects.order_by("pk").values_list("code", "held", "shown").iterator()
    return proofs_of((AlarmCode(code), bytes(held), bytes(shown)) for code, held, shown in rows)


def write_stick(hall: Centre, stick: Path) -> int:
    """Put everything that the centre is not proved to have on the stick, our enrolment until it answers, and
    the proofs that the centre contradicted itself.

    Returns: how many events travel.
    Raises: RuleViolated STICK_MISSING, ANNUAIRE_SANS_CLE; CarrierUnavailable, when the stick is full,
    read-only or pulled out: nothing here is lost, and the next one carries the same.
    """
    replaced = list(SentBundle.objects.values_list("name", flat=True))
    with open_stick(stick, make=True) as folder:
        folder.clear_leftovers()
        sealed = seal_waiting(hall)
        if memory.find(Name.EPOCH) is None:
            centre = hall.tables.directory.centre(hall.clock.now())
            enrolment = seal(memory.get(Name.ENROLMENT), centre, Purpose.ENROL, hall.realm)
            folder.write(f"{name_of(enrolment)}{ENROLMENT}", enrolment)
        for one in sealed:
            folder.write(f"{one.name}{UP}", one.data)
        for proof in contested_proofs():
            folder.write(f"{name_of(proof)}{CONTESTED}", proof)
        for name in replaced:  # only now: a stick pulled out too soon keeps what it had
            folder.remove(f"{name}{UP}")
        folder.flush()
    memory.put_instant(Name.WRITTEN_AT, hall.clock.now())
    return sum(one.count for one in sealed)
