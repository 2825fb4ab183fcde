"""Files for spreadsheets: counts and tablets without personal data; names for one commune and one day only,
for a reason, with a trace.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from server.config.centre import current_centre
from server.console.batches import asked_by, bounds_of, bundles, day_of
from server.console.perms import ConsoleView
from server.console.reasons import choices, note_read, reason_of
from server.console.selectors import tablets
from server.console.tablets import told_of
from server.console.words import ZONE
from server.dossiers.models import Procuration
from server.pages.commune_field import TypedCommune, choice_of, read_commune
from server.pages.french import full_name
from server.pages.places import place_name
from server.registers.csv_file import BYTE_ORDER_MARK, disarmed
from server.texts_fr import text
from server.traces.reads import Read
from server.usagers.commune_search import search_of

ROWS_AT_ONCE: Final = 500
NAMED_MAX: Final = 5_000
_PLACE_MAX: Final = 8
_COMMUNE: Final = "commune"
Row = Iterable[object]


def written(value: object) -> str:
    """One field; an instant in the console's clock, with its offset, so that a program can read it."""
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat(timespec="seconds")
    return "" if value is None else disarmed(str(value))


def lines(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """The file, line by line: UTF-8 with a mark, semicolons, every field quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")

    def line(fields: Iterable[str]) -> str:
        out.seek(0)
        out.truncate()
        writer.writerow(fields)
        return out.getvalue()

    yield BYTE_ORDER_MARK + line(text(f"console.csv.{name}") for name in columns)
    for row in rows:
        yield line(map(written, row))


def _file(name: str, columns: Iterable[str], rows: Iterable[Row]) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(
        lines(columns, rows), content_type="text/csv; charset=utf-8", headers=headers
    )


def _procurations(request: HttpRequest) -> Iterator[Row]:
    """Counts; read by the database, a few seconds for a million."""
    tables = current_centre().tables
    days = Procuration.objects.order_by().annotate(day=TruncDate("filed_at", tzinfo=ZONE))
    counted = days.values_list("day", "place_code", "place_type", "channel", "status").annotate(n=Count("pk"))
    for day, code, kind, channel, status, n in counted.order_by("day", "place_code").iterator(ROWS_AT_ONCE):
        name, how = place_name(tables, code, kind), text(f"console.channel.{channel}")
        yield day, code, name, how, text(f"status.{status}"), n


def _lots(request: HttpRequest) -> Iterator[Row]:
    for one in bundles(asked_by(request)).iterator(ROWS_AT_ONCE):
        device = one.device
        yield (
            one.received_at,
            device.log_id,
            device.unit_name or device.unit,
            one.first_seq,
            one.count,
            one.added,
            one.get_outcome_display(),
            one.code,
            one.sealed_bytes,
        )


def _postes(request: HttpRequest) -> Iterator[Row]:
    last = 0
    while shown := list(tablets().filter(pk__gt=last).order_by("pk")[:ROWS_AT_ONCE]):
        told = told_of(shown)
        for one in shown:
            known = told[one.pk]
            yield (
                one.log_id,
                one.unit_name or one.unit,
                text(f"console.role.{one.role}"),
                one.departement,
                one.last_contact,
                one.head_seq + 1,
                known.held,
                known.proved_at,
                known.offset_ms,
                known.software,
                one.directory_version,
                known.announced,
                known.oldest,
            )
        last = shown[-1].pk


FILES: Final[dict[str, tuple[tuple[str, ...], Callable[[HttpRequest], Iterator[Row]]]]] = {
    "procurations": (("jour", "commune", "nom_commune", "voie", "etat", "nombre"), _procurations),
    "lots": (
        ("recu", "poste", "unite", "premier_rang", "evenements", "acceptes", "suite", "code", "octets"),
        _lots,
    ),
    "postes": (
        (
            "poste",
            "unite",
            "role",
            "departement",
            "contact",
            "evenements",
            "gardes",
            "preuve",
            "decalage_ms",
            "logiciel",
            "annuaire",
            "annonces",
            "plus_ancien",
        ),
        _postes,
    ),
}
"""Without personal data, by name: the columns and the rows."""


class ExportFile(ConsoleView):
    """One of the files without personal data."""

    def get(self, request: HttpRequest, name: str) -> HttpResponseBase:
        if name not in FILES:
            raise Http404
        columns, rows = FILES[name]
        return _file(name, columns, rows(request))


class ExportsPage(ConsoleView):
    """What may be taken away; and names, of one commune and one day."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, _commune_typed(request), {}, 200)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        commune = _commune_typed(request)
        if "search" in request.POST:
            return self._page(request, commune, {}, 200)
        place = commune.place.code if commune.place else _code_typed(commune)
        day, reason = day_of(request.POST.get("jour", "")), reason_of(request.POST)
        errors = {
            "commune": "" if place else text(_commune_wanted(commune)),
            "jour": "" if day else text("console.exports.named.day_missing"),
            "motif": "" if reason else text("console.reason.missing"),
        }
        if any(errors.values()) or day is None:
            return self._page(request, commune, errors, 422)
        first, end = bounds_of(day)
        rows = Procuration.objects.filter(place_code=place, filed_at__gte=first, filed_at__lt=end)
        if commune.place:
            rows = rows.filter(place_type=commune.place.type)
        found = list(rows.order_by("filed_at", "rid")[:NAMED_MAX])
        if not found:
            return self._page(request, commune, {"commune": text("console.exports.named.none")}, 422)
        about = f"{place}/{day.isoformat()}"
        note_read(self.administrator, Read.EXPORT, about=about, reason=reason, count=len(found))
        columns = ("reference", "mandant", "ne", "mandataire", "commune", "recu", "etablie", "etat")
        return _file(f"procurations-{place}-{day.isoformat()}", columns, map(_named, found))

    def _page(
        self, request: HttpRequest, commune: TypedCommune, errors: dict[str, str], status: int
    ) -> HttpResponse:
        faults = [(name, sentence) for name, sentence in errors.items() if sentence]
        context = {
            "faults": faults,
            "files": [
                (name, text(f"console.exports.{name}"), text(f"console.exports.{name}.help"))
                for name in FILES
            ],
            "errors": errors,
            "typed": {"jour": request.POST.get("jour", "")},
            "reason_typed": request.POST.get("motif", ""),
            "commune": commune,
            "field": _field(commune, errors.get("commune", "")),
            "reasons": choices(),
            "error": errors.get("motif", ""),
        }
        return render(request, "console/exports.html", context, status=status)


def _commune_typed(request: HttpRequest) -> TypedCommune:
    search = search_of(current_centre().tables.communes_table)
    return read_commune(search, request.POST.get(_COMMUNE, ""), request.POST.get(choice_of(_COMMUNE), ""))


def _code_typed(commune: TypedCommune) -> str:
    """A code that the list of communes does not have: a consulate's, or of a commune that is no more."""
    code = commune.typed.upper()
    looks_so = code.isalnum() and code.isascii() and any(one.isdigit() for one in code)
    return code if looks_so and len(code) <= _PLACE_MAX and not commune.offered else ""


def _commune_wanted(commune: TypedCommune) -> str:
    """The key of what is to be done about it."""
    if not commune.typed:
        return "console.exports.named.place_missing"
    return "commune_field.choose" if commune.offered else "commune_field.none"


def _field(commune: TypedCommune, error: str) -> dict[str, object]:
    """As a form would show it."""
    return {
        "auto_id": _COMMUNE,
        "html_name": _COMMUNE,
        "label": text("console.exports.named.place"),
        "help_text": text("console.exports.named.place.help"),
        "value": commune.typed,
        "errors": [error] if error else [],
    }


def _named(one: Procuration) -> Row:
    return (
        one.reference,
        full_name(one.mandant_given_names, one.mandant_birth_name),
        one.mandant_birth_date,
        full_name(one.mandataire_given_names, one.mandataire_birth_name) or one.mandataire_elector_number,
        one.place_code,
        one.filed_at,
        one.established_at,
        text(f"status.{one.status}"),
    )
