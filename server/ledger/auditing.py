"""Reads the rows of the ledger again and believes no column: what each event was signed to say is compared
with what its row says, and each log with its device.

A part of a log is audited alone, so that several processes share the work.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from procuration.domain.events import Envelope
from procuration.domain.identifiers import EventHash, LogId
from procuration.errors import RecordRejected
from procuration.record.chain import first_prev, hash_of
from procuration.record.cose_key import kid_of
from procuration.record.directory import Role
from procuration.record.enrolment import Enrolment, verify_enrolment
from procuration.record.event import body_hash, verify_event
from server.config.centre import Centre
from server.ledger.enums import Aside, BundleOutcome
from server.ledger.known import verifying_key
from server.ledger.models import Bundle, Device, Event, SetAside

EVENTS_AT_ONCE: Final = 2_500
_FAULTS_MAX: Final = 1_000
_UNOPENED: Final = (Aside.BODY_MISMATCH.value, Aside.BODY_SEALED.value)
_COLUMNS: Final = (
    "seq",
    "kind",
    "hash",
    "rid",
    "wall",
    "received_at",
    "bundle_id",
    "bundle__device_id",
    "bundle__received_at",
    "sign1",
    "body",
)

Runs = Mapping[LogId, list[tuple[int, int]]]
"""Places of each log whose bodies were purged by law, from first to last."""


@dataclass(slots=True)
class Audit:
    """What was read, and what is wrong: a code, the table, and which row of it."""

    events: int = 0
    leaves: int = 0
    checkpoints: int = 0
    dossiers: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, code: str, /, **where: object) -> None:
        """Note a fault, up to a maximum: one damaged disk should not fill the memory."""
        if len(self.faults) < _FAULTS_MAX:
            self.faults.append(" ".join((code, *(f"{name}={value}" for name, value in where.items()))))

    def add(self, other: "Audit") -> None:
        """What another part found."""
        self.events += other.events
        self.leaves += other.leaves
        self.checkpoints += other.checkpoints
        self.dossiers += other.dossiers
        self.faults += other.faults[: _FAULTS_MAX - len(self.faults)]


@dataclass(frozen=True, slots=True)
class Part:
    """Events of one log, from one place up to another, both included."""

    device_id: int
    first: int
    last: int


def parts_of_logs() -> Iterator[Part]:
    """Every event of the ledger, in parts of a few thousand."""
    for device_id in Device.objects.order_by("pk").values_list("pk", flat=True):
        last = (
            Event.objects.filter(device_id=device_id).order_by("-seq").values_list("seq", flat=True).first()
        )
        for first in range(0, -1 if last is None else last + 1, EVENTS_AT_ONCE):
            yield Part(device_id, first, min(first + EVENTS_AT_ONCE - 1, last or 0))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the events, as the database gives it."""

    seq: int
    kind: int
    hash: bytes
    rid: str | None
    wall: int
    received_at: datetime
    bundle_id: int | None
    bundle_device_id: int | None
    bundle_received_at: datetime | None
    sign1: bytes
    body: bytes | None


def audit_events(centre: Centre, part: Part, purged: Runs, audit: Audit) -> None:
    """Signatures, chain, columns and bodies of one part of a log."""
    device = Device.objects.get(pk=part.device_id)
    key, log_id = verifying_key(bytes(device.cose_key)), LogId(bytes.fromhex(device.log_id))
    expected, prev = part.first, _hash_before(part, log_id)
    for row in _rows(part):
        audit.events += 1
        if row.seq != expected:
            _missing(audit, device, expected, row.seq - 1)
            prev = None
        expected = row.seq + 1
        where = {"table": "ledger_event", "log": device.log_id, "seq": row.seq}
        try:
            envelope = verify_event(row.sign1, key, centre.realm)
        except RecordRejected as error:
            audit.fault(error.code, **where)
            prev = None  # what follows is measured against the bytes that were signed, not against these
            continue
        for code in (
            *_misplaced(envelope, log_id, row.seq, prev),
            *_false_columns(envelope, row, device),
            *_body_faults(envelope, row, part.device_id, purged.get(log_id, ())),
        ):
            audit.fault(code, **where)
        prev = hash_of(row.sign1)
    if expected <= part.last:
        _missing(audit, device, expected, part.last)


def _missing(audit: Audit, device: Device, first: int, last: int) -> None:
    for seq in range(first, min(last, first + _FAULTS_MAX) + 1):
        audit.fault("LIGNE_ABSENTE", table="ledger_event", log=device.log_id, seq=seq)


def _hash_before(part: Part, log_id: LogId) -> EventHash | None:
    if part.first == 0:
        return first_prev(log_id)
    before = Event.objects.filter(device_id=part.device_id, seq=part.first - 1)
    sign1 = before.values_list("sign1", flat=True).first()
    return None if sign1 is None else hash_of(bytes(sign1))


def _rows(part: Part) -> Iterator[_Row]:
    found = Event.objects.filter(device_id=part.device_id, seq__range=(part.first, part.last))
    for row in found.order_by("seq").values_list(*_COLUMNS):
        columns: list[Any] = list(row)
        columns[-2] = bytes(columns[-2])
        columns[-1] = None if columns[-1] is None else bytes(columns[-1])
        yield _Row(*columns)


