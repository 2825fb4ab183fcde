"""The page of one stopped log: both its histories, place by place. Hashes, kinds and times; never a body."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Min, QuerySet, Value
from django.db.models.fields import CharField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from server.console.perms import ConsoleView
from server.console.selectors import ROWS_PER_PAGE
from server.console.words import kind_words, moment_words
from server.ledger.models import Device, Event, ForkEvidence, HeldEvent, StrandedEvent
from server.pages.paging import page_number
from server.texts_fr import text

_COLUMNS: Final = ("seq", "received_at", "kind", "hash", "wall", "history")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event of one of the histories."""

    seq: int
    history: str
    kind: str
    said: str
    received: str
    hash: str


def parted_at(device: Device) -> int:
    """The first place that has two histories, or where a log that is only stopped ends."""
    first = ForkEvidence.objects.filter(device=device).aggregate(seq=Min("seq"))["seq"]
    return device.head_seq + 1 if first is None else int(first)


def events_from(device: Device, seq: int, page: int) -> "Page[tuple[object, ...]]":
    """What stands in the log from there on, and what is kept apart, place by place."""
    found: list[QuerySet[Event] | QuerySet[StrandedEvent]] = [
        Event.objects.filter(device=device, seq__gte=seq),
        StrandedEvent.objects.filter(device=device),
    ]
    ledger, apart = (
        rows.annotate(history=Value(name, output_field=CharField())).values_list(*_COLUMNS)
        for rows, name in zip(found, ("ledger", "apart"), strict=True)
    )
    return Paginator(ledger.union(apart, all=True).order_by("seq", "received_at"), ROWS_PER_PAGE).get_page(
        page
    )


def _row(values: tuple[object, ...]) -> Row:
    seq, received_at, kind, digest, wall, history = values
    assert isinstance(seq, int), "columns of the two tables"
    assert isinstance(kind, int)
    assert isinstance(wall, int)
    assert isinstance(received_at, datetime)
    assert isinstance(digest, (bytes, memoryview))
    return Row(
        seq=seq,
        history=text(f"console.histories.{history}"),
        kind=kind_words(kind),
        said=moment_words(datetime.fromtimestamp(wall, UTC)),
        received=moment_words(received_at),
        hash=bytes(digest).hex()[:16],
    )


class HistoriesPage(ConsoleView):
    """One log, with what its two histories have in common counted, and what they have not shown."""

    def get(self, request: HttpRequest, log_id: str) -> HttpResponse:
        device = Device.objects.filter(log_id=log_id).first()
        if device is None:
            raise Http404
        seq = parted_at(device)
        page = events_from(device, seq, page_number(request))
        forked = ForkEvidence.objects.filter(device=device).exists()
        context = {
            "device": device,
            "page": page,
            "rows": [_row(values) for values in page.object_list],
            "common": text("console.histories.common", n=seq),
            "forked": forked,
            "held": HeldEvent.objects.filter(device=device).count(),
        }
        return render(request, "console/histories.html", context)
