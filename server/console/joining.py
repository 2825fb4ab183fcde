"""The page « Demandes de postes » of the console: what tablets that nobody has enrolled yet sent by network,
and each request as a file for the authority. What it shows is signed by nobody: the page says so.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.domain.identifiers import fingerprint_in_groups
from procuration.errors import RecordRejected
from server.console.perms import ConsoleView
from server.console.selectors import ROWS_PER_PAGE
from server.console.words import moment_words
from server.ledger import joining
from server.ledger.models import EnrolmentWanted
from server.pages.paging import page_number
from server.texts_fr import text

_DIGITS_MAX = 40
"""Of a fingerprint as somebody may type it, with blanks."""


class RequestsPage(ConsoleView):
    """Every request that waits, or those whose fingerprint begins as typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("empreinte", "")[:_DIGITS_MAX]
        typed = asked if asked.replace(" ", "").isalnum() and asked.isascii() else ""
        page = joining.waiting_page(page_number(request), typed, ROWS_PER_PAGE)
        context = {
            "page": page,
            "rows": [_line(row) for row in page.object_list],
            "typed": typed,
            "keep": f"&empreinte={typed.replace(' ', '+')}" if typed else "",
        }
        return render(request, "console/requests.html", context)


def _line(row: EnrolmentWanted) -> dict[str, str]:
    fingerprint = fingerprint_in_groups(bytes.fromhex(row.kid))
    return {
        "kid": row.kid,
        "fingerprint": fingerprint,
        "log_id": row.log_id,
        "asked": moment_words(row.asked_at),
        "heard": moment_words(row.heard_at),
        "download": text("console.requests.download.of", fingerprint=fingerprint),
    }


class RequestFile(ConsoleView):
    """One request, byte for byte as its tablet sent it."""

    def get(self, request: HttpRequest, kid: str) -> HttpResponse:
        try:
            row = joining.request_of(kid)
        except RecordRejected as error:
            raise Http404 from error
        disposition = {"Content-Disposition": f'attachment; filename="{row.log_id}.request.cbor"'}
        return HttpResponse(bytes(row.request), content_type="application/octet-stream", headers=disposition)
