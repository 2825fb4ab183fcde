"""Who may draw up a procuration, on which form, where and when (Code électoral, R. 72-1 to R. 72-2).

Decides from the quality of the authority (R-11 to R-15, R-20, R-21) and from the term of its designation
(R-14). Leaves the préfet's list of public places to `sites` (R-16), the papers of a home visit to `acts`
(R-17), and who confirms a délégué's act to `delegation`.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from procuration.domain.identifiers import Kid, LogId
from procuration.domain.people import fold_name
from procuration.errors import RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who drew up the procuration, as R. 75-II wants it recorded (R-23): for the register and the
    récépissé only."""

    nom: str = field(repr=False)
    prenoms: str = field(repr=False)
    qualite: str
    unit_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Habilitation:
    """The right of one officer to act on one tablet between two instants.

    Attributes:
        kid: the officer key.
        log_id: the log of the tablet for which the key was enrolled; an act elsewhere is not covered.
        not_before, not_after: aware UTC; the designation of R. 72-1 I 2° or 3°.
        revoked_at: when it was withdrawn, if it was.
    """

    kid: Kid
    log_id: LogId
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None = None


def check_competence(habilitation: Habilitation, log_id: LogId, at: datetime) -> None:
    """The officer may act on this tablet at this instant (R-14).

    Raises: RuleViolated HABILITATION_AUTRE_POSTE, HABILITATION_FUTURE, HABILITATION_TERMINEE,
    HABILITATION_RETIREE.
    """
    if habilitation.log_id != log_id:
        raise RuleViolated("HABILITATION_AUTRE_POSTE")
    if at < habilitation.not_before:
        raise RuleViolated("HABILITATION_FUTURE")
    if habilitation.revoked_at is not None and at >= habilitation.revoked_at:
        raise RuleViolated("HABILITATION_RETIREE")
    if at > habilitation.not_after:
        raise RuleViolated("HABILITATION_TERMINEE")


class AuthorityKind(StrEnum):
    """What an authority is, for the matrix below."""

    OPJ = "OPJ"
    MILITARY_OPJ = "OPJ_MILITAIRE"
    APJ = "APJ"
    RESERVISTE = "RESERVISTE"
    DELEGUE = "DELEGUE"
    DELEGUE_OF_AN_APJ = "DELEGUE_D_UN_APJ"
    MAGISTRAT = "MAGISTRAT"
    GREFFE = "GREFFE"
    MAIRE = "MAIRE"
    CONSULAR = "CONSULAIRE"
    HONORARY_CONSUL = "CONSUL_HONORAIRE"
    SHIP_CAPTAIN = "CAPITAINE_DE_NAVIRE"
    DESIGNATED = "DESIGNEE"


class Form(StrEnum):
    """On what the mandant asks (R. 72): the télé-procédure or the administrative form."""

    TELEPROCEDURE = "TELEPROCEDURE"
    PAPER = "PAPIER"


class Where(StrEnum):
    """Where the authority acts: its own premises, at home (R. 72-1 IV), a listed public place (R. 72-1 III),
    outside France (R. 72-1-1), on board (R. 72-2)."""

    UNIT = "LOCAUX"
    HOME = "DOMICILE"
    LISTED_PUBLIC_PLACE = "LIEU_LISTE"
    ABROAD = "ETRANGER"
    AT_SEA = "MER"


