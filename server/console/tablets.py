"""What the centre knows of each tablet that people hold: last proof, what waits, clock, directory, software,
and its state. Read from the ledger in a constant number of questions, whatever the number of tablets.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import models
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, When

from procuration.domain.events import Kind, Start
from server.config.centre import Tables
from server.console.batches import devices_named
from server.console.pressing import silent_by, urgently_silent
from server.console.selectors import tablets
from server.console.thresholds import Thresholds
from server.ledger.announced import announces, lacking
from server.ledger.enums import BundleOutcome
from server.ledger.models import (
    Bundle,
    Checkpoint,
    Device,
    Event,
    ForkEvidence,
    HeldEvent,
    Leaf,
    StrandedEvent,
)
from server.ledger.opening import read_stored


class State(StrEnum):
    """The worst thing known of a tablet, worst first."""

    FROZEN = "gele"
    URGENT = "urgent"
    ENDED = "termine"
    REVOKED = "revoque"
    SILENT = "silencieux"
    OK = "service"


class Order(StrEnum):
    """How a list of tablets may be sorted; the first is what needs a person."""

    ATTENTION = "attention"
    CONTACT = "contact"
    UNIT = "unite"
    DEPARTEMENT = "departement"
    EVENTS = "evenements"


_ORDERS: Final = {
    Order.CONTACT: (F("last_contact").desc(nulls_last=True), "log_id"),
    Order.UNIT: ("unit_name", "unit", "log_id"),
    Order.DEPARTEMENT: ("departement", "unit_name", "log_id"),
    Order.EVENTS: ("-head_seq", "log_id"),
}


def revoked_kids(tables: Tables) -> frozenset[str]:
    """Key ids that the directory in force revokes."""
    return frozenset(kid.hex() for kid, entry in tables.entries.items() if entry.revoked_at is not None)


def _conditions(tables: Tables, now: datetime, limits: Thresholds) -> Mapping[State, Q]:
    frozen = Q(Exists(ForkEvidence.objects.filter(device=OuterRef("pk"))))
    ended, revoked = Q(not_after__lt=now), Q(kid__in=revoked_kids(tables))
    silent, urgent = silent_by(limits, now), urgently_silent(limits, tables, now)
    gone = ended | revoked
    return {
        State.FROZEN: frozen,
        State.ENDED: ended & ~frozen,
        State.REVOKED: revoked & ~ended & ~frozen,
        State.URGENT: urgent & ~gone & ~frozen,
        State.SILENT: silent & ~urgent & ~gone & ~frozen,
        State.OK: ~silent & ~gone & ~frozen,
    }


def in_state(state: State, tables: Tables, now: datetime, limits: Thresholds) -> QuerySet[Device]:
    """The tablets in one state."""
    return tablets().filter(_conditions(tables, now, limits)[state])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tablets, in which order; empty and None ask for all."""

    words: str = ""
    departement: str = ""
    state: State | None = None
    order: Order = Order.ATTENTION


