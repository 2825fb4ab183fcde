"""The page « Lots » of the console: each bundle as it arrived, what became of its events, and how long after
the acts (DESIGN 8). Counts and times; never a body, never a name.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.domain.events import Kind
from server.config.centre import current_centre
from server.console import selectors
from server.console.perms import ConsoleView
from server.console.words import ZONE, code_words, moment_words, span_words
from server.ledger.enums import BundleOutcome
from server.ledger.models import Bundle, Device
from server.pages.french import clock_time
from server.pages.paging import page_number
from server.texts_fr import counted, text

TYPED_MAX: Final = 80
RELOAD_SECONDS: Final = 30
_OF_PEOPLE: Final = (Kind.FILED, Kind.ACT, Kind.REVOCATION, Kind.PAPER_FORM)
"""What somebody waits for: the latency is counted from these, not from what a tablet writes by itself."""
# The events of a bundle are found by their places in its log: an index has them. One line for each bundle:
# the first and the last time, how many acts, the earliest act and the one in the middle.
_TIMES: Final = """
    SELECT id, min(wall), max(wall), sum(of_people),
           min(CASE WHEN of_people = 1 THEN wall END),
           max(CASE WHEN of_people = 1 AND place = (total + 1) / 2 THEN wall END)
    FROM (SELECT id, wall, of_people,
                 row_number() OVER (PARTITION BY id, of_people ORDER BY wall) AS place,
                 count(*) OVER (PARTITION BY id, of_people) AS total
          FROM (SELECT ledger_bundle.id, ledger_event.wall,
                       CASE WHEN ledger_event.kind IN ({kinds}) THEN 1 ELSE 0 END AS of_people
                FROM ledger_bundle JOIN ledger_event
                ON ledger_event.device_id = ledger_bundle.device_id
                AND ledger_event.seq >= ledger_bundle.first_seq
                AND ledger_event.seq < ledger_bundle.first_seq + ledger_bundle.count
                AND ledger_event.bundle_id = ledger_bundle.id
                WHERE ledger_bundle.id IN ({bundles})) AS joined) AS ranked
    GROUP BY id
"""
_HELD: Final = """
    SELECT ledger_bundle.id, count(*) FROM ledger_bundle JOIN ledger_heldevent
    ON ledger_heldevent.device_id = ledger_bundle.device_id
    AND ledger_heldevent.seq >= ledger_bundle.first_seq
    AND ledger_heldevent.seq < ledger_bundle.first_seq + ledger_bundle.count
    WHERE ledger_bundle.id IN ({bundles}) GROUP BY ledger_bundle.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which bundles an address asks for; what it says otherwise is as if it said nothing.

    Attributes:
        outcome: a `BundleOutcome`, empty for all.
        device: beginning of a log id, or a part of the name of a unit.
        day: by the console's clock, None for all.
    """

    outcome: str = ""
    device: str = ""
    day: date | None = None

    @property
    def keep(self) -> str:
        """What the links to other pages of the list add to their address."""
        values = {
            "suite": self.outcome,
            "poste": self.device,
            "jour": self.day.isoformat() if self.day else "",
        }
        given = {name: value for name, value in values.items() if value}
        return f"&{urlencode(given)}" if given else ""


def asked_by(request: HttpRequest) -> Asked:
    """The filters of an address."""
    outcome = request.GET.get("suite", "")
    return Asked(
        outcome=outcome if outcome in BundleOutcome.values else "",
        device=typed(request.GET.get("poste", "")),
        day=day_of(request.GET.get("jour", "")),
    )


def typed(value: str) -> str:
    """What somebody typed in a filter: one line, without what no name holds."""
    return "".join(letter for letter in value[:TYPED_MAX] if letter.isprintable()).strip()


def day_of(value: str) -> date | None:
    """A day as an address writes it, None for anything else."""
    try:
        return date.fromisoformat(value) if len(value) == len("2027-04-11") else None
    except ValueError:
        return None


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """When a day begins and when the next one does, by the console's clock."""
    midnight = datetime.combine(day, time.min, ZONE)
    return midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)


def bundles(asked: Asked) -> QuerySet[Bundle]:
    """Bundles with events of known devices, the newest first."""
    rows = Bundle.objects.select_related("device").order_by("-received_at", "-pk")
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.device:
        rows = rows.filter(device__in=devices_named(asked.device))
    if asked.day:
        first, end = bounds_of(asked.day)
        rows = rows.filter(received_at__gte=first, received_at__lt=end)
    return rows


