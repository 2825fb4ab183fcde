"""The public pages and files of the places: no account, no script, no cookie needed."""

from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from procuration.domain.places import ReceptionPlace
from server.config.centre import Tables, current_centre
from server.pages.paging import page_number
from server.reception import selectors
from server.reception.files import FORMS, file_of, is_desk
from server.reception.hours import closures_in_words, week_in_words
from server.usagers.speaking import counted_in, speaking, words_of

ROWS_PER_PAGE: Final = 50
_KEPT: Final = ("commune", "page")


def _here(request: HttpRequest) -> str:
    """The page to come back to in another language: what these pages ask, and nothing else of the address."""
    asked = {name: request.GET[name] for name in _KEPT if request.GET.get(name)}
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


@dataclass(frozen=True, slots=True)
class Line:
    """One place on the page."""

    name: str
    kind: str
    desk: bool
    address: tuple[str, ...]
    commune: str
    phone: str
    hours: tuple[str, ...]
    closures: str


def _line(place: ReceptionPlace, tables: Tables, language: str) -> Line:
    return Line(
        name=place.name,
        kind=words_of(language, f"reception.kind.{place.kind:d}"),
        desk=is_desk(place),
        address=place.address,
        commune=selectors.commune_name(tables, place.commune),
        phone=place.phone,
        hours=week_in_words(place.week, language),
        closures=closures_in_words(place.closures, language),
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search by commune, and every département."""
    tables = current_centre().tables
    query = request.GET.get("commune", "").strip()[: selectors.QUERY_CHARACTERS_MAX]
    found = selectors.search(tables, query)
    say = speaking(request, here=_here(request))
    context = {
        **say.context,
        "query": query,
        "query_max": selectors.QUERY_CHARACTERS_MAX,
        "found": found,
        "result": counted_in(say.language, "reception.found", len(found)) if query else "",
        "departements": selectors.departements(tables),
        "forms": tuple(FORMS),
    }
    return render(request, "reception/home.html", context)


@require_safe
def departement(request: HttpRequest, departement: str) -> HttpResponse:
    """The places of one département, or of one of its communes. Raises: Http404."""
    tables = current_centre().tables
    places = selectors.places_of(tables, departement)
    if not places:
        raise Http404
    today = current_centre().clock.now().date()
    commune = request.GET.get("commune", "")
    here = [one for one in places if one.last_day is None or one.last_day >= today]
    wanted = [one for one in here if one.commune == commune] if commune else here
    say = speaking(request, here=_here(request))
    page = Paginator([_line(one, tables, say.language) for one in wanted], ROWS_PER_PAGE).get_page(
        page_number(request)
    )
    context = {
        **say.context,
        "code": departement,
        "name": selectors.departement_name(tables, departement),
        "commune": selectors.commune_name(tables, commune) if commune else "",
        "page": page,
        "keep": f"&{urlencode({'commune': commune})}" if commune else "",
        "forms": tuple(FORMS),
    }
    return render(request, "reception/departement.html", context)


@require_safe
def desks_file(request: HttpRequest, form: str) -> HttpResponse:
    """Every point d'accueil numérique. Raises: Http404."""
    tables = current_centre().tables
    return _file(form, "points-accueil", tuple(selectors.desks(tables)), tables)


@require_safe
def departement_file(request: HttpRequest, departement: str, form: str) -> HttpResponse:
    """Every place of one département. Raises: Http404."""
    tables = current_centre().tables
    places = selectors.places_of(tables, departement)
    if not places:
        raise Http404
    return _file(form, f"lieux-{departement}", places, tables)


def _file(form: str, name: str, places: tuple[ReceptionPlace, ...], tables: Tables) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    answer = HttpResponse(file_of(form, places, tables), content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer
