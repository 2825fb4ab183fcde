"""The commune an elector types, and the places it may mean: the rules of the tablets (UX 2), over the signed
table as the centre reads it.

The place of that very name first; then names with the words side by side, the biggest first; then words in
any order, with former names, département and postal code; then one letter put right. A number is a
département or a postal code, never an INSEE code: in Nouvelle-Calédonie the two cross (DOMAIN 6, trap 5). A
tablet counts its memory and has an index of its own (`kiosk_app.communes`); a test compares their answers.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from threading import Lock
from typing import Final

from procuration.domain.people import Place, PlaceType
from procuration.errors import RecordRejected
from procuration.record.shape import integer, sequence, text
from procuration.record.tables import Table

QUERY_CHARACTERS_MAX: Final = 64
QUERY_CHARACTERS_MIN: Final = 2
QUERY_WORDS_MAX: Final = 8
FOUND_MAX: Final = 10
POSTAL_CODES_SHOWN: Final = 3
_NEAR_MAX: Final = 2
_NEAR_LETTERS: Final = range(4, 25)
_TEXT_MAX: Final = 2 << 20
_COLUMNS: Final = 7
_ARTICLES: Final = ("le", "la", "les", "l")
_ABBREVIATIONS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_BETWEEN_WORDS: Final = re.compile("[^a-z0-9]+")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_OFFERED: Final = {str(one.value) for one in (PlaceType.COMMUNE, PlaceType.ARRONDISSEMENT_MUNICIPAL)}


@dataclass(frozen=True, slots=True)
class Found:
    """One place offered to the elector.

    Attributes:
        label: « Nouméa (Nouvelle-Calédonie) »: many names have several bearers.
        postal_hint: its first postal codes; a hint, never a key.
        known_as: the former name that was typed, "" when the name itself was.
    """

    place: Place
    label: str
    postal_hint: str = ""
    known_as: str = ""

    @property
    def key(self) -> str:
        """What a form sends back: code and type, because codes alone are shared (DOMAIN 6, trap 1)."""
        return f"{self.place.code}|{self.place.type:d}"


@dataclass(frozen=True, slots=True)
class _Line:
    """One place, with its words folded: a space before each."""

    found: Found
    name: str
    aliases: tuple[str, ...]
    written_aliases: tuple[str, ...]
    numbers: str
    territory: str


@dataclass(frozen=True, slots=True)
class _Territory:
    """One row of the table, without its places."""

    code: str
    name: str
    folded: str
    cog_year: int


class CommuneSearch:
    """The places of one signed table, the biggest first: one text, read by `str.find`."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = tuple(lines)
        self._by_key = {line.found.key: line.found for line in lines}
        self._words = {word for line in lines for word in f"{line.name} {' '.join(line.aliases)}".split()}
        self._names = _Text(line.name for line in lines)
        self._numbers = _Text(line.numbers for line in lines)
        self._wholes = _Text(
            f"{line.name}{''.join(line.aliases)}{line.numbers}{line.territory}" for line in lines
        )
        self._named = _whole_names((line.name,) for line in lines)
        self._aliased = _whole_names(line.aliases for line in lines)

    def named(self, key: str) -> Found | None:
        """The place that a form names; None for one that the table does not list."""
        return self._by_key.get(key)

    def search(self, query: str, limit: int = FOUND_MAX) -> tuple[Found, ...]:
        """The likeliest first; none below two characters."""
        words = folded(query[:QUERY_CHARACTERS_MAX]).split()[:QUERY_WORDS_MAX]
        if len("".join(words)) < QUERY_CHARACTERS_MIN:
            return ()
        if all(word.isdigit() for word in words):
            hits = islice(self._numbers.lines_with("".join(words)), limit)
            return tuple(self._lines[number].found for number in hits)
        spelled = [_ABBREVIATIONS.get(word, word) for word in words]
        readings = list(dict.fromkeys((" ".join([*spelled[:-1], words[-1]]), " ".join(spelled))))
        found: dict[str, Found] = {}
        for one in self._likeliest(readings, limit):
            found.setdefault(one.key, one)
            if len(found) >= limit:
                break
        return tuple(found.values()) or tuple(self._near(readings[0]))

    def _likeliest(self, readings: Sequence[str], limit: int) -> Iterator[Found]:
        for number in self._named.get(readings[0], ()):
            yield self._lines[number].found
        for number in self._aliased.get(readings[0], ()):
            yield _as_typed(self._lines[number], readings)
        in_name = {n for reading in readings for n in islice(self._names.lines_with(reading), limit)}
        for number in sorted(in_name):
            yield self._lines[number].found
        anywhere = {n for reading in readings for n in islice(self._anywhere(reading), limit)}
        for number in sorted(anywhere):
            yield _as_typed(self._lines[number], readings)

    def _anywhere(self, reading: str) -> Iterator[int]:
        """Lines with every word, in any order; the longest is looked for first, it is the rarest."""
        longest, *others = sorted(reading.split(), key=len, reverse=True)
        for number in self._wholes.lines_with(longest):
            if all(f" {word}" in self._wholes[number] for word in others):
                yield number

    def _near(self, reading: str) -> Iterator[Found]:
        """Names that answer once one letter of the word that no name has is put right."""
        words = reading.split()
        wrong = [word for word in words if word not in self._words and len(word) in _NEAR_LETTERS]
        if len(wrong) != 1:
            return
        spellings = {near for near in _one_letter_away(wrong[0]) if near in self._words}
        wanted = [" ".join(near if word == wrong[0] else word for word in words) for near in spellings]
        hits = {n for one in wanted for n in islice(self._names.lines_with(one), _NEAR_MAX)}
        for number in sorted(hits)[:_NEAR_MAX]:
            yield self._lines[number].found