def devices_named(words: str) -> QuerySet[Device]:
    """Devices by the beginning of their log id, or a part of the name of their unit."""
    return Device.objects.filter(
        Q(log_id__startswith=words.lower()) | Q(unit_name__icontains=words) | Q(unit__icontains=words)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When the events of a bundle say that they happened, in Unix seconds of the tablet's clock.

    Attributes:
        acts: how many of them somebody waits for.
        oldest, median: of those; None when there are none.
    """

    first: int
    last: int
    acts: int
    oldest: int | None
    median: int | None


def times_of(keys: list[int]) -> dict[int, Times]:
    """By bundle, for those whose events joined the ledger with it."""
    found = _asked(_TIMES, keys, kinds=", ".join(str(int(kind)) for kind in _OF_PEOPLE))
    return {
        key: Times(first=first, last=last, acts=acts, oldest=oldest, median=median)
        for key, first, last, acts, oldest, median in found
    }


def still_held(keys: list[int]) -> dict[int, int]:
    """How many events of each bundle still wait for their predecessors."""
    return {pair[0]: pair[1] for pair in _asked(_HELD, keys)}


def _asked(question: str, keys: list[int], **parts: str) -> list[tuple[int, ...]]:
    """The rows of one of the questions above; `parts` and the marks are of this module."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(question.format(bundles=", ".join(["%s"] * len(keys)), **parts), keys)
        return list(cursor.fetchall())


class BundlesPage(ConsoleView):
    """Every bundle and what became of it, the newest first; it comes again by itself only when asked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, asked = current_centre().clock.now(), asked_by(request)
        newest = bundles(asked)[: selectors.LISTED_MAX]
        page: Page[Bundle] = Paginator(newest, selectors.ROWS_PER_PAGE).get_page(page_number(request))
        shown = list(page.object_list)
        keys = [bundle.pk for bundle in shown]
        times, held = times_of(keys), still_held(keys)
        again = request.GET.get("suivre") == "1"
        context = {
            "page": page,
            "rows": [_row(bundle, times.get(bundle.pk), held.get(bundle.pk, 0)) for bundle in shown],
            "cut": page.paginator.count == selectors.LISTED_MAX,
            "choices": [("", text("console.bundles.all")), *BundleOutcome.choices],
            "asked": asked,
            "keep": asked.keep,
            "again": again,
            "loaded": text("console.refresh.at", when=clock_time(now, ZONE)),
            "strangers": [
                (row, moment_words(row.hour), code_words(row.code)) for row in selectors.strangers(now)
            ],
        }
        response = render(request, "console/bundles.html", context)
        if again:  # a header, not a script: it works in every browser, and stops with the page
            response.headers["Refresh"] = str(RELOAD_SECONDS)
        return response


def _row(bundle: Bundle, times: Times | None, held: int) -> dict[str, object]:
    last_seq = bundle.first_seq + bundle.count - 1
    return {
        "bundle": bundle,
        "when": moment_words(bundle.received_at),
        "places": text(
            f"console.bundles.place{'s' if bundle.count > 1 else ''}", first=bundle.first_seq, last=last_seq
        ),
        "said": _said(times),
        "refused": bundle.count if bundle.outcome == BundleOutcome.REFUSED else 0,
        "fate": _fate(bundle, held),
        "level": _LEVELS.get(bundle.outcome, "ok"),
        "meaning": code_words(bundle.code),
        "latency": _latency(bundle, times),
    }


_LEVELS: Final[dict[str, str]] = {
    BundleOutcome.REFUSED: "bad",
    BundleOutcome.HELD: "warn",
    BundleOutcome.STRANDED: "warn",
}


def _said(times: Times | None) -> str:
    """From when to when, by the tablet's clock."""
    if times is None:
        return ""
    first, last = (moment_words(datetime.fromtimestamp(at, UTC)) for at in (times.first, times.last))
    return first if first == last else text("console.bundles.said", first=first, last=last)


def _fate(bundle: Bundle, held: int) -> tuple[str, ...]:
    """What became of the events, one line each; nothing is said of what did not happen."""
    known = bundle.count - bundle.added if bundle.outcome == BundleOutcome.ACCEPTED else 0
    lines = (
        ("console.bundles.added", bundle.added),
        ("console.bundles.known", known if known > 0 else 0),
        ("console.bundles.refused", bundle.count if bundle.outcome == BundleOutcome.REFUSED else 0),
        ("console.bundles.held", held),
    )
    said = tuple(counted(key, number) for key, number in lines if number)
    if bundle.outcome == BundleOutcome.HELD and not held:
        return (*said, text("console.bundles.released"))
    return said


def _latency(bundle: Bundle, times: Times | None) -> tuple[str, ...]:
    """The act in the middle, then the oldest; nothing when the bundle brought no act."""
    if times is None or times.median is None or times.oldest is None:
        return ()
    received = int(bundle.received_at.timestamp())
    median, worst = span_words(received - times.median), span_words(received - times.oldest)
    if times.acts == 1:
        return (median,)
    return text("console.bundles.median", span=median), text("console.bundles.worst", span=worst)
