"""The pages « Registre contesté » of the console: each contradiction with its proof, and the proof that
somebody files. Nothing here names an elector.
"""

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.errors import RecordRejected, RuleViolated
from procuration.record.contradiction import PROOF_BYTES_MAX, Contradicting, write_contradiction
from server.config.centre import current_centre
from server.console import contested
from server.console.models import Contested
from server.console.perms import ConsoleView
from server.console.selectors import ROWS_PER_PAGE
from server.console.services import account_names, administrator_of
from server.console.words import moment_words
from server.pages.paging import page_number
from server.texts_fr import counted, text

_HEX_SHOWN: Final = 16
_UNSIGNED: Final = frozenset(
    ("CHECKPOINT_UNSIGNED", "CHECKPOINT_ORIGIN", "CHECKPOINT_FORM", "CHECKPOINT_SIZE", "SIGNATURE")
)


class ContestedPage(ConsoleView):
    """Every contradiction, open ones first; and the form that files a proof."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, "", 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        file = request.FILES.get("preuve")
        if not isinstance(file, UploadedFile):
            return self._page(request, text("console.contested.file.missing"), 422)
        if file.size is None or file.size > PROOF_BYTES_MAX:
            return self._page(request, text("console.contested.file.unreadable"), 422)
        centre = current_centre()
        source = administrator_of(self.administrator).pseudonym
        try:
            row = contested.file_proof(centre, file.read(), source, centre.clock.now())
        except RecordRejected as error:
            unsigned = "unsigned" if error.code in _UNSIGNED else "unreadable"
            return self._page(request, text(f"console.contested.file.{unsigned}"), 422)
        except RuleViolated:
            return self._page(request, text("console.contested.file.none"), 422)
        messages.success(request, text("console.contested.filed"))
        return redirect("console:contested_one", pk=row.pk)

    def _page(self, request: HttpRequest, error: str, status: int) -> HttpResponse:
        ordered = Contested.objects.order_by(F("closed_at").desc(nulls_first=True), "-found_at", "-pk")
        page: Page[Contested] = Paginator(ordered, ROWS_PER_PAGE).get_page(page_number(request))
        names = account_names(row.closed_by for row in page.object_list)
        rows = [(row, text(f"console.contested.{row.code}"), *_state(row, names)) for row in page.object_list]
        context = {"page": page, "rows": rows, "error": error}
        return render(request, "console/contested.html", context, status=status)


def _state(row: Contested, names: Mapping[str, str]) -> tuple[str, str]:
    if row.closed_at is None:
        return text("console.contested.open"), "bad"
    who = names.get(row.closed_by, row.closed_by)
    return text("console.contested.closed", when=moment_words(row.closed_at), who=who), ""


class ContestedOnePage(ConsoleView):
    """One contradiction: what each side says, what proves it, and how it is closed."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, pk, "", "", 200)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        reason = request.POST.get("motif", "")
        try:
            contested.close(
                pk, administrator_of(self.administrator).pseudonym, reason, current_centre().clock.now()
            )
        except Contested.DoesNotExist as error:
            raise Http404 from error
        except RuleViolated as refusal:
            status = 409 if refusal.code == "DEJA_CLOSE" else 422
            sentence = text(f"console.contested.refused.{refusal.code}")
            return self._page(request, pk, sentence, reason, status)
        return redirect("console:contested_one", pk=pk)

    def _page(self, request: HttpRequest, pk: int, error: str, typed: str, status: int) -> HttpResponse:
        row = Contested.objects.filter(pk=pk).first()
        if row is None:
            raise Http404
        times = contested.restored_times()
        names = account_names((row.source, row.closed_by))
        context = {
            "row": row,
            "what": text(f"console.contested.{row.code}"),
            "state": _state(row, names),
            "facts": _facts(row, names),
            "restored": counted("console.contested.restored", times) if times else "",
            "error": error,
            "typed": typed,
        }
        return render(request, "console/contested_one.html", context, status=status)


def _facts(row: Contested, names: Mapping[str, str]) -> list[tuple[str, str]]:
    key = "account" if row.event_id is None else "device"
    signed = "signed" if row.held else "said"
    filed_by = names.get(row.source, row.source)
    facts = [
        ("size", str(row.size)),
        ("root", bytes(row.root).hex()[:_HEX_SHOWN]),
        ("own", bytes(row.own_root).hex()[:_HEX_SHOWN] or text("console.contested.own.none")),
        ("who", text(f"console.contested.who.{key}", log=row.source, name=filed_by)),
        ("found", moment_words(row.found_at)),
        ("proof", text(f"console.contested.{signed}")),
    ]
    if row.closed_at:
        facts += [("column.state", _state(row, names)[0]), ("reason", row.reason)]
    return [(text(f"console.contested.{name}"), value) for name, value in facts]


class ContestedFile(ConsoleView):
    """Both signed checkpoints of a contradiction, as they were filed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = Contested.objects.filter(pk=pk).first()
        if row is None or not row.held:
            raise Http404
        data = write_contradiction(Contradicting(held=bytes(row.held), shown=bytes(row.shown)))
        headers = {"Content-Disposition": f'attachment; filename="contestation-{row.pk}.cbor"'}
        return HttpResponse(data, content_type="application/octet-stream", headers=headers)
