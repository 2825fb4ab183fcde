"""Pages of the town hall. Each reads through selectors, acts through the services of the dossiers, and
knows one commune."""

from copy import copy

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from procuration.domain.law import ControlRegime
from procuration.domain.refusal import RULE, RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.dossiers import facts, mentions, services
from server.dossiers import selectors as dossiers
from server.dossiers.models import Procuration
from server.dossiers.urgent_order import most_urgent_rids
from server.mairie import selectors, worth
from server.mairie.decided import decided_words
from server.mairie.forms import ReasonForm
from server.mairie.narrowing import filters_of
from server.mairie.perms import TownHallView
from server.mairie.position import names_read, position_of
from server.mairie.sheet import Sheet, mention_words, status_words
from server.mairie.work_list import SearchForm, lines_of
from server.notices import services as notices
from server.notices.enums import MessageKind
from server.notices.letters import Letter, mail_for
from server.pages.paging import page_number
from server.texts_fr import text
from server.traces.reads import Read, record_read
from server.words.reasons import REASON

TO_DECIDE = (Status.ETABLIE, Status.TRANSMISE, Status.RECUE)


class Waiting(TownHallView):
    """What waits for a decision, the most urgent first. To show a procuration to an agent is to receive it
    (R-54)."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        whole = selectors.open_ones(*self.place, now)
        criteria, filters, count = filters_of(whole, request.GET, centre.tables)
        rids = most_urgent_rids(criteria.rows(whole), centre.tables, now, [self.commune])
        page, found = selectors.page_of(rids, page_number(request), count)
        new = [one for one in found if one.status != Status.RECUE]
        if new:
            services.list_taken_in_by_town_hall([one.rid for one in new], self.account)
        for one in new:
            one.status = Status.RECUE.value  # as it reads now, not as it stood before the list was opened
        lines = lines_of(found, centre.tables, now, ticked=request.GET.get("cocher") == "simples")
        context = {
            "page": page,
            "rows": lines,
            "filters": filters,
            "query": criteria.query,
            "keep": f"&{criteria.query}" if criteria.query else "",
            "plain": sum(not line.apart for line in lines),
            "search": SearchForm(),
        }
        record_read(self.account, Read.LIST, rids=[one.rid for one in found], subject="waiting")
        return render(request, "mairie/waiting.html", context)


class History(TownHallView):
    """What has a decision, the newest first."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        page, found = selectors.decided(*self.place, page_number(request))
        rows = [Sheet(one, centre.tables) for one in found]
        record_read(self.account, Read.LIST, rids=[one.rid for one in found], subject="decided")
        return render(request, "mairie/history.html", {"page": page, "rows": rows})


class ProcurationView(TownHallView):
    """A page about one procuration of the commune; of another commune, or of none, it does not exist
    (I-8)."""

    def procuration(self, rid: str) -> Procuration:
        try:
            return dossiers.get(rid, *self.place)
        except Procuration.DoesNotExist as error:
            raise Http404 from error

    def sheet(self, procuration: Procuration) -> Sheet:
        """What the page shows of it; to make it is to read it."""
        record_read(self.account, Read.ONE, rids=[procuration.rid])
        return Sheet(procuration, current_centre().tables, selectors.delivery_of(procuration))

    def decided(self, procuration: Procuration) -> list[str]:
        """By whom it was decided, when and why."""
        return decided_words(procuration, current_centre().tables, self.account.pseudonym)

    def already_answered(self, request: HttpRequest, procuration: Procuration) -> HttpResponse | None:
        """A page instead of a decision, when there is nothing (or nothing more) to decide."""
        return None if may_decide(procuration) else redirect("mairie:procuration", rid=procuration.rid)

    def refused(
        self,
        request: HttpRequest,
        procuration: Procuration,
        refusal: RuleViolated,
        title: str = "mairie.refused.title",
        noted_on: Procuration | None = None,
    ) -> HttpResponse:
        """The services refused: say why, what somebody else decided meanwhile, and where what speaks against
        it is noted; nothing was written."""
        now = self.procuration(procuration.rid)
        context = {
            "sheet": self.sheet(now),
            "lines": self.decided(now) if refusal.code == "DEJA_DECIDE" else (),
            "title": text(title),
            "back": reverse("mairie:procuration", kwargs={"rid": procuration.rid}),
            "sentence": text(f"mairie.refused.{refusal.code}"),
            "noted_on": noted_on,
        }
        return render(request, "mairie/refused.html", context, status=409)


def may_decide(procuration: Procuration) -> bool:
    """Whether the decision is the town hall's, and still to take."""
    return (
        procuration.status in TO_DECIDE
        and procuration.regime == ControlRegime.MAIRIE
        and procuration.decided_at is None
    )


