"""Pages of a résiliation on line (O7): with the procuration at hand, or by the identity of the mandant alone.

What was typed about the mandant travels from page to page in the form itself, and is read again each time:
no session keeps it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from procuration.domain.acts import ActDecision
from procuration.domain.status import Doubt, Status
from procuration.errors import RuleViolated
from server.brigade import ending
from server.brigade.end_forms import WHO, WhichForm, WhoForm
from server.brigade.forms import EndCheckForm
from server.brigade.models import OfficerAccount
from server.brigade.open_sites import sites_open_today
from server.brigade.own_acts import act_at, zone_of_unit
from server.brigade.perms import OfficerView
from server.brigade.sign_pages import SignPage, answer_of, refused, sentence_of
from server.brigade.signing import Choice
from server.brigade.site import site_of
from server.brigade.views import DecideView, RequestView, when_it_serves, whom_and_when
from server.config.centre import current_centre
from server.dossiers.fold import date_text
from server.dossiers.models import Procuration, Withdrawal
from server.mairie.sheet import Fact
from server.pages.french import full_name, moment, partial_date
from server.texts_fr import counted, text
from server.traces.reads import Read, record_read

_CHECKED: Final = ("which", "first", "last", "declared", "document", "place")


class EndOne(DecideView[EndCheckForm]):
    """Compare the person with the procuration that they end, and tick what was checked."""

    def form_of(self, data: Mapping[str, Any] | None) -> EndCheckForm:
        return EndCheckForm(data, sites_open_today(current_centre(), self.account))

    def to_sign(self, request: HttpRequest, row: Procuration, choice: Choice) -> HttpResponse:
        asked = ending.ask_to_end(current_centre(), self.account, ending.at_hand(row.rid), choice)
        sheet = self.sheet(row)
        page = SignPage(
            headline=text("brigade.sign.ended", name=sheet.mandant),
            facts=whom_and_when(sheet),
            action=reverse("brigade:ended_one", kwargs={"rid": row.rid}),
            back=reverse("brigade:end_one", kwargs={"rid": row.rid}),
        )
        return page.shown(request, asked)

    def page(self, request: HttpRequest, row: Procuration, form: EndCheckForm, status: int) -> HttpResponse:
        try:
            ending.check_may_end(row)
        except RuleViolated as refusal:
            return refused(request, refusal, reverse("brigade:request", kwargs={"rid": row.rid}))
        sheet = self.sheet(row)
        context = {
            "form": form,
            "parts": [
                (text("mairie.one.mandant"), sheet.mandant_facts()),
                (text("mairie.one.mandataire"), [*sheet.mandataire_facts(), when_it_serves(sheet)]),
            ],
            "back": reverse("brigade:request", kwargs={"rid": row.rid}),
        }
        return render(request, "brigade/end_check.html", context, status=status)


class EndedOne(RequestView):
    """What the key answered."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        self.one(request, rid)
        try:
            site = site_of(settings.OPTIONS.public_url)
            to_end = ending.at_hand(rid)
            ending.record_end(current_centre(), self.account, site, to_end, answer_of(request))
        except RuleViolated as refusal:
            if refusal.code == "DEJA_RESILIEE":
                return redirect("brigade:result", rid=rid)
            return refused(request, refusal, reverse("brigade:request", kwargs={"rid": rid}))
        return redirect("brigade:result", rid=rid)


