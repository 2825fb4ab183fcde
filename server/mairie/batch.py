"""Pages that validate several plain procurations at once: what will be validated and what was left out, one
confirmation, one result."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from procuration.domain.events import Authentication
from server.config.centre import current_centre
from server.dossiers import selectors as dossiers
from server.dossiers.batch import BATCH_MAX, validate_plain
from server.dossiers.models import Procuration
from server.dossiers.plain import Apart, apart, state_token
from server.mairie.decided import decided_words
from server.mairie.perms import TownHallView
from server.mairie.sheet import Sheet
from server.mairie.work_list import apart_words, held_words
from server.texts_fr import text
from server.traces.reads import Read, record_read

KEPT: Final = "mairie_batch"
"""Of the session: rids and codes of the last batch, no name."""
_RID: Final = re.compile(r"[0-9a-f]{32}")
_SEEN: Final = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})")
_FIELDS_MAX: Final = 2 * BATCH_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class ToValidate:
    """One procuration on the review page; `seen` goes with the confirmation."""

    sheet: Sheet
    held: str
    connexion: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One procuration that is not validated, and why."""

    sheet: Sheet
    why: tuple[str, ...]


class BatchView(TownHallView):
    """A page about several procurations of the commune."""

    def rows_of(self, rids: Iterable[str]) -> list[Procuration]:
        """Those of this commune, in the order of the list; the others do not exist (I-8)."""
        found = dossiers.of_place(*self.place).in_bulk(list(rids))
        return [found[rid] for rid in rids if rid in found]

    def left_out(self, one: Procuration, why: Apart | None) -> LeftOut:
        tables = current_centre().tables
        decided = decided_words(one, tables, self.account.pseudonym) if why is Apart.DECIDED else []
        return LeftOut(sheet=Sheet(one, tables), why=tuple(decided or [apart_words(why)]))


class Review(BatchView):
    """What was ticked: first what will happen, then, once confirmed, it happens."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Nothing was ticked here."""
        return redirect("mairie:waiting")

    def post(self, request: HttpRequest) -> HttpResponse:
        """The review, or the batch."""
        if request.POST.get("step") == "confirmed":
            return self._validate(request)
        ticked = [rid for rid in dict.fromkeys(request.POST.getlist("rid")) if _RID.fullmatch(rid)]
        rows = self.rows_of(ticked[:_FIELDS_MAX])
        if not rows:
            messages.info(request, text("mairie.batch.nothing"))
            return redirect("mairie:waiting")
        return self._review(request, rows)

    def _review(self, request: HttpRequest, rows: list[Procuration]) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        why = {one.rid: apart(one, now) for one in rows}
        plain = [one for one in rows if why[one.rid] is None]
        why |= dict.fromkeys((one.rid for one in plain[BATCH_MAX:]), Apart.TOO_MANY)
        held = dossiers.held_counts(plain)
        to_validate = [
            ToValidate(
                sheet=Sheet(one, centre.tables),
                held=held_words(held[one.rid]),
                connexion=_connexion(one),
                seen=f"{one.rid}.{state_token(one)}",
            )
            for one in plain[:BATCH_MAX]
        ]
        left_out = [self.left_out(one, why[one.rid]) for one in rows if why[one.rid] is not None]
        context = {"rows": to_validate, "left_out": left_out}
        record_read(self.account, Read.LIST, rids=[one.rid for one in rows], subject="batch")
        return render(request, "mairie/batch.html", context)

    def _validate(self, request: HttpRequest) -> HttpResponse:
        seen = dict(_seen(request.POST.getlist("seen")))
        if not seen:
            messages.info(request, text("mairie.batch.nothing"))
            return redirect("mairie:waiting")
        batch = validate_plain(seen, self.account)
        left_out = {rid: code.value for rid, code in batch.left_out.items()}
        request.session[KEPT] = {"validated": list(batch.validated), "left_out": left_out}
        return redirect("mairie:batch_result")


class BatchResult(BatchView):
    """What became of the last batch of this session; read again, it says the same."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Both lists."""
        kept = request.session.get(KEPT)
        if kept is None:
            return redirect("mairie:waiting")
        tables = current_centre().tables
        codes = {rid: Apart(code) for rid, code in kept["left_out"].items()}
        validated = [Sheet(one, tables) for one in self.rows_of(kept["validated"])]
        rids = [*kept["validated"], *codes]
        record_read(self.account, Read.LIST, rids=rids, subject="batch")
        context = {
            "rows": validated,
            "left_out": [self.left_out(one, codes[one.rid]) for one in self.rows_of(codes)],
            "to_tell": any(not sheet.procuration.email for sheet in validated),
        }
        return render(request, "mairie/batch_result.html", context)


def _seen(sent: list[str]) -> Iterator[tuple[str, str]]:
    """What a confirmation says of its review: pairs of rid and state, whatever else was sent."""
    for one in sent[:_FIELDS_MAX]:
        read = _SEEN.fullmatch(one)
        if read is not None:
            yield read[1], read[2]


def _connexion(one: Procuration) -> str:
    """How the mandant was known on line (R-27: shown everywhere)."""
    return text(f"mairie.filter.connexion.{Authentication(one.authentication).value}")