class OneProcuration(ProcurationView):
    """One procuration with its evidence. Opening it records that the town hall has received it."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        procuration = self.procuration(rid)
        if may_decide(procuration) and procuration.status != Status.RECUE:
            procuration = services.taken_in_by_town_hall(rid, self.account)
        shown = dossiers.shown_status(procuration, centre.tables.law, now)
        sheet = self.sheet(procuration)
        position = position_of(procuration, centre.tables)
        if others := names_read(position):
            record_read(self.account, Read.MANDATAIRES, rids=others)
        context = {
            "sheet": sheet,
            "position": position,
            "status": status_words(procuration, shown),
            "level": _LEVELS.get(shown, "neutral"),
            "may_decide": may_decide(procuration),
            "nothing_to_decide": _why_not(procuration),
            "decided": self.decided(procuration) if procuration.decided_at is not None else (),
            "left": sheet.time_left(now),
            "why": worth.why(procuration),
            "rounds": worth.rounds(procuration),
            "answer": worth.answer_words(procuration, sheet.mandataire_place),
            "may_record": facts.may_record(procuration),
            "votes_open": bool(facts.votes_open(procuration, centre.tables, now)),
            "to_tell": notices.is_to_tell(rid),
            "mentions": [(one, mention_words(one)) for one in mentions.in_force(procuration)],
            **_recorded_elsewhere(procuration),
        }
        return render(request, "mairie/procuration.html", context)


def _recorded_elsewhere(procuration: Procuration) -> dict[str, object]:
    """Where the fact that ends it is to be withdrawn, when that is not here; whether it is withdrawn already
    on a computer without network, which still has the centre's word for it."""
    ended = mentions.ended_from_elsewhere(procuration)
    return {
        "ended_from_elsewhere": ended,
        "recorded_on": mentions.recorded_on(procuration) if ended else None,
        "by_stick": getattr(settings, "COMMUNE_FACE", False) and bool(mentions.withdrawn(procuration)),
    }


_LEVELS = {
    Status.VALIDEE: "ok",
    Status.INVALIDEE: "error",
    Status.REFUSEE: "error",
    Status.NULLE_L73: "error",
    Status.RESILIEE: "error",
    Status.ANNULEE_L77: "error",
    Status.EN_ATTENTE_HUMAINE: "urgent",
    Status.UTILISEE: "ok",
}


def _why_not(procuration: Procuration) -> str:
    """Why no button stands on the page, in a sentence; empty when the decision is to take, or taken."""
    if may_decide(procuration) or procuration.decided_at is not None:
        return ""
    if procuration.established_at is None:
        return text("mairie.one.waiting_establishment")
    return text(
        "mairie.one.no_decision"
        if procuration.regime == ControlRegime.MAIRIE
        else "mairie.one.not_for_town_hall"
    )


class Validate(ProcurationView):
    """Asks once more, then records the acceptance."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        procuration = self.procuration(rid)
        answered = self.already_answered(request, procuration)
        sheet = self.sheet(procuration)
        context = {"sheet": sheet, "answer": worth.answer_words(procuration, sheet.mandataire_place)}
        return answered or render(request, "mairie/validate.html", context)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        procuration = self.procuration(rid)
        try:
            services.decide(rid, self.account, True, None)
        except RuleViolated as refusal:
            return self.refused(request, procuration, refusal)
        return redirect("mairie:result", rid=rid)


class Invalidate(ProcurationView):
    """A reason, then a confirmation that shows what the mandant will read, then the record."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        procuration = self.procuration(rid)
        answered = self.already_answered(request, procuration)
        return answered or self._ask(
            request, procuration, ReasonForm(initial={"code": request.GET.get("code", "")}), 200
        )

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        procuration = self.procuration(rid)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._ask(request, procuration, form, 422)
        if request.POST.get("step") != "confirmed":
            return self._confirm(request, procuration, form.chosen)
        try:
            services.decide(rid, self.account, False, form.chosen)
        except RuleViolated as refusal:
            return self.refused(request, procuration, refusal)
        return redirect("mairie:result", rid=rid)

    def _ask(
        self, request: HttpRequest, procuration: Procuration, form: ReasonForm, status: int
    ) -> HttpResponse:
        return render(
            request, "mairie/invalidate.html", {"sheet": self.sheet(procuration), "form": form}, status=status
        )

    def _confirm(self, request: HttpRequest, procuration: Procuration, code: RefusalCode) -> HttpResponse:
        name, sentence = REASON[code]
        context = {
            "sheet": self.sheet(procuration),
            "letters": _letters_of_a_refusal(procuration, code) if procuration.email else (),
            "code": code.value,
            "name": name,
            "sentence": sentence,
            "rule": worth.rule_words(RULE.get(code, "")),
        }
        return render(request, "mairie/invalidate_confirm.html", context)


def _letters_of_a_refusal(procuration: Procuration, code: RefusalCode) -> tuple[Letter, ...]:
    """The message that the mandant will receive, in each language: written by whoever sends it, about the
    dossier as it would be."""
    centre = current_centre()
    refused = copy(procuration)
    refused.status, refused.code, refused.rule = Status.INVALIDEE.value, code.value, RULE.get(code, "R-02")
    refused.decided_at = centre.clock.now()
    return mail_for(MessageKind.M3, refused, centre.tables).letters


class Result(ProcurationView):
    """What was decided, and what happens next."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        procuration = self.procuration(rid)
        if procuration.decided_at is None:
            return redirect("mairie:procuration", rid=rid)
        sheet = self.sheet(procuration)
        outcome = "awaits" if sheet.awaits_answer else _OUTCOMES.get(Status(procuration.status))
        if outcome is None:  # something else came since: its page says what
            return redirect("mairie:procuration", rid=rid)
        return render(request, "mairie/result.html", {"sheet": sheet, "outcome": outcome})


_OUTCOMES = {Status.VALIDEE: "validated", Status.INVALIDEE: "invalidated"}
