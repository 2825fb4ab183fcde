"""The page « Chiffres » of the console: what each day brought, where, by which channel, and how long it took.

It reads what `following` counts, never the dossiers: its cost does not depend on how many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.domain.events import Channel
from server.config.centre import Tables, current_centre
from server.console import departements
from server.console.charts import HEIGHT, WIDTH, DayChart, Share, day_chart, shares, thousands
from server.console.figures import BUCKETS, Measure, day_of
from server.console.following import followed_at
from server.console.models import DayCount
from server.console.perms import ConsoleView
from server.console.words import moment_words
from server.pages.french import plain_date
from server.texts_fr import text

PERIODS: Final = (7, 14, 30)
DAYS_SHOWN: Final = 14
DEPARTEMENTS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days and rows an address asks for."""

    days: int = DAYS_SHOWN
    departement: str = ""
    channel: int = 0


def asked_by(request: HttpRequest) -> Asked:
    """The filters of an address; what it says otherwise is as if it said nothing."""
    days, channel = request.GET.get("jours", ""), request.GET.get("canal", "")
    departement = request.GET.get("departement", "")[:3]
    return Asked(
        days=int(days) if days in map(str, PERIODS) else DAYS_SHOWN,
        departement=departement if departement.isalnum() and departement.isascii() else "",
        channel=int(channel) if channel in [str(one.value) for one in Channel] else 0,
    )


def counted(asked: Asked, today: date) -> QuerySet[DayCount]:
    """The counts that the filters leave."""
    first = today - timedelta(days=asked.days - 1)
    rows = DayCount.objects.filter(day__gte=first, day__lte=today).order_by()
    if asked.departement:
        rows = rows.filter(departement=asked.departement)
    return rows.filter(channel=asked.channel) if asked.channel else rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One measure over the days."""

    key: str
    title: str
    chart: DayChart
    total: str


class StatisticsPage(ConsoleView):
    """Bars, and behind each the same figures as a table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        asked, today = asked_by(request), day_of(centre.clock.now())
        rows = counted(asked, today)
        days = [today - timedelta(days=back) for back in reversed(range(asked.days))]
        by_day = _summed(rows, "day", "measure")
        at = followed_at()
        panels = [_panel(measure, days, by_day) for measure in Measure]
        context = {
            "asked": asked,
            "periods": [(days_, text("console.figures.days", n=days_)) for days_ in PERIODS],
            "departements": _known_departements(centre.tables),
            "channels": [(one.value, text(f"console.channel.{one.value}")) for one in Channel],
            "width": WIDTH,
            "height": HEIGHT,
            "panels": panels,
            "table": [
                (plain_date(day), [thousands(by_day.get((day, measure.value), 0)) for measure in Measure])
                for day in days
            ],
            "anything": any(panel.chart.total for panel in panels),
            "lists": _lists(rows, centre.tables),
            "latencies": _latencies(rows),
            "followed": text("console.figures.at", when=moment_words(at)) if at else "",
        }
        return render(request, "console/figures.html", context)


Key = tuple[object, ...]


def _summed(rows: QuerySet[DayCount], *columns: str) -> dict[Key, int]:
    return {tuple(key): int(n) for *key, n in rows.values_list(*columns).annotate(n=Sum("count"))}


def _panel(measure: Measure, days: Sequence[date], by_day: dict[Key, int]) -> Panel:
    numbers = [(day, by_day.get((day, measure.value), 0)) for day in days]
    short = [f"{day.day}/{day.month:02d}" for day in days]
    titles = [
        text("console.figures.bar", day=plain_date(day), n=thousands(number)) for day, number in numbers
    ]
    chart = day_chart(numbers, short, titles)
    key = measure.name.lower()
    return Panel(key=key, title=text(f"console.figures.{key}"), chart=chart, total=thousands(chart.total))


def _known_departements(tables: Tables) -> list[tuple[str, str]]:
    codes = DayCount.objects.exclude(departement="").order_by("departement")
    return [
        (code, f"{code} {departements.name_of(tables, code)}")
        for code in codes.values_list("departement", flat=True).distinct()
    ]


def _lists(rows: QuerySet[DayCount], tables: Tables) -> list[tuple[str, str, list[Share]]]:
    """Established procurations by département and by channel."""
    established = rows.filter(measure=Measure.ESTABLISHED)
    where, how = _summed(established, "departement"), _summed(established, "channel")
    most = sorted(where.items(), key=lambda item: (-item[1], str(item[0])))[:DEPARTEMENTS_SHOWN]
    by_place = [(departements.name_of(tables, str(code)), n) for (code,), n in most]
    by_channel = [(text(f"console.channel.{one.value}"), how.get((one.value,), 0)) for one in Channel]
    return [
        ("departement", text("console.figures.by_departement"), shares(by_place)),
        ("canal", text("console.figures.by_channel"), shares(by_channel)),
    ]


def _latencies(rows: QuerySet[DayCount]) -> list[tuple[str, str, list[Share], str]]:
    """How long each step took: one line for each class, and in which the half lies."""
    found = _summed(rows.exclude(measure=Measure.FILED), "measure", "bucket")
    lists = []
    for key, measure in (("received", Measure.ESTABLISHED), ("decided", Measure.DECIDED)):
        numbers = [
            (text(f"console.figures.bucket.{place}"), found.get((measure.value, place), 0))
            for place in range(len(BUCKETS) + 1)
        ]
        title = text(f"console.figures.latency.{key}")
        lists.append((key, title, shares(numbers), _half(numbers)))
    return lists


def _half(numbers: Sequence[tuple[str, int]]) -> str:
    """The class in which the middle one lies, in a sentence; empty when there is none."""
    whole, so_far = sum(number for _, number in numbers), 0
    for name, number in numbers:
        so_far += number
        if whole and so_far * 2 >= whole:
            return text("console.figures.half", bucket=name.lower())
    return ""
