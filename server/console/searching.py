"""The page « Recherche » of the console, and the dossier that it leads to.

A reference, or a name with the birth date and a reason. The answer says the least: which dossier, of which
commune, in which state. Names are opened on the dossier, for a reason. Each of these reads leaves a trace.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.domain.events import Kind
from procuration.domain.people import PartialDate, check_birth_date, fold_name
from procuration.domain.reference import Reference, grouped, parse_reference
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import Tables, current_centre
from server.console.perms import ConsoleView
from server.console.reasons import Reason, choices, note_read, reason_of
from server.console.words import code_words, kind_words, moment_words
from server.dossiers.explaining import Step, article_of, explain
from server.dossiers.models import Procuration
from server.dossiers.selectors import shown_status
from server.pages.forms import PlainForm
from server.pages.french import full_name, partial_date
from server.pages.places import place_name
from server.texts_fr import text
from server.traces.reads import Read

FOUND_MAX: Final = 20
NAME_MAX: Final = 200
_BORN: Final = re.compile(r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4})", re.ASCII)


def born_of(typed: str, today: date) -> str:
    """A birth date as it was typed, as the rows keep it; unknown parts are 00.

    Raises: RuleViolated, as `check_birth_date`.
    """
    read = _BORN.fullmatch(typed.strip())
    if read is None:
        raise RuleViolated("DATE_INEXISTANTE")
    day, month, year = (int(part) for part in read.groups())
    born = check_birth_date(PartialDate(year, month, day), today)
    return f"{born.year:04d}-{born.month:02d}-{born.day:02d}"


class ReferenceForm(PlainForm):
    """The six characters of a receipt."""

    reference = forms.CharField(
        label=text("console.search.reference"),
        help_text=text("console.search.reference.help"),
        max_length=40,
        error_messages={"required": text("console.search.reference.missing")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_reference(self) -> str:
        """As the rows keep it."""
        try:
            return str(parse_reference(self.cleaned_data["reference"]))
        except RuleViolated as refusal:
            raise forms.ValidationError(text("console.search.reference.unknown")) from refusal


class PersonForm(PlainForm):
    """A name, a birth date, and what the search is for."""

    nom = forms.CharField(
        label=text("console.search.name"),
        max_length=NAME_MAX,
        error_messages={"required": text("console.search.name.missing")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    naissance = forms.CharField(
        label=text("console.search.born"),
        help_text=text("console.search.born.help"),
        max_length=20,
        error_messages={"required": text("console.search.born.missing")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    motif = forms.ChoiceField(
        label=text("console.reason.label"),
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": text("console.reason.missing"),
            "invalid_choice": text("console.reason.missing"),
        },
    )

    def clean_nom(self) -> str:
        """Folded, as the rows are searched."""
        folded = fold_name(self.cleaned_data["nom"])
        if len(folded) < 2:
            raise forms.ValidationError(text("console.search.name.missing"))
        return folded

    def clean_naissance(self) -> str:
        """As the rows keep it."""
        try:
            return born_of(self.cleaned_data["naissance"], current_centre().clock.now().date())
        except RuleViolated as refusal:
            raise forms.ValidationError(text("console.search.born.wrong")) from refusal


def by_reference(reference: str) -> list[Procuration]:
    """The dossiers that carry a reference: one, unless two tablets were ever lent the same."""
    return list(Procuration.objects.filter(reference=reference).order_by("filed_at", "rid")[: FOUND_MAX + 1])


def by_person(folded: str, born: str) -> list[Procuration]:
    """The dossiers of a mandant, by the beginning of a word of the name and the whole birth date."""
    rows = Procuration.objects.filter(mandant_birth_date=born)
    for word in folded.split():
        rows = rows.filter(mandant_folded__contains=word)
    return list(rows.order_by("-filed_at", "rid")[: FOUND_MAX + 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The least that leads to a dossier."""

    rid: str
    reference: str
    place: str
    filed: str
    status: str


def line_of(row: Procuration, tables: Tables, now: datetime) -> Line:
    """One dossier, without a name."""
    return Line(
        rid=row.rid,
        reference=grouped(Reference(row.reference)) if row.reference else "",
        place=place_name(tables, row.place_code, row.place_type),
        filed=moment_words(row.filed_at),
        status=text(f"status.{int(shown_status(row, tables.law, now))}"),
    )


