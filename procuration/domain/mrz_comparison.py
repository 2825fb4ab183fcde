"""An identity document beside a request, line by line: identical, to be looked at, or different.

It informs the officer, who alone declares anything (R-18): a name may be cut or written in another alphabet,
and no machine sees a face. What it calls identical is what Doc 9303-3 (part 6) makes of the very name that
was typed.
"""

import unicodedata
from datetime import date
from enum import Enum
from typing import Final

from procuration.domain.mrz import IdentityZone
from procuration.domain.near_names import folded_words, one_letter_apart
from procuration.domain.people import PartialDate, Person, fold_name

EXPIRED_YEARS_MAX: Final = 5
"""A card or a passport serves so long after its end (order of 16 Nov 2018; R-19)."""
CARD_YEARS: Final = 10
CARD_YEARS_MAX: Final = 15
"""French cards made between 2004 and 2013 for adults last five years longer (décret 2013-1188)."""
_APOSTROPHES: Final = "'’ʻ."
_LETTERS: Final[dict[str, tuple[str, ...]]] = {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Æ": ("AE",),
    "Ð": ("D",),
    "Đ": ("D",),
    "Ñ": ("N", "NXX"),
    "Ö": ("OE", "O"),
    "Ø": ("OE", "O"),
    "Œ": ("OE",),
    "Ü": ("UE", "UXX", "U"),
    "Þ": ("TH",),
    "ẞ": ("SS",),
    "Ł": ("L",),
    "Ħ": ("H",),
    "Ŋ": ("N",),
    "Ŧ": ("T",),
    "Ĳ": ("IJ",),
}
"""Doc 9303-3, 6.A: the letters that are not their base letter alone."""


class Likeness(Enum):
    """What a machine can say of one line."""

    SAME = "same"
    TO_CHECK = "to_check"
    DIFFERENT = "different"


class Datum(Enum):
    """The lines that are compared."""

    BIRTH_NAME = "birth_name"
    GIVEN_NAMES = "given_names"
    BIRTH_DATE = "born"
    SEX = "sex"
    EXPIRY = "expiry"


def compare(zone: IdentityZone, person: Person, today: date) -> dict[Datum, Likeness]:
    """Each line that both have."""
    lines = {
        Datum.BIRTH_NAME: _birth_name(zone, person),
        Datum.GIVEN_NAMES: _given_names(zone, person),
        Datum.BIRTH_DATE: _birth_date(zone.birth_date, person.birth_date),
    }
    if zone.sex is not None and person.sex is not None:
        lines[Datum.SEX] = Likeness.SAME if zone.sex is person.sex else Likeness.DIFFERENT
    lines[Datum.EXPIRY] = validity(zone, today)
    return lines


# ---- names


def _birth_name(zone: IdentityZone, person: Person) -> Likeness:
    found = _names_alike(person.birth_name, zone.birth_name, cut=zone.birth_name_cut)
    if found is Likeness.DIFFERENT and person.used_name and is_written(person.used_name, zone.birth_name):
        return Likeness.TO_CHECK
    return found


def _given_names(zone: IdentityZone, person: Person) -> Likeness:
    found = _names_alike(person.given_names, zone.given_names, cut=zone.given_names_cut)
    if found is not Likeness.DIFFERENT or not person.given_names or not zone.given_names:
        return found
    asked, read = person.given_names.replace(",", " ").split(), zone.given_names.split()
    begins = any(is_written(" ".join(asked[:count]), zone.given_names) for count in range(1, len(asked)))
    same_words = sorted(folded_words(person.given_names)) == sorted(word.lower() for word in read)
    return Likeness.TO_CHECK if begins or same_words else Likeness.DIFFERENT


def _names_alike(asked: str | None, read: str, *, cut: bool) -> Likeness:
    if not asked or not read:
        return Likeness.SAME if not asked and not read else Likeness.DIFFERENT
    if is_written(asked, read):
        return Likeness.SAME
    folded, plain = fold_name(asked).replace(" ", ""), read.lower().replace(" ", "")
    unknown = any(not _written(character) for character in _capitals(asked))
    near = one_letter_apart(folded, plain)
    return (
        Likeness.TO_CHECK
        if unknown or near or (cut and is_written(asked, read, cut=True))
        else Likeness.DIFFERENT
    )


def is_written(name: str, read: str, *, cut: bool = False) -> bool:
    """Whether a zone may write this name so; `cut`: letters may be missing at its end."""
    reached = {0}
    for character in _capitals(name):
        forms = _written(character)
        if cut and any(form.startswith(read[at:]) for at in reached for form in forms):
            return True
        reached = {at + len(form) for at in reached for form in forms if read.startswith(form, at)}
    return len(read) in reached


def _capitals(name: str) -> str:
    """ß has two capitals, of which only one is a letter: it is written SS either way."""
    return " ".join(unicodedata.normalize("NFC", name).replace("ß", "ẞ").upper().replace("-", " ").split())


def _written(character: str) -> tuple[str, ...]:
    """How a zone may write one capital; nothing for another alphabet. Apostrophes are dropped, and in some
    countries a filler."""
    if character in _APOSTROPHES:
        return ("", " ")
    if character in _LETTERS:
        return _LETTERS[character]
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return (bare,) if bare.isascii() and (bare.isalpha() or bare == " ") else () if bare else ("",)


# ---- dates


def _birth_date(read: PartialDate, asked: PartialDate) -> Likeness:
    """A zone has two digits of the year: the century is the one that was asked."""
    if (read.year % 100, read.month, read.day) == (asked.year % 100, asked.month, asked.day):
        return Likeness.SAME
    same_year = read.year % 100 == asked.year % 100
    unknown = same_year and (0 in (read.month, asked.month) or 0 in (read.day, asked.day))
    agrees = read.month in (0, asked.month) or asked.month == 0
    return Likeness.TO_CHECK if unknown and agrees else Likeness.DIFFERENT


def validity(zone: IdentityZone, today: date) -> Likeness:
    """Whether the title may be accepted today (R-19): valid; over, or not known to the day; over too long."""
    if zone.issued is not None:
        year, month = zone.issued
        age = today.year - year - (today.month < month)
        if age < CARD_YEARS:
            return Likeness.SAME
        oldest = CARD_YEARS_MAX + EXPIRED_YEARS_MAX
        return Likeness.TO_CHECK if age < oldest else Likeness.DIFFERENT
    if zone.expires is None:
        return Likeness.TO_CHECK
    if zone.expires >= today:
        return Likeness.SAME
    return Likeness.TO_CHECK if today < _years_later(zone.expires, EXPIRED_YEARS_MAX) else Likeness.DIFFERENT


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)