class _Text:
    """Many lines as one text, and where each begins."""

    def __init__(self, lines: Iterable[str]) -> None:
        every = [f"{line}\n" for line in lines]
        self._starts = list(accumulate(map(len, every), initial=0))
        self._text = "".join(every)

    def __getitem__(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1]]

    def lines_with(self, words: str) -> Iterator[int]:
        """The lines where these words stand side by side at the beginning of a word, in their order."""
        position = -1
        while (position := self._text.find(f" {words}", position + 1)) >= 0:
            number = bisect_right(self._starts, position) - 1
            yield number
            position = self._starts[number + 1] - 1


def _whole_names(names: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Lines by whole name, its article apart: « havre » is « Le Havre »."""
    found: dict[str, list[int]] = {}
    for number, of_line in enumerate(names):
        for name in of_line:
            words = name.split()
            for whole in (words, words[1:] if words[0] in _ARTICLES else ()):
                if whole:
                    found.setdefault(" ".join(whole), []).append(number)
    return found


def folded(name: str) -> str:
    """Words of a-z and 0-9, one space apart: lower case, no marks, œ as oe, anything else a space."""
    if name.isascii():  # most names, in a tenth of the time
        return _BETWEEN_WORDS.sub(" ", name.lower()).strip()
    plain = name.casefold().replace("œ", "oe").replace("æ", "ae")
    bare = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return _BETWEEN_WORDS.sub(" ", bare).strip()


def read_search(table: Table) -> CommuneSearch:
    """The search of one table. Raises: RecordRejected COMMUNES_ILLISIBLES."""
    lines: list[tuple[int, _Line]] = []
    for row in table.rows:
        columns = sequence(row, maximum=6)
        if len(columns) != 6:
            raise RecordRejected("COMMUNES_ILLISIBLES")
        code, name, year = text(columns[0], maximum=3), text(columns[1]), integer(columns[2])
        block = text(columns[5], maximum=_TEXT_MAX)
        territory = _Territory(code, name, f" {folded(name)}", year)
        lines += [_line(one, territory) for one in block.split(";") if one]
    lines.sort(key=lambda one: (-one[0], one[1].found.place.code))
    return CommuneSearch([line for _, line in lines])


def _line(written: str, territory: _Territory) -> tuple[int, _Line]:
    columns = written.split("|")
    if len(columns) != _COLUMNS or columns[1] not in _OFFERED or not columns[2].isdigit():
        raise RecordRejected("COMMUNES_ILLISIBLES")
    code, kind, population, _, name, aliases, postal = columns
    place = Place(code=code, type=PlaceType(int(kind)), cog_year=territory.cog_year)
    others = tuple(aliases.split(",")) if aliases else ()
    found = Found(
        place=place,
        label=_label(name, territory.name, place),
        postal_hint=", ".join(postal.split(",")[:POSTAL_CODES_SHOWN]),
    )
    return int(population), _Line(
        found=found,
        name=f" {folded(name)}",
        aliases=tuple(f" {folded(other)}" for other in others),
        written_aliases=others,
        numbers=f" {postal.replace(',', ' ')} {territory.code.lower()}",
        territory=territory.folded,
    )


def _label(name: str, territory: str, place: Place) -> str:
    name, territory = name.replace("'", "’"), territory.replace("'", "’")
    if place.type is PlaceType.ARRONDISSEMENT_MUNICIPAL and name.startswith(territory):
        return name  # « Paris 15e (Paris) » says nothing more
    return f"{name} ({territory})"


def _as_typed(line: _Line, readings: Sequence[str]) -> Found:
    """With the former name, when what was typed is in it and not in the name."""
    for reading in readings:
        words = [word for word in reading.split() if not word.isdigit()]
        shown = f"{line.name}{line.territory}"
        missing = [word for word in words if f" {word}" not in shown]
        for alias, written in zip(line.aliases, line.written_aliases, strict=True):
            if missing and all(f" {word}" in alias for word in missing):
                known_as = written.replace("'", "’")
                return Found(line.found.place, line.found.label, line.found.postal_hint, known_as)
    return line.found


def _one_letter_away(word: str) -> Iterator[str]:
    """Every word at one edit: a letter dropped, added or replaced, or two neighbours exchanged."""
    for cut in range(len(word) + 1):
        head, tail = word[:cut], word[cut:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


class _Kept:
    """The search of the table last asked for: tables live as long as they are in force."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.table: Table | None = None
        self.search = CommuneSearch(())


_kept = _Kept()


def search_of(table: Table | None) -> CommuneSearch:
    """The search of the table in force, built the first time anybody asks; empty without a table. Raises:
    RecordRejected COMMUNES_ILLISIBLES."""
    with _kept.lock:
        if table is not _kept.table:
            _kept.search = CommuneSearch(()) if table is None else read_search(table)
            _kept.table = table
        return _kept.search
