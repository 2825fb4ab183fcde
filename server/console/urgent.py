"""The page « À acheminer d’urgence » of the console: where something presses, until when, what lacks (R-55).

Counts per place: no name, no reference. `procuration-server urgent` lists the references.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.domain.deadlines import Urgency
from server.config.centre import Tables, current_centre
from server.console import kept, selectors
from server.console.charts import thousands
from server.console.perms import ConsoleView
from server.dossiers import urgency
from server.dossiers.urgency import PlaceUrgency
from server.pages.french import city_of, moment, remaining
from server.pages.paging import page_number
from server.pages.places import place_name, zone_of_place
from server.texts_fr import counted, text


@dataclass(frozen=True, slots=True)
class Line:
    """One place. `level` is a name for the style sheet: urgent or soon."""

    name: str
    code: str
    left: str
    closing: str
    level: str
    total: int
    within: tuple[str, ...]
    lacks: tuple[str, ...]


class UrgentPage(ConsoleView):
    """Across all places, the nearest closing first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        places, late = kept.pressing(centre.tables, now)
        page = Paginator(places, selectors.ROWS_PER_PAGE).get_page(page_number(request))
        context = {
            "page": page,
            "rows": [_line(kept.place_of(one), centre.tables, now) for one in page.object_list],
            "late": late,
            "more": text("console.urgent.more", n=thousands(len(places)))
            if len(places) >= kept.PLACES_KEPT
            else "",
            "late_days": urgency.LATE_SHOWN.days,
        }
        return render(request, "console/urgent.html", context)


def _line(one: PlaceUrgency, tables: Tables, now: datetime) -> Line:
    zone = zone_of_place(tables, one.place.code, one.place.type)
    within = (
        counted(f"console.urgent.level.{level.value}", one.counts[level])
        for level in sorted(one.counts, reverse=True)
    )
    lacks = (("unreceived", one.unreceived), ("undecided", one.undecided))
    return Line(
        name=place_name(tables, one.place.code, one.place.type),
        code=one.place.code,
        left=text("mairie.list.closes_in", left=remaining(one.closing - now)),
        closing=text("console.urgent.closing", when=moment(one.closing, zone), city=city_of(zone)),
        level="urgent" if one.level >= Urgency.URGENT else "soon",
        total=one.total,
        within=tuple(within),
        lacks=tuple(counted(f"console.urgent.{what}", count) for what, count in lacks if count),
    )
