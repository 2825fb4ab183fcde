"""The people and places of a procuration: mandant, mandataire, commune, and what may be written of them.

Decides which names, dates and identifications are acceptable at entry (R-08, R-26, R-74). A real name is
never refused. Leaves to `competence` who may establish, to `teleprocedure` which places it may link (R-73),
to `control` who is enrolled.
"""

import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Final

from procuration.errors import RuleViolated

NAME_LENGTH_MAX: Final = 100
EMAIL_LENGTH_MAX: Final = 254
ELECTOR_NUMBER_LENGTH_MAX: Final = 12
"""Longer than any number seen: 8 or 9 digits is usual, but no format is published (DOMAIN 1.8)."""
AGE_YEARS_MAX: Final = 120
VOTING_AGE_YEARS: Final = 18
_NAME_PUNCTUATION: Final = " -'’ʻ."
_INVISIBLE: Final = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),  # joiner, fillers, silent vowels
            *(0x180B, 0x180C, 0x180D, 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),  # variants
        ),
    )
)
"""Letters and marks that nobody sees (Default_Ignorable_Code_Point of Unicode): two equal names on the screen
would be two names in the record."""


_ADDRESS_CHARACTERS: Final = frozenset(map(chr, range(0x21, 0x7F))) - frozenset('<>()[],;:\\"')
_SPACED: Final = str.maketrans(dict.fromkeys("-'’ʻ.", " "))
_WITHOUT_PUNCTUATION: Final = str.maketrans("", "", _NAME_PUNCTUATION)
_BEYOND_LATIN: Final = "\u0250"


class Sex(IntEnum):
    """Sex as the civil register records it."""

    FEMALE = 1
    MALE = 2


class PlaceType(IntEnum):
    """What a place code names: codes are not unique across types (DOMAIN 6, trap 1)."""

    COMMUNE = 1
    ARRONDISSEMENT_MUNICIPAL = 2
    CIRCONSCRIPTION_CONSULAIRE = 3


