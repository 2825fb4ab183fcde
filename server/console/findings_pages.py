"""The pages « Constats » of the console: what is out of the ordinary, explained, and looked at by a person.

Officers and mandataires stand there by a pseudonym. The name of an officer is opened for a reason, with a
trace.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.domain.acts import ActPlaceKind
from server.config.centre import Tables, current_centre
from server.console.findings import OF_OFFICERS, RIDS_KEPT, Sort
from server.console.models import Finding
from server.console.perms import ConsoleView
from server.console.reasons import choices, note_read, reason_of
from server.console.searching import line_of
from server.console.selectors import ROWS_PER_PAGE
from server.console.services import account_names, administrator_of
from server.console.words import moment_words
from server.dossiers.models import Procuration
from server.pages.french import full_name, plain_date
from server.pages.paging import page_number
from server.pages.places import place_name
from server.texts_fr import counted, text
from server.traces.reads import Read

NOTE_MAX: Final = 500
_CODE_SHOWN: Final = 8
_COMMUNE: Final = 1
_SEEN: Final = "vus"


class FindingsPage(ConsoleView):
    """Findings to look at, or those that somebody looked at; the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = request.GET.get("suite") == _SEEN
        rows = Finding.objects.filter(seen_at__isnull=not seen).order_by("-changed_at", "-pk")
        page: Page[Finding] = Paginator(rows, ROWS_PER_PAGE).get_page(page_number(request))
        tables, names = current_centre().tables, account_names(row.seen_by for row in page.object_list)
        context = {
            "page": page,
            "rows": [_line(row, tables, names) for row in page.object_list],
            "seen": seen,
            "keep": f"&suite={_SEEN}" if seen else "",
            "choices": [
                ("", text("console.findings.to_see"), not seen),
                (_SEEN, text("console.findings.seen"), seen),
            ],
        }
        return render(request, "console/findings.html", context)


def subject_words(row: Finding, tables: Tables) -> str:
    """Whom or what a finding is about: a pseudonym, or a place."""
    sort = Sort(row.kind)
    if sort is Sort.PLACE:
        kind, _, code = row.subject.partition(":")
        key = "home" if kind == str(ActPlaceKind.HOME.value) else "public"
        return text(f"console.findings.about.{key}", name=place_name(tables, code, _COMMUNE))
    key = "officer" if sort in OF_OFFICERS else "mandataire"
    return text(f"console.findings.about.{key}", code=row.subject[:_CODE_SHOWN])


def day_words(row: Finding) -> str:
    """The day that a finding is of; empty when it is of none."""
    return plain_date(date.fromisoformat(row.day)) if row.day else ""


def _line(row: Finding, tables: Tables, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "row": row,
        "what": text(f"console.findings.{row.kind}"),
        "who": subject_words(row, tables),
        "count": counted(f"console.findings.{row.kind}.count", row.count),
        "threshold": text("console.findings.threshold", n=row.threshold),
        "day": day_words(row) or "–",
        "state": _state(row, names),
        "open": row.seen_at is None,
    }


def _state(row: Finding, names: Mapping[str, str]) -> str:
    if row.seen_at is None:
        return text("console.findings.state.open")
    who = names.get(row.seen_by, row.seen_by)
    return text("console.findings.state.seen", when=moment_words(row.seen_at), who=who)


class FindingPage(ConsoleView):
    """One finding: what was counted, what often explains it, the dossiers, and what is done about it."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, _finding(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = _finding(pk)
        if request.POST.get("do") == "nom":
            return self._name(request, row)
        note = " ".join(request.POST.get("note", "").split())
        if not note:
            return self._page(request, row, note_error=text("console.findings.note_missing"))
        if len(note) > NOTE_MAX:
            return self._page(request, row, note_error=text("console.findings.note_long"))
        row.seen_at, row.note = current_centre().clock.now(), note
        row.seen_by = administrator_of(self.administrator).pseudonym
        row.save(update_fields=["seen_at", "seen_by", "note"])
        return redirect("console:finding", pk=pk)

    def _name(self, request: HttpRequest, row: Finding) -> HttpResponse:
        """The officer's name, once the read is written down."""
        reason = reason_of(request.POST)
        if Sort(row.kind) not in OF_OFFICERS:
            raise Http404
        if reason is None:
            return self._page(request, row, error=text("console.reason.missing"))
        note_read(
            self.administrator,
            Read.OFFICERS,
            about=f"agent:{row.subject[:_CODE_SHOWN]}",
            reason=reason,
            count=1,
        )
        return self._page(request, row, name=_officer(row))

    def _page(
        self, request: HttpRequest, row: Finding, *, error: str = "", note_error: str = "", name: str = ""
    ) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        line = _line(row, centre.tables, account_names([row.seen_by]))
        facts = (
            ("subject", line["who"]),
            ("column.count", line["count"]),
            ("column.day", line["day"]),
            ("limit", line["threshold"]),
            ("found", moment_words(row.found_at)),
            ("changed", moment_words(row.changed_at)),
            ("column.state", line["state"]),
            ("look.note", row.note),
        )
        context = {
            "row": row,
            "what": line["what"],
            "why": text(f"console.findings.{row.kind}.why"),
            "facts": [(text(f"console.findings.{key}"), value) for key, value in facts if value],
            "dossiers": [line_of(one, centre.tables, now) for one in _dossiers(row)],
            "some": text("console.findings.dossiers.some", n=RIDS_KEPT) if row.count > RIDS_KEPT else "",
            "of_officer": Sort(row.kind) in OF_OFFICERS,
            "name": name,
            "reasons": choices(),
            "error": error,
            "note_error": note_error,
            "typed": request.POST.get("note", ""),
            "open": row.seen_at is None,
        }
        status = 422 if error or note_error else 200
        return render(request, "console/finding.html", context, status=status)


def _finding(pk: int) -> Finding:
    row = Finding.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _dossiers(row: Finding) -> list[Procuration]:
    if Sort(row.kind) is Sort.MANDATAIRE:
        found = Procuration.objects.filter(mandataire_key=row.subject, established_at__isnull=False)
    else:
        found = Procuration.objects.filter(rid__among=row.rids)
    return list(found.order_by("established_at", "rid")[:RIDS_KEPT])


def _officer(row: Finding) -> str:
    """As the acts write it; the dossiers of a finding may be emptied at their date."""
    one = next((one for one in _dossiers(row) if one.officer_nom), None)
    if one is None:
        return text("console.dossier.emptied")
    name = full_name(one.officer_prenoms, one.officer_nom)
    return text(
        "console.findings.officer.shown", name=name, quality=one.officer_qualite, unit=one.officer_unit
    )