def _misplaced(envelope: Envelope, log_id: LogId, seq: int, prev: EventHash | None) -> Iterator[str]:
    if envelope.log_id != log_id:
        yield "CHAIN_LOG"
    if envelope.seq != seq:
        yield "CHAIN_GAP"
    if prev is not None and envelope.prev != prev:
        yield "CHAIN_FORK"


def _false_columns(envelope: Envelope, row: _Row, device: Device) -> Iterator[str]:
    told = {
        "hash": bytes(row.hash) == hash_of(row.sign1),
        "kind": row.kind == envelope.kind.value,
        "rid": row.rid == (None if envelope.rid is None else envelope.rid.hex()),
        "wall": row.wall == int(envelope.wall.timestamp()),
        # what a tablet sent came in a bundle of its own; what this centre wrote came in none
        "bundle_id": row.bundle_device_id == device.pk or (row.bundle_id is None and not device.enrolment),
        "received_at": _was_received_then(row, device.pk),
    }
    yield from (f"COLONNE_FAUSSE column={name}" for name, right in told.items() if not right)


def _was_received_then(row: _Row, device_id: int) -> bool:
    """With its bundle, or held since an earlier one. No signature says it: one row bears out the other."""
    if row.bundle_id is None or row.received_at == row.bundle_received_at:
        return True
    earlier = Bundle.objects.filter(device_id=device_id, received_at=row.received_at)
    return earlier.filter(outcome=BundleOutcome.HELD).exists()


def _body_faults(
    envelope: Envelope, row: _Row, device_id: int, purged: Iterable[tuple[int, int]]
) -> Iterator[str]:
    if row.body is None:
        told = SetAside.objects.filter(device_id=device_id, seq=row.seq, code=Aside.PURGED)
        if not any(first <= row.seq <= last for first, last in purged) and not told.exists():
            yield "CORPS_ABSENT"  # one that its tablet had deleted before it came was set aside then
        return
    if body_hash(row.body) == envelope.body_hash:
        return
    aside = SetAside.objects.filter(device_id=device_id, seq=row.seq, code__in=_UNOPENED)
    if not aside.exists():  # what could not be opened on arrival was set aside then
        yield "CORPS_DIFFERENT"


# devices


def audit_devices(centre: Centre, audit: Audit) -> None:
    """What each device is, by its enrolment or the directory; and that its head is its last event."""
    known = set()
    for row in Device.objects.order_by("pk").iterator(chunk_size=500):
        known.add(row.pk)
        for name in (*_false_identity(centre, row), *_false_state(row)):
            audit.fault("COLONNE_FAUSSE", table="ledger_device", log=row.log_id, column=name)
    for device_id in Event.objects.order_by().values_list("device_id", flat=True).distinct():
        if device_id not in known:
            audit.fault("LIGNE_ABSENTE", table="ledger_device", id=device_id)


def _false_identity(centre: Centre, row: Device) -> Iterator[str]:
    if row.kid != kid_of(bytes(row.cose_key)).hex():
        yield "kid"
    if row.enrolment is not None:
        try:
            enrolment = verify_enrolment(
                bytes(row.enrolment), centre.tables.directory, centre.realm, met_at=row.enrolled_at
            )
        except RecordRejected:
            yield "enrolment"
            return
        yield from _differing(row, _of_enrolment(enrolment))
        return
    entry = centre.tables.entries_by_log.get(LogId(bytes.fromhex(row.log_id)))
    if entry is not None:
        told = {"cose_key": entry.cose_key, "role": entry.role.value, "unit": entry.unit}
        yield from _differing(row, told | {"not_before": entry.not_before, "not_after": entry.not_after})
    elif bytes(row.cose_key) != centre.signer.cose_key or row.role != Role.SERVER.value:
        yield "log_id"  # nobody vouches for this log; the server itself may have begun several (restores)


def _of_enrolment(enrolment: Enrolment) -> dict[str, object]:
    told = enrolment.configuration
    sealing = enrolment.sealing_key
    return {
        "log_id": enrolment.log_id.hex(),
        "cose_key": enrolment.cose_key,
        "role": enrolment.role.value,
        "unit": enrolment.unit,
        "not_before": enrolment.not_before,
        "not_after": enrolment.not_after,
        "sealing_key": None if sealing is None else sealing.public,
        "unit_name": "" if told is None else told.unit_name,
        "departement": "" if told is None else told.departement,
        "place": "" if told is None else told.place,
    }


def _differing(row: Device, told: Mapping[str, object]) -> Iterator[str]:
    for name, value in told.items():
        stored = getattr(row, name)
        if (bytes(stored) if isinstance(value, bytes) and stored is not None else stored) != value:
            yield name


def _false_state(row: Device) -> Iterator[str]:
    last = Event.objects.filter(device=row).order_by("-seq").values_list("seq", "sign1").first()
    seq, name = (-1, None) if last is None else (last[0], hash_of(bytes(last[1])))
    if row.head_seq != seq:
        yield "head_seq"
    if (None if row.head_hash is None else bytes(row.head_hash)) != name:
        yield "head_hash"
    for column in ("archived_seq", "durable_seq"):
        if getattr(row, column) > row.head_seq:
            yield column
    if row.inbox_applied > row.inbox_number:
        yield "inbox_applied"
