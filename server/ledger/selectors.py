"""What may be asked of the ledger, for the console and the health check. Counts and ids only: no personal
data.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, QuerySet

from server.config.centre import Centre
from server.ledger.enums import BundleOutcome, LogState
from server.ledger.models import (
    Bundle,
    Checkpoint,
    Device,
    Event,
    ForkEvidence,
    HeldEvent,
    Ledger,
    RefusedCount,
    SetAside,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device as the console lists it."""

    log_id: str
    role: int
    unit: str
    unit_name: str
    departement: str
    place: str
    last_contact: datetime | None
    head_seq: int
    state: LogState
    held: int
    refused: int
    set_aside: int
    directory_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSize:
    """How large the ledger is, and when it last signed."""

    events: int
    leaves: int
    checkpoint_at: datetime | None
    epoch: str


def ledger_is_reachable(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database answers a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _counts(rows: QuerySet[models.Model]) -> dict[int, int]:
    counted = rows.order_by().values_list("device_id").annotate(Count("pk"))
    return {int(device_id): int(count) for device_id, count in counted}


def devices(centre: Centre, now: datetime) -> list[DeviceRow]:
    """Every device, the longest silent first; a constant number of queries."""
    held = _counts(HeldEvent.objects.all())
    refused = _counts(Bundle.objects.filter(outcome=BundleOutcome.REFUSED))
    aside = _counts(SetAside.objects.all())
    frozen = set(ForkEvidence.objects.values_list("device_id", flat=True))
    rows = Device.objects.order_by(models.F("last_contact").asc(nulls_first=True), "pk")
    return [
        DeviceRow(
            log_id=row.log_id,
            role=row.role,
            unit=row.unit,
            unit_name=row.unit_name,
            departement=row.departement,
            place=row.place,
            last_contact=row.last_contact,
            head_seq=row.head_seq,
            state=_state(centre, row, now, row.pk in frozen),
            held=held.get(row.pk, 0),
            refused=refused.get(row.pk, 0),
            set_aside=aside.get(row.pk, 0),
            directory_version=row.directory_version,
        )
        for row in rows
    ]


def _state(centre: Centre, row: Device, now: datetime, frozen: bool) -> LogState:
    if frozen:
        return LogState.FROZEN
    entry = next((e for kid, e in centre.tables.entries.items() if kid.hex() == row.kid), None)
    revoked = entry is not None and entry.revoked_at is not None and now >= entry.revoked_at
    return LogState.RETIRED if revoked or now > row.not_after else LogState.ACTIVE


def recent_bundles(
    limit: int = 200, log_id: str | None = None, outcome: str | None = None
) -> QuerySet[Bundle]:
    """Bundles with events, the newest first."""
    found = Bundle.objects.select_related("device").order_by("-received_at", "-pk")
    if log_id is not None:
        found = found.filter(device__log_id=log_id)
    if outcome is not None:
        found = found.filter(outcome=outcome)
    return found[:limit]


def refused_counts(since: datetime) -> QuerySet[RefusedCount]:
    """Refusals of bundles that nobody known had signed, by hour and code."""
    return RefusedCount.objects.filter(hour__gte=since).order_by("-hour", "code")


def forks() -> QuerySet[ForkEvidence]:
    """Second histories, the newest first."""
    return ForkEvidence.objects.select_related("device").order_by("-found_at")


def set_aside(limit: int = 200) -> QuerySet[SetAside]:
    """Events stored without effect, the newest first."""
    return SetAside.objects.select_related("device").order_by("-pk")[:limit]


def log_size() -> LogSize:
    """Figures of the whole ledger."""
    newest = Checkpoint.objects.order_by("-size").first()
    ledger = Ledger.objects.last()
    return LogSize(
        events=Event.objects.count(),
        leaves=0 if newest is None else newest.size,
        checkpoint_at=None if newest is None else newest.signed_at,
        epoch="" if ledger is None else bytes(ledger.epoch).hex(),
    )
