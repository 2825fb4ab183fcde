"""« Suivre ma demande »: no account, no session, one answer for whatever does not match."""

from django.http import HttpRequest, HttpResponse
from django.views import View

from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.pages.limits import whole_minutes
from server.usagers.answers import Faults, WrongAnswers
from server.usagers.draft import Answers
from server.usagers.fields import Fields, summary_of
from server.usagers.follow import FIELDS, look_up, read_question, state_of
from server.usagers.limits import LOOK_UPS, address_of
from server.usagers.pages import show
from server.usagers.wording import wording_of


class Follow(View):
    """The question, then the state of one request. A state is shown once: nothing of it has an address."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The question, empty."""
        return self._ask(request, {}, {}, 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The state, or that nothing matches."""
        centre, say = current_centre(), wording_of(request)
        now = centre.clock.now()
        answers = {name: request.POST.get(name, "")[:limit] for name, limit in FIELDS.items()}
        wait = LOOK_UPS.wait_seconds(address_of(request))
        if wait:
            return self._wait(request, answers, whole_minutes(wait))
        try:
            reference, born = read_question(answers, now.date())
        except WrongAnswers as wrong:
            return self._ask(request, answers, wrong.faults, 422)
        try:
            found = look_up(reference, born, now)
        except RuleViolated as refusal:
            return self._wait(request, answers, int(str(refusal.ids["minutes"])))
        if found is None:
            notice = tuple(say(f"follow.none.{part}") for part in ("title", "text", "check", "late"))
            return self._ask(request, answers, {}, 200, notice)
        shown = state_of(say, found, centre.tables, now)
        return show(request, "follow_state.html", "follow.title", one=shown)

    def _wait(self, request: HttpRequest, answers: Answers, minutes: int) -> HttpResponse:
        say = wording_of(request)
        notice = say("follow.wait.title"), say.counted("follow.wait.text", minutes)
        return self._ask(request, answers, {}, 429, notice)

    def _ask(
        self,
        request: HttpRequest,
        answers: Answers,
        faults: Faults,
        status: int,
        notice: tuple[str, ...] = (),
    ) -> HttpResponse:
        say = wording_of(request)
        fields = Fields(say, answers, faults)
        asked = [
            fields.text(
                "reference",
                "follow.reference",
                "follow.reference.hint",
                maximum=FIELDS["reference"] - 1,
            ),
            fields.date("date", "follow.birth_date", hint="hint.birth_date", born=True),
            fields.box("partial", "follow.partial"),
        ]
        context = {"fields": asked, "faults": summary_of(say, faults), "notice": notice}
        return show(request, "follow.html", "follow.title", status, **context)
