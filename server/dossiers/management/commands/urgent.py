"""`procuration-server urgent`: what is established and still lacks something before a poll closes (R-55).

Example: procuration-server --home DIR urgent --place 98818 --json
"""

import json
import sys
from datetime import UTC, datetime
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from procuration.domain.deadlines import Deadline
from procuration.domain.reference import Reference, grouped
from server.config.centre import Tables, current_centre
from server.dossiers.urgency import PlaceUrgency, Pressing, late, places_that_press, pressing
from server.pages.french import city_of, listed, moment, remaining
from server.pages.places import place_name, zone_of_place
from server.texts_fr import counted, text

LIMIT: Final = 100
LIMIT_MAX: Final = 10_000


class Command(BaseCommand):
    """No name is printed: a reference is enough to ask the brigade or the town hall."""

    help = "What is established and still lacks something before a poll closes, the most urgent first."

    def add_arguments(self, parser: CommandParser) -> None:
        """One place or all, how many lines, and `--json` for scripts."""
        parser.add_argument("--place", default="", metavar="CODE", help="only this commune (INSEE code)")
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"lines at most (default {LIMIT})")
        parser.add_argument("--json", action="store_true", help="the answer as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 1 when no commune has this code, 2 for a limit that is none."""
        place, limit, centre = options["place"], options["limit"], current_centre()
        if not 0 < limit <= LIMIT_MAX:
            self.stderr.write(f"--limit\u00a0: de 1 à {LIMIT_MAX}.")
            sys.exit(2)
        tables, now = centre.tables, centre.clock.now()
        if place and not any(code == place for code, _ in tables.communes):
            self.stderr.write("Aucune commune n’a ce code.")
            sys.exit(1)
        places, found = places_that_press(tables, now, place), pressing(tables, now, limit, place)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(places, found, late(now, place), now)))
            return
        total = sum(one.total for one in places)
        self.stdout.write(counted("urgent.total", total))
        for one in places[:limit]:
            self.stdout.write(_place_in_words(one, tables, now))
        for each in found:
            self.stdout.write(_line_in_words(each, tables, now))
        if total > len(found):
            self.stdout.write(counted("urgent.more", total - len(found)))
        if unreceived := late(now, place):
            self.stdout.write(counted("console.urgent.late", unreceived))


def _as_json(
    places: list[PlaceUrgency], found: list[Pressing], unreceived: int, now: datetime
) -> dict[str, object]:
    return {
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "total": sum(one.total for one in places),
        "late": unreceived,
        "places": [
            {
                "code": one.place.code,
                "type": one.place.type.value,
                "closing": _utc(one.closing),
                "level": one.level.name,
                "counts": {level.name: count for level, count in sorted(one.counts.items(), reverse=True)},
                "unreceived": one.unreceived,
                "undecided": one.undecided,
            }
            for one in places
        ],
        "procurations": [_pressing_as_json(one) for one in found],
    }


def _pressing_as_json(one: Pressing) -> dict[str, object]:
    closing, left = _closing_of(one.deadline)
    return {
        "rid": one.rid,
        "reference": one.reference,
        "place": one.place.code,
        "closing": _utc(closing),
        "seconds_left": left,
        "level": one.deadline.level.name,
        "lacks": [lack.name for lack in one.deadline.lacks],
    }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def _closing_of(deadline: Deadline) -> tuple[datetime, int]:
    assert deadline.closing is not None, "only what has a poll to come presses"
    assert deadline.left is not None, "with its closing"
    return deadline.closing, int(deadline.left.total_seconds())


def _place_in_words(one: PlaceUrgency, tables: Tables, now: datetime) -> str:
    zone = zone_of_place(tables, one.place.code, one.place.type)
    lacks = (("unreceived", one.unreceived), ("undecided", one.undecided))
    return text(
        "urgent.place",
        name=place_name(tables, one.place.code, one.place.type),
        code=one.place.code,
        left=text("mairie.list.closes_in", left=remaining(one.closing - now)),
        closing=text("console.urgent.closing", when=moment(one.closing, zone), city=city_of(zone)),
        total=one.total,
        lacks=listed(counted(f"console.urgent.{what}", count) for what, count in lacks if count),
    )


def _line_in_words(one: Pressing, tables: Tables, now: datetime) -> str:
    closing, _ = _closing_of(one.deadline)
    return text(
        "urgent.line",
        reference=grouped(Reference(one.reference)) if one.reference else text("urgent.no_reference"),
        place=place_name(tables, one.place.code, one.place.type),
        left=text("mairie.list.closes_in", left=remaining(closing - now)),
        lacks=listed(text(f"urgent.lack.{lack.value}") for lack in one.deadline.lacks),
    )
