"""Pages of the second factor: making it, typing it, and what to do without the telephone."""

import io

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from procuration.errors import RuleViolated
from server.identity.forms import CodeForm, RecoveryForm
from server.identity.second_factor import (
    confirm,
    has_second_factor,
    is_enrolled,
    prove,
    recover,
    second_factor_address,
    secret_groups,
    unconfirmed_device,
)
from server.pages.forms import PlainForm
from server.pages.views import next_page
from server.texts_fr import counted, text

TOO_MANY = 429


@method_decorator([login_required, sensitive_post_parameters("code")], name="dispatch")
class FactorView(View):
    """One page with one code. Whoever needs another page, or none, is sent there."""

    form_class: type[PlainForm]
    template: str
    enrols = False

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._elsewhere(request) or self.page(request, self.form_class(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        elsewhere = self._elsewhere(request)
        if elsewhere:
            return elsewhere
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        try:
            return self.right(request, form.cleaned_data["code"])
        except RuleViolated as refusal:
            form.add_error("code", self._sentence(refusal))
            return self.page(request, form, TOO_MANY if refusal.code == "CODES_SUSPENDUS" else 422)

    def right(self, request: HttpRequest, code: str) -> HttpResponse:
        """What a right code leads to. Raises: RuleViolated, when it is wrong."""
        raise NotImplementedError

    def context(self, request: HttpRequest) -> dict[str, object]:
        """What the page shows beside its form."""
        return {}

    def page(self, request: HttpRequest, form: PlainForm, status: int) -> HttpResponse:
        context = {"form": form, "query": request.GET.urlencode(), **self.context(request)}
        return render(request, self.template, context, status=status)

    def _elsewhere(self, request: HttpRequest) -> HttpResponse | None:
        if has_second_factor(request):
            return redirect(next_page(request))
        assert isinstance(request.user, User)
        if self.enrols != is_enrolled(request.user):
            return None
        needed = second_factor_address(request.user)
        return redirect(f"{needed}?{request.GET.urlencode()}".rstrip("?"))

    def _sentence(self, refusal: RuleViolated) -> str:
        if refusal.code == "CODES_SUSPENDUS":
            return counted("factor.wait", int(str(refusal.ids["seconds"])))
        return text("factor.wrong")


class Code(FactorView):
    """The code of the application."""

    form_class = CodeForm
    template = "identity/code.html"

    def right(self, request: HttpRequest, code: str) -> HttpResponse:
        prove(request, code, timezone.now())
        return redirect(next_page(request))


class Recovery(FactorView):
    """A recovery code, for who has lost the telephone."""

    form_class = RecoveryForm
    template = "identity/recovery.html"

    def right(self, request: HttpRequest, code: str) -> HttpResponse:
        left = recover(request, code, timezone.now())
        messages.info(request, counted("factor.left", left))
        return redirect(next_page(request))


class Enrol(FactorView):
    """The first sign-in: a secret for the application, its first code, then the recovery codes."""

    form_class = CodeForm
    template = "identity/enrol.html"
    enrols = True

    def context(self, request: HttpRequest) -> dict[str, object]:
        assert isinstance(request.user, User)
        device = unconfirmed_device(request.user)
        return {"picture": _picture(device.config_url), "secret": secret_groups(device)}

    def right(self, request: HttpRequest, code: str) -> HttpResponse:
        codes = confirm(request, code, timezone.now())
        return render(request, "identity/codes.html", {"codes": codes, "onward": next_page(request)})


def _picture(address: str) -> SafeString:
    """The QR code as an element of the page; its only variable part are the squares."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=4, omitsize=True, svgclass="qr", lineclass=None,
        dark="#000000", light="#ffffff",
    )  # fmt: skip
    return mark_safe(drawn.getvalue().decode("ascii"))  # noqa: S308  made here, of squares
