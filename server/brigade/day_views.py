"""What an officer signed on line today: hours, references and states, no names (decision 27)."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from procuration.domain.acts import Act, ActDecision
from procuration.domain.identifiers import Rid
from procuration.domain.reference import Reference, grouped
from procuration.domain.status import Status
from server.brigade.acts import check_taken_back
from server.brigade.own_acts import OwnAct, acts_of_today, zone_of_unit
from server.brigade.perms import OfficerView
from server.brigade.sign_pages import is_allowed
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.mairie.sheet import status_words
from server.pages.french import city_of, clock_time
from server.texts_fr import counted, text
from server.traces.reads import Read, record_read


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One act. `link`: its procuration, or what its résiliation ended. `correct`: where it is taken back."""

    hour: str
    what: str
    reference: str
    state: str
    link: str
    correct: str


class Day(OfficerView):
    """The acts of today, the newest first."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        acts = acts_of_today(centre, self.account)
        rids = {one.act.rid.hex() for one in acts if one.act.rid}
        rows = {row.rid: row for row in Procuration.objects.filter(rid__in=rids)}
        record_read(self.reader, Read.LIST, rids=sorted(rows), subject="brigade/journee")
        zone = zone_of_unit(centre, self.account)
        together: dict[Rid, list[Act]] = {}
        for one in reversed(acts):
            if one.act.decision is not ActDecision.REVOKED:
                together.setdefault(one.act.rid, []).append(one.act)
        context = {
            "title": counted("brigade.day.title", len(acts)) if acts else text("brigade.day.none"),
            "lines": [
                _line(one, rows.get(one.act.rid.hex()), together.get(one.act.rid, []), zone) for one in acts
            ],
            "clock": text("mairie.one.clock", city=city_of(zone)),
        }
        return render(request, "brigade/day.html", context)


def _line(one: OwnAct, row: Procuration | None, acts: list[Act], zone: ZoneInfo) -> DayLine:
    """Args: acts: what the officer decided today on the same request, in order."""
    act, rid = one.act, one.act.rid.hex()
    ended = row is not None and row.status == Status.RESILIEE
    may_correct = act.decision is ActDecision.ESTABLISHED and is_allowed(
        check_taken_back, acts, of_today=True, ended=ended
    )
    link = reverse("brigade:end_result", kwargs={"seq": one.seq}) if not rid else ""
    if row is not None and row.status != Status.PURGEE:
        link = reverse("brigade:result", kwargs={"rid": rid})
    return DayLine(
        hour=clock_time(act.wall, zone),
        what=text(f"brigade.day.kind.{int(act.decision)}"),
        reference=grouped(Reference(row.reference)) if row is not None and row.reference else "",
        state="" if row is None else status_words(row, Status(row.status)),
        link=link,
        correct=reverse("brigade:correct", kwargs={"rid": rid}) if may_correct else "",
    )
