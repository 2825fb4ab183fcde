"""What the town-hall pages read: lists of one commune, one procuration, the proof that it was delivered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from procuration.domain.events import Kind
from server.config.centre import Tables
from server.dossiers import selectors as dossiers
from server.dossiers.models import Procuration
from server.dossiers.urgent_order import most_urgent_rids
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


def open_ones(place_code: str, place_type: int, now: datetime) -> QuerySet[Procuration]:
    """Procurations that wait for the commune. Those whose last poll has closed are left out: a decision would
    change nothing any more (R-54)."""
    return dossiers.waiting(place_code, place_type).exclude(last_closing__lte=now)


def asked(
    place_code: str, place_type: int, tables: Tables, now: datetime, page: int
) -> "tuple[Page[str], list[Procuration]]":
    """Questions about the mandataires of the commune that wait for its answer, in the same order (R-72)."""
    open_ones = dossiers.asked_of(place_code, place_type).exclude(last_closing__lte=now)
    return page_of(most_urgent_rids(open_ones, tables, now), page)


def answered(place_code: str, place_type: int) -> list[Procuration]:
    """The last answers of the commune, as many as a page holds."""
    return list(dossiers.answered_by(place_code, place_type)[:ROWS_PER_PAGE])


def decided(place_code: str, place_type: int, page: int) -> "tuple[Page[str], list[Procuration]]":
    """Those that have a decision, the newest first: a page of their rids, and the rows of that page."""
    rows = dossiers.of_place(place_code, place_type).filter(decided_at__isnull=False)
    return page_of(rows.order_by("-decided_at", "rid").values_list("rid", flat=True), page)


def page_of(
    rids: QuerySet[Procuration, str], page: int, count: int | None = None
) -> "tuple[Page[str], list[Procuration]]":
    """One page of a list. The rows themselves are read for that page only: an index holds what the pages
    before it skip.

    Args:
        count: of the whole list, when it is known already.
    """
    pages = Paginator(rids, ROWS_PER_PAGE)
    if count is not None:
        pages.count = count  # what the paginator would ask the database for, and keep under this name
    cut = pages.get_page(page)
    return cut, dossiers.rows_in_order(cut.object_list)


def delivery_of(procuration: Procuration) -> Delivery | None:
    """Proof of delivery of the act; None before there is one."""
    if not procuration.act_hash:
        return None
    hash_ = bytes.fromhex(procuration.act_hash)
    event = (
        Event.objects.filter(rid=procuration.rid, kind__in=(Kind.ACT, Kind.PAPER_FORM), hash=hash_)
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
