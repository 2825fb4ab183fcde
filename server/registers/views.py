"""Pages and files of the registers: a town hall's own, and for the console those of the units."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from procuration.domain.law import ControlRegime
from procuration.domain.register import AuthorityAct
from server.config.centre import current_centre
from server.console.perms import ConsoleView
from server.console.services import administrator_of
from server.dossiers import services
from server.dossiers.listing import MARKING, PUBLIC, is_received
from server.dossiers.models import Procuration
from server.dossiers.selectors import rows_in_order
from server.mairie.perms import TownHallView
from server.pages.elections import elections_words
from server.pages.paging import page_number
from server.registers import selectors
from server.registers.csv_file import csv_file
from server.registers.pdf_file import pdf_file
from server.registers.polls import Poll, find_poll, polls_of
from server.registers.sheet import ROWS_PER_PDF, Kind, Sheet
from server.registers.special_sheet import special_sheet
from server.registers.town_hall_sheets import TOWN_HALL_KINDS, TownHallRegisters, poll_words
from server.texts_fr import text
from server.traces.reads import Read, record_read

log = logging.getLogger(__name__)

FORMS = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


class RegistersView(TownHallView):
    """A page of the registers of the account's own commune (I-8)."""

    http_method_names = ["get", "head", "options"]

    def poll(self, day: date, number: int) -> Poll:
        """A polling day of this commune. Raises: Http404."""
        found = find_poll(self.commune, current_centre().tables.calendar, day, number)
        if found is None:
            raise Http404
        return found

    def sheet(self, poll: Poll, kind: str) -> Sheet:
        """One list of one round, whole. Raises: Http404 for a kind that is not a town hall's."""
        rows = self._shown(poll, kind, lambda: selectors.rows_of(self.commune, poll))
        return self._sheet(poll, kind, rows)

    def one_page(self, poll: Poll, kind: str, asked: int) -> "tuple[Page[Any], Sheet]":
        """One page of a list, and the sheet with the lines of that page only: of a long register the others
        are not read. Raises: Http404 for a kind that is not a town hall's."""
        letter = _LETTERS.get(kind, "")
        rids = selectors.listed_rids(self.commune, poll, letter)
        if rids is None:
            sheet = self.sheet(poll, kind)
            page: Page[Any] = Paginator(sheet.lines, selectors.ROWS_PER_PAGE).get_page(asked)
            return page, replace(sheet, lines=tuple(page.object_list))
        page = Paginator(rids, selectors.ROWS_PER_PAGE).get_page(asked)
        found = list(page.object_list)
        rows = self._shown(poll, kind, lambda: rows_in_order(found))
        return page, self._sheet(poll, kind, rows, max(1, page.start_index()), page.paginator.count)

    def _shown(self, poll: Poll, kind: str, read: Callable[[], list[Procuration]]) -> list[Procuration]:
        """The rows to show. To show a procuration to an agent is to receive it (R-54), as on the list of
        those to decide."""
        if kind not in tuple(TOWN_HALL_KINDS):
            raise Http404
        rows = read()
        if kind != Kind.INTERNAL or current_centre().clock.now() >= poll.closes_at:
            return rows
        new = [row.rid for row in rows if row.regime == ControlRegime.MAIRIE and not is_received(vars(row))]
        if new and services.list_taken_in_by_town_hall(new, self.account):
            return read()
        return rows

    def _sheet(
        self, poll: Poll, kind: str, rows: list[Procuration], first: int = 1, total: int | None = None
    ) -> Sheet:
        """The sheet of these rows, and the trace of who reads it."""
        centre = current_centre()
        sheet = TownHallRegisters(
            place=self.commune,
            poll=poll,
            entries=selectors.registered(rows, poll, centre.tables),
            tables=centre.tables,
            now=centre.clock.now(),
            first=first,
            total=total,
        ).sheet(Kind(kind))
        subject = f"{poll.day.isoformat()}/{poll.number}/{kind}"
        record_read(self.account, Read.REGISTER, count=len(sheet.lines), subject=subject)
        return sheet


_LETTERS: Final = {Kind.PUBLIC.value: PUBLIC, Kind.MARKING.value: MARKING}
"""How a row says that it stands on a list; every row that serves a round is on the internal one."""