class SearchPage(ConsoleView):
    """Two forms; what is typed never stands in an address, which logs and histories keep."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, ReferenceForm(), PersonForm(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "reference" in request.POST:
            form = ReferenceForm(request.POST)
            if not form.is_valid():
                return self._page(request, form, PersonForm(), 422)
            reference = form.cleaned_data["reference"]
            found = by_reference(reference)
            self._note(found, reference, None)
            return self._page(request, form, PersonForm(), 200, found)
        person = PersonForm(request.POST)
        if not person.is_valid():
            return self._page(request, ReferenceForm(), person, 422)
        name, born = person.cleaned_data["nom"], person.cleaned_data["naissance"]
        found = by_person(name, born)
        self._note(found, f"{name} {born}", Reason(person.cleaned_data["motif"]))
        return self._page(request, ReferenceForm(), person, 200, found)

    def _note(self, found: list[Procuration], asked: str, reason: Reason | None) -> None:
        rids = tuple(row.rid for row in found[:FOUND_MAX])
        note_read(self.administrator, Read.SEARCH, reason=reason, rids=rids, asked=asked)

    def _page(
        self,
        request: HttpRequest,
        reference: ReferenceForm,
        person: PersonForm,
        status: int,
        found: list[Procuration] | None = None,
    ) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        context: dict[str, Any] = {
            "reference": reference,
            "person": person,
            "form": reference if reference.errors else person,
            "asked": found is not None,
            "rows": [line_of(row, centre.tables, now) for row in (found or [])[:FOUND_MAX]],
            "more": found is not None and len(found) > FOUND_MAX,
        }
        return render(request, "console/search.html", context, status=status)


class DossierPage(ConsoleView):
    """One request: its state, and step by step how it came there. The names are opened for a reason."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, rid: str) -> HttpResponse:
        row = _dossier(rid)
        note_read(self.administrator, Read.ONE, about="sans-nom", rids=(row.rid,))
        return self._page(request, row, [], "", 200)

    def post(self, request: HttpRequest, rid: str) -> HttpResponse:
        row, reason = _dossier(rid), reason_of(request.POST)
        if reason is None:
            return self._page(request, row, [], text("console.reason.missing"), 422)
        note_read(self.administrator, Read.ONE, about="noms", reason=reason, rids=(row.rid,))
        return self._page(request, row, _people(row), "", 200)

    def _page(
        self, request: HttpRequest, row: Procuration, people: list[tuple[str, str]], error: str, status: int
    ) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        context = {
            "line": line_of(row, centre.tables, now),
            "facts": _facts(row, centre.tables, now),
            "steps": [_step(step) for step in explain(centre, row)],
            "people": people,
            "reasons": choices(),
            "error": error,
        }
        return render(request, "console/dossier.html", context, status=status)


def _dossier(rid: str) -> Procuration:
    row = Procuration.objects.filter(rid=rid).first()
    if row is None:
        raise Http404
    return row


def _facts(row: Procuration, tables: Tables, now: datetime) -> list[tuple[str, str]]:
    line = line_of(row, tables, now)
    told = (
        ("reference", line.reference or text("console.dossier.no_reference")),
        ("place", f"{line.place} ({row.place_code})"),
        ("channel", text(f"console.channel.{row.channel}")),
        ("filed", line.filed),
        ("established", moment_words(row.established_at) if row.established_at else text("site.none")),
        ("decided", moment_words(row.decided_at) if row.decided_at else text("site.none")),
        ("code", f"{row.code} {code_words(row.code)}".strip()),
        ("rule", f"{row.rule}, {article_of(row.rule)}" if row.rule else ""),
        ("closing", moment_words(row.last_closing) if row.last_closing else ""),
    )
    return [(text(f"console.dossier.{name}"), value) for name, value in told if value]


def _people(row: Procuration) -> list[tuple[str, str]]:
    """Who they are; nothing beyond what a person needs to be told apart from another."""
    mandataire = full_name(row.mandataire_given_names, row.mandataire_birth_name)
    people = (
        ("mandant", full_name(row.mandant_given_names, row.mandant_birth_name), row.mandant_birth_date),
        ("mandataire", mandataire or row.mandataire_elector_number, row.mandataire_birth_date),
    )
    named = [
        (text(f"console.dossier.{role}"), ", ".join(part for part in (name, _born_words(born)) if part))
        for role, name, born in people
    ]
    officer = full_name(row.officer_prenoms, row.officer_nom)
    if officer:
        named.append((text("console.dossier.officer"), f"{officer}, {row.officer_qualite}"))
    return [(label, value or text("console.dossier.emptied")) for label, value in named]


def _born_words(born: str) -> str:
    return text("console.dossier.born", date=partial_date(born)) if born.strip("0-") else ""


def _step(step: Step) -> dict[str, str]:
    at = datetime.fromisoformat(step.at)
    proof = "" if step.leaf is None else text("console.dossier.proof", leaf=step.leaf, size=step.tree_size)
    return {
        "when": moment_words(at),
        "kind": kind_words(Kind[step.kind]),
        "log": step.log,
        "state": _state_words(step.state),
        "code": step.code,
        "meaning": code_words(step.code),
        "rule": f"{step.rule}, {article_of(step.rule)}" if step.rule else "",
        "proof": proof,
    }


def _state_words(state: str) -> str:
    """The status after a step; two words are of the explanation, not of a status."""
    if state in Status.__members__:
        return text(f"status.{Status[state].value}")
    return text(f"console.step.{state}")
