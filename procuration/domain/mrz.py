"""The machine-readable zone of an identity document: what it says of its holder, once its check digits agree.

Decides which zones are those of a title that an elector may present (R-19): passports and identity cards of
any country (ICAO Doc 9303, parts 4 to 6: TD3, TD2, TD1) and the French card of before 2021, which has a
layout of its own. Visas, crew certificates and residence permits are none. Leaves to `mrz_comparison` what
the zone means for a request.

The number of the document is weighed for its check digit where it stands, and copied nowhere: the caller
reads into a `bytearray` and empties it afterwards. Names are not under any check digit, except in the French
card of before 2021: a letter may be read wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from procuration.domain.acts import IdentityDocument
from procuration.domain.people import AGE_YEARS_MAX, PartialDate, Sex
from procuration.errors import RecordRejected

MRZ_BYTES_MAX: Final = 3 * (30 + 2)
"""The longest zone: three lines of 30 with their ends."""
_FILLER: Final = ord("<")
_ALPHABET: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
_WEIGHTS: Final = (7, 3, 1)
_SHAPES: Final = {88: (44, 44), 72: (36, 36), 90: (30, 30, 30)}
_CENTURY: Final = 100
_EXPIRY_YEARS_MAX: Final = 50
"""No title is valid for so long, nor presented so long after its end."""
_FRENCH: Final = "FRA"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityZone:
    """What the zone says, without the number of the document.

    Attributes:
        issuer: state, by its three letters, e.g. "FRA", "D".
        birth_name, given_names: as the zone writes them: capitals, one space for each filler.
        birth_name_cut, given_names_cut: the field was full, so that letters may be missing at its end.
        expires: last day of validity; None where the zone has none.
        issued: year and month, only of the French card of before 2021, whose zone has no end.
    """

    kind: IdentityDocument
    issuer: str
    birth_name: str = field(repr=False)
    given_names: str = field(repr=False)
    birth_name_cut: bool
    given_names_cut: bool
    birth_date: PartialDate = field(repr=False)
    sex: Sex | None = field(repr=False)
    expires: date | None = field(default=None, repr=False)
    issued: tuple[int, int] | None = field(default=None, repr=False)

    @property
    def is_french(self) -> bool:
        """Other titles are those of citizens of the Union, who vote in two kinds of ballots only (R-10)."""
        return self.issuer == _FRENCH


@dataclass(frozen=True, slots=True)
class _Names:
    birth: str
    given: str
    birth_cut: bool
    given_cut: bool


def read_zone(zone: bytes | bytearray | memoryview, today: date) -> IdentityZone:
    """A zone of two or three lines, or its characters in one run.

    Args:
        today: decides the century of years of two digits.
    Raises: RecordRejected MRZ_SIZE, MRZ_FORM, MRZ_KIND (no title of an elector), MRZ_CHECK, MRZ_DATE.
    """
    if len(zone) > MRZ_BYTES_MAX:
        raise RecordRejected("MRZ_SIZE")
    rows = _rows(memoryview(zone))
    match [len(row) for row in rows]:
        case [44, 44]:
            return _td3(rows, today)
        case [36, 36] if bytes(rows[0][:5]) == b"IDFRA":
            return _french_card(rows, today)
        case [36, 36]:
            return _td2(rows, today)
        case [30, 30, 30]:
            return _td1(rows, today)
    raise RecordRejected("MRZ_SIZE")


def _rows(zone: memoryview) -> list[memoryview]:
    """Views of the lines: nothing is copied."""
    ends = [place for place, byte in enumerate(zone) if byte in b"\r\n"]
    rows = [
        zone[start:end]
        for start, end in zip([0, *(end + 1 for end in ends)], [*ends, len(zone)], strict=True)
        if end > start
    ]
    if not all(_ALPHABET.issuperset(row) for row in rows):
        raise RecordRejected("MRZ_FORM")
    if len(rows) == 1 and len(rows[0]) in _SHAPES:
        run, starts = rows[0], 0
        rows = []
        for length in _SHAPES[len(run)]:
            rows.append(run[starts : starts + length])
            starts += length
    return rows


# ---- the layouts: places are those of Doc 9303, from 0


def _td3(rows: Sequence[memoryview], today: date) -> IdentityZone:
    """Doc 9303-4: a passport."""
    first, second = rows
    if first[0] != ord("P"):
        raise RecordRejected("MRZ_KIND")
    _check(second[9], second[:9])
    _check_dates(second, 13, 21)
    _check(second[42], second[28:42], empty_allowed=True)
    _check(second[43], second[:10], second[13:20], second[21:43])
    return _zone(
        IdentityDocument.PASSPORT,
        first[2:5],
        _names(first[5:]),
        second[13:19],
        second[20],
        second[21:27],
        today,
    )


def _td2(rows: Sequence[memoryview], today: date) -> IdentityZone:
    """Doc 9303-6: a card of two lines."""
    first, second = rows
    kind = _card(first)
    _check_number(second[:9], second[9], second[28:35])
    _check_dates(second, 13, 21)
    _check(second[35], second[:10], second[13:20], second[21:35])
    return _zone(kind, first[2:5], _names(first[5:]), second[13:19], second[20], second[21:27], today)


def _td1(rows: Sequence[memoryview], today: date) -> IdentityZone:
    """Doc 9303-5: a card of three lines, as the French one since 2021."""
    first, second, third = rows
    kind = _card(first)
    _check_number(first[5:14], first[14], first[15:30])
    _check_dates(second, 0, 8)
    _check(second[29], first[5:30], second[:7], second[8:15], second[18:29])
    return _zone(kind, first[2:5], _names(third), second[:6], second[7], second[8:14], today)


def _french_card(rows: Sequence[memoryview], today: date) -> IdentityZone:
    """The French card of before 2021: name in 25 places, prénoms in 14; when it was made, not its end."""
    first, second = rows
    _check(second[12], second[:12])
    _check(second[33], second[27:33])
    _check(second[35], first, second[:35])
    names = _Names(_words(first[5:30]), _words(second[13:27]), first[29] != _FILLER, second[26] != _FILLER)
    year, month = _number(second[:2]), _number(second[2:4])
    if not 1 <= month <= 12:
        raise RecordRejected("MRZ_DATE")
    kind = IdentityDocument.NATIONAL_IDENTITY_CARD
    zone = _zone(kind, first[2:5], names, second[27:33], second[34], None, today)
    issued = (_past_year(year, today.year), month)
    return IdentityZone(
        kind=zone.kind,
        issuer=zone.issuer,
        birth_name=zone.birth_name,
        given_names=zone.given_names,
        birth_name_cut=zone.birth_name_cut,
        given_names_cut=zone.given_names_cut,
        birth_date=zone.birth_date,
        sex=zone.sex,
        issued=issued,
    )


def _card(first: memoryview) -> IdentityDocument:
    """An identity card: A, C or I; not a crew certificate (AC), a visa, nor a residence permit (.R)."""
    code = bytes(first[:2])
    if code[:1] not in (b"A", b"C", b"I") or code == b"AC" or code[1:] in (b"V", b"R"):
        raise RecordRejected("MRZ_KIND")
    return IdentityDocument.NATIONAL_IDENTITY_CARD


# ---- check digits (Doc 9303-3, 4.9)


def _value(byte: int) -> int:
    if byte == _FILLER:
        return 0
    return byte - ord("0") if byte <= ord("9") else byte - ord("A") + 10


def _check(stated: int, *fields: memoryview, empty_allowed: bool = False) -> None:
    """The digit that a zone states over some of its places. Raises: RecordRejected MRZ_CHECK."""
    values = [_value(byte) for part in fields for byte in part]
    expected = sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10
    if stated == _FILLER and empty_allowed and not any(values):
        return
    if stated != ord("0") + expected:
        raise RecordRejected("MRZ_CHECK")


def _check_dates(row: memoryview, birth: int, expiry: int) -> None:
    for start in (birth, expiry):
        _check(row[start + 6], row[start : start + 6], empty_allowed=True)


def _check_number(number: memoryview, stated: int, more: memoryview) -> None:
    """A number longer than nine places goes on in the optional data, its digit after it (Doc 9303-5, 4.2)."""
    if stated != _FILLER:
        _check(stated, number)
        return
    length = next((place for place, byte in enumerate(more) if byte == _FILLER), len(more))
    if length < 2:
        raise RecordRejected("MRZ_CHECK")
    _check(more[length - 1], number, more[: length - 1])


# ---- what the fields say


def _zone(
    kind: IdentityDocument,
    issuer: memoryview,
    names: _Names,
    birth: memoryview,
    sex: int,
    expiry: memoryview | None,
    today: date,
) -> IdentityZone:
    return IdentityZone(
        kind=kind,
        issuer=bytes(issuer).decode("ascii").rstrip("<"),
        birth_name=names.birth,
        given_names=names.given,
        birth_name_cut=names.birth_cut,
        given_names_cut=names.given_cut,
        birth_date=_birth_date(birth, today),
        sex={ord("F"): Sex.FEMALE, ord("M"): Sex.MALE}.get(sex),
        expires=None if expiry is None else _expiry(expiry, today),
    )


def _names(row: memoryview) -> _Names:
    """Primary, two fillers, secondary (Doc 9303-3, 4.6). A full field may lack letters of either (4.7)."""
    text, cut = bytes(row).decode("ascii"), row[-1] != _FILLER
    primary, _, secondary = text.partition("<<")
    return _Names(_plain(primary), _plain(secondary), cut, cut)


def _words(row: memoryview) -> str:
    return _plain(bytes(row).decode("ascii"))


def _plain(text: str) -> str:
    """Fillers as spaces. Raises: RecordRejected MRZ_FORM: a name has no digit."""
    if any(character.isdigit() for character in text):
        raise RecordRejected("MRZ_FORM")
    return " ".join(text.replace("<", " ").split())


def _number(digits: memoryview) -> int:
    text = bytes(digits)
    if not text.isdigit():
        raise RecordRejected("MRZ_DATE")
    return int(text)


def _past_year(two_digits: int, newest: int) -> int:
    """The last year with these two digits that is not after the newest."""
    year = newest - newest % _CENTURY + two_digits
    return year if year <= newest else year - _CENTURY


def _birth_date(digits: memoryview, today: date) -> PartialDate:
    """Month or day unknown: fillers, or zeros (Doc 9303-3, 4.8)."""
    month, day = (0 if bytes(part) == b"<<" else _number(part) for part in (digits[2:4], digits[4:6]))
    if day and not month:
        raise RecordRejected("MRZ_DATE")
    year = _past_year(_number(digits[:2]), today.year)
    try:
        born = PartialDate(year, month, day)
        if born.earliest > today:
            born = PartialDate(year - _CENTURY, month, day)
            born.earliest  # noqa: B018 - raises when there is no such day in that year
    except ValueError as error:
        raise RecordRejected("MRZ_DATE") from error
    if today.year - born.year > AGE_YEARS_MAX:
        raise RecordRejected("MRZ_DATE")
    return born


def _expiry(digits: memoryview, today: date) -> date | None:
    """None where it is left out. The century is that which lies nearest."""
    if all(byte == _FILLER for byte in digits):
        return None
    year, month, day = (_number(digits[start : start + 2]) for start in (0, 2, 4))
    century = today.year - today.year % _CENTURY
    candidates = (century + year + shift for shift in (-_CENTURY, 0, _CENTURY))
    nearest = min(candidates, key=lambda one: abs(one - today.year))
    if abs(nearest - today.year) > _EXPIRY_YEARS_MAX:
        raise RecordRejected("MRZ_DATE")
    try:
        return date(nearest, month, day)
    except ValueError as error:
        raise RecordRejected("MRZ_DATE") from error
