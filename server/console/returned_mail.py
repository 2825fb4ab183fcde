"""« Adresses en erreur »: the messages that no mailbox took, and who tells the elector instead. No address
and no name is shown."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from server.console.perms import ConsoleView
from server.console.selectors import ROWS_PER_PAGE
from server.console.words import moment_words
from server.notices.enums import BAD_ADDRESS, MessageKind, NoticeCode
from server.notices.models import Notice
from server.pages.paging import page_number
from server.texts_fr import text


class ReturnedPage(ConsoleView):
    """The newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = returned(page_number(request))
        rows = [_row(notice) for notice in page.object_list]
        return render(request, "console/returned.html", {"page": page, "rows": rows})


def returned(page: int) -> "Page[Notice]":
    """Messages whose address does not work."""
    rows = Notice.objects.filter(code__in=BAD_ADDRESS).order_by("-created_at", "-pk")
    return Paginator(rows, ROWS_PER_PAGE).get_page(page)


def _row(notice: Notice) -> dict[str, str]:
    who = notice.state if notice.state in ("to_tell", "told", "dropped") else "changed"
    if who == "changed" and notice.kind == MessageKind.M1:
        who = "not_yet"
    reason = NoticeCode(notice.code).label
    return {
        "created": moment_words(notice.created_at),
        "kind": text(f"console.mail.kind.{MessageKind(notice.kind).value}"),
        "rid": notice.rid[:8],
        "code": notice.code,
        "reason": reason[:1].upper() + reason[1:],
        "who": text(f"console.returns.who.{who}"),
        "level": "ok" if who in ("told", "dropped") else "warn",
    }
