"""Pages of an officer on line: find, compare, decide, sign with the key."""

from typing import Final

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
from server.brigade.forms import CheckForm, CorrectForm, FindForm, RefuseForm
from server.brigade.open_sites import sites_open_today
from server.brigade.own_acts import acts_of_today, acts_on
from server.brigade.perms import OfficerView
from server.brigade.sign_pages import SignPage, answer_of, is_allowed, refused, sentence_of
from server.brigade.signing import Choice
from server.brigade.site import site_of
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.mairie.sheet import Fact, Sheet
from server.pages.french import moment
from server.pages.places import zone_of_place
from server.texts_fr import text
from server.traces.reads import Read, record_read
from server.usagers.ending import IN_FORCE, asked_at
from server.words.reasons import REASON

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
        if row is None or not (rid in request.session.get(OPENED, []) or self._decided_today(rid)):
            raise Http404
        return row

    def _decided_today(self, rid: str) -> bool:
        acts = acts_of_today(current_centre(), self.account)
        return any(one.act.rid.hex() == rid for one in acts)

    def sheet(self, row: Procuration) -> Sheet:
        """What the page shows of it; to make it is to read it."""
        record_read(self.reader, Read.ONE, rids=[row.rid])
        return Sheet(row, current_centre().tables)

    def to_sign(self, request: HttpRequest, row: Procuration, choice: Choice) -> HttpResponse:
        """The page that asks for the key. Raises: RuleViolated."""
        asked = acts.ask_for(current_centre(), self.account, row.rid, choice)
        sheet = self.sheet(row)
        kind = "corrected" if choice.corrects else "established" if choice.code is None else "refused"
        facts = [] if choice.code is None else reason_facts(choice.code)
        if kind == "established":
            facts = [
                Fact(text("mairie.one.mandataire"), (sheet.mandataire,)),
                Fact(text("mairie.one.validity"), (capfirst(sheet.validity),)),
            ]
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


class OneRequest(RequestView):
    """Compare the person with the request, and tick what was checked."""

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        return self._page(request, self.one(request, rid), self._form(None), 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row, form = self.one(request, rid), self._form(request.POST)
        if not form.is_valid():
            return self._page(request, row, form, 422)
        try:
            return self.to_sign(request, row, form.choice)
        except RuleViolated as refusal:
            form.add_error(None, sentence_of(refusal))
            return self._page(request, row, form, 422)

    def _form(self, data: object) -> CheckForm:
        return CheckForm(data, sites_open_today(current_centre(), self.account))

    def _page(self, request: HttpRequest, row: Procuration, form: CheckForm, status: int) -> HttpResponse:
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
        return (
            ""
            if at is None
            else moment(at, zone_of_place(current_centre().tables, self.account.place_code, 1))
        )


class Refuse(RequestView):
    """Choose why it is not established."""

    form: type[RefuseForm] = RefuseForm
    words = "refuse"

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        return self._page(request, self.one(request, rid), self.form(), 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row, form = self.one(request, rid), self.form(request.POST)
        if not form.is_valid():
            return self._page(request, row, form, 422)
        try:
            return self.to_sign(request, row, form.choice)
        except RuleViolated as refusal:
            form.add_error("code", sentence_of(refusal))
            return self._page(request, row, form, 422)

    def _page(self, request: HttpRequest, row: Procuration, form: RefuseForm, status: int) -> HttpResponse:
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

    def _page(self, request: HttpRequest, row: Procuration, form: RefuseForm, status: int) -> HttpResponse:
        try:
            acts.check_correction(current_centre(), self.account, row.rid)
        except RuleViolated as refusal:
            return refused(request, refusal, reverse("brigade:request", kwargs={"rid": row.rid}))
        return super()._page(request, row, form, status)


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
