"""What may be called durable: events that are in the sealed archive on another disk, or that a synchronous
standby has on its own (SECURITY-DESIGN 8).

A receipt covers every event before its head, so each log keeps how far it is durable, without a gap; what was
accepted while the disk or the standby was away is caught up before more is said. A failure never holds an
answer back: it then says `received`, and the console shows why.
"""

import errno
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from procuration.domain.identifiers import LogId, Realm
from procuration.errors import CarrierUnavailable, ProcurationError
from procuration.record.archive import ArchivedEvent, ArchivedEvents
from procuration.record.directory import Role
from procuration.record.event import EventPair
from procuration.record.sealed import SealingPublicKey
from server.config.centre import Centre
from server.ledger.archive_files import ArchiveWriter, find_id, give_id
from server.ledger.models import Archive, Device, Event, Leaf, LeafDue
from server.ledger.standby import standby_has, standby_is_configured

log = logging.getLogger(__name__)
EVENTS_PER_RECORD: Final = 500
RECORDS_AT_ONCE: Final = 8
"""In one request: 4,000 events; a disk that was away for longer is caught up by the job."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_PLACE: Final = "SELECT head_seq, archived_seq, durable_seq FROM ledger_device WHERE id = %s"
_KEEP: Final = """
    UPDATE ledger_device SET archived_seq = %s
    WHERE id = %s AND archived_seq >= %s AND archived_seq < %s
          AND EXISTS (SELECT 1 FROM ledger_archive WHERE archive_id = %s)
