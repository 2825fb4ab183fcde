"""The page on which a town hall keys in a paper form that it received, in two steps (R-58)."""

import re
from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.dossiers import paper_forms
from server.dossiers.models import Procuration
from server.mairie.paper_form import ReceivedForm, sentence_of
from server.mairie.perms import TownHallView
from server.mairie.sheet import Sheet, status_words
from server.pages.french import moment
from server.texts_fr import text
from server.traces.reads import Read, record_read

_RID: Final = re.compile(r"[0-9a-f]{32}")


class Received(TownHallView):
    """The form, the same answers once more beside what is known of the same elector, then the record.

    The Enter key presses the first button of a form: one without words stands there, and verifies.
    """

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form, with the name under which it will be recorded once."""
        return self._ask(request, self._form(None), paper_forms.new_rid(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Searches a commune, asks again what is wrong, shows the answers once more, or records them."""
        rid = request.POST.get("rid", "")
        rid = rid if _RID.fullmatch(rid) else paper_forms.new_rid()
        if "search" in request.POST:
            return self._ask(request, self._form(None, typed=request.POST), rid, 200)
        form = self._form(request.POST)
        if not form.is_valid() or form.keyed is None or request.POST.get("step") == "change":
            return self._ask(request, form, rid, 200 if form.is_valid() else 422)
        if request.POST.get("step") != "confirmed":
            return self._confirm(request, form, rid)
        try:
            paper_forms.key_in(rid, form.keyed, self.account)
        except RuleViolated as refusal:
            form.add_error(None, sentence_of(refusal))
            return self._ask(request, form, paper_forms.new_rid(), 409)
        messages.success(request, text("mairie.paper.kept"))
        return redirect("mairie:procuration", rid=rid)

    def _form(self, data: object, typed: Mapping[str, str] | None = None) -> ReceivedForm:
        return ReceivedForm(data, current_centre(), self.account, typed)

    def _ask(self, request: HttpRequest, form: ReceivedForm, rid: str, status: int) -> HttpResponse:
        return render(request, "mairie/paper.html", {"form": form, "rid": rid}, status=status)

    def _confirm(self, request: HttpRequest, form: ReceivedForm, rid: str) -> HttpResponse:
        assert form.keyed is not None, "the caller has looked"
        others = paper_forms.others_of(form.keyed, self.account)
        record_read(self.account, Read.PAPER, rids=[one.rid for one in others], asked=_typed(form))
        context = {
            "form": form,
            "rid": rid,
            "kept": [(name, request.POST.get(name, "")) for name in form.fields],
            "count": len(others),
            "others": [(one.rid, _line(one)) for one in others],
        }
        return render(request, "mairie/paper_confirm.html", context)


def _typed(form: ReceivedForm) -> str:
    """The elector whose other procurations are looked for, as the agent wrote them."""
    parts = ("mandant_birth_name", "mandant_given_names", "mandant_birth_date")
    return " ".join(str(form.cleaned_data[part]) for part in parts)


def _line(one: Procuration) -> str:
    sheet = Sheet(one, current_centre().tables)
    return text(
        "mairie.paper.same.line",
        status=status_words(one, Status(one.status)),
        channel=text(f"channel.{one.channel}"),
        when=moment(one.established_at or one.filed_at, sheet.zone),
    )
