"""Who may be mandant and who mandataire, from what a register or a town hall knows of both (Code électoral,
L. 2, L. 11, L. 71 to L. 74, R. 213; R-02 to R-05, R-09, R-10, R-52, R-75).

One scrutin at a time: a period may serve for one and not for another. The answer is a refusal with its
code, nothing to object, or a doubt that a person settles: a program does not guess who may vote (DESIGN,
decision 5). R-07 is a declaration at the counter (`acts.Declarations`): no protection status is stored or
asked here. The ceiling of L. 73 is not decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from procuration.domain.law import Law
from procuration.domain.people import PartialDate, Place, is_certainly_minor, is_perhaps_minor
from procuration.domain.refusal import RefusalCode
from procuration.domain.scrutin import Round, Scrutin


class ElectoralList(StrEnum):
    """A list that somebody may be on."""

    PRINCIPALE = "PRINCIPALE"
    COMPLEMENTAIRE_MUNICIPALE = "COMPLEMENTAIRE_MUNICIPALE"
    COMPLEMENTAIRE_EUROPEENNE = "COMPLEMENTAIRE_EUROPEENNE"
    CONSULAIRE = "CONSULAIRE"
    SPECIALE_PROVINCIALE = "SPECIALE_PROVINCIALE"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """What the electoral lists say of one person, as known for one polling day.

    Attributes:
        place: where the person votes.
        lists: those they are on; none for somebody struck off.
        has_rights: not deprived of electoral rights (L. 5 to L. 7).
    """

    place: Place
    lists: frozenset[ElectoralList]
    birth_date: PartialDate = field(repr=False)
    has_rights: bool = True


class ControlDoubt(StrEnum):
    """What the law or the data leave open, for the human queue."""

    AGE = "AGE_INCERTAIN"
    SPECIAL_LIST = "LISTE_SPECIALE_MANDATAIRE"


RULE_OF_CONTROL_DOUBT: Final[dict[ControlDoubt, str]] = {
    ControlDoubt.AGE: "R-09",
    ControlDoubt.SPECIAL_LIST: "R-75",
}
Finding = RefusalCode | ControlDoubt

_LISTS: Final = {
    ElectoralList.COMPLEMENTAIRE_MUNICIPALE: "complementary_municipal_elections",
    ElectoralList.COMPLEMENTAIRE_EUROPEENNE: "complementary_european_elections",
    ElectoralList.SPECIALE_PROVINCIALE: "special_list_elections",
}
"""Lists that serve only the elections of a parameter of the law."""
_SPECIAL_LIST_RULES: Final = frozenset({"REQUIRED", "NOT_REQUIRED", "HUMAN"})
_AGE_ROUNDS: Final = frozenset({"FIRST", "LAST"})


def check_control(
    mandant: RegisterEntry | None,
    mandataire: RegisterEntry | None,
    vote_place: Place,
    scrutin: Scrutin,
    served: Sequence[Round],
    law: Law,
) -> Finding | None:
    """Why the procuration does not serve for this scrutin, or None. The mandant is looked at first.

    Args:
        mandant, mandataire: None when no list has them.
        vote_place: where the request says that the mandant votes.
        served: rounds of the scrutin that the procuration covers, at least one, by date.
    Raises: RuleViolated LOI_INCONNUE.
    """
    found = _mandant_finding(mandant, vote_place, scrutin, served, law)
    other = _mandataire_finding(mandataire, vote_place, scrutin, served, law)
    # A refusal of either stands whatever a person would answer to a doubt about the other.
    return next((one for one in (found, other) if isinstance(one, RefusalCode)), found or other)


def _mandant_finding(
    entry: RegisterEntry | None, vote_place: Place, scrutin: Scrutin, served: Sequence[Round], law: Law
) -> Finding | None:
    if entry is None or entry.place.commune != vote_place.commune:
        return RefusalCode.MANDANT_NON_INSCRIT
    if not entry.has_rights:
        return RefusalCode.DECES_OU_DROITS
    if not may_vote(entry, scrutin, vote_place, law):
        return RefusalCode.MANDANT_NON_INSCRIT
    return _age_finding(entry, vote_place, served, law, RefusalCode.MANDANT_NON_INSCRIT)


def _mandataire_finding(
    entry: RegisterEntry | None, vote_place: Place, scrutin: Scrutin, served: Sequence[Round], law: Law
) -> Finding | None:
    if entry is None:
        return RefusalCode.MANDATAIRE_INTROUVABLE
    day = served[0].day
    if not entry.has_rights or not entry.lists:
        return RefusalCode.MANDATAIRE_SANS_DROITS
    if law.number("same_commune_required", vote_place, day) and entry.place.commune != vote_place.commune:
        return RefusalCode.COMMUNES_DIFFERENTES  # R-05; never under the law of R-04
    if not may_vote(entry, scrutin, vote_place, law, special_list_needed=False):
        return RefusalCode.MANDATAIRE_SANS_DROITS
    age = _age_finding(entry, vote_place, served, law, RefusalCode.MANDATAIRE_SANS_DROITS)
    if age is not None or may_vote(entry, scrutin, vote_place, law):
        return age
    match law.one_of("special_list_for_mandataire", _SPECIAL_LIST_RULES, vote_place, day):
        case "REQUIRED":
            return RefusalCode.MANDATAIRE_SANS_DROITS
        case "HUMAN":
            return ControlDoubt.SPECIAL_LIST
        case _:
            return None


def may_vote(
    entry: RegisterEntry, scrutin: Scrutin, vote_place: Place, law: Law, *, special_list_needed: bool = True
) -> bool:
    """Whether one of the person's lists serves for one of the elections of the scrutin (R-02, R-10, R-75):
    EU citizens vote in municipal and European ballots only, provincial ballots of Nouvelle-Calédonie have a
    list of their own.

    Raises: RuleViolated LOI_INCONNUE.
    """
    day = scrutin.rounds[0].day
    special = law.words("special_list_elections", vote_place, day) if special_list_needed else frozenset()
    for one in entry.lists:
        if one in _LISTS:
            served = law.words(_LISTS[one], vote_place, day)
        else:
            served = frozenset(scrutin.elections) - special
        if served & set(scrutin.elections):
            return True
    return False


def _age_finding(
    entry: RegisterEntry, place: Place, served: Sequence[Round], law: Law, refusal: RefusalCode
) -> Finding | None:
    """Of age on the polling day that counts, first or last served (L. 2, L. 11; R-09); a partial birth date
    that leaves it open is a doubt."""
    day = _age_day(place, served, law)
    age = law.number("age_minimum_years", place, day)
    if is_certainly_minor(entry.birth_date, day, age):
        return refusal
    return ControlDoubt.AGE if is_perhaps_minor(entry.birth_date, day, age) else None


def _age_day(place: Place, served: Sequence[Round], law: Law) -> date:
    which = law.one_of("age_counted_at_round", _AGE_ROUNDS, place, served[0].day)
    return served[0 if which == "FIRST" else -1].day
