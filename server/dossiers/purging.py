"""Deletes at its legal date what the centre knows of people (SECURITY-DESIGN 12; R-62 to R-64): by batches,
each one transaction with its signed events (`procuration-server purge`, and a job each night).

Everything is found again from the rows themselves: a run that is interrupted, or comes late, loses nothing.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from procuration.domain.events import Kind
from procuration.domain.purge import PurgeReason
from procuration.domain.status import Status
from procuration.record.event import parse_event
from server.config.centre import Centre
from server.dossiers.copying import empty_copies, withdraw_undelivered
from server.dossiers.groups import without_those_compared
from server.dossiers.models import Procuration
from server.dossiers.refolding import lock_requests, refold
from server.dossiers.terms import (
    COLUMNS,
    Row,
    Term,
    article_of_procurations,
    article_of_requests,
    longest_cutoff,
    request_cutoff,
    term_of,
)
from server.dossiers.traces import empty_forks, empty_inbox, forget_rows, old_held_events, old_traces
from server.ledger.known import Known
from server.ledger.models import Event, StrandedEvent
from server.ledger.opening import Opened
from server.ledger.own_log import lock_own_log
from server.ledger.purges import Deletion, Place, delete_bodies, places_of
from server.ledger.tree import append_due_leaves
from server.ledger.trusted_clock import check_clock

log = logging.getLogger(__name__)

AT_ONCE: Final = 100
_READ_AT_ONCE: Final = 1_000
_ACTS: Final = (Kind.ACT.value, Kind.REVOCATION.value)
_BRING_A_REQUEST: Final = (Kind.FILED.value, Kind.ACT.value)
_OLDEST_NEWS: Final = timedelta(days=731)


@dataclass(slots=True)
class Purged:
    """How much went, or would go.

    Attributes:
        requests, procurations: dossiers, by the row of the retention table.
        late: bodies that arrived for a dossier that was gone.
        traces: what belongs to no dossier: look-ups, résiliations, names of officers.
        copies: held events, proofs of forks and undelivered requests.
        bodies: bodies in all.
    """

    requests: int = 0
    procurations: int = 0
    late: int = 0
    traces: int = 0
    copies: int = 0
    bodies: int = 0

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter((field.name, getattr(self, field.name)) for field in fields(self))


def purge(centre: Centre, *, dry_run: bool = False) -> Purged:
    """Delete everything whose day has come.

    Raises: RuleViolated HORLOGE_DOUTEUSE: this machine's clock is outside the life of the signed list of
        devices, and what a wrong clock deletes does not come back; LOI_INCONNUE, CONSERVATION_HORS_LIMITES.
    """
    now = centre.clock.now()
    check_clock(centre)
    done = Purged()
    for rows in _chunks_of_dossiers():
        _purge_dossiers(centre, rows, now, done, dry_run=dry_run)
    for deletions in (*_late(), *_without_dossier(centre, now)):
        done.late += len(deletions)
        _delete(centre, deletions, now, done, dry_run=dry_run)
    for deletions in _parts(old_traces(centre, now)):
        done.traces += sum(len(one.places) for one in deletions)
        _delete(centre, deletions, now, done, dry_run=dry_run)
    for deletions in _parts(old_held_events(centre, now)):
        done.copies += sum(len(one.places) for one in deletions)
        _delete(centre, deletions, now, done, dry_run=dry_run)
    done.copies += empty_forks(centre, now, dry_run=dry_run)
    done.copies += withdraw_undelivered(now, dry_run=dry_run)
    done.copies += empty_inbox(request_cutoff(now, centre.tables.law), dry_run=dry_run)
    log.info("purged", extra={"count": done.bodies})
    return done


def _chunks_of_dossiers() -> Iterator[list[dict[str, Any]]]:
    last = ""
    while True:
        found = Procuration.objects.filter(rid__gt=last).exclude(status=Status.PURGEE).order_by("rid")
        rows = list(found.values(*COLUMNS)[:_READ_AT_ONCE])
        if not rows:
            return
        yield rows
        last = rows[-1]["rid"]


def _purge_dossiers(
    centre: Centre, rows: Sequence[dict[str, Any]], now: datetime, done: Purged, *, dry_run: bool
) -> None:
    due = [str(row["rid"]) for row, _ in _due(centre, rows, now.date())]
    for start in range(0, len(due), AT_ONCE):
        rids = due[start : start + AT_ONCE]
        with transaction.atomic():
            own = lock_own_log(centre)
            lock_requests(rids)
            there = list(Procuration.objects.filter(rid__among=rids).values(*COLUMNS))
            still = _due(centre, there, now.date())
            kept = [str(row["rid"]) for row, _ in still]
            inside = {"rid__among": kept}
            bodies = _by_request(_with_body().filter(**inside))
            apart = _by_request(StrandedEvent.objects.filter(body__isnull=False, **inside))
            deletions = [
                Deletion(
                    rid=rid,
                    reason=term.reason,
                    article=term.article,
                    places=bodies.get(rid, ()),
                    apart=apart.get(rid, ()),
                )
                for row, term in still
                if (rid := str(row["rid"])) in bodies or rid in apart
            ]
            done.requests += sum(one.reason is PurgeReason.NOT_ESTABLISHED for one in deletions)
            done.procurations += sum(one.reason is PurgeReason.ESTABLISHED for one in deletions)
            done.bodies += sum(len(one.places) + len(one.apart) for one in deletions)
            if not dry_run:
                events = delete_bodies(centre, own, deletions, now)
                forget_rows(place for one in deletions for place in one.places)
                empty_copies(kept)
                _refold(centre, events, now)
        if not dry_run:
            append_due_leaves(centre)


def _due(centre: Centre, rows: Sequence[dict[str, Any]], today: date) -> list[tuple[Row, Term]]:
    """The dossiers that may go today, each with its term."""
    days = _days_requested(rows)

    def term(row: Row) -> Term:
        return term_of(row, days.get(row["rid"], row["filed_at"].date()), centre.tables)

    over = [(row, one) for row in rows if (one := term(row)).is_over(today)]
    compared = without_those_compared([row for row, _ in over], term, today)
    kept = {row["rid"] for row in compared}
    return [(row, one) for row, one in over if row["rid"] in kept]


def _days_requested(rows: Iterable[Row]) -> dict[str, date]:
    """When each request was filed, as far as it is proved: the word of its tablet, when it lies between the
    floor that the tablet knew and the reception here, and no longer ago than anything is kept; else the
    reception. A clock set back deletes nothing early."""
    filed_at = {str(row["rid"]): row["filed_at"] for row in rows}
    found: dict[str, date] = {}
    columns, asked = ("rid", "kind", "sign1", "received_at"), {"rid__among": list(filed_at)}
    brought = [
        told
        for model in (StrandedEvent, Event)
        for told in model.objects.filter(**asked, kind__in=_BRING_A_REQUEST)
        .order_by("-kind")
        .values_list(*columns)
    ]
    for rid, kind, sign1, received_at in brought:
        said, floor = filed_at[str(rid)], received_at - _OLDEST_NEWS
        if kind == Kind.FILED.value:  # the event itself, after the acts that carry it
            envelope = parse_event(bytes(sign1))[1]
            said, floor = envelope.wall, max(floor, envelope.boot.floor)
        found[str(rid)] = (said if floor <= said <= received_at else received_at).date()
    return found


def _by_request(events: QuerySet[Event] | QuerySet[StrandedEvent]) -> dict[str, tuple[Place, ...]]:
    """Where these stand, by the request that they name."""
    found: dict[str, list[Place]] = {}
    for rid, place in places_of(events):
        found.setdefault(str(rid), []).append(place)
    return {rid: tuple(places) for rid, places in found.items()}


def _with_body() -> QuerySet[Event]:
    return Event.objects.filter(body__isnull=False).exclude(kind=Kind.PURGE.value)


def _late() -> Iterator[list[Deletion]]:
    """Bodies that arrived after the dossier was emptied: they go at once, for the same reason."""
    emptied = Procuration.objects.filter(rid=OuterRef("rid"), status=Status.PURGEE)
    by_rid = _by_request(_with_body().filter(Exists(emptied)).order_by("rid", "id"))
    rules = dict(Procuration.objects.filter(rid__among=list(by_rid)).values_list("rid", "rule"))
    yield from _parts(
        Deletion(
            rid=rid,
            reason=PurgeReason.NOT_ESTABLISHED if rules[rid] == "R-64" else PurgeReason.ESTABLISHED,
            article="",
            places=places,
        )
        for rid, places in by_rid.items()
    )


def _without_dossier(centre: Centre, now: datetime) -> Iterator[list[Deletion]]:
    """Events that name a request of which nobody brought anything readable: kept as long as one is."""
    law = centre.tables.law
    known = Procuration.objects.filter(rid=OuterRef("rid"))
    alone = _with_body().filter(rid__isnull=False).exclude(Exists(known))
    acts = Event.objects.filter(rid=OuterRef("rid"), kind__in=_ACTS)
    asked = alone.filter(received_at__lt=request_cutoff(now, law)).exclude(Exists(acts))
    acted = alone.filter(received_at__lt=longest_cutoff(now, law)).filter(Exists(acts))
    for found, reason, article in (
        (asked, PurgeReason.NOT_ESTABLISHED, article_of_requests(now, law)),
        (acted, PurgeReason.ESTABLISHED, article_of_procurations(now, law)),
    ):
        yield from _parts(
            Deletion(rid=rid, reason=reason, article=article, places=places)
            for rid, places in _by_request(found).items()
        )


def _parts(deletions: Iterable[Deletion]) -> Iterator[list[Deletion]]:
    every = list(deletions)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _delete(
    centre: Centre, deletions: Sequence[Deletion], now: datetime, done: Purged, *, dry_run: bool
) -> None:
    done.bodies += sum(len(one.places) for one in deletions)
    if dry_run:
        return
    with transaction.atomic():
        own = lock_own_log(centre)
        lock_requests({one.rid for one in deletions if one.rid is not None})
        events = delete_bodies(centre, own, deletions, now)
        forget_rows(place for one in deletions for place in one.places)
        _refold(centre, events, now)
    append_due_leaves(centre)


def _refold(centre: Centre, events: Sequence[Opened], now: datetime) -> None:
    """What the purge events make of their dossiers."""
    fresh: dict[str, list[Opened]] = {}
    for event in events:
        if event.rid is not None:
            fresh.setdefault(event.rid, []).append(event)
    if fresh:
        refold(Known(centre), fresh, now)
