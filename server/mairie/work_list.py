"""The lines of the work list, and the search by name.

A name is sent in a form, never in an address: addresses stay in logs and in the history of a shared computer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.domain.reference import parse_reference
from procuration.errors import RuleViolated
from server.config.centre import Tables, current_centre
from server.dossiers import selectors as dossiers
from server.dossiers.models import Procuration
from server.dossiers.plain import Apart, apart
from server.mairie.perms import TownHallView
from server.mairie.sheet import Sheet, TimeLeft, status_words
from server.pages.forms import PlainForm
from server.pages.french import partial_date
from server.texts_fr import counted, text
from server.traces.reads import Read, record_read

FOUND_MAX: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One procuration of the list.

    Attributes:
        apart: why it is examined alone, empty when it is plain.
        held: how many procurations its mandataire has, empty when this one is the only one.
        ticked: whether its box is ticked already.
    """

    sheet: Sheet
    left: TimeLeft
    apart: str
    held: str = field(repr=False)
    ticked: bool


def lines_of(found: Sequence[Procuration], tables: Tables, now: datetime, *, ticked: bool) -> list[Line]:
    """The rows of a page as it shows them; one question for all of them.

    Args:
        ticked: whether the plain ones are to be ticked already.
    """
    held = dossiers.held_counts(found)
    lines = []
    for one in found:
        sheet, alone = Sheet(one, tables), apart(one, now)
        lines.append(
            Line(
                sheet=sheet,
                left=sheet.time_left(now),
                apart=apart_words(alone),
                held=held_words(held[one.rid]),
                ticked=ticked and alone is None,
            )
        )
    return lines


def apart_words(why: Apart | None) -> str:
    """Why one is examined alone; empty for a plain one."""
    return "" if why is None else text(f"mairie.apart.{why.value}")


def held_words(count: int) -> str:
    """How many procurations a mandataire has, this one included; empty for one."""
    return counted("mairie.held", count) if count > 1 else ""


class SearchForm(PlainForm):
    """Names of a mandant, or a reference."""

    nom = forms.CharField(
        label=text("mairie.search.label"),
        help_text=text("mairie.search.help"),
        max_length=dossiers.NAME_TYPED_MAX,
        error_messages={
            "required": text("mairie.search.missing"),
            "max_length": text("mairie.search.long"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class Search(TownHallView):
    """Every procuration of the commune, whatever became of it, by its mandant's names or its reference."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return render(request, "mairie/search.html", {"form": SearchForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """What was found, or what to correct."""
        form = SearchForm(request.POST)
        if not form.is_valid():
            return render(request, "mairie/search.html", {"form": form}, status=422)
        tables, now = current_centre().tables, current_centre().clock.now()
        typed = form.cleaned_data["nom"]
        found = self._found(typed)
        record_read(self.account, Read.SEARCH, rids=[one.rid for one in found[:FOUND_MAX]], asked=typed)
        context = {
            "form": form,
            "asked": True,
            "more": len(found) > FOUND_MAX,
            "rows": [_found_line(one, tables, now) for one in found[:FOUND_MAX]],
        }
        return render(request, "mairie/search.html", context)

    def _found(self, typed: str) -> list[Procuration]:
        """At most one more than is shown."""
        try:
            reference = parse_reference(typed)
        except RuleViolated:
            return dossiers.named_like(*self.place, typed, FOUND_MAX + 1)
        by_reference = list(dossiers.of_place(*self.place).filter(reference=reference)[: FOUND_MAX + 1])
        return by_reference or dossiers.named_like(*self.place, typed, FOUND_MAX + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """One procuration that a search found; the birth date tells two electors of one name apart."""

    sheet: Sheet
    born: str = field(repr=False)
    status: str


def _found_line(one: Procuration, tables: Tables, now: datetime) -> FoundLine:
    shown = dossiers.shown_status(one, tables.law, now)
    born = partial_date(one.mandant_birth_date) if one.mandant_birth_date else ""
    return FoundLine(sheet=Sheet(one, tables), born=born, status=status_words(one, shown))
