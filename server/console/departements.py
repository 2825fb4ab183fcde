"""The fleet by département: a constant number of questions, each counted by the database.

A tablet is of the département that its enrolment names; a procuration, of the commune of vote of its mandant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, F, Min, Value, When
from django.db.models.functions import Left

from procuration.domain.people import PlaceType
from procuration.domain.places import departement_of
from procuration.domain.status import Status
from server.config.centre import Tables
from server.console import kept
from server.console.selectors import tablets
from server.console.tablets import State, announced_by_departement, in_state
from server.console.thresholds import Thresholds
from server.dossiers.models import Procuration
from server.ledger.models import HeldEvent
from server.texts_fr import text

ABROAD: Final = ""
"""What has no département: the consulates, and a tablet whose enrolment names none."""
WAITING: Final = (
    Status.ETABLIE.value,
    Status.TRANSMISE.value,
    Status.RECUE.value,
    Status.EN_ATTENTE_HUMAINE.value,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One département. `silent`: those with a backlog in the week of a ballot too; `announced`: events that
    its tablets said to hold and that are not here; `waiting`: established procurations that lack something
    and still have a poll; `closing`: the next one of theirs."""

    code: str
    name: str
    sites: int = 0
    devices: int = 0
    silent: int = 0
    held: int = 0
    announced: int = 0
    waiting: int = 0
    closing: datetime | None = None


def name_of(tables: Tables, code: str) -> str:
    """Its name; its code when the table does not know it."""
    return text("console.fleet.abroad") if code == ABROAD else tables.departements.get(code, code)


def of_place(code: str, kind: int) -> str:
    """The département of a place of vote."""
    return ABROAD if kind == PlaceType.CIRCONSCRIPTION_CONSULAIRE else departement_of(code)


def of_devices(tables: Tables) -> list[tuple[str, str]]:
    """Those that have a tablet, by code, with their names."""
    codes = tablets().exclude(departement="").order_by("departement").values_list("departement", flat=True)
    return [(code, f"{code} {name_of(tables, code)}") for code in codes.distinct()]


def fleet(tables: Tables, now: datetime, limits: Thresholds) -> list[Row]:
    """Those with a tablet or something that waits; the nearest closing with something waiting first."""
    found: dict[str, Row] = {}

    def row(code: str) -> Row:
        return found.get(code) or Row(code=code, name=name_of(tables, code))

    units = (
        tablets().order_by().values_list("departement").annotate(Count("unit", distinct=True), Count("pk"))
    )
    for code, sites, devices in units:
        found[code] = replace(row(code), sites=sites, devices=devices)
    for state in (State.SILENT, State.URGENT):
        silent = in_state(state, tables, now, limits).order_by()
        for code, count in silent.values_list("departement").annotate(Count("pk")):
            found[code] = replace(row(code), silent=row(code).silent + count)
    held = HeldEvent.objects.order_by().values_list("device__departement").annotate(Count("pk"))
    for code, count in held:
        found[code] = replace(row(code), held=count)
    for code, count in announced_by_departement(tablets()).items():
        found[code] = replace(row(code), announced=count)
    for code, count, closing in kept.waiting(now):
        found[code] = replace(row(code), waiting=count, closing=closing)
    return sorted(found.values(), key=_rank)


def waiting_now(now: datetime) -> list[tuple[str, int, datetime]]:
    """By département of vote: how many lack something and still have a poll, and when the next one closes."""
    next_one = Case(When(first_closing__gt=now, then=F("first_closing")), default=F("last_closing"))
    where = Case(
        When(place_type=PlaceType.CIRCONSCRIPTION_CONSULAIRE, then=Value(ABROAD)),
        When(place_code__gte="97", place_code__lt="99", then=Left("place_code", 3)),
        default=Left("place_code", 2),
    )
    rows = Procuration.objects.filter(last_closing__gt=now, status__in=WAITING, established_at__isnull=False)
    counted = rows.order_by().annotate(where=where).values_list("where")
    return list(counted.annotate(n=Count("pk"), closing=Min(next_one)))


def _rank(row: Row) -> tuple[bool, float, str]:
    return row.closing is None, row.closing.timestamp() if row.closing else 0.0, row.code


def total_of(rows: Iterable[Row]) -> Row:
    """All of them, for the last line of the table."""
    every = list(rows)
    return Row(
        code="",
        name=text("console.fleet.total"),
        sites=sum(row.sites for row in every),
        devices=sum(row.devices for row in every),
        silent=sum(row.silent for row in every),
        held=sum(row.held for row in every),
        announced=sum(row.announced for row in every),
        waiting=sum(row.waiting for row in every),
        closing=min((row.closing for row in every if row.closing), default=None),
    )
