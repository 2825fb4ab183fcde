"""Pages on which the town hall of the mandant records a death, a loss of rights or a vote (R-50 to R-52): the
form, the same answers once more, then the record."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.domain.facts import VOTES, FactCode
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.dossiers import facts
from server.dossiers.models import Procuration
from server.mairie.forms import FactForm, VoteForm
from server.mairie.views import ProcurationView
from server.pages.french import long_date
from server.texts_fr import text


class RecordView(ProcurationView):
    """A fact about one procuration of the commune, in two steps."""

    http_method_names = ["get", "head", "post", "options"]
    template = ""

    def form(self, procuration: Procuration, data: object = None) -> FactForm | VoteForm:
        """The form of the page."""
        raise NotImplementedError

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        """The empty form; a procuration that nothing can change has none."""
        procuration = self.procuration(rid)
        if not facts.may_record(procuration):
            return redirect("mairie:procuration", rid=rid)
        return self._ask(request, procuration, self.form(procuration, None), 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        """Asks again what is missing, shows the answers once more, or records them."""
        procuration = self.procuration(rid)
        form = self.form(procuration, request.POST)
        if not form.is_valid():
            return self._ask(request, procuration, form, 422)
        code, day = form.fact
        if request.POST.get("step") != "confirmed":
            return self._confirm(request, procuration, code, day)
        try:
            facts.record_fact(rid, self.account, code, day)
        except RuleViolated as refusal:
            noted_on = facts.vote_noted_on(procuration, day) if refusal.code == "DEJA_VOTE" else None
            title = "mairie.refused.record.title"
            return self.refused(request, procuration, refusal, title, noted_on=noted_on)
        messages.success(request, text("mairie.fact.kept"))
        return redirect("mairie:procuration", rid=rid)

    def _ask(
        self, request: HttpRequest, procuration: Procuration, form: FactForm | VoteForm, status: int
    ) -> HttpResponse:
        context = {"sheet": self.sheet(procuration), "form": form}
        return render(request, self.template, context, status=status)

    def _confirm(
        self, request: HttpRequest, procuration: Procuration, code: FactCode, day: date
    ) -> HttpResponse:
        effect = f"mairie.fact.effect.{int(code)}" if code in VOTES else "mairie.fact.effect.ending"
        context = {
            "sheet": self.sheet(procuration),
            "code": int(code),
            "day": day.isoformat(),
            "what": text(f"mairie.fact.{int(code)}"),
            "when": long_date(day),
            "effect": text(effect),
        }
        return render(request, "mairie/record_confirm.html", context)


class RecordEnding(RecordView):
    """Death, loss of rights, radiation (R-51, R-52)."""

    template = "mairie/fact.html"

    def form(self, procuration: Procuration, data: object = None) -> FactForm:
        """Which of the five, and since when."""
        return FactForm(data)


class RecordVote(RecordView):
    """Who voted, on a polling day that has begun (R-50)."""

    template = "mairie/vote.html"

    def form(self, procuration: Procuration, data: object = None) -> VoteForm:
        """Who, and on which of the days served whose poll has opened."""
        centre = current_centre()
        return VoteForm(data, days=facts.votes_open(procuration, centre.tables, centre.clock.now()))
