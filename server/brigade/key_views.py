"""The officer's security keys: register one, take its request to the supervisor, bring the habilitation."""

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from procuration.errors import ProcurationError, RecordRejected, RuleViolated
from procuration.record.limits import ENROLMENT_BYTES_MAX
from server.brigade import keys
from server.brigade.entitled import known_of
from server.brigade.own_acts import zone_of_unit
from server.brigade.perms import OfficerView
from server.brigade.sign_pages import sentence_of
from server.brigade.site import site_of
from server.config.centre import current_centre
from server.pages.french import moment
from server.texts_fr import text

_CHALLENGE: Final = "brigade.challenge"


class Keys(OfficerView):
    """What the account has, and what each key still lacks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, "", 200)

    def page(self, request: HttpRequest, error: str, status: int) -> HttpResponse:
        return render(request, "brigade/keys.html", {"rows": self._rows(), "error": error}, status=status)

    def _rows(self) -> list[dict[str, Any]]:
        centre = current_centre()
        zone = zone_of_unit(centre, self.account)
        ends = {
            one.key.kid.hex(): one.habilitation.revoked_at or one.habilitation.not_after
            for one in known_of(centre, self.account).officers_of(self.account.log_id)
        }
        return [
            {
                "id": key.pk,
                "kid": key.kid,
                "added": moment(key.added_at, zone),
                "until": moment(ends[key.kid], zone) if key.kid in ends else "",
            }
            for key in self.account.keys.order_by("pk")
        ]


class AddKey(Keys):
    """Ask the browser for a new key, then keep what it made."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            site = site_of(settings.OPTIONS.public_url)
            options, challenge = keys.key_wanted(self.account, site)
        except RuleViolated as refusal:
            return self.page(request, sentence_of(refusal), 409)
        request.session[_CHALLENGE] = bytes_to_base64url(challenge)
        return render(request, "brigade/add_key.html", {"options": options})

    def post(self, request: HttpRequest) -> HttpResponse:
        challenge = request.session.pop(_CHALLENGE, "")
        try:
            site = site_of(settings.OPTIONS.public_url)
            answer = request.POST.get("answer", "")
            keys.add_key(self.account, current_centre(), site, answer, base64url_to_bytes(challenge))
        except ProcurationError as refusal:
            return self.page(request, text(f"brigade.refused.{refusal.code}"), 422)
        return redirect("brigade:keys")


class KeyRequest(OfficerView):
    """What the supervisor signs the habilitation from, as a file."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, key: int) -> HttpResponse:
        found = self.account.keys.select_related("account__log").filter(pk=key).first()
        if found is None:
            raise Http404
        disposition = {"Content-Disposition": f'attachment; filename="{found.kid}.request.cbor"'}
        data = keys.enrolment_request(found)
        return HttpResponse(data, content_type="application/octet-stream", headers=disposition)


class Habilitation(Keys):
    """The answer of the supervisor, as a file."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        file = request.FILES.get("habilitation")
        if file is None or not file.size or file.size > ENROLMENT_BYTES_MAX:
            return self.page(request, text("brigade.refused.FICHIER"), 422)
        try:
            keys.take_in_habilitation(current_centre(), file.read())
        except RecordRejected:
            return self.page(request, text("brigade.refused.FICHIER"), 422)
        except RuleViolated as refusal:
            return self.page(request, sentence_of(refusal), 409)
        return redirect("brigade:keys")