class Power(StrEnum):
    """What is done: establish or end a procuration (R. 72-1, R. 78), or only collect the request (R. 72-1
    V)."""

    ESTABLISH = "ETABLIR"
    COLLECT = "RECUEILLIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """One line of the matrix: these authorities have these powers on these forms in these places."""

    kinds: frozenset[AuthorityKind]
    forms: frozenset[Form]
    places: frozenset[Where]
    powers: frozenset[Power]
    article: str


_EITHER: Final = frozenset(Form)
_ON_PAPER: Final = frozenset({Form.PAPER})
_NATIONAL: Final = frozenset({Where.UNIT, Where.HOME, Where.LISTED_PUBLIC_PLACE})
_ANY_POWER: Final = frozenset(Power)
_POLICE: Final = frozenset(
    {AuthorityKind.OPJ, AuthorityKind.MILITARY_OPJ, AuthorityKind.APJ, AuthorityKind.RESERVISTE}
)

MATRIX: Final = (
    Competence(
        kinds=_POLICE | {AuthorityKind.DESIGNATED},
        forms=_EITHER,
        places=_NATIONAL,
        powers=_ANY_POWER,
        article="R. 72-1 I 2° and 3°, II, III, IV",
    ),
    Competence(
        kinds=frozenset({AuthorityKind.DELEGUE}),
        forms=_EITHER,
        places=_NATIONAL,
        powers=frozenset({Power.COLLECT}),
        article="R. 72-1 V",
    ),
    Competence(
        kinds=frozenset({AuthorityKind.MAGISTRAT, AuthorityKind.GREFFE}),
        forms=_ON_PAPER,
        places=frozenset({Where.UNIT}),
        powers=_ANY_POWER,
        article="R. 72-1 I 1° and 4°",
    ),
    Competence(
        kinds=frozenset({AuthorityKind.CONSULAR, AuthorityKind.MILITARY_OPJ, AuthorityKind.DESIGNATED}),
        forms=_EITHER,
        places=frozenset({Where.ABROAD}),
        powers=_ANY_POWER,
        article="R. 72-1-1",
    ),
    Competence(
        kinds=frozenset({AuthorityKind.HONORARY_CONSUL}),
        forms=_ON_PAPER,
        places=frozenset({Where.ABROAD}),
        powers=_ANY_POWER,
        article="R. 72-1-1",
    ),
    Competence(
        kinds=frozenset({AuthorityKind.SHIP_CAPTAIN}),
        forms=_ON_PAPER,
        places=frozenset({Where.AT_SEA}),
        powers=_ANY_POWER,
        article="R. 72-2",
    ),
)
"""Who may do what (R-11, R-12, R-15, R-20, R-21); what no line allows is refused (R-13: no line has a
mayor)."""

REFUSED_BY: Final[dict[AuthorityKind, str]] = {
    **dict.fromkeys(_POLICE | {AuthorityKind.DESIGNATED}, "R-20"),
    AuthorityKind.DELEGUE: "R-15",
    AuthorityKind.DELEGUE_OF_AN_APJ: "R-15",
    AuthorityKind.MAGISTRAT: "R-12",
    AuthorityKind.GREFFE: "R-12",
    AuthorityKind.MAIRE: "R-13",
    AuthorityKind.CONSULAR: "R-20",
    AuthorityKind.HONORARY_CONSUL: "R-20",
    AuthorityKind.SHIP_CAPTAIN: "R-21",
}
"""The rule that a refusal of each kind names. Police and gendarmerie are refused abroad and at sea only."""


def check_authority(kind: AuthorityKind, form: Form, where: Where, power: Power) -> None:
    """The matrix has a line for it.

    Raises: RuleViolated DELEGUE_RECUEILLE_SEULEMENT (R-15), AUTORITE_INCOMPETENTE (ids: rule, the number of
    the rule that refuses).
    """
    if any(
        kind in line.kinds and form in line.forms and where in line.places and power in line.powers
        for line in MATRIX
    ):
        return
    if kind is AuthorityKind.DELEGUE and power is Power.ESTABLISH:
        raise RuleViolated("DELEGUE_RECUEILLE_SEULEMENT", rule="R-15")
    paper_elsewhere = form is Form.PAPER and kind in (AuthorityKind.MAGISTRAT, AuthorityKind.GREFFE)
    raise RuleViolated("AUTORITE_INCOMPETENTE", rule="R-11" if paper_elsewhere else REFUSED_BY[kind])


_DESIGNATED_BY: Final = re.compile(r"\b(?:designee?|habilitee?|nommee?) par\b.*")
"""« OPJ désigné par le juge » is no juge: who designated is not who acts."""
_POLICE_JUDICIAIRE: Final = r"s? de (?:la )?police judiciaire"
_OPJ: Final = rf"(?:opj|o p j|officiere?{_POLICE_JUDICIAIRE})"
_APJ: Final = rf"(?:apj|a p j|agente?{_POLICE_JUDICIAIRE})"
_SAID: Final = (
    (AuthorityKind.MAIRE, r"maire|mairesse|^(?:(?:premiere?|[a-z]+ieme|\d+[a-z]*) )?adjointe?$"),
    (
        AuthorityKind.DELEGUE_OF_AN_APJ,
        rf"deleguee?(?: (?:d|de|du|des|l|un|une|la|le|par))* (?:{_APJ}|reserviste)",
    ),
    (AuthorityKind.DELEGUE, r"delegue|deleguee"),
    (AuthorityKind.HONORARY_CONSUL, r"(?:consule?|agente? consulaire)\b.*\bhonoraire"),
    (AuthorityKind.CONSULAR, r"consul|consule|consulaire|ambassadeur|ambassadrice"),
    (
        AuthorityKind.SHIP_CAPTAIN,
        r"(?:capitaine|commandante?|patronn?e?) (?:de|du) (?:navire|bateau|bord|batiment)",
    ),
    (AuthorityKind.RESERVISTE, r"reserviste"),
    (
        AuthorityKind.MILITARY_OPJ,
        rf"{_OPJ} (?:militaire|des forces armees)|prevote?(?:ale?)? {_OPJ}|{_OPJ} prevotale?",
    ),
    (AuthorityKind.OPJ, _OPJ),
    (AuthorityKind.APJ, _APJ),
    (AuthorityKind.MAGISTRAT, r"magistrate?|juge|presidente? du tribunal"),
    (AuthorityKind.GREFFE, r"greffe|greffier|greffiere"),
)
"""Whole words of a quality, folded; the first line that is found decides. A mayor is refused although OPJ
(R-13), a délégué's quality names their OPJ."""
_PATTERNS: Final = tuple((kind, re.compile(rf"(?:^|\b)(?:{words})\b")) for kind, words in _SAID)


@lru_cache(maxsize=1024)
def authority_kind_of(qualite: str) -> AuthorityKind:
    """What the words of a quality name, e.g. « Maréchale des logis-cheffe, OPJ ».

    A quality without any known word is `DESIGNATED` and is accepted where police and gendarmerie are: the
    supervisor's signed designation carries it (R-14), and ranks are too many and too changing to be listed
    here.
    """
    # Remembered: a unit's officers share a few qualities, and each act asks a dozen patterns of one.
    folded = _DESIGNATED_BY.sub("", " ".join(re.findall(r"\w+", fold_name(qualite)))).strip()
    return next((kind for kind, pattern in _PATTERNS if pattern.search(folded)), AuthorityKind.DESIGNATED)
