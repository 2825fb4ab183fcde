"""Pages of the console: read only, one selector each, a constant number of queries."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from server.config.centre import current_centre
from server.console import kept, selectors
from server.console.charts import thousands
from server.console.contested import open_alarms
from server.console.perms import ConsoleView
from server.console.register import state_words
from server.console.thresholds import thresholds
from server.console.words import ZONE, kind_words, moment_words
from server.ledger.durability import SOUND, second_place
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.models import Notice
from server.pages.french import clock_time
from server.pages.paging import page_number
from server.register.configured import register_health
from server.texts_fr import TEXTS, counted, text


@dataclass(frozen=True, slots=True)
class Figure:
    """One count of the first page. `level`: calm, attention or alarm."""

    label: str
    value: str
    link: str
    level: str


class OverviewPage(ConsoleView):
    """What needs a person today, first; then what goes its way."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        seen, contested = selectors.overview(centre.tables, now, thresholds()), open_alarms()
        figures = _figures(seen, kept.urgent_count(centre.tables, now))
        todo = [figure for figure in figures if figure.level != CALM]
        register = register_health(centre)
        place = second_place(centre)
        context = {
            "todo": todo,
            "figures": [figure for figure in figures if figure.level == CALM],
            "alarm": seen.frozen > 0,
            "contested": contested,
            "register": state_words(register) if register.alarm else "",
            "calm": not (todo or contested or register.alarm) and place in SOUND,
            "second_place": text(f"console.durable.{place.value}"),
            "second_place_sound": place in SOUND,
            "loaded": text("console.refresh.at", when=clock_time(now, ZONE)),
        }
        return render(request, "console/overview.html", context)


CALM: Final = "calm"


def _figures(seen: selectors.Overview, pressing: int) -> list[Figure]:
    """What is worst first; a count of nothing is calm."""
    rows = (
        ("frozen", seen.frozen, "console:devices", "alarm"),
        ("lost", seen.silent_with_backlog, "console:devices", "alarm"),
        ("urgent", pressing, "console:urgent", "attention"),
        ("queue", seen.queue, "console:queue", "attention"),
        ("silent", seen.silent, "console:devices", "attention"),
        ("held", seen.held, "console:fleet", "attention"),
        ("findings", seen.findings, "console:findings", "attention"),
        ("aside", seen.aside, "console:aside", "attention"),
        ("mail_failed", seen.mail_failed, "console:mail", "attention"),
        ("devices", seen.devices, "console:devices", CALM),
        ("received", seen.received, "console:bundles", CALM),
        ("refused", seen.refused, "console:bundles", CALM),
        ("strangers", seen.strangers, "console:bundles", CALM),
        ("mail_waiting", seen.mail_waiting, "console:mail", CALM),
        ("copies", seen.copies, "console:devices", CALM),
    )
    more = {
        "lost": "?etat=urgent",
        "silent": "?etat=silencieux",
        "frozen": "?etat=gele",
        "refused": "?suite=REFUSE",
    }
    return [
        Figure(
            counted(f"console.overview.{name}", value),
            _number(name, value),
            reverse(link) + more.get(name, ""),
            level if value else CALM,
        )
        for name, value, link, level in rows
    ]


def _number(name: str, value: int) -> str:
    if name == "copies" and value >= selectors.COUNTED_MAX:
        return text("console.overview.many", n=thousands(value))
    return thousands(value)


class AsidePage(ConsoleView):
    """Events stored and receipted, but without effect, each with its code."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page, found = selectors.set_aside(page_number(request))
        rows = [
            (
                row,
                moment_words(row.received_at),
                kind_words(row.kind),
                TEXTS.get(f"console.code.{row.code}", ""),
            )
            for row in found
        ]
        return render(request, "console/aside.html", {"page": page, "rows": rows})


class MailPage(ConsoleView):
    """Messages owed, sent, failed: no address, no name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = selectors.notices(page_number(request))
        rows = [_mail_row(notice) for notice in page.object_list]
        return render(request, "console/mail.html", {"page": page, "rows": rows})


def _mail_row(notice: Notice) -> dict[str, object]:
    waiting = notice.state == NoticeState.WAITING
    return {
        "kind": text(f"console.mail.kind.{MessageKind(notice.kind).value}"),
        "created": moment_words(notice.created_at),
        "state": text(f"console.mail.state.{notice.state}"),
        "level": {"failed": "bad", "waiting": "warn"}.get(notice.state if notice.code else "", ""),
        "attempts": notice.attempts,
        "next": moment_words(notice.next_attempt_at) if waiting else "",
        "code": notice.code,
        "meaning": NoticeCode(notice.code).label if notice.code else "",
        "rid": notice.rid[:8],
    }
