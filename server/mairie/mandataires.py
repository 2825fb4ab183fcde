"""Pages of the mandataire's town hall: what it is asked about its own electors, beside their other
procurations, and its answer (R. 213-1 3°; R-72). Of the mandant it sees a name and a commune, nothing else
(I-8)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.dossiers import facts
from server.dossiers import selectors as dossiers
from server.dossiers.models import Procuration
from server.mairie import selectors
from server.mairie.forms import YES, AnswerForm
from server.mairie.perms import TownHallView
from server.mairie.sheet import Fact, Sheet, act_place, status_words
from server.pages.paging import page_number
from server.texts_fr import text
from server.traces.reads import Read, record_read
from server.words.reasons import REASON


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One procuration of a mandataire, at its rank."""

    rank: int
    sheet: Sheet
    where: str
    worth: str
    this: bool


class Asked(TownHallView):
    """What the town hall is asked, the most urgent first, and what it answered."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Both lists."""
        centre = current_centre()
        now = centre.clock.now()
        page, found = selectors.asked(*self.place, centre.tables, now, page_number(request))
        sheets = [Sheet(one, centre.tables) for one in found]
        given = selectors.answered(*self.place)
        record_read(self.account, Read.LIST, rids=[one.rid for one in (*found, *given)], subject="asked")
        context = {
            "page": page,
            "rows": [(sheet, sheet.time_left(now)) for sheet in sheets],
            "given": [(Sheet(one, centre.tables), _answer_words(facts.answer_of(one))) for one in given],
        }
        return render(request, "mairie/asked.html", context)


class Answer(TownHallView):
    """One question: the mandataire, the procuration, the others that they hold; then the answer, in two
    steps."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        """The question, with the last answer chosen."""
        one = self._procuration(rid)
        return self._ask(request, one, AnswerForm(initial={"answer": _initial(one, request)}), 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        """Asks again what is missing, shows the answer once more, or records it."""
        one = self._procuration(rid)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._ask(request, one, form, 422)
        if request.POST.get("step") != "confirmed":
            return self._confirm(request, one, form.code)
        try:
            facts.answer_for_mandataire(rid, self.account, form.code)
        except RuleViolated as refusal:
            context = {
                "title": text("mairie.asked.refused.title"),
                "back": reverse("mairie:asked"),
                "sentence": text(f"mairie.refused.{refusal.code}"),
            }
            return render(request, "mairie/refused.html", context, status=409)
        messages.success(request, text("mairie.asked.kept"))
        return redirect("mairie:asked")

    def _procuration(self, rid: str) -> Procuration:
        one = dossiers.of_mandataires(*self.place).filter(rid=rid).first()
        if one is None:
            raise Http404
        return one

    def _ask(self, request: HttpRequest, one: Procuration, form: AnswerForm, status: int) -> HttpResponse:
        centre = current_centre()
        sheet = Sheet(one, centre.tables)
        ranked = _ranked(one)
        record_read(self.account, Read.MANDATAIRES, rids=[held.sheet.procuration.rid for held in ranked])
        context = {
            "sheet": sheet,
            "left": sheet.time_left(centre.clock.now()),
            "procuration_facts": _facts(sheet, act_place(one, centre.tables)),
            "ranked": ranked,
            "form": form,
        }
        return render(request, "mairie/answer.html", context, status=status)

    def _confirm(self, request: HttpRequest, one: Procuration, code: RefusalCode | None) -> HttpResponse:
        record_read(self.account, Read.MANDATAIRES, rids=[one.rid])
        context = {
            "sheet": Sheet(one, current_centre().tables),
            "answer": YES if code is None else code.value,
            "words": _answer_words(code),
            "sentence": "" if code is None else REASON[code][1],
        }
        return render(request, "mairie/answer_confirm.html", context)


def _initial(one: Procuration, request: HttpRequest) -> str:
    if one.answer != "DONNEE":
        return request.GET.get("answer", "")
    code = facts.answer_of(one)
    return request.GET.get("answer", YES if code is None else code.value)


def _facts(sheet: Sheet, drawn_up_at: str) -> list[Fact]:
    """What the question is about: who, where they vote, for which ballot, drawn up when and where."""
    return [
        Fact(text("mairie.asked.one.mandant"), (sheet.mandant,)),
        Fact(text("mairie.asked.one.vote_place"), (sheet.vote_place,)),
        Fact(text("mairie.one.validity"), (sheet.validity,)),
        Fact(text("mairie.one.established_at"), (sheet.established,)),
        Fact(text("mairie.one.established_where"), (drawn_up_at,)),
    ]


def _ranked(one: Procuration) -> list[Ranked]:
    """This one among the others of its mandataire, in the order in which they were drawn up (L. 73)."""
    tables = current_centre().tables
    return [
        Ranked(
            rank=rank,
            sheet=Sheet(held, tables),
            where=act_place(held, tables),
            worth=status_words(held, Status(held.status)),
            this=held.rid == one.rid,
        )
        for rank, held in enumerate(dossiers.held_by_the_same_mandataire(one), 1)
    ]


def _answer_words(code: RefusalCode | None) -> str:
    return text("mairie.asked.yes") if code is None else REASON[code][0]
