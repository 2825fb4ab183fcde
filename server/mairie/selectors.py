"""What the town-hall pages read: lists of one commune, one procuration, the proof that it was delivered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, QuerySet, When

from procuration.domain.events import Kind
from server.dossiers import selectors as dossiers
from server.dossiers.models import Procuration
from server.ledger.models import Checkpoint, Event, Leaf

ROWS_PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where the act stands in the centre's public log.

    Attributes:
        received_at: when the centre committed it.
        leaf_index: leaf that covers it, None while no receipt was signed.
        proved_at: signature of the first checkpoint that contains that leaf.
    """

    received_at: datetime
    leaf_index: int | None
    proved_at: datetime | None


def waiting(place_code: str, place_type: int, now: datetime, page: int) -> "Page[Procuration]":
    """Procurations that wait for the commune: the nearest closing that they serve first, then the order of
    establishment.

    Those whose last poll has closed are left out: a decision would change nothing any more (R-54).
    """
    return _page(_by_urgency(dossiers.waiting(place_code, place_type), now), page)


def asked(place_code: str, place_type: int, now: datetime, page: int) -> "Page[Procuration]":
    """Questions about the mandataires of the commune that wait for its answer, in the same order (R-72)."""
    return _page(_by_urgency(dossiers.asked_of(place_code, place_type), now), page)


def answered(place_code: str, place_type: int) -> list[Procuration]:
    """The last answers of the commune, as many as a page holds."""
    return list(dossiers.answered_by(place_code, place_type)[:ROWS_PER_PAGE])


def _by_urgency(rows: QuerySet[Procuration], now: datetime) -> QuerySet[Procuration]:
    open_ones = rows.exclude(last_closing__lte=now)
    next_closing = Case(When(first_closing__gt=now, then=F("first_closing")), default=F("last_closing"))
    return open_ones.order_by(next_closing.asc(nulls_last=True), "established_at", "rid")


def decided(place_code: str, place_type: int, page: int) -> "Page[Procuration]":
    """Those that have a decision, the newest first."""
    rows = dossiers.of_place(place_code, place_type).filter(decided_at__isnull=False)
    return _page(rows.order_by("-decided_at", "rid"), page)


def _page(rows: QuerySet[Procuration], page: int) -> "Page[Procuration]":
    return Paginator(rows, ROWS_PER_PAGE).get_page(page)


def delivery_of(procuration: Procuration) -> Delivery | None:
    """Proof of delivery of the act; None before there is one."""
    if not procuration.act_hash:
        return None
    hash_ = bytes.fromhex(procuration.act_hash)
    event = (
        Event.objects.filter(rid=procuration.rid, kind=Kind.ACT, hash=hash_)
        .only("device_id", "seq", "received_at")
        .first()
    )
    if event is None:
        return None
    leaf = Leaf.objects.filter(device_id=event.device_id, seq__gte=event.seq).order_by("seq").first()
    checkpoint = Checkpoint.objects.filter(size__gt=leaf.index).order_by("size").first() if leaf else None
    return Delivery(
        received_at=event.received_at,
        leaf_index=leaf.index if leaf and checkpoint else None,
        proved_at=checkpoint.signed_at if checkpoint else None,
    )