_COMMUNE_OF_ARRONDISSEMENTS: Final = {"751": "75056", "693": "69123", "132": "13055"}
"""Paris, Lyon and Marseille, by the first digits of their arrondissements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody is enrolled as an elector.

    Attributes:
        code: INSEE code, e.g. "98818", or the code of a circonscription consulaire; 5 characters for
        communes.
        type: what kind of place the code names.
        cog_year: millésime of the list the code comes from, e.g. 2026.
    """

    code: str
    type: PlaceType
    cog_year: int

    @property
    def in_nouvelle_caledonie(self) -> bool:
        """Whether regime C and its own rules apply (R-70 to R-77)."""
        return self.type is not PlaceType.CIRCONSCRIPTION_CONSULAIRE and self.code.startswith("988")

    @property
    def commune(self) -> str:
        """Code of the commune: an arrondissement municipal is a part of one (Code électoral, L. 16; R-05)."""
        if self.type is PlaceType.ARRONDISSEMENT_MUNICIPAL:
            return _COMMUNE_OF_ARRONDISSEMENTS.get(self.code[:3], self.code)
        return self.code

    @property
    def departement(self) -> str:
        """Code of the département or collectivity: two characters, three overseas; empty abroad, where a
        circonscription's code may begin like a département's."""
        if self.type is PlaceType.CIRCONSCRIPTION_CONSULAIRE:
            return ""
        return self.code[:3] if self.code.startswith(("97", "98")) else self.code[:2]


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A birth date as identity documents give it: the day, or the month and the day, may be unknown (0)."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def earliest(self) -> date:
        """The first day it may stand for. Raises: ValueError, when there is no such day."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it may stand for. Raises: ValueError, when there is no such day."""
        if self.day:
            return self.earliest
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A mandant or a mandataire, as the request names them (Code électoral, R. 75).

    Attributes:
        birth_name, given_names: NFC text as typed; given_names holds all of them in order; None when they
        have none.
        sex: as the civil register records it; None when the elector number identifies the person.
        birth_date: may be partial.
        elector_number: digits; never for an elector of Nouvelle-Calédonie (R-74).
        used_name: nom d'usage, shown to the officer beside the birth name.
        enrolment: where the person votes, when the rule asks for it (R-26).
    """

    birth_date: PartialDate = field(repr=False)
    birth_name: str | None = field(default=None, repr=False)
    given_names: str | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)
    elector_number: str | None = field(default=None, repr=False)
    used_name: str | None = field(default=None, repr=False)
    enrolment: Place | None = field(default=None, repr=False)


def fold_name(name: str) -> str:
    """A name without what spelling varies: marks, case, ligatures, apostrophes, hyphens, doubled spaces."""
    if name.isascii():
        return " ".join(name.lower().replace("-", " ").replace("'", " ").replace(".", " ").split())
    spaced = name.translate(_SPACED)
    ligatures = spaced.casefold().replace("œ", "oe").replace("æ", "ae")
    bare = "".join(c for c in unicodedata.normalize("NFKD", ligatures) if not unicodedata.combining(c))
    return " ".join(bare.split())


def check_name(name: str, code: str = "NOM") -> str:
    """The name as it is stored: trimmed, NFC.

    Raises: RuleViolated `{code}_MANQUANT`, `{code}_TROP_LONG` (ids: maximum), `{code}_CARACTERE` (ids:
    character).
    """
    if len(name) > 4 * NAME_LENGTH_MAX:
        raise RuleViolated(f"{code}_TROP_LONG", maximum=NAME_LENGTH_MAX)
    stored = unicodedata.normalize("NFC", name.strip())
    if not stored:
        raise RuleViolated(f"{code}_MANQUANT")
    if len(stored) > NAME_LENGTH_MAX:
        raise RuleViolated(f"{code}_TROP_LONG", maximum=NAME_LENGTH_MAX)
    usual = stored.isascii() or max(stored) < _BEYOND_LATIN
    if usual and (stored.isalpha() or stored.translate(_WITHOUT_PUNCTUATION).isalpha()):
        return stored  # nearly every name, in a tenth of the time: an import reads thousands of them
    for character in stored:
        known = unicodedata.category(character)[0] in "LM" or character in _NAME_PUNCTUATION
        if not known or character in _INVISIBLE:
            raise RuleViolated(f"{code}_CARACTERE", character=character)
    if not any(unicodedata.category(c)[0] == "L" and c not in _NAME_PUNCTUATION for c in stored):
        raise RuleViolated(f"{code}_MANQUANT")
    return stored


def check_email(typed: str) -> str:
    """The address as it is stored: spaces removed, printable ASCII, one @, a dot in the domain.

    Raises: RuleViolated COURRIEL_MANQUANT, COURRIEL_TROP_LONG, COURRIEL_CARACTERE, COURRIEL_SANS_AROBASE,
    COURRIEL_SANS_FIN.
    """
    if len(typed) > 2 * EMAIL_LENGTH_MAX:
        raise RuleViolated("COURRIEL_TROP_LONG", maximum=EMAIL_LENGTH_MAX)
    address = "".join(typed.split())
    if not address:
        raise RuleViolated("COURRIEL_MANQUANT")
    if len(address) > EMAIL_LENGTH_MAX:
        raise RuleViolated("COURRIEL_TROP_LONG", maximum=EMAIL_LENGTH_MAX)
    if not _ADDRESS_CHARACTERS.issuperset(address):
        character = next(one for one in address if one not in _ADDRESS_CHARACTERS)
        raise RuleViolated("COURRIEL_CARACTERE", character=character)
    local, at, domain = address.partition("@")
    if not at or not local or "@" in domain:
        raise RuleViolated("COURRIEL_SANS_AROBASE")
    if "." not in domain.strip("."):
        raise RuleViolated("COURRIEL_SANS_FIN")
    return address


def check_birth_date(birth_date: PartialDate, today: date) -> PartialDate:
    """The same date, when it is real, past and at most 120 years old.

    Raises: RuleViolated DATE_INEXISTANTE, DATE_ANNEE, DATE_FUTURE, DATE_TROP_ANCIENNE.
    """
    if not 1000 <= birth_date.year <= 9999:
        raise RuleViolated("DATE_ANNEE")
    if birth_date.day and not birth_date.month:
        raise RuleViolated("DATE_INEXISTANTE")
    try:
        earliest = birth_date.earliest
    except ValueError as error:
        raise RuleViolated("DATE_INEXISTANTE") from error
    if earliest >= today:
        raise RuleViolated("DATE_FUTURE")
    if today.year - birth_date.year > AGE_YEARS_MAX:
        raise RuleViolated("DATE_TROP_ANCIENNE", maximum=AGE_YEARS_MAX)
    return birth_date


def check_elector_number(typed: str) -> str:
    """The number without spaces. No check digit is published, so none is invented (DOMAIN 1.8).

    Raises: RuleViolated NUMERO_MANQUANT, NUMERO_CARACTERE, NUMERO_TROP_LONG.
    """
    number = "".join(typed.split())
    if not number:
        raise RuleViolated("NUMERO_MANQUANT")
    if not (number.isascii() and number.isdigit()):
        raise RuleViolated("NUMERO_CARACTERE")
    if len(number) > ELECTOR_NUMBER_LENGTH_MAX:
        raise RuleViolated("NUMERO_TROP_LONG", maximum=ELECTOR_NUMBER_LENGTH_MAX)
    return number


def is_certainly_minor(birth_date: PartialDate, day: date, age: int = VOTING_AGE_YEARS) -> bool:
    """Whether nobody born at this date can have the age on that day (R-09). A doubt about a partial date is
    not certainty.

    Args:
        age: in years, of the law table where one is at hand.
    """
    return _younger(birth_date.earliest, day, age)


def is_perhaps_minor(birth_date: PartialDate, day: date, age: int = VOTING_AGE_YEARS) -> bool:
    """Whether somebody born at this date may still lack the age on that day (R-09)."""
    return _younger(birth_date.latest, day, age)


def _younger(born: date, day: date, age: int) -> bool:
    return (day.year - born.year, day.month, day.day) < (age, born.month, born.day)


def same_person(one: Person, other: Person) -> bool:
    """Whether two descriptions name one person, as far as both say: elector number, else folded names and
    birth date (R-08)."""
    if one.elector_number and other.elector_number:
        return one.elector_number == other.elector_number
    return (
        one.birth_date == other.birth_date
        and _folded_names(one) == _folded_names(other)
        and any(_folded_names(one))
    )


def _folded_names(person: Person) -> tuple[str, str]:
    return fold_name(person.birth_name or ""), fold_name(person.given_names or "")


def civil_key(person: Person) -> str:
    """What two descriptions of one person have in common, to compare records: the elector number when
    nothing else names the person, else the folded names and the birth date.

    A number and a name are never known to be one person here: only the register can say so (DOMAIN 1.8).
    """
    if person.elector_number is not None and person.birth_name is None and person.given_names is None:
        return f"n|{person.elector_number}"
    birth_name, given_names = _folded_names(person)
    date_ = person.birth_date
    return f"c|{birth_name}|{given_names}|{date_.year:04}-{date_.month:02}-{date_.day:02}"


def mandant_key(mandant: Person, vote_place: Place) -> str:
    """The mandant of a procuration: folded names, birth date and commune (SECURITY-DESIGN 5, kind 3).

    The commune is the one that the officer read: what a move does to a running procuration was not found, and
    the control of the new commune, or the register, says whether it still holds (R-53).
    """
    return f"{civil_key(mandant)}|{vote_place.code}"


def check_mandant(mandant: Person, today: date, vote_place: Place | None = None) -> None:
    """The mandant is named by civil status (Code électoral, R. 75-II).

    Args:
        vote_place: when it is known, an elector number is refused in Nouvelle-Calédonie (R-74).
    Raises: RuleViolated, with the code of the first datum at fault; NUMERO_EN_NOUVELLE_CALEDONIE.
    """
    _check_civil_status(mandant, today)
    if mandant.elector_number is not None:
        if vote_place is not None and vote_place.in_nouvelle_caledonie:
            raise RuleViolated("NUMERO_EN_NOUVELLE_CALEDONIE")
        check_elector_number(mandant.elector_number)


def check_mandataire(mandataire: Person, mandant: Person, vote_place: Place, today: date) -> None:
    """The mandataire is identified in exactly one of the two ways of R. 75-II (R-26), and is somebody else
    (R-08).

    Raises: RuleViolated MANDATAIRE_IDENTIFICATION, NUMERO_EN_NOUVELLE_CALEDONIE (R-74),
    MANDATAIRE_EST_LE_MANDANT, or the code of the datum at fault.
    """
    if mandataire.elector_number is not None:
        _check_identified_by_number(mandataire, vote_place, today)
    else:
        if mandataire.sex is None or mandataire.enrolment is None:
            raise RuleViolated("MANDATAIRE_IDENTIFICATION")
        _check_civil_status(mandataire, today)
    if same_person(mandataire, mandant):
        raise RuleViolated("MANDATAIRE_EST_LE_MANDANT")


def _check_identified_by_number(mandataire: Person, vote_place: Place, today: date) -> None:
    if vote_place.in_nouvelle_caledonie:
        raise RuleViolated("NUMERO_EN_NOUVELLE_CALEDONIE")
    by_name = (mandataire.birth_name, mandataire.given_names, mandataire.used_name)
    if any((*by_name, mandataire.sex, mandataire.enrolment)):
        raise RuleViolated("MANDATAIRE_IDENTIFICATION")
    check_elector_number(mandataire.elector_number or "")
    check_birth_date(mandataire.birth_date, today)


def _check_civil_status(person: Person, today: date) -> None:
    if person.birth_name is None and person.given_names is None:
        raise RuleViolated("NOM_MANQUANT")
    if person.birth_name is not None:
        check_name(person.birth_name)
    if person.given_names is not None:
        check_name(person.given_names, "PRENOMS")
    if person.used_name is not None:
        check_name(person.used_name)
    check_birth_date(person.birth_date, today)
