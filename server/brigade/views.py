"""Pages of an officer on line: find, compare, decide, sign with the key."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.brigade import acts, finding
from server.brigade.acts import Answer, Choice
from server.brigade.forms import CheckForm, FindForm, RefuseForm
from server.brigade.perms import OfficerView
from server.brigade.site import site_of
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.mairie.sheet import Sheet
from server.texts_fr import TEXTS, text
from server.traces.reads import Read, record_read
from server.words.reasons import REASON

OPENED: Final = "brigade.opened"
OPENED_MAX: Final = 50
"""Requests found in one session: an officer sees what they looked up, and nothing else."""
FIELD_CHARACTERS_MAX: Final = 8_192
"""Of one part of what the browser brings back, in base64url: an act has at most 4 KiB."""


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


def sentence_of(refusal: RuleViolated) -> str:
    """What an officer reads of a refusal."""
    key = f"brigade.refused.{refusal.code}"
    return text(key) if key in TEXTS else text("brigade.refused.OTHER", code=refusal.code)


class RequestView(OfficerView):
    """A page about a request that the officer found in this session; any other does not exist."""

    def one(self, request: HttpRequest, rid: str) -> Procuration:
        row = Procuration.objects.filter(rid=rid).first()
        if row is None or rid not in request.session.get(OPENED, []):
            raise Http404
        return row

    def sheet(self, row: Procuration) -> Sheet:
        """What the page shows of it; to make it is to read it."""
        record_read(self.reader, Read.ONE, rids=[row.rid])
        return Sheet(row, current_centre().tables)

    def to_sign(self, request: HttpRequest, row: Procuration, choice: Choice) -> HttpResponse:
        """The page that asks for the key. Raises: RuleViolated."""
        site = site_of(settings.OPTIONS.public_url)
        asked = acts.ask_for(current_centre(), self.account, row.rid, choice)
        context = {
            "sheet": self.sheet(row),
            "established": choice.code is None,
            "reason": None if choice.code is None else REASON[choice.code],
            "payload": bytes_to_base64url(asked.payload),
            "challenge": bytes_to_base64url(asked.challenge),
            "site": site.name,
            "keys": " ".join(key.credential_id for key in asked.keys),
        }
        return render(request, "brigade/sign.html", context)


class OneRequest(RequestView):
    """Compare the person with the request, and tick what was checked."""

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        return self._page(request, self.one(request, rid), CheckForm(), 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row, form = self.one(request, rid), CheckForm(request.POST)
        if not form.is_valid():
            return self._page(request, row, form, 422)
        try:
            return self.to_sign(request, row, form.choice)
        except RuleViolated as refusal:
            form.add_error(None, sentence_of(refusal))
            return self._page(request, row, form, 422)

    def _page(self, request: HttpRequest, row: Procuration, form: CheckForm, status: int) -> HttpResponse:
        open_ = row.status == Status.DEMANDE
        context = {"sheet": self.sheet(row), "form": form, "open": open_}
        return render(request, "brigade/request.html", context, status=status)


class Refuse(RequestView):
    """Choose why it is not established."""

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        return self._page(request, self.one(request, rid), RefuseForm(), 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row, form = self.one(request, rid), RefuseForm(request.POST)
        if not form.is_valid():
            return self._page(request, row, form, 422)
        try:
            return self.to_sign(request, row, form.choice)
        except RuleViolated as refusal:
            form.add_error("code", sentence_of(refusal))
            return self._page(request, row, form, 422)

    def _page(self, request: HttpRequest, row: Procuration, form: RefuseForm, status: int) -> HttpResponse:
        context = {"sheet": self.sheet(row), "form": form}
        return render(request, "brigade/refuse.html", context, status=status)


class Signed(RequestView):
    """What the key answered."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row = self.one(request, rid)
        try:
            site = site_of(settings.OPTIONS.public_url)
            acts.record(current_centre(), self.account, site, row.rid, _answer(request))
        except RuleViolated as refusal:
            if refusal.code == "DEJA_DECIDEE":
                return redirect("brigade:result", rid=rid)
            context = {
                "title": text("brigade.not_signed.title"),
                "sentence": sentence_of(refusal),
                "back": reverse("brigade:request", kwargs={"rid": rid}),
            }
            return render(request, "mairie/refused.html", context, status=409)
        return redirect("brigade:result", rid=rid)


def _answer(request: HttpRequest) -> Answer:
    """Raises: RuleViolated SIGNATURE_REFUSEE, when a part is missing, too long, or no base64url."""
    names = ("payload", "authenticator_data", "client_data", "signature")
    given = {name: request.POST.get(name, "") for name in (*names, "credential_id")}
    if any(not value or len(value) > FIELD_CHARACTERS_MAX for value in given.values()):
        raise RuleViolated("SIGNATURE_REFUSEE")
    try:
        parts = {name: base64url_to_bytes(given[name]) for name in names}
    except ValueError as error:
        raise RuleViolated("SIGNATURE_REFUSEE") from error
    return Answer(credential_id=given["credential_id"], **parts)


class Result(RequestView):
    """What was decided, by whom, and what the mandant may take with them."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        row = self.one(request, rid)
        if row.status == Status.DEMANDE:
            return redirect("brigade:request", rid=rid)
        context = {"sheet": self.sheet(row), "established": row.established_at is not None}
        return render(request, "brigade/result.html", context)
