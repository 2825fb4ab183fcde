"""The request of an elector on line: welcome, four steps, verification, acknowledgment. No page needs a
script; what was typed lives in the session and dies with it.
"""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from procuration.domain.communes import CommuneSuggestion
from procuration.domain.people import Person
from procuration.errors import CarrierUnavailable, RuleViolated
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.identity.elector import Elector, elector_of
from server.identity.leaving import end_elector_session
from server.pages.limits import whole_minutes
from server.usagers import answers, draft, step_pages
from server.usagers.acknowledgment import acknowledgment_of
from server.usagers.answers import WHOLE_PAGE, Context, Fault, Faults, Incomplete, WrongAnswers, context_of
from server.usagers.draft import STEPS, Draft
from server.usagers.fields import summary_of
from server.usagers.filing import file_request
from server.usagers.limits import FILINGS, address_of
from server.usagers.misspelt import better_address
from server.usagers.pages import SIGN_IN, show
from server.usagers.step_pages import StepPage
from server.usagers.wording import CATALOGUES, COOKIE, wording_of

_BY_NUMBER: Final = ("method", "day", "month", "year", "partial", "number")
_BY_NAME: Final = (
    "method", "birth_name", "given_names", "no_given_names", "sex", "day", "month", "year", "partial", "q",
    "place",
)  # fmt: skip


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the procedure is, what to have at hand, what becomes of the data; then the sign-in, or the
    start."""
    begun = draft.draft_of(request) is not None
    left = request.GET.get("quitte") == "1"
    return show(request, "home.html", "welcome.title", begun=begun, left=left, sign_in=SIGN_IN)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A new draft; one that was begun goes on."""
    if elector_of(request) is None:
        return redirect(SIGN_IN)
    begun = draft.draft_of(request)
    if begun is None or request.POST.get("new"):
        draft.save(request, draft.begin())
    return redirect("usagers:identite")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Nothing stays of who was here or what they typed, at the provider neither."""
    return end_elector_session(request) or redirect(f"{reverse('usagers:home')}?quitte=1")


@require_safe
def language(request: HttpRequest) -> HttpResponse:
    """The language of the pages from now on, then back to the page where the elector was."""
    wanted = request.GET.get("page", "")
    ours = url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith("/")
    answer = redirect(wanted if ours else "usagers:home")
    chosen = request.GET.get("langue", "")
    if chosen in CATALOGUES:
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(COOKIE, chosen, secure=secure, httponly=True, samesite="Strict")
    return answer


class SignedIn(View):
    """A page for an elector who has signed in, begun a request, and can be named in one."""

    elector: Elector
    draft: Draft
    context: Context
    mandant: Person

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        elector, begun = elector_of(request), draft.draft_of(request)
        if elector is None or begun is None:
            return redirect("usagers:home")
        self.elector, self.draft = elector, begun
        self.context = context_of(elector, current_centre())
        try:
            self.mandant = answers.check_identity(self.context)
        except RuleViolated:
            return show(request, "identity_refused.html", "identity.refused.title")
        answer = super().dispatch(request, *args, **kwargs)
        assert isinstance(answer, HttpResponse), "every page here is written at once"
        return answer

    @property
    def vote_place(self) -> CommuneSuggestion | None:
        """What the second step says, once it says something."""
        return self.context.search.named(self.draft.of("commune").get("place", ""))

    @property
    def known_place(self) -> CommuneSuggestion:
        """The same, where no page comes without it."""
        place = self.vote_place
        assert place is not None, "the second step comes first"
        return place


class StepView(SignedIn):
    """One of the four steps: shown with what was answered before, kept as typed, read, then the next one."""

    http_method_names = ["get", "head", "post", "options"]
    step = ""
    needs_place = False

    def page(self, faults: Faults) -> StepPage:
        """What it asks."""
        raise NotImplementedError

    def read(self) -> object:
        """What the answers mean. Raises: WrongAnswers."""
        raise NotImplementedError

    def keep(self, sent: Any) -> bool:
        """Takes what was sent; whether the step is to be read now, or only shown again."""
        self.draft.keep(self.step, sent)
        return "search" not in sent

    def get(self, request: HttpRequest) -> HttpResponse:
        """As it was left."""
        return self._show(request, {}, 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The next step that wants an answer; the same with what is to be corrected."""
        if self.needs_place and self.vote_place is None:
            return redirect(self._first_wanting())
        complete = self.keep(request.POST)
        draft.save(request, self.draft)
        if not complete:
            return self._show(request, {}, 200)
        try:
            self.read()
        except WrongAnswers as wrong:
            return self._show(request, wrong.faults, 422)
        return redirect(self._first_wanting())

    def _first_wanting(self) -> str:
        try:
            answers.read_all(self.draft.answers, self.context)
        except Incomplete as wanting:
            return f"usagers:{wanting.step}"
        return "usagers:review"

    def _show(self, request: HttpRequest, faults: Faults, status: int) -> HttpResponse:
        if self.needs_place and self.vote_place is None:
            return redirect(self._first_wanting())
        page = self.page(faults)
        number = STEPS.index(self.step) + 1
        context = {
            "step_number": number,
            "steps": range(1, len(STEPS) + 1),
            "faults": [] if page.suggestion else summary_of(wording_of(request), faults),
            "back": reverse(f"usagers:{STEPS[number - 2]}") if number > 1 else reverse("usagers:home"),
            "lines": page.lines,
            "fields": page.fields,
            "identity": page.identity,
            "identity_note": page.identity_note,
            "suggestion": page.suggestion,
            "hidden": page.hidden,
            "another": page.another,
        }
        return show(request, "step.html", f"step.{self.step}", status, **context)


