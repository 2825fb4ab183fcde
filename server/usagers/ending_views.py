"""« Mes demandes en ligne », and the request of a résiliation: for who has signed in, about their own
only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View

from procuration.domain.events import Kind
from procuration.domain.reference import Reference, grouped, parse_reference
from procuration.errors import CarrierUnavailable, RuleViolated
from server.config.centre import Centre, current_centre
from server.dossiers.models import Procuration
from server.dossiers.selectors import shown_status, zone_of
from server.identity.elector import Elector, elector_of
from server.pages.limits import whole_minutes
from server.usagers.acknowledgment import validity_of_row
from server.usagers.answers import Fault, Faults
from server.usagers.ending import BEFORE_THE_ACT, IN_FORCE, ask_to_end, is_mandant, own_requests, was_asked
from server.usagers.fields import Fields, summary_of
from server.usagers.follow import FIELDS, look_up, state_of
from server.usagers.limits import LOOK_UPS, address_of
from server.usagers.pages import show
from server.usagers.step_pages import validity_in_words
from server.usagers.wording import Wording, wording_of

_PROVED: Final = "demande_prouvee"
"""In the session: the request whose reference the elector gave, and whose mandant they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list."""

    rid: str
    reference: str
    filed: str
    validity: str
    state: str
    may_end: bool
    asked: bool


def _line(say: Wording, one: Procuration, centre: Centre, now: datetime) -> Line:
    status = shown_status(one, centre.tables.law, now)
    return Line(
        rid=one.rid,
        reference=_reference(one),
        filed=say.day(one.filed_at.astimezone(zone_of(one, centre.tables)).date()),
        validity=validity_in_words(say, validity_of_row(one), centre.tables.calendar),
        state=state_of(say, one, centre.tables, now).now,
        may_end=status in IN_FORCE and not was_asked(one),
        asked=status in IN_FORCE and was_asked(one),
    )


def _reference(one: Procuration) -> str:
    return grouped(Reference(one.reference)) if one.reference else ""


class Mine(View):
    """The list, and the way to a request made elsewhere."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self._show(request, "", {}, 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """A reference whose mandant is the elector of this session: on to its résiliation."""
        elector = elector_of(request)
        if elector is None:
            return redirect("usagers:home")
        typed = request.POST.get("reference", "")[: FIELDS["reference"]]
        try:
            reference = parse_reference(typed)
        except RuleViolated as refusal:
            return self._show(request, typed, {"reference": Fault(refusal)}, 422)
        say, now = wording_of(request), current_centre().clock.now()
        wait = LOOK_UPS.wait_seconds(address_of(request))
        if wait:
            return self._show(request, typed, {}, 429, say.counted("follow.wait.text", whole_minutes(wait)))
        try:
            found = look_up(reference, elector.birth_date, now)
        except RuleViolated as refusal:
            minutes = int(str(refusal.ids["minutes"]))
            return self._show(request, typed, {}, 429, say.counted("follow.wait.text", minutes))
        if found is None or not is_mandant(found, elector):
            return self._show(request, typed, {}, 200, say("mine.other.none"))
        request.session[_PROVED] = found.rid
        return redirect("usagers:end", rid=found.rid)

    def _show(
        self, request: HttpRequest, typed: str, faults: Faults, status: int, notice: str = ""
    ) -> HttpResponse:
        elector = elector_of(request)
        if elector is None:
            return redirect("usagers:home")
        say, centre = wording_of(request), current_centre()
        now = centre.clock.now()
        fields = Fields(say, {"reference": typed}, faults)
        context = {
            "lines": [_line(say, one, centre, now) for one in own_requests(elector)],
            "field": fields.text(
                "reference", "follow.reference", "follow.reference.hint", maximum=FIELDS["reference"] - 1
            ),
            "faults": summary_of(say, faults),
            "notice": notice,
        }
        return show(request, "mine.html", "mine.title", status, **context)


class End(View):
    """One question: ask for the résiliation? Then what is left to do, as often as somebody looks."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        """The question; or that it was asked already, or cannot be."""
        elector = elector_of(request)
        if elector is None:
            return redirect("usagers:home")
        return self._show(request, _theirs(request, elector, rid))

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        """Asks."""
        elector = elector_of(request)
        if elector is None:
            return redirect("usagers:home")
        one = _theirs(request, elector, rid)
        try:
            ask_to_end(one.rid, elector)
        except RuleViolated:
            return self._show(request, one, 409)
        except CarrierUnavailable:
            return self._show(request, one, 503, wording_of(request)("review.closed"))
        return redirect("usagers:end", rid=one.rid)

    def _show(
        self, request: HttpRequest, one: Procuration, status: int = 200, notice: str = ""
    ) -> HttpResponse:
        say, centre = wording_of(request), current_centre()
        now = shown_status(one, centre.tables.law, centre.clock.now())
        if now not in IN_FORCE:
            why = say("end.not_established" if now in BEFORE_THE_ACT else "end.over")
            return show(request, "end_not.html", "end.title", status, why=why)
        given = "end.done.2" if one.reference else "end.done.2.none"
        context = {
            "reference": _reference(one),
            "validity": validity_in_words(say, validity_of_row(one), centre.tables.calendar),
            "notice": notice,
            "steps": [say(key) for key in ("end.done.1", given, "end.done.3", "end.done.4")],
        }
        if was_asked(one):
            return show(
                request,
                "end_asked.html",
                "end.done.title",
                status,
                when=_asked_on(say, one, centre),
                **context,
            )
        return show(request, "end.html", "end.ask.title", status, **context)


def _theirs(request: HttpRequest, elector: Elector, rid: str) -> Procuration:
    """A request of this elector: of their list, or whose reference they gave. Raises: Http404, the same for
    what is not there and what is somebody else's."""
    one = next((one for one in own_requests(elector) if one.rid == rid), None)
    if one is None and request.session.get(_PROVED) == rid:
        found = Procuration.objects.filter(rid=rid).first()
        one = found if found is not None and is_mandant(found, elector) else None
    if one is None:
        raise Http404
    return one


def _asked_on(say: Wording, one: Procuration, centre: Centre) -> str:
    asked = next(entry for entry in one.history if entry["kind"] == Kind.REVOCATION_ASKED)
    at = datetime.fromisoformat(str(asked["at"]))
    return say("end.done.when", day=say.day(at.astimezone(zone_of(one, centre.tables)).date()))