"""
_SAID: Final = "UPDATE ledger_device SET durable_seq = %s WHERE id = %s AND durable_seq < %s"


class ArchiveFault(StrEnum):
    """Why nothing can be written to the archive."""

    ABSENT = "ARCHIVE_ABSENTE"
    FULL = "ARCHIVE_PLEINE"
    BROKEN = "ARCHIVE_EN_ERREUR"


@dataclass(frozen=True, slots=True)
class Appended:
    """What joined the archive: the events after `before`, up to `seq`."""

    archive_id: bytes
    before: int
    seq: int


@dataclass(frozen=True, slots=True)
class Durable:
    """How far a log is on a second disk or machine.

    Attributes:
        seq: the last event that is, with all before it; -1 for none, and wherever there is no second place.
        said: the same when it was last said.
        appended: what this look at it brought there, for `keep`.
    """

    seq: int
    said: int = -1
    appended: Appended | None = None


NOT_PROMISED: Final = Durable(-1)


def is_promised(centre: Centre) -> bool:
    """Whether this centre has a second disk or machine at all: without one `durable` is never said."""
    return centre.archive_dir is not None or standby_is_configured()


def secure(centre: Centre, device_id: int) -> Durable:
    """Bring what is committed of a log to the archive, or see that the standby has it. Never raises for a
    disk or standby that is away."""
    if not is_promised(centre):
        return NOT_PROMISED
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [device_id])
        head, archived, said = map(int, cursor.fetchone())
    appended = None
    if centre.archive_dir is not None and archived < head:
        try:
            appended = _append(centre, centre.archive_dir, device_id, archived)
        except (OSError, ProcurationError) as error:
            _note_failure(centre, error)
    if appended is not None:
        archived = appended.seq
    seq = archived if centre.archive_dir is not None else -1
    if seq < head and standby_has():
        seq = head
    return Durable(seq, said, appended)


def keep(device_id: int, durable: Durable) -> None:
    """Remember what joined the archive, unless it is another archive since."""
    if (appended := durable.appended) is not None:
        place = (appended.seq, device_id, appended.before, appended.seq, appended.archive_id)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, place)


def secure_own_log(centre: Centre) -> None:
    """The same for what this server wrote itself; nobody gets a receipt of it."""
    own = Device.objects.filter(log_id=centre.log_id.hex()).values_list("pk", flat=True).first()
    if own is not None:
        keep(own, secure(centre, own))


# the archive


def _append(centre: Centre, folder: Path, device_id: int, archived: int) -> Appended:
    """Append what follows to the archive. Raises: OSError, ProcurationError."""
    archive_id, begun = _archive_id(centre, folder)
    before = -1 if begun else archived
    now = centre.clock.now()
    records = list(_records(device_id, before, now))
    if records:
        recipient = _recipient(centre, now)
        _writer(folder, centre.realm).append(records, archive_id=archive_id, recipient=recipient, now=now)
    if Archive.objects.filter(failed_at__isnull=False).exists():
        Archive.objects.update(failed_at=None, code="")
    last = records[-1].first_seq + len(records[-1].events) - 1 if records else before
    return Appended(archive_id, before, last)


def _recipient(centre: Centre, now: datetime) -> SealingPublicKey:
    """The sealing key in force, which its private part then opens for 90 days more: longer than an archive
    file is kept."""
    return centre.tables.directory.centre(now)


def _archive_id(centre: Centre, folder: Path) -> tuple[bytes, bool]:
    """The archive of this ledger, and whether it begins now. Raises: OSError, CarrierUnavailable
    ARCHIVE_ABSENTE."""
    found = find_id(folder)
    known = Archive.objects.order_by("pk").first()
    if known is None:
        return adopt_archive(centre, folder), True
    if found is None or found != bytes(known.archive_id):
        raise CarrierUnavailable(ArchiveFault.ABSENT)
    return found, False


def adopt_archive(centre: Centre, folder: Path) -> bytes:
    """From now on this folder is the archive, and nothing is in it yet: every log is written again from its
    first event. Raises: OSError."""
    archive_id = find_id(folder) or give_id(folder)
    with transaction.atomic():
        told = {"archive_id": archive_id, "created_at": centre.clock.now(), "failed_at": None, "code": ""}
        Archive.objects.update_or_create(pk=1, defaults=told)
        Device.objects.update(archived_seq=-1)
    return archive_id


def _records(device_id: int, durable: int, now: datetime) -> Iterator[ArchivedEvents]:
    """What follows in the ledger, without a gap."""
    device = Device.objects.only("log_id", "enrolment").get(pk=device_id)
    enrolment = None if device.enrolment is None else bytes(device.enrolment)
    log_id, written_us = LogId(bytes.fromhex(device.log_id)), _microseconds(now)
    for _ in range(RECORDS_AT_ONCE):
        events = _following(device_id, durable)
        if not events:
            return
        yield ArchivedEvents(log_id, durable + 1, written_us, enrolment, tuple(events))
        durable += len(events)


def _following(device_id: int, after: int) -> list[ArchivedEvent]:
    rows = Event.objects.filter(device_id=device_id, seq__gt=after).order_by("seq")
    found = rows.values_list("seq", "sign1", "body", "received_at")[:EVENTS_PER_RECORD]
    events: list[ArchivedEvent] = []
    for place, (seq, sign1, body, received_at) in enumerate(found):
        if seq != after + 1 + place:
            break  # a row is missing: `verify` names it, and nothing after it is called durable
        pair = EventPair(bytes(sign1), None if body is None else bytes(body))
        events.append(ArchivedEvent(pair, _microseconds(received_at)))
    return events


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


@cache
def _writer(folder: Path, realm: Realm) -> ArchiveWriter:
    return ArchiveWriter(folder, realm)


def _note_failure(centre: Centre, error: OSError | ProcurationError) -> None:
    fault = _fault_of(error)
    log.error("archive_failed", extra={"code": fault.value})
    Archive.objects.update(failed_at=centre.clock.now(), code=fault.value)  # none yet when it never began


def _fault_of(error: OSError | ProcurationError) -> ArchiveFault:
    if isinstance(error, ProcurationError):
        return ArchiveFault.ABSENT if error.code == ArchiveFault.ABSENT else ArchiveFault.BROKEN
    if isinstance(error, FileNotFoundError):
        return ArchiveFault.ABSENT
    return ArchiveFault.FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else ArchiveFault.BROKEN


# what was late


def renew_leaf(device_id: int, durable: Durable, known_size: int | None = None) -> bool:
    """A head whose receipt said `received` is durable now: it gets a leaf once more, so that its device is
    told, even if an answer is lost.

    Args:
        known_size: of the checkpoint that the device holds; a leaf after it brings a receipt anyway.
    Returns: whether a leaf is due.
    """
    if durable.seq <= durable.said:
        return False
    newest = Leaf.objects.filter(device_id=device_id).order_by("-index").values_list("index", "seq").first()
    if newest is None or not durable.said < newest[1] <= durable.seq:
        return False
    if known_size is not None and newest[0] >= known_size:
        return False
    LeafDue.objects.create(device_id=device_id, seq=newest[1])
    return True


def secure_late(centre: Centre) -> bool:
    """Catch up every log that is not durable to its head; the job runs this.

    Returns: whether leaves are due, with which the next answers say so.
    """
    if not is_promised(centre):
        return False
    due = False
    for device_id, role in _behind(archive=centre.archive_dir is not None):
        while True:
            durable = secure(centre, device_id)
            keep(device_id, durable)
            due = (role != Role.SERVER.value and renew_leaf(device_id, durable)) or due
            with connection.cursor() as cursor:
                cursor.execute(_SAID, [durable.seq, device_id, durable.seq])
            if durable.appended is None or durable.appended.seq == durable.appended.before:
                break
    return due


def _behind(*, archive: bool) -> Sequence[tuple[int, int]]:
    """The logs with something left to do: device and role."""
    rows = "SELECT id, role FROM ledger_device WHERE durable_seq < head_seq"
    with connection.cursor() as cursor:
        cursor.execute(f"{rows} OR archived_seq < head_seq" if archive else rows)
        return [(int(id_), int(role)) for id_, role in cursor.fetchall()]


# what an administrator sees


class SecondPlace(StrEnum):
    """Where events are a second time, or why they are not."""

    NONE = "none"
    STANDBY = "standby"
    ARCHIVE = "archive"
    SAME_DISK = "same_disk"
    STANDBY_AWAY = "standby_away"
    ABSENT = "absent"
    FULL = "full"
    BROKEN = "broken"


_OF_FAULT: Final = {ArchiveFault.FULL: SecondPlace.FULL, ArchiveFault.ABSENT: SecondPlace.ABSENT}
SOUND: Final = frozenset({SecondPlace.STANDBY, SecondPlace.ARCHIVE})


def second_place(centre: Centre) -> SecondPlace:
    """What holds now, looked at without writing."""
    if standby_has():
        return SecondPlace.STANDBY
    if centre.archive_dir is None:
        return SecondPlace.STANDBY_AWAY if standby_is_configured() else SecondPlace.NONE
    known = Archive.objects.order_by("pk").first()
    try:
        found = find_id(centre.archive_dir)
        same_disk = centre.archive_dir.stat().st_dev == centre.home.stat().st_dev
    except (OSError, CarrierUnavailable):
        return SecondPlace.ABSENT
    if known is not None and found != bytes(known.archive_id):
        return SecondPlace.ABSENT
    if known is not None and known.failed_at is not None:
        return _OF_FAULT.get(ArchiveFault(known.code), SecondPlace.BROKEN)
    return SecondPlace.SAME_DISK if same_disk else SecondPlace.ARCHIVE
