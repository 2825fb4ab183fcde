"""Sign in, sign out, where to go next, and the pages that say what went wrong."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from procuration.errors import RuleViolated
from server.brigade.perms import officer_account_of
from server.config.centre import current_centre
from server.console.perms import may_read_console
from server.identity.agent_views import sign_out_by_provider
from server.identity.providers import agent_providers
from server.mairie.perms import town_hall_of
from server.pages.forms import SignInForm
from server.pages.problem import frame_of_agents, frame_of_stranger, problem
from server.pages.sign_in import check_password
from server.texts_fr import text


class SignIn(View):
    """The sign-in page, the only one open to everybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("pages:home")
        return self._page(request, SignInForm(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            user = check_password(
                request,
                form.cleaned_data["username"],
                form.cleaned_data["password"],
                current_centre().clock.now(),
            )
        except RuleViolated as refusal:
            form.add_error("username", _refusal_sentence(refusal))
            return self._page(request, form, 429 if refusal.code == "CONNEXION_SUSPENDUE" else 422)
        request.session.flush()  # nothing of whoever used this browser before
        login(request, user)
        return redirect(next_page(request))

    def _page(self, request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
        context = {"form": form, "next": request.GET.get("next", ""), "agent_providers": agent_providers()}
        return render(request, "pages/sign_in.html", context, status=status)


def _refusal_sentence(refusal: RuleViolated) -> str:
    if refusal.code == "CONNEXION_SUSPENDUE":
        return text("login.wait", minutes=refusal.ids["minutes"])
    return text("login.refused")


def next_page(request: HttpRequest) -> str:
    """Where the person wanted to go, when that is on this site."""
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url("pages:home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on this computer."""
    elsewhere = sign_out_by_provider(request)
    if elsewhere is not None:
        return elsewhere
    logout(request)
    messages.info(request, text("login.signed_out"))
    return redirect("pages:sign_in")


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page of an account: its town hall, else the console."""
    assert isinstance(request.user, User)
    if town_hall_of(request.user) is not None:
        return redirect("mairie:waiting")
    if may_read_console(request.user):
        return redirect("console:overview")
    if officer_account_of(request.user) is not None:
        return redirect("brigade:find")
    return render(request, "pages/no_right.html", status=403)


def _problem(request: HttpRequest, status: int, key: str, sentence: str = "") -> HttpResponse:
    return problem(request, status, f"error.{key}.title", sentence or f"error.{key}.text")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. What was sent cannot be read."""
    return _problem(request, 400, "400")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. The account has no right to this page, nor to the menu of its space."""
    request.without_menu = True  # type: ignore[attr-defined]  # the context processor reads it
    return _problem(request, 403, "403")


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403. The form is too old, or came from another site."""
    return _problem(request, 403, "403", "error.csrf.text")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. No such page, or not for this account: both answers are the same (I-8)."""
    return _problem(request, 404, "404")


def server_error(request: HttpRequest) -> HttpResponse:
    """500. No database, no context processor is needed to say so."""
    frame = frame_of_stranger(request) or frame_of_agents()
    return HttpResponse(render_to_string("pages/server_error.html", frame), status=500)
