"""A commune in a form of agents: its name, its postal code or its exact INSEE code is typed, then one is
chosen from what the one search of communes finds. No script is needed.

Nothing is guessed: five digits may be the INSEE code of one commune and the postal code of another (in
Nouvelle-Calédonie most are), and then both are offered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from procuration.domain.commune_words import QUERY_CHARACTERS_MAX
from procuration.domain.communes import CommuneSuggestion
from procuration.domain.people import Place, PlaceType
from server.dossiers.paper_forms import WITH_ARRONDISSEMENTS
from server.texts_fr import text
from server.usagers.commune_search import CommuneSearch, key_of

TYPED_MAX: Final = QUERY_CHARACTERS_MAX
_CHOICE: Final = "_choix"
_INSEE_CODE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
_TYPES: Final = (PlaceType.COMMUNE, PlaceType.ARRONDISSEMENT_MUNICIPAL)
_ANY_YEAR: Final = 0
"""Of the list that Paris, Lyon and Marseille stand in: only their code is kept, for nobody votes there but in
an arrondissement (Code électoral, L. 16)."""


def choice_of(name: str) -> str:
    """The field in which the choice comes back, beside the field in which a commune is typed."""
    return name + _CHOICE


@dataclass(frozen=True, slots=True)
class TypedCommune:
    """What was typed, and what it may mean.

    Attributes:
        offered: by what the form sends back, the likeliest first.
        place: the one that is meant; None while nobody has chosen.
    """

    typed: str
    offered: Mapping[str, CommuneSuggestion] = field(repr=False)
    place: Place | None

    @property
    def chosen(self) -> str:
        """What the form sends back for the place."""
        return f"{self.place.code}|{self.place.type:d}" if self.place else ""


def read_commune(search: CommuneSearch, typed: str, chosen: str, *, whole: bool = False) -> TypedCommune:
    """The choice counts while what is typed still means it: other letters ask again.

    Args:
        chosen: what the form sent back, or "".
        whole: whether Paris, Lyon and Marseille are places too, beside their arrondissements.
    """
    typed = typed.strip()[:TYPED_MAX]
    exact = _of_code(search, typed.upper(), whole=whole)
    found = [*exact, *(search.search(typed) if typed else ())]
    if whole:
        found = [*_wholes(found), *found]
    offered = {key_of(one): one for one in found}
    meant = offered.get(chosen)
    if meant is None and exact and len(offered) == 1:
        meant = exact[0]
    return TypedCommune(typed, offered, meant.place if meant else None)


def _of_code(search: CommuneSearch, code: str, *, whole: bool) -> list[CommuneSuggestion]:
    if not _INSEE_CODE.fullmatch(code):
        return []
    found = [one for kind in _TYPES if (one := search.named(f"{code}|{kind:d}"))]
    return [_whole(code)] if not found and whole and code in WITH_ARRONDISSEMENTS else found


def _wholes(found: list[CommuneSuggestion]) -> list[CommuneSuggestion]:
    """Paris, Lyon or Marseille, where one of their arrondissements is found."""
    codes = dict.fromkeys(one.place.commune for one in found)
    return [_whole(code) for code in codes if code in WITH_ARRONDISSEMENTS]


def _whole(code: str) -> CommuneSuggestion:
    label = text("commune_field.whole", name=WITH_ARRONDISSEMENTS[code])
    place = Place(code=code, type=PlaceType.COMMUNE, cog_year=_ANY_YEAR)
    return CommuneSuggestion(place=place, label=label, postal_hint="")
