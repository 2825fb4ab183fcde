"""Bundles and answers on a USB stick (SECURITY-DESIGN 8): the same sealed files, taken in as over HTTPS.

The answer to a bundle is written beside it, named after it. Once everything on the stick is in, the last
bundle of each device is answered once more: what arrived after it may concern that device. Refusals stay
here: nothing would prove to a tablet that they are ours, and what it keeps comes again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db.models import Exists, OuterRef, Q

from procuration.adapters.foreign_file import ENTRIES_MAX, ForeignFile
from procuration.adapters.spool import name_of
from procuration.adapters.stick import (
    CONTESTED_NAME,
    DOWN,
    ENROLMENT,
    SEALED_NAME,
    TABLES,
    StickFolder,
    open_folder,
    open_stick,
)
from procuration.adapters.stick_tables import write_tables
from procuration.errors import RecordRejected
from procuration.record.bundle import bundle_digest
from procuration.record.contradiction import PROOF_BYTES_MAX
from procuration.record.directory import Role
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.sealed import Purpose, seal_kid
from server.config.centre import Centre
from server.ledger.durability import secure
from server.ledger.enrol import accept_enrolment
from server.ledger.inbox import answer_again
from server.ledger.known import known_device
from server.ledger.models import Device, ForkEvidence, InboxEntry
from server.ledger.refusals import count_refusal
from server.ledger.services import accept_bundle, stopped_before

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
EXPORTED_MAX: Final = ENTRIES_MAX // 2
"""Answers that one export writes: whoever brings the stick back needs names for as many bundles."""


@dataclass(slots=True)
class Taken:
    """What a stick brought, and what it carries now.

    Attributes:
        enrolments, bundles: taken in, met before or not.
        answers: files written.
        passed_over: no sealed file, changed while read, or sealed for somebody else.
        refused: how many files for each code of a refusal.
        too_many: whether the stick has more names than are looked at.
        tables: whether the signed tables are on it now.
        contested: proofs on it that this centre contradicted itself, for a person to file in the console.
    """

    enrolments: int = 0
    bundles: int = 0
    answers: int = 0
    passed_over: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    too_many: bool = False
    tables: bool = False
    contested: int = 0


def _silent(_done: int, _total: int) -> None:
    return


def import_stick(centre: Centre, stick: Path, progress: Progress = _silent) -> Taken:
    """Take in the sealed files of a stick, or one such file, and write the answers beside.

    Raises: RuleViolated STICK_MISSING; CarrierUnavailable, as `adapters.stick` when the stick fails, or as
    `accept_bundle`: what was taken in before stays so, and the same stick may be brought again.
    """
    taken = Taken()
    if stick.is_file() and not stick.is_symlink():
        with open_folder(stick.parent) as folder:
            _import(centre, folder, [ForeignFile(stick.name, stick.stat().st_size, 0)], taken, progress)
            folder.flush()
        return taken
    with open_stick(stick) as folder:
        folder.clear_leftovers()
        listing = folder.list(SEALED_NAME, SEALED_BUNDLE_BYTES_MAX)
        taken.too_many = listing.too_many
        taken.contested = len(folder.list(CONTESTED_NAME, PROOF_BYTES_MAX).files)
        _import(centre, folder, listing.files, taken, progress)
        taken.tables = write_tables(folder, centre.home / TABLES)
        folder.flush()
    return taken


def _import(
    centre: Centre, folder: StickFolder, files: Collection[ForeignFile], taken: Taken, progress: Progress
) -> None:
    # Without an enrolment the centre knows no bundle of its tablet.
    names = sorted((file.name for file in files), key=lambda name: not name.endswith(ENROLMENT))
    heard: dict[bytes, str] = {}
    for done, name in enumerate(names):
        progress(done, len(names))
        try:
            sealed = folder.read(name, SEALED_BUNDLE_BYTES_MAX)
            if not _is_for(centre, sealed):
                taken.passed_over += 1
                continue
        except (FileNotFoundError, RecordRejected):
            taken.passed_over += 1
            continue
        try:
            _take_in(centre, folder, name, sealed, heard, taken)
        except RecordRejected as error:
            log.warning("refused", extra={"code": error.code, "bytes": len(sealed)})
            count_refusal(error.code, centre.clock.now())
            taken.refused[error.code] += 1
    progress(len(names), len(names))
    _answer_all_again(centre, folder, heard)
    taken.answers = len(heard)


def _is_for(centre: Centre, sealed: bytes) -> bool:
    kid, _ = seal_kid(sealed, purpose=Purpose.UP, max_bytes=SEALED_BUNDLE_BYTES_MAX)
    return kid in centre.sealing_keys


def _take_in(
    centre: Centre, folder: StickFolder, name: str, sealed: bytes, heard: dict[bytes, str], taken: Taken
) -> None:
    now = centre.clock.now()
    if name.endswith(ENROLMENT):
        accept_enrolment(centre, sealed, now)
        taken.enrolments += 1
        return
    answer = accept_bundle(centre, sealed, now)
    taken.bundles += 1
    answer_name = name_of(sealed) + DOWN
    folder.write(answer_name, answer.sealed)
    heard[bundle_digest(sealed)] = answer_name


def _answer_all_again(centre: Centre, folder: StickFolder, heard: dict[bytes, str]) -> None:
    last = Device.objects.filter(answered_hash__in=list(heard))
    for device in last.order_by("pk"):
        if (answer := _again(centre, device)) is not None:
            folder.write(heard[bytes(device.answered_hash or b"")], answer)


def _again(centre: Centre, device: Device) -> bytes | None:
    now = centre.clock.now()
    first_fork = (
        ForkEvidence.objects.filter(device=device).order_by("seq").values_list("seq", flat=True).first()
    )
    stopped = stopped_before(known_device(centre, device), device.head_seq, first_fork, now)
    answer = answer_again(centre, device.pk, now, secure(centre, device.pk), stopped)
    return None if answer is None else answer.sealed


def export_stick(centre: Centre, stick: Path, unit: str = "", progress: Progress = _silent) -> Taken:
    """Write the signed tables, and an answer for every device that something waits for, the longest silent
    first.

    Args:
        unit: only the devices of this unit.
    Raises: as `import_stick`.
    """
    taken = Taken()
    found = Device.objects.filter(answered_hash__isnull=False, sealing_key__isnull=False)
    if unit:
        found = found.filter(unit=unit)
    # What a device has applied is deleted when it says so: an entry that is there waits.
    # What a town hall is due is compared with its dossiers when it is answered.
    has_news = Exists(InboxEntry.objects.filter(device=OuterRef("pk")))
    waiting = found.filter(has_news | Q(role=Role.TOWN_HALL.value))
    pks = list(waiting.order_by("last_contact", "pk").values_list("pk", flat=True))
    taken.too_many = len(pks) > EXPORTED_MAX
    with open_stick(stick, make=True) as folder:
        folder.clear_leftovers()
        taken.tables = write_tables(folder, centre.home / TABLES)
        for done, pk in enumerate(pks[:EXPORTED_MAX]):
            progress(done, len(pks))
            device = Device.objects.get(pk=pk)
            if (answer := _again(centre, device)) is not None:
                folder.write(bytes(device.answered_hash or b"")[:16].hex() + DOWN, answer)
                taken.answers += 1
        folder.flush()
    progress(len(pks), len(pks))
    return taken
