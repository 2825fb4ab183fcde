"""Follows the events of the ledger as they come, and adds what they say to the figures, the findings and the
alarms of the console: once each, a chunk in one transaction (`server.config.jobs` runs it every minute).

Numbers of events are given before their transactions end, so an event may become visible after one with a
larger number. What is younger than `LAG` is therefore left for the next run: no import lasts that long.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min

from procuration.domain.events import Kind
from server.config.centre import Centre, Tables
from server.console import contested, figures, findings, kept
from server.console.figures import About, Seen
from server.console.models import DayCount, Followed
from server.console.thresholds import Thresholds, thresholds
from server.dossiers.models import Procuration
from server.ledger.models import Event

LAG: Final = timedelta(minutes=2)
CHUNK: Final = 20_000
CHUNKS_PER_RUN: Final = 50
_NAME: Final = "evenements"
_OF_REQUESTS: Final = (Kind.FILED, Kind.ACT, Kind.DECISION, Kind.PAPER_FORM)
_KINDS: Final = (*_OF_REQUESTS, Kind.SYNC_POINT)
_ACTS: Final = (Kind.ACT, Kind.PAPER_FORM)


def follow_all(centre: Centre, lag: timedelta = LAG) -> int:
    """Every event that came since the last run, in chunks. Returns: how many."""
    total = 0
    kept.refresh(centre.tables, centre.clock.now())
    for _ in range(CHUNKS_PER_RUN):
        done = follow(centre, centre.clock.now(), lag)
        total += done
        if done < CHUNK:
            break
    return total


@transaction.atomic
def follow(centre: Centre, now: datetime, lag: timedelta = LAG) -> int:
    """The next chunk. Returns: how many events it had."""
    Followed.objects.get_or_create(name=_NAME)
    mark = Followed.objects.select_for_update().get(name=_NAME)  # one at a time, whoever runs it
    rows = Event.objects.filter(pk__gt=mark.event_id, kind__in=_KINDS, received_at__lte=now - lag)
    columns = ("pk", "device_id", "device__log_id", "kind", "rid", "hash", "wall", "received_at")
    chunk = list(rows.order_by("pk").values_list(*columns)[:CHUNK])
    limits = thresholds()
    if chunk:
        events = [
            Seen(
                id=pk,
                device_id=device_id,
                kind=kind,
                rid=rid or "",
                hash=bytes(hash_).hex(),
                wall=wall,
                received_at=received_at,
            )
            for pk, device_id, _, kind, rid, hash_, wall, received_at in chunk
        ]
        _take(events, centre.tables, limits, now)
        _examine({pk: log_id for pk, _, log_id, kind, *_ in chunk if kind == Kind.SYNC_POINT}, now)
        mark.event_id = chunk[-1][0]
    mark.at = now
    mark.save(update_fields=["event_id", "at"])
    return len(chunk)


def followed_at() -> datetime | None:
    """When the figures were last brought up to date; None before the first time."""
    return Followed.objects.filter(name=_NAME).values_list("at", flat=True).first()


def _take(events: Iterable[Seen], tables: Tables, limits: Thresholds, now: datetime) -> None:
    of_requests = [event for event in events if event.kind in _OF_REQUESTS]
    if not of_requests:
        return
    about = _about(of_requests)
    _add_counts(figures.counts_of(of_requests, about))
    acts = [event for event in of_requests if event.kind == Kind.ACT]
    tallies = findings.tallies_of(acts, about, tables, limits)
    if tallies:
        findings.add(tallies)
        findings.keep(findings.found_among(tallies, limits), now)
    keys = {row.mandataire_key for event in acts if (row := about.get(event.rid)) and row.mandataire_key}
    if keys:
        findings.keep(findings.same_mandataire(keys, limits), now)


def _about(events: Iterable[Seen]) -> dict[str, About]:
    """What the dossiers say of the requests of some events: two questions."""
    rids = {event.rid for event in events if event.rid}
    decided = {event.rid for event in events if event.kind == Kind.DECISION}
    received: dict[str, datetime] = {}
    if decided:
        acts = Event.objects.filter(rid__among=sorted(decided), kind__in=_ACTS).order_by()
        received = {
            rid: at for rid, at in acts.values_list("rid").annotate(at=Min("received_at")) if rid is not None
        }
    rows = Procuration.objects.filter(rid__among=sorted(rids)).values_list(
        "rid",
        "place_code",
        "place_type",
        "channel",
        "act_hash",
        "act_log",
        "act_place_kind",
        "act_place_code",
        "established_at",
        "mandataire_key",
        "own__officer",
    )
    return {
        rid: About(
            place_code=place_code,
            place_type=place_type,
            channel=channel,
            act_hash=act_hash,
            act_log=act_log,
            act_place_kind=act_place_kind,
            act_place_code=act_place_code,
            established_at=established_at,
            mandataire_key=mandataire_key,
            officer=officer or "",
            act_received_at=received.get(rid),
        )
        for (
            rid,
            place_code,
            place_type,
            channel,
            act_hash,
            act_log,
            act_place_kind,
            act_place_code,
            established_at,
            mandataire_key,
            officer,
        ) in rows
    }


def _add_counts(counts: dict[figures.Count, int]) -> None:
    rows = [
        DayCount(day=day, departement=where, channel=channel, measure=measure, bucket=bucket, count=0)
        for day, where, channel, measure, bucket in counts
    ]
    DayCount.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    days = {key[0] for key in counts}
    known = {
        (row.day, row.departement, row.channel, row.measure, row.bucket): row
        for row in DayCount.objects.filter(day__in=days)
    }
    changed = []
    for key, number in counts.items():
        row = known[key]
        row.count += number
        changed.append(row)
    DayCount.objects.bulk_update(changed, ["count"], batch_size=500)


def _examine(points: dict[int, str], now: datetime) -> None:
    if not points:
        return
    rows = Event.objects.filter(pk__in=list(points)).values_list("pk", "sign1")
    contested.examine(
        (contested.SyncPointSeen(event_id=pk, log_id=points[pk], sign1=bytes(sign1)) for pk, sign1 in rows),
        now,
    )
