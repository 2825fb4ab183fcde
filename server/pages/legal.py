"""The pages that the law asks for: the declaration of accessibility (loi 2005-102, art. 47; RGAA 4), the
legal notice (loi 2004-575, art. 1-1) and what becomes of personal data (RGPD, art. 13).

Who answers for the service is set by the deployer (`config/options.py`); what is not set is said to be
missing, never invented. How long data are kept is read in the table of law.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from procuration.domain.law import Law
from procuration.domain.people import Place, PlaceType
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.texts_fr import TEXTS
from server.usagers.speaking import Speaking, speaking, words_of
from server.usagers.wording import FRENCH

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "accessibility": ("commitment", "state", "checked", "gaps", "tools", "contact", "remedies"),
    "notice": ("publisher", "host", "service", "software"),
    "data": ("controller", "purpose", "kept", "never", "recipients", "terms", "rights", "cookies"),
}
"""The parts of each page, in their order."""
SETTINGS: Final = (
    *("publisher", "publication_director", "hosting", "legal_contact"),
    *("accessibility_contact", "data_controller", "data_contact"),
)
"""Settings that name who answers for the service."""
_TERMS: Final = {
    "request_months": "request_retention_months",
    "body_months": "body_retention_months",
    "paper_months": "paper_retention_months",
    "kiosk_hours": "kiosk_body_retention_hours",
}
_ANYWHERE: Final = Place(code="75056", type=PlaceType.COMMUNE, cog_year=2026)
"""A place of the rules that hold everywhere."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page: its title, its paragraphs, its list."""

    name: str
    title: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...]


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What is accessible, what is not, whom to tell."""
    return _page(request, "accessibility")


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Who publishes, who hosts, what the service is."""
    return _page(request, "notice")


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """Why data are kept, which, by whom, how long, and the rights of people."""
    centre = current_centre()
    return _page(request, "data", _terms(centre.tables.law, centre.clock.now().date()))


def sections_of(page: str, values: Mapping[str, str], language: str = FRENCH) -> list[Section]:
    """The parts of a page with the deployer's values in place."""
    return [
        Section(
            name=name,
            title=words_of(language, f"legal.{page}.{name}.title"),
            paragraphs=_numbered(f"legal.{page}.{name}.", values, language),
            items=_numbered(f"legal.{page}.{name}.item.", values, language),
        )
        for name in SECTIONS[page]
    ]


def _numbered(prefix: str, values: Mapping[str, str], language: str) -> tuple[str, ...]:
    """The sentences 1, 2, 3… of a prefix, as far as they go."""
    found: list[str] = []
    while (key := f"{prefix}{len(found) + 1}") in TEXTS:
        found.append(words_of(language, key, **values))
    return tuple(found)


def _who(say: Speaking) -> dict[str, str]:
    given = {name: str(getattr(settings.OPTIONS, name)) for name in SETTINGS}
    return {name: value or say("legal.missing", setting=name) for name, value in given.items()}


def _terms(law: Law, day: date) -> dict[str, str]:
    """How long each kind of data is kept, in the unit of its sentence; "?" while the table says nothing."""
    found = {"traces_months": str(settings.OPTIONS.traces_months)}
    for name, parameter in _TERMS.items():
        try:
            found[name] = str(law.number(parameter, _ANYWHERE, day))
        except RuleViolated:  # LOI_INCONNUE: the page says what it knows
            found[name] = "?"
    return found


def _page(request: HttpRequest, page: str, terms: Mapping[str, str] = MappingProxyType({})) -> HttpResponse:
    say = speaking(request)
    title = say(f"legal.{page}.title")
    context = {
        **say.context,
        "title": title,
        "page_name": title,
        "translated": "" if say.language == FRENCH else say("legal.translated"),
        "sections": sections_of(page, {**_who(say), **terms}, say.language),
    }
    return render(request, "pages/legal.html", context)