class End(OfficerView):
    """« Qui résilie ? »: the mandant by their identity, when nothing is at hand."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, WhoForm(None, current_centre()), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WhoForm(request.POST, current_centre())
        if "search" in request.POST:
            return self._page(request, WhoForm(None, current_centre(), typed=request.POST), 200)
        if not form.is_valid():
            return self._page(request, form, 422)
        return check_page(request, form, which_form(None, self.account, form), 200)

    def _page(self, request: HttpRequest, form: WhoForm, status: int) -> HttpResponse:
        return render(request, "brigade/end.html", {"form": form}, status=status)


class EndCheck(OfficerView):
    """« Quelle procuration ? », and what was checked of the person."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        who = WhoForm(request.POST, centre)
        if not who.is_valid():  # the page before let nothing else through: somebody wrote the form themselves
            return render(request, "brigade/end.html", {"form": who}, status=422)
        which = which_form(request.POST, self.account, who)
        if not which.is_valid():
            return check_page(request, who, which, 422)
        try:
            asked = ending.ask_to_end(centre, self.account, which.to_end, which.choice)
            page = SignPage(
                headline=text("brigade.sign.ended.by_name", name=_name(who)),
                facts=[*_who_facts(who), Fact(text("brigade.end.what"), (which.in_words,))],
                action=reverse("brigade:ended"),
                back=reverse("brigade:end"),
                kept=_kept(request, (*WHO, *_CHECKED)),
            )
            return page.shown(request, asked)
        except RuleViolated as refusal:
            which.add_error(None, sentence_of(refusal))
            return check_page(request, who, which, 422)


class Ended(OfficerView):
    """What the key answered."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        back = reverse("brigade:end")
        who = WhoForm(request.POST, centre)
        which = which_form(request.POST, self.account, who) if who.is_valid() else None
        if which is None or not which.is_valid():
            return refused(request, RuleViolated("SIGNATURE_REFUSEE"), back)
        try:
            site = site_of(settings.OPTIONS.public_url)
            seq = ending.record_end(centre, self.account, site, which.to_end, answer_of(request))
        except RuleViolated as refusal:
            return refused(request, refusal, back)
        return redirect("brigade:end_result", seq=seq)


class EndResult(OfficerView):
    """What a résiliation by identity ended, as far as the centre knows (R-46)."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, seq: int) -> HttpResponse:
        own = act_at(self.account, seq)
        row = Withdrawal.objects.filter(device_id=self.account.log_id, seq=seq, rid__isnull=True).first()
        if own is None or row is None or own.act.decision is not ActDecision.REVOKED:
            raise Http404
        theirs = Procuration.objects.filter(mandant_key=row.mandant_key)
        ended = list(theirs.filter(status=Status.RESILIEE).values_list("rid", flat=True))
        unsure = theirs.filter(status=Status.EN_ATTENTE_HUMAINE, code=Doubt.RESILIATION_INCERTAINE)
        record_read(self.reader, Read.SEARCH, rids=ended)
        zone = zone_of_unit(current_centre(), self.account)
        context = {
            "when": moment(row.at, zone),
            "ended": counted("brigade.end.ended", len(ended)) if ended else text("brigade.end.none_known"),
            "unsure": unsure.exists(),
        }
        return render(request, "brigade/end_result.html", context)


def which_form(data: Mapping[str, Any] | None, account: OfficerAccount, who: WhoForm) -> WhichForm:
    """Args: who: a valid form."""
    centre = current_centre()
    return WhichForm(data, sites_open_today(centre, account), who, centre)


def check_page(request: HttpRequest, who: WhoForm, which: WhichForm, status: int) -> HttpResponse:
    """Who ends what, beside what the officer checks."""
    context = {
        "form": which,
        "parts": [(text("brigade.end.who"), _who_facts(who))],
        "kept": _kept(request, WHO),
        "which": [which["which"], which["first"], which["last"]],
        "back": reverse("brigade:end"),
        "action": reverse("brigade:end_check"),
    }
    return render(request, "brigade/end_check.html", context, status=status)


def _kept(request: HttpRequest, names: Iterable[str]) -> list[tuple[str, str]]:
    """What the form sent, to be sent again with the next page."""
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def _name(who: WhoForm) -> str:
    mandant = who.mandant
    return full_name(mandant.given_names or "", mandant.birth_name or "")


def _who_facts(who: WhoForm) -> list[Fact]:
    mandant, found = who.mandant, who.found
    assert found is not None, "a valid form has one"
    return [
        Fact(text("mairie.one.birth_name"), (mandant.birth_name or "",)),
        Fact(text("mairie.one.given_names"), (mandant.given_names or text("mairie.one.no_given_names"),)),
        Fact(text("mairie.one.birth_date"), (partial_date(date_text(mandant.birth_date)),)),
        Fact(text("mairie.one.vote_place"), (found.label,)),
    ]
