"""Brings back from the sealed archive what a restored database lacks (`procuration-server import-archive`).

Each log is taken in its own order, and the records of different logs in the order in which they were written.
The events go the way of a bundle: place, chain and signature are checked again, and they have their effects.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from django.db import transaction

from procuration.domain.identifiers import LogId
from procuration.errors import RecordRejected
from procuration.record.archive import ArchivedEvent, ArchivedEvents
from procuration.record.chain import hash_of
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.signed import parse_signed
from server.config.centre import Centre
from server.ledger.archive_files import archive_files, read_archive_file, read_record_at
from server.ledger.enrol import restore_device
from server.ledger.enums import BundleOutcome
from server.ledger.importing import Import, Imported
from server.ledger.known import Known, KnownDevice
from server.ledger.models import Bundle, Device, Event
from server.ledger.opening import open_stored
from server.ledger.own_log import ensure_own_device
from server.ledger.reading import Received, checked_envelope
from server.ledger.tree import append_due_leaves

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record of the archive is."""

    written_us: int
    log_id: LogId
    first_seq: int
    path: Path
    offset: int
    number: int
    count: int


@dataclass(slots=True)
class Replay:
    """What was found and done; a fault is a code and where."""

    records: int = 0
    events: int = 0
    added: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, code: str, **where: object) -> None:
        """Note what could not be brought back; the rest goes on."""
        self.faults.append(" ".join((code, *(f"{name}={value}" for name, value in where.items()))))


def index_archive(centre: Centre, folder: Path, replay: Replay) -> list[Place]:
    """All sound records, in the order in which they are to be taken in. A damaged file is told and read up to
    its damage."""
    places: list[Place] = []
    for path in archive_files(folder):
        try:
            records = read_archive_file(path, centre.sealing_keys, centre.realm)
            for number, (offset, one) in enumerate(records, 1):
                count = len(one.events)
                places.append(Place(one.written_us, one.log_id, one.first_seq, path, offset, number, count))
        except RecordRejected as error:
            replay.fault(error.code, file=path.name)
    return _in_chain_order(places)


def _in_chain_order(places: Sequence[Place]) -> list[Place]:
    """By time of writing; within a log by place, whatever the clock did meanwhile."""
    of_log: dict[LogId, list[Place]] = defaultdict(list)
    for place in places:
        of_log[place.log_id].append(place)
    following = {
        log_id: iter(sorted(of, key=lambda one: (one.first_seq, one.written_us)))
        for log_id, of in of_log.items()
    }
    return [next(following[place.log_id]) for place in sorted(places)]


def import_archive(
    centre: Centre, folder: Path, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Replay:
    """Take in every archived event that the database lacks; a second run changes nothing.

    Args:
        progress: is told how many events are looked at, and how many there are.
    """
    replay = Replay()
    places = index_archive(centre, folder, replay)
    total = sum(place.count for place in places)
    ensure_own_device(centre)
    stopped: set[LogId] = set()
    for place in places:
        replay.records += 1
        replay.events += place.count
        if place.log_id not in stopped:
            try:
                _take_in(centre, place, replay)
            except RecordRejected as error:  # the log cannot go on: what follows would only repeat it
                stopped.add(place.log_id)
                replay.fault(error.code, log=place.log_id.hex(), seq=place.first_seq)
        progress(replay.events, total)
    append_due_leaves(centre)
    return replay


def _take_in(centre: Centre, place: Place, replay: Replay) -> None:
    head = Device.objects.filter(log_id=place.log_id.hex()).values_list("head_seq", flat=True).first()
    record = read_record_at(place.path, place.offset, place.number, centre.sealing_keys, centre.realm)
    device = _device(centre, record)
    head = -1 if head is None else head
    if record.first_seq > head + 1:
        raise RecordRejected("ARCHIVE_INCOMPLETE")
    if place.log_id == centre.log_id:
        _check_own(device, record, head)
    seq = record.first_seq
    for received_us, group in groupby(record.events, key=lambda one: one.received_us):
        events = list(group)
        replay.added += _run(centre, device, seq, events, _EPOCH + timedelta(microseconds=received_us))
        seq += len(events)


def _device(centre: Centre, record: ArchivedEvents) -> KnownDevice:
    """The device of a log, brought back from its enrolment when the database has not heard of it."""
    known = Known(centre)
    known.load_logs([record.log_id])
    device = known.device(record.log_id)
    if device is None and record.enrolment is not None:
        at = _EPOCH + timedelta(microseconds=record.events[0].received_us)
        restore_device(centre, record.enrolment, at)
        known.load_logs([record.log_id])
        device = known.device(record.log_id)
    if device is None and _is_of_this_server(centre, record):
        ensure_own_device(centre, record.log_id)
        known.load_logs([record.log_id])
        device = known.device(record.log_id)
    if device is None:
        raise RecordRejected("APPAREIL_INCONNU")
    return device


def _is_of_this_server(centre: Centre, record: ArchivedEvents) -> bool:
    """A log that this server wrote before a restore; each signature of it is checked afterwards."""
    signed = parse_signed(record.events[0].pair.sign1, max_bytes=SIGN1_BYTES_MAX)
    return signed.kid == centre.signer.kid


def _check_own(device: KnownDevice, record: ArchivedEvents, head: int) -> None:
    """The centre must not have written anything else at these places since: it would have forked its own
    log."""
    archived = {record.first_seq + number: one.pair.hash for number, one in enumerate(record.events)}
    last = min(head, max(archived))
    rows = Event.objects.filter(device_id=device.id, seq__range=(record.first_seq, last))
    for seq, value in rows.values_list("seq", "hash"):
        if bytes(value) != archived[seq]:
            raise RecordRejected("JOURNAL_DU_CENTRE_BIFURQUE")


def _run(
    centre: Centre, device: KnownDevice, first_seq: int, events: Sequence[ArchivedEvent], at: datetime
) -> int:
    """One import, as of the time when it was first made. Returns: how many events joined."""
    received = list(_received(centre, device, first_seq, events, at))
    with transaction.atomic():

        def note(imported: Imported) -> int:
            if imported.outcome is not BundleOutcome.ACCEPTED:
                return 0  # nothing new: no row
            row = Bundle.objects.create(
                device_id=device.id,
                received_at=at,
                sealed_bytes=0,  # it came from the archive
                first_seq=first_seq,
                count=len(events),
                added=imported.added,
                outcome=imported.outcome,
            )
            return row.pk

        imported = Import(centre, device, at).run(received, note)
    if imported.code is not None:
        raise RecordRejected(imported.code)
    return imported.added


def _received(
    centre: Centre, device: KnownDevice, first_seq: int, events: Sequence[ArchivedEvent], at: datetime
) -> Iterator[Received]:
    for seq, one in enumerate(events, first_seq):
        envelope = checked_envelope(centre, device, one.pair.sign1)
        if envelope.seq != seq:
            raise RecordRejected("EVENEMENTS_DESORDONNES")
        opened = open_stored(device, one.pair.sign1, hash_of(one.pair.sign1), one.pair.body, at)
        yield Received(seq, one.pair.hash, one.pair, opened)
