"""Pages of the console: read only, one selector each, a constant number of queries."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from server.config.centre import current_centre
from server.console import selectors
from server.console.contested import open_alarms
from server.console.perms import ConsoleView
from server.console.thresholds import thresholds
from server.console.words import kind_words, moment_words
from server.dossiers.urgency import urgent_count
from server.ledger.durability import SOUND, second_place
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.models import Notice
from server.pages.paging import page_number
from server.texts_fr import TEXTS, text


@dataclass(frozen=True, slots=True)
class Figure:
    """One count of the first page. `level`: calm, attention or alarm."""

    label: str
    value: int
    link: str
    level: str


class OverviewPage(ConsoleView):
    """Counts, and whether anything needs a person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        seen, pressing = selectors.overview(now, thresholds()), urgent_count(centre.tables, now)
        contested = open_alarms()
        calm = not (contested or _needs_a_person(seen) or pressing)
        place = second_place(centre)
        context = {
            "figures": _figures(seen, pressing),
            "alarm": seen.frozen > 0,
            "contested": contested,
            "calm": calm and place in SOUND,
            "second_place": text(f"console.durable.{place.value}"),
            "second_place_sound": place in SOUND,
        }
        return render(request, "console/overview.html", context)


def _needs_a_person(seen: selectors.Overview) -> bool:
    return any((seen.queue, seen.silent, seen.frozen, seen.held, seen.aside, seen.mail_failed))


def _figures(seen: selectors.Overview, pressing: int) -> list[Figure]:
    rows = (
        ("urgent", pressing, "console:urgent", "attention"),
        ("queue", seen.queue, "console:queue", "attention"),
        ("devices", seen.devices, "console:devices", "calm"),
        ("silent", seen.silent, "console:devices", "attention"),
        ("frozen", seen.frozen, "console:devices", "alarm"),
        ("received", seen.received, "console:bundles", "calm"),
        ("held", seen.held, "console:devices", "attention"),
        ("refused", seen.refused, "console:bundles", "calm"),
        ("strangers", seen.strangers, "console:bundles", "calm"),
        ("aside", seen.aside, "console:aside", "attention"),
        ("copies", seen.copies, "console:devices", "calm"),
        ("mail_waiting", seen.mail_waiting, "console:mail", "calm"),
        ("mail_failed", seen.mail_failed, "console:mail", "attention"),
    )
    return [
        Figure(text(f"console.overview.{name}"), value, reverse(link), level if value else "calm")
        for name, value, link, level in rows
    ]


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