class IdentityStep(StepView):
    """« Je suis »."""

    step = "identite"

    def page(self, faults: Faults) -> StepPage:
        say = wording_of(self.request)
        return step_pages.identity_step(say, self.draft, self.context, faults, self.mandant)

    def keep(self, sent: Any) -> bool:
        """A suggestion is taken, or the person insists."""
        super().keep(sent)
        kept = self.draft.of(self.step)
        email = "".join(kept["email"].split())
        if "better" in sent:
            kept["email"] = better_address(email) or email
        if "keep" in sent:
            kept["email_kept"] = email
        return True

    def read(self) -> object:
        return answers.email_of(self.draft.of(self.step))


class CommuneStep(StepView):
    """« Je vote à »."""

    step = "commune"

    def page(self, faults: Faults) -> StepPage:
        return step_pages.commune_step(wording_of(self.request), self.draft, self.context, faults)

    def read(self) -> object:
        return answers.place_of(self.draft.of(self.step), self.context)


class MandataireStep(StepView):
    """« Je donne procuration à »: which way to name the person, then that way."""

    step = "mandataire"
    needs_place = True

    def page(self, faults: Faults) -> StepPage:
        place = self.known_place
        return step_pages.mandataire_step(wording_of(self.request), self.draft, self.context, faults, place)

    def keep(self, sent: Any) -> bool:
        """What the other way of naming asked stays, until the person is named."""
        place = self.known_place
        if "another" in sent:
            self.draft.keep(self.step, {}, ("method",))
            return False
        before = answers.by_number(self.draft.of(self.step), place)
        if before is None:
            self.draft.keep(self.step, sent, ("method",))
            return not self.draft.of(self.step)["method"]
        self.draft.keep(self.step, sent, _BY_NUMBER if before else _BY_NAME)
        kept = self.draft.of(self.step)
        kept["number_kept"] = "".join(kept.get("number", "").split()) if "number_exact" in sent else ""
        return "search" not in sent

    def read(self) -> object:
        place = self.known_place
        return answers.mandataire_of(self.draft.of(self.step), place, self.context)


class ElectionsStep(StepView):
    """« Je donne procuration pour »."""

    step = "elections"
    needs_place = True

    def page(self, faults: Faults) -> StepPage:
        place = self.known_place
        return step_pages.elections_step(wording_of(self.request), self.draft, self.context, faults, place)

    def read(self) -> object:
        place = self.known_place
        return answers.validity_of(self.draft.of(self.step), place, self.context)


class Review(SignedIn):
    """Everything once more; nothing is filed before the elector confirms, and what is filed is what was
    shown."""

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sent twice, a request is filed once: the second time leads to the same acknowledgment."""
        rid = draft.filed_of(request)
        if request.method == "POST" and rid is not None and request.POST.get("rid") == rid:
            return redirect("usagers:filed")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The answers, the sentence, the declarations."""
        return self._show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Files it."""
        say = wording_of(request)
        same = request.POST.get("rid") == self.draft.rid and request.POST.get("seen") == self.draft.seen
        if not same:
            return self._show(request, say("review.changed"), 409)
        wait = FILINGS.wait_seconds(address_of(request))
        if wait:
            return self._show(request, say.counted("review.wait", whole_minutes(wait)), 429)
        try:
            asked = answers.read_all(self.draft.answers, self.context)
            file_request(self.draft.rid, asked, self.elector)
        except Incomplete as wanting:
            return redirect(f"usagers:{wanting.step}")
        except RuleViolated as refusal:
            return self._show(request, status=422, faults={WHOLE_PAGE: Fault(refusal)})
        except CarrierUnavailable:
            return self._show(request, say("review.closed"), 503)
        draft.remember_filed(request, self.draft.rid)
        draft.forget(request)
        return redirect("usagers:filed")

    def _show(
        self,
        request: HttpRequest,
        notice: str = "",
        status: int = 200,
        faults: Faults | None = None,
    ) -> HttpResponse:
        say = wording_of(request)
        try:
            asked = answers.read_all(self.draft.answers, self.context)
        except Incomplete as wanting:
            return redirect(f"usagers:{wanting.step}")
        rows = step_pages.review_rows(say, asked, self.context)
        context = {
            "rows": [
                (label, value, reverse(f"usagers:{step}") if step else "") for label, value, step in rows
            ],
            "sentence": step_pages.sentence(say, asked.mandataire),
            "notice": notice,
            "faults": summary_of(say, faults or {}),
            "rid": self.draft.rid,
            "seen": self.draft.seen,
            "back": reverse(f"usagers:{STEPS[-1]}"),
        }
        return show(request, "review.html", "review.title", status, **context)


@require_safe
def filed(request: HttpRequest) -> HttpResponse:
    """The acknowledgment, as often as this session asks for it."""
    rid = draft.filed_of(request)
    one = Procuration.objects.filter(rid=rid).first() if rid else None
    if one is None or elector_of(request) is None:
        return redirect("usagers:home")
    shown = acknowledgment_of(wording_of(request), one, current_centre())
    return show(request, "filed.html", "filed.title", one=shown)
