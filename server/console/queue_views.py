"""Pages of the human queue: the list, each case with both its sides, the decision in two steps; and what
waits for something else to arrive."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.console import kept
from server.console.case_sheet import RID_SHOWN, CaseSheet, names_of, rule_words, withdrawn_words
from server.console.forms import RulingForm
from server.console.perms import ConsoleView
from server.console.selectors import ROWS_PER_PAGE
from server.console.services import administrator_of
from server.console.words import kind_words, moment_words
from server.dossiers import queue
from server.dossiers.cases import Case, Level, rule_of
from server.dossiers.models import Procuration
from server.dossiers.rulings import Decision, rule_case
from server.mairie.sheet import Sheet
from server.pages.french import remaining
from server.pages.paging import page_number
from server.pages.places import place_name
from server.texts_fr import counted, text
from server.traces.reads import Read, record_read

WAITING_SHOWN = 200
LEVELS = {level.value: level for level in Level}


class QueuePage(ConsoleView):
    """What waits for a person, the nearest closing first. No name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        page = Paginator(queue.waiting(now), ROWS_PER_PAGE).get_page(page_number(request))
        rows = []
        for listed in queue.cases_among(page.object_list, now):
            row, closing = listed.row, listed.closing
            left = text("mairie.list.no_poll") if closing is None else remaining(closing - now)
            urgent = closing is not None and (closing - now).days < 1
            rows.append(
                {
                    "rid": row.rid,
                    "short": row.rid[:RID_SHOWN],
                    "left": left,
                    "level": "none" if closing is None else "urgent" if urgent else "soon",
                    "name": text(f"queue.{row.code}.name"),
                    "stake": text(f"queue.{row.code}.stake"),
                    "code": row.code,
                    "count": counted("queue.list.rows", listed.count, rid=row.rid[:RID_SHOWN]),
                    "rule": rule_words(rule_of(row.code)),
                    "place": place_name(centre.tables, row.place_code, row.place_type),
                }
            )
        return render(request, "console/queue.html", {"page": page, "rows": rows})


class RuledPage(ConsoleView):
    """What was decided, the newest first. No name of an elector."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queue.ruled_requests(), ROWS_PER_PAGE).get_page(page_number(request))
        events = list(page.object_list)
        found = Procuration.objects.in_bulk([event.rid for event in events if event.rid is not None])
        rows = [
            {
                "rid": event.rid,
                "short": str(event.rid)[:RID_SHOWN],
                "when": moment_words(event.received_at),
                "state": text(f"status.{found[event.rid].status}") if event.rid in found else "",
                "known": event.rid in found,
            }
            for event in events
        ]
        return render(request, "console/ruled.html", {"page": page, "rows": rows})


class CaseView(ConsoleView):
    """A page about one case; a request that asks a person nothing, and never did, has none."""

    def case(self, rid: str, level: str) -> tuple[Case, CaseSheet]:
        centre = current_centre()
        now = centre.clock.now()
        try:
            case = queue.case_of(centre, rid, LEVELS[level] if level else None, now)
        except (Procuration.DoesNotExist, KeyError) as error:
            raise Http404 from error
        first = Procuration.objects.get(rid=rid)
        shown = {rid, *(one.rid for one in case.procurations)}
        record_read(administrator_of(self.administrator), Read.CASE, rids=sorted(shown))
        return case, CaseSheet(case, centre.tables, now, first)

    def page(
        self, request: HttpRequest, case: Case, sheet: CaseSheet, form: RulingForm | None, status: int = 200
    ) -> HttpResponse:
        context = {
            "case": case,
            "sheet": sheet,
            "form": form,
            "history": sheet.history(names_of(case)),
            "lines": sheet.lines(),
            "may_rule_again": case.can_be_ruled and not case.waits and form is None,
            "left_out": counted("queue.case.left_out", case.left_out) if case.left_out else "",
        }
        return render(request, "console/case.html", context, status=status)


class CasePage(CaseView):
    """Both sides with their evidence, and the decision when there is one to take."""

    def get(self, request: HttpRequest, rid: str, level: str = "") -> HttpResponse:
        case, sheet = self.case(rid, level)
        asks = case.can_be_ruled and (case.waits or "nouvelle" in request.GET)
        return self.page(request, case, sheet, RulingForm(sheet) if asks else None)


class DecidePage(CaseView):
    """Reads the decision back, then signs it."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, rid: str, level: str) -> HttpResponse:
        return redirect("console:case", rid=rid, level=level)

    def post(self, request: HttpRequest, rid: str, level: str) -> HttpResponse:
        if request.POST.get("step") == "confirmed":
            return self._signed(request, rid, level)
        case, sheet = self.case(rid, level)
        form = RulingForm(sheet, request.POST)
        if not form.is_valid():
            return self.page(request, case, sheet, form, 422)
        choice = case.choice(form.cleaned_data["choice"])
        assert choice is not None, "the form offers those of the case"
        context = {
            "case": case,
            "sheet": sheet,
            "seen": request.POST.get("seen", ""),
            "choice": choice.key,
            "sentence": sheet.sentence(choice),
            "reason": form.cleaned_data["reason"],
        }
        return render(request, "console/case_confirm.html", context)

    def _signed(self, request: HttpRequest, rid: str, level: str) -> HttpResponse:
        if level not in LEVELS:
            raise Http404
        decision = Decision(
            rid=rid,
            level=LEVELS[level],
            choice=request.POST.get("choice", ""),
            seen=request.POST.get("seen", ""),
            reason=request.POST.get("reason", ""),
        )
        try:
            rule_case(decision, administrator_of(self.administrator))
        except RuleViolated as refusal:
            there = refusal.code != "CAS_INCONNU"
            context = {
                "rid": rid,
                "level": level,
                "there": there,
                "sentence": text(f"queue.refused.{refusal.code}"),
            }
            return render(request, "console/case_refused.html", context, status=409)
        return redirect("console:case_result", rid=rid, level=level)


class ResultPage(CaseView):
    """What became of each procuration of a case that was decided."""

    def get(self, request: HttpRequest, rid: str, level: str) -> HttpResponse:
        case, _ = self.case(rid, level)
        tables = current_centre().tables
        rows = [
            (Sheet(row, tables), text(f"status.{row.status}"))
            for row in case.procurations or [Procuration.objects.get(rid=rid)]
        ]
        still = any(row.status == queue.WAITS for row in case.procurations)
        return render(request, "console/case_result.html", {"case": case, "rows": rows, "still": still})


class WaitingPage(ConsoleView):
    """Events whose request, and résiliations whose procuration, nobody has brought yet. No name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        tables, withdrawals = centre.tables, queue.withdrawals_without_object()
        unknown, some = kept.unknown(centre.clock.now())
        events = queue.unknown_requests().filter(pk__in=some)  # those that are still unknown
        counts = unknown, withdrawals.count()
        requests = [
            (event, kind_words(event.kind), moment_words(event.received_at), str(event.rid)[:RID_SHOWN])
            for event in events[:WAITING_SHOWN]
        ]
        without = [
            (
                row,
                withdrawn_words(row, tables),
                moment_words(row.at),
                place_name(tables, row.place_code, row.place_type),
            )
            for row in withdrawals[:WAITING_SHOWN]
        ]
        context = {
            "requests": requests,
            "withdrawals": without,
            "more": [
                text("waiting.more", n=WAITING_SHOWN, total=count) if count > WAITING_SHOWN else ""
                for count in counts
            ],
        }
        return render(request, "console/waiting.html", context)