def listed(wanted: Wanted, tables: Tables, now: datetime, limits: Thresholds) -> QuerySet[Device]:
    """Tablets as a list shows them."""
    rows = in_state(wanted.state, tables, now, limits) if wanted.state else tablets()
    if wanted.departement:
        rows = rows.filter(departement=wanted.departement)
    if wanted.words:
        rows = rows.filter(pk__in=devices_named(wanted.words))
    if wanted.order in _ORDERS:
        return rows.order_by(*_ORDERS[wanted.order])
    frozen = Exists(ForkEvidence.objects.filter(device=OuterRef("pk")))
    rows = rows.annotate(urgent=Case(When(urgently_silent(limits, tables, now), then=1), default=0))
    return rows.order_by(frozen.desc(), "-urgent", F("last_contact").asc(nulls_first=True), "log_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the ledger says of one tablet.

    Attributes:
        proved_at: signature of the first checkpoint over its newest leaf.
        held, missing: events kept until their predecessors come, and how many of those lack.
        announced: events that it said to hold and that are not here at all, those before a gap too.
        oldest: wall clock of the first of them, by its last word.
        offset_ms: centre minus tablet, as its last sync point measured it.
        software: version that its last start named.
    """

    received: int = 0
    refused: int = 0
    held: int = 0
    missing: int = 0
    announced: int = 0
    oldest: datetime | None = None
    forks: int = 0
    apart: int = 0
    leaf: int | None = None
    proved_at: datetime | None = None
    offset_ms: int | None = None
    offset_at: datetime | None = None
    software: str = ""


def told_of(devices: Iterable[Device]) -> dict[int, Told]:
    """By device; eleven questions."""
    shown = {device.pk: device for device in devices}
    keys = list(shown)
    received = _counts(Bundle.objects.filter(device__in=keys).exclude(outcome=BundleOutcome.REFUSED))
    refused = _counts(Bundle.objects.filter(device__in=keys, outcome=BundleOutcome.REFUSED))
    held = _held(keys)
    forks, apart = (
        _counts(ForkEvidence.objects.filter(device__in=keys)),
        _counts(StrandedEvent.objects.filter(device__in=keys)),
    )
    proofs, clocks, software = _proofs(keys), _clocks(keys), _software(keys)
    found: dict[int, Told] = {}
    for key, device in shown.items():
        waiting, first = held.get(key, (0, 0))
        offset, at = clocks.get(key, (None, None))
        leaf, proved_at = proofs.get(key, (None, None))
        announced = lacking(device, here=waiting + apart.get(key, 0))
        found[key] = Told(
            received=received.get(key, 0),
            refused=refused.get(key, 0),
            held=waiting,
            missing=max(0, first - device.head_seq - 1) if waiting else 0,
            announced=announced,
            oldest=device.announced_oldest if announced else None,
            forks=forks.get(key, 0),
            apart=apart.get(key, 0),
            leaf=leaf,
            proved_at=proved_at,
            offset_ms=offset,
            offset_at=at,
            software=software.get(key, ""),
        )
    return found


def _counts(rows: "QuerySet[models.Model]") -> dict[int, int]:
    return dict(rows.order_by().values_list("device_id").annotate(Count("pk")))


def _held(keys: list[int]) -> dict[int, tuple[int, int]]:
    rows = HeldEvent.objects.filter(device__in=keys).order_by().values_list("device_id")
    return {key: (count, first) for key, count, first in rows.annotate(Count("pk"), Min("seq"))}


def _proofs(keys: list[int]) -> dict[int, tuple[int, datetime | None]]:
    """The newest leaf of each, and when a checkpoint over it was signed."""
    newest = dict(
        Leaf.objects.filter(device__in=keys).order_by().values_list("device_id").annotate(Max("index"))
    )
    covering = Checkpoint.objects.filter(size__gt=OuterRef("index")).order_by("size")
    signed = Leaf.objects.filter(pk__in=newest.values()).annotate(
        at=Subquery(covering.values("signed_at")[:1])
    )
    at = dict(signed.values_list("index", "at"))
    return {key: (leaf, at.get(leaf)) for key, leaf in newest.items()}


def _last_events(keys: list[int], **which: object) -> "QuerySet[Event]":
    """The last event of each log among those that `which` names, an index having them."""
    of_log = Event.objects.filter(device=OuterRef("pk"), **which).order_by("-seq").values("pk")[:1]
    last = Device.objects.filter(pk__in=keys).annotate(last=Subquery(of_log)).values_list("last", flat=True)
    return Event.objects.filter(pk__in=[pk for pk in last if pk is not None])


def _clocks(keys: list[int]) -> dict[int, tuple[int, datetime]]:
    points = _last_events(keys, kind=Kind.SYNC_POINT, kind__in=(Kind.CLOCK_STEP, Kind.SYNC_POINT))
    found = {}
    for key, sign1, received_at in points.values_list("device_id", "sign1", "received_at"):
        sync = read_stored(bytes(sign1), None)[0].sync
        if sync is not None:
            found[key] = (sync.offset_ms, received_at)
    return found


def _software(keys: list[int]) -> dict[int, str]:
    starts = _last_events(keys, kind=Kind.START).exclude(body=None)
    found = {}
    for key, sign1, body in starts.values_list("device_id", "sign1", "body"):
        assert body is not None, "the question leaves those out"
        content = read_stored(bytes(sign1), bytes(body))[1]
        if isinstance(content, Start):
            found[key] = content.software_version
    return found


def announced_by_departement(devices: "QuerySet[Device]") -> dict[str, int]:
    """How many announced events are not here, where there are any; three questions."""
    behind = list(devices.filter(announces()).only("departement", "announced_length", "head_seq"))
    keys = [device.pk for device in behind]
    held = _counts(HeldEvent.objects.filter(device__in=keys))
    apart = _counts(StrandedEvent.objects.filter(device__in=keys))
    found: dict[str, int] = {}
    for device in behind:
        here = held.get(device.pk, 0) + apart.get(device.pk, 0)
        found[device.departement] = found.get(device.departement, 0) + lacking(device, here=here)
    return {departement: number for departement, number in found.items() if number}


def state_of(
    device: Device,
    told: Told,
    revoked: Collection[str],
    now: datetime,
    limits: Thresholds,
    *,
    ballot_week: bool,
) -> State:
    """The worst thing known of one tablet, as `in_state` sorts them."""
    if told.forks:
        return State.FROZEN
    if device.not_after < now:
        return State.ENDED
    if device.kid in revoked:
        return State.REVOKED
    if not limits.is_silent(device.role, device.last_contact, now):
        return State.OK
    return State.URGENT if ballot_week and lacking(device, here=0) else State.SILENT
