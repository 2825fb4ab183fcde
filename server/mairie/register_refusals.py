"""« Refusées par le répertoire »: where the register controls (regime B), what it refused and why, so that a
town hall can answer the elector who calls."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.domain.refusal import RefusalCode
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.mairie.perms import TownHallView
from server.mairie.sheet import Sheet
from server.notices.enums import MessageKind, NoticeState
from server.notices.models import Notice
from server.pages.paging import page_number
from server.register.answers import counts_by_reason, page_of, refused
from server.texts_fr import text
from server.traces.reads import Read, record_read
from server.words.reasons import REASON

_ABOUT_A_REFUSAL = (MessageKind.M3, MessageKind.M4, MessageKind.M5)


class RegisterRefusals(TownHallView):
    """The list, the newest answer first; one reason, or all."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        every = refused(*self.place)
        counts = counts_by_reason(every)
        asked = request.GET.get("raison", "")
        reason = asked if asked in counts else ""
        page = page_of(every.filter(code=reason) if reason else every, page_number(request))
        found = list(page.object_list)
        told = _told(one.rid for one in found)
        tables = current_centre().tables
        rows = [
            (Sheet(one, tables), *_why(one), told.get(one.rid, text("mairie.reu.told.none"))) for one in found
        ]
        record_read(self.account, Read.LIST, rids=[one.rid for one in found])
        context = {
            "page": page,
            "rows": rows,
            "choices": _choices(counts),
            "chosen": reason,
            "keep": f"&raison={reason}" if reason else "",
        }
        return render(request, "mairie/register_refusals.html", context)


def _choices(counts: dict[str, int]) -> list[tuple[str, str]]:
    """The reasons that occur, each with how many."""
    every = text("mairie.reu.every", n=sum(counts.values()))
    named = [(code, text("mairie.reu.choice", reason=_name(code), n=n)) for code, n in sorted(counts.items())]
    return [("", every), *named]


def _name(code: str) -> str:
    return REASON[RefusalCode(code)][0] if code in RefusalCode.__members__ else code


def _why(one: Procuration) -> tuple[str, str]:
    """The reason for staff, and what the elector reads."""
    code = one.code
    return REASON[RefusalCode(code)] if code in RefusalCode.__members__ else (code, "")


def _told(rids: Iterable[str]) -> dict[str, str]:
    """Whether each elector knows, by request: one query."""
    rows = Notice.objects.filter(rid__in=list(rids), kind__in=_ABOUT_A_REFUSAL).exclude(
        state=NoticeState.DROPPED
    )
    states = rows.order_by("created_at", "id").values_list("rid", "state")
    return {rid: text(f"mairie.reu.told.{state}") for rid, state in states}
