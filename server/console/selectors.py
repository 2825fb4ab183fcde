"""What the console reads: counts, tablets, bundles, events set aside, messages. Never a body, never a
name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from procuration.domain.status import Status
from procuration.record.directory import Role
from server.config.centre import Tables
from server.console.models import Finding
from server.console.pressing import silent_by, urgently_silent
from server.console.thresholds import Thresholds
from server.dossiers.models import Procuration
from server.ledger.enums import BundleOutcome
from server.ledger.models import (
    Bundle,
    Device,
    Event,
    ForkEvidence,
    HeldEvent,
    RefusedCount,
    RequestCopy,
    SetAside,
)
from server.notices.enums import NoticeState
from server.notices.models import Notice

ROWS_PER_PAGE: Final = 50
REFUSED_HOURS_SHOWN: Final = 48
_MAIL_WAITS: Final = (NoticeState.WAITING, NoticeState.CLAIMED, NoticeState.HANDING)
_TABLETS: Final = (Role.KIOSK.value, Role.BRIGADE.value, Role.TOWN_HALL.value)


LISTED_MAX: Final = 5_000
"""Of messages in one state, of bundles: an older message is found by its dossier, an older bundle by its day
or its tablet."""
COUNTED_MAX: Final = 10_000
"""A larger number of locked copies is not counted: it would read them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of the first page. `received` and `refused` count a day of known tablets; `strangers`, what
    nobody known had signed in two; `silent_with_backlog`, what is urgent in the week of a ballot."""

    queue: int
    devices: int
    silent: int
    silent_with_backlog: int
    frozen: int
    received: int
    held: int
    refused: int
    strangers: int
    aside: int
    copies: int
    mail_waiting: int
    mail_failed: int
    findings: int


def tablets() -> QuerySet[Device]:
    """Devices that people hold: the centre's own log is not one."""
    return Device.objects.filter(role__in=_TABLETS)


def overview(tables: Tables, now: datetime, limits: Thresholds) -> Overview:
    """Ten queries, each of an index, whatever the number of tablets and procurations."""
    valid = Q(not_after__gte=now)
    silent, lost = silent_by(limits, now) & valid, urgently_silent(limits, tables, now) & valid
    seen = tablets().aggregate(
        all=Count("pk"), silent=Count("pk", filter=silent & ~lost), lost=Count("pk", filter=lost)
    )
    refused = Q(outcome=BundleOutcome.REFUSED)
    bundles = Bundle.objects.filter(received_at__gt=now - timedelta(days=1)).aggregate(
        received=Count("pk", filter=~refused), refused=Count("pk", filter=refused)
    )
    by_state = Notice.objects.filter(state__in=(*_MAIL_WAITS, NoticeState.FAILED)).order_by()
    mail = dict(by_state.values_list("state").annotate(n=Count("*")))
    strangers = RefusedCount.objects.filter(hour__gte=now - timedelta(hours=REFUSED_HOURS_SHOWN))
    return Overview(
        queue=Procuration.objects.filter(status=Status.EN_ATTENTE_HUMAINE.value).count(),
        devices=seen["all"],
        silent=seen["silent"],
        silent_with_backlog=seen["lost"],
        frozen=ForkEvidence.objects.values("device").distinct().count(),
        received=bundles["received"],
        refused=bundles["refused"],
        held=HeldEvent.objects.count(),
        strangers=sum(strangers.values_list("count", flat=True)),
        aside=SetAside.objects.count(),
        copies=RequestCopy.objects.exclude(ciphertext=b"")[:COUNTED_MAX].count(),
        mail_waiting=sum(mail.get(state, 0) for state in _MAIL_WAITS),
        mail_failed=mail.get(NoticeState.FAILED, 0),
        findings=Finding.objects.filter(seen_at__isnull=True).count(),
    )


def strangers(now: datetime) -> list[RefusedCount]:
    """What nobody known had signed, by hour and code, over two days."""
    recent = RefusedCount.objects.filter(hour__gte=now - timedelta(hours=REFUSED_HOURS_SHOWN))
    return list(recent.order_by("-hour", "code")[:ROWS_PER_PAGE])


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideRow:
    """An event without effect: where it stands, what it is, why."""

    device: Device
    seq: int
    kind: int
    received_at: datetime
    code: str


def set_aside(page: int) -> "tuple[Page[SetAside], list[AsideRow]]":
    """Events without effect, the newest first: the page of rows, and each with its event."""
    found = Paginator(SetAside.objects.select_related("device").order_by("-pk"), ROWS_PER_PAGE).get_page(page)
    rows = list(found.object_list)
    places = {(row.device_id, row.seq) for row in rows}
    events = Event.objects.filter(
        device__in={row.device_id for row in rows}, seq__in={row.seq for row in rows}
    )
    by_place = {
        (event.device_id, event.seq): event
        for event in events.only("device_id", "seq", "kind", "received_at")
        if (event.device_id, event.seq) in places
    }
    return found, [
        _aside_row(row, by_place[row.device_id, row.seq])
        for row in rows
        if (row.device_id, row.seq) in by_place
    ]


def _aside_row(row: SetAside, event: Event) -> AsideRow:
    return AsideRow(
        device=row.device, seq=row.seq, kind=event.kind, received_at=event.received_at, code=row.code
    )


class _OneAfterTheOther:
    """Several lists as one, for a paginator: none is sorted with the others, and each is cut at a maximum."""

    def __init__(self, *lists: QuerySet[Notice]) -> None:
        self._lists = [(rows, rows[:LISTED_MAX].count()) for rows in lists]

    def __len__(self) -> int:
        return sum(length for _, length in self._lists)

    def __getitem__(self, part: slice) -> list[Notice]:
        found: list[Notice] = []
        start, stop = part.start or 0, len(self) if part.stop is None else part.stop
        for rows, length in self._lists:
            if start < length and stop > 0:
                found += rows[max(0, start) : min(stop, length)]
            start, stop = start - length, stop - length
        return found


def notices(page: int) -> "Page[Notice]":
    """Messages: those that failed, then those that wait, then the newest of the others."""
    failed = Notice.objects.filter(state=NoticeState.FAILED).order_by("-next_attempt_at", "-pk")
    waits = Notice.objects.filter(state__in=_MAIL_WAITS).order_by("-next_attempt_at", "-pk")
    others = Notice.objects.exclude(state__in=(*_MAIL_WAITS, NoticeState.FAILED)).order_by("-pk")
    every: Any = _OneAfterTheOther(failed, waits, others)  # a paginator asks for its length and for slices
    rows: Paginator[Notice] = Paginator(every, ROWS_PER_PAGE)
    return rows.get_page(page)