class PollsPage(RegistersView):
    """The polling days that have procurations, and those to come."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        polls = polls_of(self.commune, centre.tables.calendar)
        counts = selectors.count_by_poll(self.commune, polls)
        next_ones = [poll for poll in polls if poll.closes_at > now]
        past = [poll for poll in reversed(polls) if poll.closes_at <= now and counts[poll]]
        rows = [
            {
                "words": poll_words(poll),
                "elections": elections_words(poll.elections),
                "count": counts[poll],
                "link": _address(poll, Kind.PUBLIC),
            }
            for poll in (*next_ones, *past)
        ]
        return render(request, "registers/polls.html", {"rows": rows})


def _address(poll: Poll, kind: Kind) -> str:
    return reverse("registers:register", kwargs=_of(poll, kind))


def _of(poll: Poll, kind: Kind) -> dict[str, object]:
    return {"day": poll.day, "number": poll.number, "kind": kind.value}


class RegisterPage(RegistersView):
    """One list on screen, with its files."""

    def get(self, request: HttpRequest, day: date, number: int, kind: str) -> HttpResponse:
        poll = self.poll(day, number)
        page, sheet = self.one_page(poll, kind, page_number(request))
        choices = [
            {
                "words": text(f"register.kind.{one.value}"),
                "link": _address(poll, one),
                "current": one == sheet.kind,
            }
            for one in TOWN_HALL_KINDS
        ]
        files = reverse("registers:file", kwargs={**_of(poll, sheet.kind), "form": "pdf"})
        csv = reverse("registers:file", kwargs={**_of(poll, sheet.kind), "form": "csv"})
        context = {
            "choices": choices,
            "pdfs": _pdf_links(files, page.paginator.count),
            "csv": csv,
            "sheet": sheet,
            "page": page,
            "rows": sheet.rows,
        }
        return render(request, "registers/register.html", context)


def _pdf_links(address: str, lines: int) -> list[dict[str, str]]:
    """One link, or one for each part of a large register."""
    join = "&" if "?" in address else "?"
    if lines <= ROWS_PER_PDF:
        return [{"link": address, "words": text("register.pdf")}]
    return [
        {
            "link": f"{address}{join}partie={number}",
            "words": text("register.pdf.part", first=first, last=min(lines, first + ROWS_PER_PDF - 1)),
        }
        for number, first in enumerate(range(1, lines + 1, ROWS_PER_PDF), start=1)
    ]


class RegisterFile(RegistersView):
    """One list as PDF or CSV."""

    def get(self, request: HttpRequest, day: date, number: int, kind: str, form: str) -> HttpResponse:
        return _file(request, self.sheet(self.poll(day, number), kind), form)


def _file(request: HttpRequest, sheet: Sheet, form: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    if form == "csv":
        content = csv_file(sheet)
    else:
        sheet = _asked_part(request, sheet)
        content = pdf_file(sheet)
    disposition = {"Content-Disposition": f'attachment; filename="{sheet.stem}.{form}"'}
    return HttpResponse(content, content_type=FORMS[form], headers=disposition)


def _asked_part(request: HttpRequest, sheet: Sheet) -> Sheet:
    asked = request.GET.get("partie", "1")
    parts = sheet.parts()
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 4 else 0
    if not 1 <= number <= len(parts):
        raise Http404
    return parts[number - 1]


class UnitsPage(ConsoleView):
    """The units that have a registre spécial."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page, rows = selectors.units(page_number(request))
        return render(request, "registers/units.html", {"page": page, "rows": rows})


class SpecialView(ConsoleView):
    """The registre spécial of one unit; names only for who asks, and who asks is logged."""

    def unit(self, request: HttpRequest) -> selectors.Unit:
        """The unit of the address. Raises: Http404."""
        unit = selectors.find_unit(request.GET.get("unite", ""))
        if unit is None:
            raise Http404
        return unit

    def acts(
        self, request: HttpRequest, unit: selectors.Unit, places: list[int] | None = None
    ) -> tuple[list[AuthorityAct], bool]:
        """The acts, all or those of some places, and whether their names are shown: then a trace is left."""
        with_names = request.GET.get("noms") == "oui"
        acts = selectors.acts_of(unit, places)
        if with_names:
            account = administrator_of(self.administrator)
            record_read(account, Read.SPECIAL_REGISTER, count=len(acts), subject=unit.code)
            log.info(
                "special_register_named",
                extra={"account": request.user.pk, "unit": unit.code, "count": len(acts)},
            )
        return acts, with_names


class SpecialPage(SpecialView):
    """One registre spécial on screen: the acts of one page only are opened."""

    def get(self, request: HttpRequest) -> HttpResponse:
        unit, centre = self.unit(request), current_centre()
        places = selectors.places_of(unit)
        page = Paginator(places, selectors.ROWS_PER_PAGE).get_page(page_number(request))
        acts, with_names = self.acts(request, unit, list(page.object_list))
        first, now = max(1, page.start_index()), centre.clock.now()
        sheet = special_sheet(unit, acts, centre.tables, now, with_names, first, len(places))
        bare, named = f"?{_query(unit.code, False)}", f"?{_query(unit.code, True)}"
        asked = named if with_names else bare
        address = f"{reverse('registers:special_file', kwargs={'form': 'pdf'})}{asked}"
        context = {
            "sheet": sheet,
            "page": page,
            "rows": sheet.rows,
            "with_names": with_names,
            "bare": bare,
            "named": named,
            "keep": f"&{_query(unit.code, with_names)}",
            "pdfs": _pdf_links(address, len(places)),
            "csv": f"{reverse('registers:special_file', kwargs={'form': 'csv'})}{asked}",
        }
        return render(request, "registers/special.html", context)


class SpecialFile(SpecialView):
    """One registre spécial as PDF or CSV."""

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        unit, centre = self.unit(request), current_centre()
        acts, with_names = self.acts(request, unit)
        return _file(request, special_sheet(unit, acts, centre.tables, centre.clock.now(), with_names), form)


def _query(unit: str, with_names: bool) -> str:
    return urlencode({"unite": unit, **({"noms": "oui"} if with_names else {})})
