"""Pages of an officer on line: find, compare, decide, sign with the key."""

from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.brigade import acts, finding
from server.brigade.ending import check_may_end
from server.brigade.forms import CheckForm, ChoiceForm, CorrectForm, FindForm, RefuseForm
from server.brigade.open_sites import sites_open_today
from server.brigade.own_acts import acted_today_on, acts_on, zone_of_unit
from server.brigade.perms import OfficerView
from server.brigade.sign_pages import SignPage, answer_of, is_allowed, refused, sentence_of
from server.brigade.signing import Choice
from server.brigade.site import site_of
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.mairie.sheet import Fact, Sheet
from server.pages.french import moment
from server.texts_fr import text
from server.traces.reads import Read, record_read
from server.usagers.ending import IN_FORCE, asked_at
from server.words.reasons import REASON

Form = TypeVar("Form", bound=ChoiceForm)
OPENED: Final = "brigade.opened"
OPENED_MAX: Final = 50
"""Requests found in one session: an officer sees what they looked up, and nothing else."""


class Find(OfficerView):
    """The first page: a reference and a birth date."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, FindForm(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            rid = finding.find(
                current_centre(),
                self.account,
                form.cleaned_data["reference"],
                form.cleaned_data["birth_date"],
            )
        except RuleViolated as refusal:
            record_read(self.reader, Read.SEARCH, asked=form.cleaned_data["reference"])
            form.add_error("reference", sentence_of(refusal))
            return self._page(request, form, 422)
        record_read(self.reader, Read.SEARCH, rids=[rid], asked=form.cleaned_data["reference"])
        opened = [one for one in request.session.get(OPENED, []) if one != rid]
        request.session[OPENED] = [*opened, rid][-OPENED_MAX:]
        return redirect("brigade:request", rid=rid)

    def _page(self, request: HttpRequest, form: FindForm, status: int) -> HttpResponse:
        has_key = self.account.keys.exists()
        return render(request, "brigade/find.html", {"form": form, "has_key": has_key}, status=status)


class RequestView(OfficerView):
    """A page about a request that the officer found in this session, or decided today; any other does not
    exist."""

    def one(self, request: HttpRequest, rid: str) -> Procuration:
        row = Procuration.objects.filter(rid=rid).first()
        opened = rid in request.session.get(OPENED, [])
        if row is None or not (opened or acted_today_on(current_centre(), self.account, rid)):
            raise Http404
        return row

    def sheet(self, row: Procuration) -> Sheet:
        """What the page shows of it; to make it is to read it."""
        record_read(self.reader, Read.ONE, rids=[row.rid])
        return Sheet(row, current_centre().tables)


def whom_and_when(sheet: Sheet) -> list[Fact]:
    """Who votes, and in which ballots."""
    return [Fact(text("mairie.one.mandataire"), (sheet.mandataire,)), when_it_serves(sheet)]


def when_it_serves(sheet: Sheet) -> Fact:
    """The ballots, as a line of its own."""
    return Fact(text("mairie.one.validity"), (capfirst(sheet.validity),))


class DecideView(RequestView, Generic[Form]):
    """A page where the officer ticks or chooses, then signs; what refuses it stands beside the form."""

    refused_at: str | None = None
    """The field beside which a refusal stands; None for the whole form."""

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        return self.page(request, self.one(request, rid), self.form_of(None), 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row, form = self.one(request, rid), self.form_of(request.POST)
        if not form.is_valid():
            return self.page(request, row, form, 422)
        try:
            return self.to_sign(request, row, form.choice)
        except RuleViolated as refusal:
            form.add_error(self.refused_at, sentence_of(refusal))
            return self.page(request, row, form, 422)

    def form_of(self, data: Mapping[str, Any] | None) -> Form:
        """The form, empty or as it was sent."""
        raise NotImplementedError

    def page(self, request: HttpRequest, row: Procuration, form: Form, status: int) -> HttpResponse:
        """The page with its form."""
        raise NotImplementedError

    def to_sign(self, request: HttpRequest, row: Procuration, choice: Choice) -> HttpResponse:
        """The page that asks for the key. Raises: RuleViolated."""
        asked = acts.ask_for(current_centre(), self.account, row.rid, choice)
        sheet = self.sheet(row)
        kind = "corrected" if choice.corrects else "established" if choice.code is None else "refused"
        facts = [] if choice.code is None else reason_facts(choice.code)
        if kind == "established":
            facts = whom_and_when(sheet)
        page = SignPage(
            headline=text(f"brigade.sign.{kind}", name=sheet.mandant),
            facts=facts,
            action=reverse("brigade:signed", kwargs={"rid": row.rid}),
            back=reverse("brigade:request", kwargs={"rid": row.rid}),
        )
        return page.shown(request, asked)


def reason_facts(code: RefusalCode) -> list[Fact]:
    """The reason chosen, and what the mandant reads of it."""
    name, sentence = REASON[code]
    return [
        Fact(text("brigade.refuse.why"), (name,)),
        Fact(text("brigade.sign.reads"), (f"« {sentence} »",)),
    ]


class OneRequest(DecideView[CheckForm]):
    """Compare the person with the request, and tick what was checked."""

    def form_of(self, data: Mapping[str, Any] | None) -> CheckForm:
        return CheckForm(data, sites_open_today(current_centre(), self.account))

    def page(self, request: HttpRequest, row: Procuration, form: CheckForm, status: int) -> HttpResponse:
        context = {
            "sheet": self.sheet(row),
            "form": form,
            "open": row.status == Status.DEMANDE,
            "collected": row.status == Status.RECUEILLIE,
            "may_end": is_allowed(check_may_end, row),
            "asked_on_line": self._asked_on_line(row),
        }
        return render(request, "brigade/request.html", context, status=status)

    def _asked_on_line(self, row: Procuration) -> str:
        """When the mandant asked on line to end it, while nobody has ended it (kind 21; decision 31)."""
        at = asked_at(row) if row.status in IN_FORCE else None
        return "" if at is None else moment(at, zone_of_unit(current_centre(), self.account))


class Refuse(DecideView[RefuseForm]):
    """Choose why it is not established."""

    form: type[RefuseForm] = RefuseForm
    words = "refuse"
    refused_at = "code"

    def form_of(self, data: Mapping[str, Any] | None) -> RefuseForm:
        return self.form(data)

    def page(self, request: HttpRequest, row: Procuration, form: RefuseForm, status: int) -> HttpResponse:
        context = {
            "sheet": self.sheet(row),
            "form": form,
            **{name: text(f"brigade.{self.words}.{name}") for name in ("title", "why", "help")},
            "lead": text("brigade.correct.lead") if self.form.corrects else "",
        }
        return render(request, "brigade/refuse.html", context, status=status)


class Correct(Refuse):
    """Take back what the same officer established today: a second act, never an erasure (decision 27)."""

    form = CorrectForm
    words = "correct"

    def page(self, request: HttpRequest, row: Procuration, form: RefuseForm, status: int) -> HttpResponse:
        try:
            acts.check_correction(current_centre(), self.account, row.rid)
        except RuleViolated as refusal:
            return refused(request, refusal, reverse("brigade:request", kwargs={"rid": row.rid}))
        return super().page(request, row, form, status)


class Signed(RequestView):
    """What the key answered."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row = self.one(request, rid)
        try:
            site = site_of(settings.OPTIONS.public_url)
            acts.record(current_centre(), self.account, site, row.rid, answer_of(request))
        except RuleViolated as refusal:
            if refusal.code in ("DEJA_DECIDEE", "DEJA_CORRIGEE"):
                return redirect("brigade:result", rid=rid)
            return refused(request, refusal, reverse("brigade:request", kwargs={"rid": rid}))
        return redirect("brigade:result", rid=rid)


class Result(RequestView):
    """What was decided, by whom, and what the mandant may take with them."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        row = self.one(request, rid)
        if row.status == Status.DEMANDE:
            return redirect("brigade:request", rid=rid)
        kind = self._kind(row)
        context = {
            "sheet": self.sheet(row),
            "title": text(f"brigade.result.title.{kind}"),
            "told": text(f"brigade.result.text.{kind}"),
            "may_correct": is_allowed(acts.check_correction, current_centre(), self.account, rid),
        }
        return render(request, "brigade/result.html", context)

    def _kind(self, row: Procuration) -> str:
        if row.status == Status.RESILIEE:
            return "ended"
        if len(acts_on(self.account, row.rid)) > 1:
            return "corrected"
        return "decided" if row.established_at is None else "established"
