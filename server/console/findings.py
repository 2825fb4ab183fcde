"""What is out of the ordinary among the acts: volume of an officer, one place, one mandataire, the night,
homes visited alone (DOMAIN 9.8).

A finding says what was counted and from which figure on it is told. It proves nothing, and no act, officer or
elector is refused for it (DESIGN, decision 14).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db.models import Count

from procuration.domain.acts import ActPlaceKind
from server.config.centre import Tables
from server.console.figures import About, Seen, day_of
from server.console.models import ActsOfDay, Finding
from server.console.thresholds import Thresholds
from server.dossiers.models import Procuration
from server.pages.places import zone_of_place

RIDS_KEPT: Final = 60
_COMMUNE: Final = 1


class Sort(StrEnum):
    """What is out of the ordinary."""

    VOLUME = "volume"
    PLACE = "lieu"
    MANDATAIRE = "mandataire"
    NIGHT = "nuit"
    HOME = "domicile"


OF_OFFICERS: Final = frozenset({Sort.VOLUME, Sort.NIGHT, Sort.HOME})


@dataclass(slots=True)
class Tally:
    """What some events add to one row of `ActsOfDay`."""

    acts: int = 0
    night: int = 0
    home: int = 0
    rids: list[str] = field(default_factory=list)


Key = tuple[str, str, date]
"""Subject, log id (empty for a place), day."""


def tallies_of(
    events: Iterable[Seen], about: Mapping[str, About], tables: Tables, limits: Thresholds
) -> dict[Key, Tally]:
    """What these events add, by officer and tablet, and by place away from the units."""
    found: dict[Key, Tally] = {}
    for event in events:
        row = about.get(event.rid)
        if row is None or not row.act_log or row.act_hash != event.hash or not row.officer:
            continue
        day, zone = day_of(event.at), zone_of_place(tables, row.act_place_code, _COMMUNE)
        home = row.act_place_kind == ActPlaceKind.HOME
        mine = found.setdefault((row.officer, row.act_log, day), Tally())
        mine.acts += 1
        mine.night += limits.is_night(event.at.astimezone(zone).hour)
        mine.home += home
        mine.rids.append(event.rid)
        if row.act_place_kind in (ActPlaceKind.HOME, ActPlaceKind.LISTED_PUBLIC_PLACE):
            place = found.setdefault((f"{row.act_place_kind}:{row.act_place_code}", "", day), Tally())
            place.acts += 1
            place.home += home
            place.rids.append(event.rid)
    return found


def add(tallies: Mapping[Key, Tally]) -> None:
    """Adds them to what is kept: three statements, whatever the number of acts."""
    days, subjects = {key[2] for key in tallies}, {key[0] for key in tallies}
    rows = ActsOfDay.objects.filter(day__in=days, subject__in=subjects)
    known = {(row.subject, row.log_id, row.day): row for row in rows}
    fresh = []
    for key, tally in tallies.items():
        row = known.get(key)
        if row is None:
            subject, log_id, day = key
            row = ActsOfDay(subject=subject, log_id=log_id, day=day, acts=0, night=0, home=0)
            fresh.append(row)
        row.acts, row.night, row.home = row.acts + tally.acts, row.night + tally.night, row.home + tally.home
        row.rids = [*row.rids, *tally.rids][:RIDS_KEPT]
    changed = [row for key, row in known.items() if key in tallies]
    ActsOfDay.objects.bulk_update(changed, ["acts", "night", "home", "rids"], batch_size=500)
    ActsOfDay.objects.bulk_create(fresh, batch_size=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding as it is counted now."""

    sort: Sort
    subject: str
    day: str
    count: int
    threshold: int
    rids: tuple[str, ...]


def found_among(touched: Iterable[Key], limits: Thresholds) -> list[Found]:
    """Of the officers and places that some acts touched, those that pass a threshold."""
    days, subjects, logs = set(), set(), set()
    for subject, log_id, day in touched:
        days.add(day)
        subjects.add(subject)
        logs.add(log_id)
    rows = list(ActsOfDay.objects.filter(day__in=days, subject__in=subjects))
    on_tablet = ActsOfDay.objects.filter(day__in=days, log_id__in=logs - {""}).values_list("log_id", "day")
    officers = {(log_id, day): n for log_id, day, n in on_tablet.annotate(n=Count("subject", distinct=True))}
    found: dict[tuple[Sort, str, date], Found] = {}
    for row in rows:
        for sort, count, limit in _of_row(row, officers, limits):
            old = found.get((sort, row.subject, row.day))
            found[sort, row.subject, row.day] = Found(
                sort=sort,
                subject=row.subject,
                day=row.day.isoformat(),
                count=count + (old.count if old else 0),
                threshold=limit,
                rids=(*(old.rids if old else ()), *row.rids)[:RIDS_KEPT],
            )
    return [one for one in found.values() if one.count >= one.threshold]


def _of_row(
    row: ActsOfDay, officers: Mapping[tuple[str, date], int], limits: Thresholds
) -> list[tuple[Sort, int, int]]:
    """What one row counts towards; an officer may have used several tablets in a day."""
    if not row.log_id:
        return [(Sort.PLACE, row.acts, limits.same_place)]
    counted = [(Sort.VOLUME, row.acts, limits.acts_per_day)]
    if row.night:
        counted.append((Sort.NIGHT, row.night, limits.night_acts))
    if row.home and officers.get((row.log_id, row.day), 0) == 1:
        counted.append((Sort.HOME, row.home, limits.home_alone))
    return counted


def same_mandataire(keys: Iterable[str], limits: Thresholds) -> list[Found]:
    """Of these mandataires, those whom too many procurations name; one question."""
    rows = Procuration.objects.filter(
        mandataire_key__among=list(keys), established_at__isnull=False
    ).order_by()
    counted = rows.values_list("mandataire_key").annotate(n=Count("pk")).filter(n__gte=limits.same_mandataire)
    return [
        Found(sort=Sort.MANDATAIRE, subject=key, day="", count=n, threshold=limits.same_mandataire, rids=())
        for key, n in counted
        if key is not None
    ]


def keep(found: Iterable[Found], at: datetime) -> None:
    """Writes findings; one that grows after somebody looked at it is to be looked at again."""
    now = {(one.sort.value, one.subject, one.day): one for one in found}
    rows = Finding.objects.filter(subject__in={key[1] for key in now})
    known = {(row.kind, row.subject, row.day): row for row in rows if (row.kind, row.subject, row.day) in now}
    changed = []
    for key, row in known.items():
        one = now[key]
        if one.count > row.count:
            row.count, row.threshold, row.rids = one.count, one.threshold, list(one.rids)
            row.changed_at, row.seen_at, row.seen_by = at, None, ""
            changed.append(row)
    fresh = [
        Finding(
            kind=kind,
            subject=subject,
            day=day,
            count=one.count,
            threshold=one.threshold,
            rids=list(one.rids),
            found_at=at,
            changed_at=at,
        )
        for (kind, subject, day), one in now.items()
        if (kind, subject, day) not in known
    ]
    columns = ["count", "threshold", "rids", "changed_at", "seen_at", "seen_by"]
    Finding.objects.bulk_update(changed, columns, batch_size=500)
    Finding.objects.bulk_create(fresh, batch_size=500)
