"""Electors without an address that works, whom the town hall tells itself what the law wants told (R. 77 1°,
R. 80; R-59)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.mairie.perms import TownHallView
from server.mairie.sheet import Sheet
from server.notices import services as notices
from server.notices import undone, untold
from server.notices.enums import BAD_ADDRESS, MessageKind
from server.notices.models import Notice
from server.pages.french import moment
from server.texts_fr import text
from server.traces.reads import Read, record_read
from server.words.reasons import REASON


class ToTell(TownHallView):
    """Whom to tell, and what."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        centre = current_centre()
        tables = centre.tables
        rows = []
        for notice, one in notices.to_tell(*self.place):
            sheet = Sheet(one, tables)
            since = moment(notice.created_at, sheet.zone)
            rows.append((sheet, _to_say(notice, one), since, notice.code in BAD_ADDRESS))
        told = [
            (Sheet(one, tables), _to_say(notice, one))
            for notice, one in untold.lately_told(*self.place, centre.clock.now())
        ]
        shown = [*(row[0].procuration.rid for row in rows), *(row[0].procuration.rid for row in told)]
        record_read(self.account, Read.TO_TELL, rids=shown)
        return render(request, "mairie/to_tell.html", {"rows": rows, "told": told})


class Told(TownHallView):
    """The agent told somebody."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        """Off the list; 404 when there was nothing to tell, or it is another commune's elector (I-8)."""
        if not notices.was_told(rid, *self.place, current_centre().clock.now()):
            raise Http404
        messages.success(request, text("mairie.tell.kept"))
        return redirect("mairie:tell")


class NotTold(TownHallView):
    """The agent ticked the wrong line: the elector goes back to the list."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        """404 for what is not on the list then: another commune's elector, an old tick, what is not so any
        more (I-8). Twice is once."""
        if untold.back_to_the_list(rid, *self.place, current_centre().clock.now()):
            messages.success(request, text("mairie.untold.kept"))
        elif all(one.rid != rid for _, one in notices.to_tell(*self.place)):
            raise Http404
        return redirect("mairie:tell")


def _to_say(notice: Notice, one: Procuration) -> str:
    """What the elector must hear."""
    if notice.kind == MessageKind.AGAIN:
        return text("mairie.tell.again.valid" if one.status == Status.VALIDEE else "mairie.tell.again")
    if notice.kind == MessageKind.M2:
        return text("mairie.tell.established")
    if notice.kind == MessageKind.M3 and not notice.against:
        return text("mairie.tell.accepted")
    if notice.kind == MessageKind.SET_ASIDE:
        reason = undone.reason_of(one)
        if reason is None:
            return text("mairie.tell.undone")
        return text("mairie.tell.ended", reason=REASON[reason][1])
    if one.code not in RefusalCode.__members__:
        return text("mairie.tell.part")
    return text("mairie.tell.ended", reason=REASON[RefusalCode(one.code)][1])
