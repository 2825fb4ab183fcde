"""The search of the commune page: what the elector types, and the places it may mean.

Decides which places of the signed table (docs/reference-data.md, 3) answer a few typed letters, in which order:
the place of that very name; names with the words side by side, biggest first; then words in any order, with
former names, département and postal code; then near spellings. It never guesses: a number is a département or
a postal code, never an INSEE code, for in Nouvelle-Calédonie the two cross, and every answer shows its name.

The whole table is one folded text scanned by `str.find`: 35,000 objects would cost the tablet its memory.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from kiosk_app.commune_words import Vocabulary, fold, fold_lines, one_letter_away, readings_of
from procuration.domain.people import Place, PlaceType
from procuration.errors import RecordRejected

NEAR_WORD_LETTERS_MIN: Final = 4
NEAR_WORDS_TRIED_MAX: Final = 3
NEAR_SPELLINGS_MAX: Final = 4
NEAR_LINES_MAX: Final = 200
NEAR_OFFERED_MAX: Final = 2
"""Near spellings offered below true answers; alone, they may fill the list."""
PLACES_MAX: Final = 60_000
TERRITORIES_MAX: Final = 200
POSTAL_CODES_SHOWN: Final = 3

_ARTICLES: Final = ("le ", "la ", "les ", "l ")
# A line of the folded text: " name / alias / alias , 988 nouvelle caledonie 98800 \n"; a space before each word.
_NEXT_NAME, _TAIL, _END = "/", ",", "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneSuggestion:
    """One place offered under the field.

    Attributes:
        place: what the request will hold.
        label: « Nouméa (Nouvelle-Calédonie) »; with the département: 1,441 names have several bearers.
        postal_hint: its first postal codes, "" when the source has none; a hint, never a key.
        known_as: the former name, commune déléguée or associée that was typed, "" when the name itself was.
    """

    place: Place
    label: str
    postal_hint: str
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class _Territory:
    """One row of the table, without its places."""

    code: str
    name: str
    cog_year: int


class CommuneIndex:
    """The places of one millésime, ready to be searched at each key press."""

    def __init__(self, territories: Sequence[_Territory], places: Sequence[tuple[int, str]]) -> None:
        """Build the index of (territory number, text of the place in the table), biggest first."""
        self._territories = territories
        self._territory_of = array("H", [number for number, _ in places])
        self._places = [text for _, text in places]
        self._text = fold_lines("".join(self._lines()))
        lines = self._text.splitlines(keepends=True)
        self._starts = _ends_before([len(line) for line in lines])
        self._tails = array("I", map(lambda start, line: start + line.index(_TAIL), self._starts, lines))
        self._names = Vocabulary(line.partition(_TAIL)[0] for line in lines)
        self._tail_words = Vocabulary(fold(f"{territory.code} {territory.name}") for territory in territories)

    @classmethod
    def from_table(cls, rows: object) -> "CommuneIndex":
        """The index of the rows of `communes.cbor`.

        Raises: RecordRejected COMMUNE_TABLE, when the rows do not have the documented columns.
        """
        if not isinstance(rows, list) or len(rows) > TERRITORIES_MAX:
            raise RecordRejected("COMMUNE_TABLE")
        territories: list[_Territory] = []
        places: list[tuple[int, str]] = []
        for number, row in enumerate(rows):
            match row:
                case [str(code), str(name), int(year), str(), str(), str(block)]:
                    territories.append(_Territory(code, name, year))
                    places += [(number, text) for text in block.split(";")]
                case _:
                    raise RecordRejected("COMMUNE_TABLE", row=number)
        if len(places) > PLACES_MAX:
            raise RecordRejected("COMMUNE_TABLE")
        try:
            places.sort(key=_population, reverse=True)
            return cls(territories, places)
        except (ValueError, IndexError) as error:
            raise RecordRejected("COMMUNE_TABLE") from error

    def __len__(self) -> int:
        return len(self._places)

    def search(self, query: str, limit: int = 5) -> list[CommuneSuggestion]:
        """The places the query may mean, the likeliest first; none below two characters."""
        readings = readings_of(query)
        found: dict[int, None] = {}
        for lines in self._groups(readings, limit):
            for line in lines:
                found.setdefault(line)
                if len(found) >= limit:
                    return [self._suggestion(line, readings) for line in found]
        room = min(limit - len(found), NEAR_OFFERED_MAX) if found else limit
        for line in islice(self._near(readings), room):
            found.setdefault(line)
        return [self._suggestion(line, readings) for line in found]

    def named(self, place: Place) -> CommuneSuggestion | None:
        """The label of a place a request holds, or None when this millésime does not have it."""
        beginning = f"{place.code}|{place.type.value}|"
        for line, text in enumerate(self._places):
            if text.startswith(beginning):
                return self._suggestion(line, [])
        return None

    def _lines(self) -> Iterator[str]:
        for text, number in zip(self._places, self._territory_of, strict=True):
            _, _, name, postal_codes, _, aliases, _ = text.split("|")
            names = f" {name} / {aliases.replace(',', ' / ')}" if aliases else f" {name}"
            territory = self._territories[number]
            yield f"{names} , {territory.code} {territory.name} {postal_codes.replace(',', ' ')} {_END}"

    # Groups of line numbers, the likeliest first; a lower line number is a bigger commune.

    def _groups(self, readings: Sequence[str], limit: int) -> Iterator[Iterable[int]]:
        known = [reading for reading in readings if all(self._frequency(word) for word in reading.split())]
        as_typed = known[:1]
        yield sorted({line for reading in as_typed for line in self._whole_names(reading)})
        yield _biggest(limit, [self._in_name(reading) for reading in known])
        yield _biggest(limit, [self._anywhere(reading) for reading in known])

    def _frequency(self, word: str) -> int:
        """How many places have a word beginning so, more or less: tells which word to look for first."""
        places_per_territory = max(1, len(self._places) // len(self._territories))
        in_tails = 1 if word.isdigit() else self._tail_words.frequency(word)
        return self._names.frequency(word) + in_tails * places_per_territory

    def _span(self, words: str) -> range:
        """The lines where these words may stand side by side."""
        span = range(len(self._places))
        for word in words.split():
            if not word.isdigit() and not self._tail_words.frequency(word):
                names = self._names.span(word)
                span = range(max(span.start, names.start), min(span.stop, names.stop))
        return span

    def _hits(self, words: str, end: str = "") -> Iterator[tuple[int, int]]:
        """(line, position of its first hit) for each line where these words begin side by side."""
        span = self._span(words)
        if not span:
            return
        wanted, position, stop = f" {words}{end}", self._starts[span.start], self._starts[span.stop]
        while (position := self._text.find(wanted, position, stop)) >= 0:
            line = bisect_right(self._starts, position) - 1
            yield line, position
            position = self._starts[line + 1]

    def _whole_names(self, reading: str) -> Iterator[int]:
        """Lines where this is a whole name or alias, its article apart: « havre » is « Le Havre »."""
        if reading.isdigit():
            return
        for separator in (_TAIL, _NEXT_NAME):
            for line, position in self._hits(reading, " " + separator):
                before = self._text[self._starts[line] : position + 1].rpartition(_NEXT_NAME)[2].lstrip()
                if position < self._tails[line] and (not before or before in _ARTICLES):
                    yield line

    def _in_name(self, reading: str) -> Iterator[int]:
        """Lines whose name, not an alias, has these words side by side. A number alone is not a name."""
        if reading.isdigit():
            return
        for line, position in self._hits(reading):
            in_alias = self._text.find(_NEXT_NAME, self._starts[line], position) >= 0
            if position < self._tails[line] and not in_alias:
                yield line

    def _anywhere(self, reading: str) -> Iterator[int]:
        """Lines with every word, in any order, in name, aliases, département or postal codes."""
        words = reading.split()
        rarest = min(words, key=self._frequency)
        others = [" " + word for word in words if word != rarest]
        for line, _ in self._hits(rarest):
            start, end = self._starts[line], self._starts[line + 1]
            if reading.isdigit():  # « 13 » is Bouches-du-Rhône, not Paris 13e
                start, others = self._tails[line], [" " + rarest]
            if all(self._text.find(word, start, end) >= 0 for word in others):
                yield line

    # Near spellings

    def _near(self, readings: Sequence[str]) -> Iterator[int]:
        """Lines that answer once one letter of one word is put right."""
        for reading in readings[:1]:
            words = reading.split()
            wrong = [word for word in words if not self._frequency(word)]
            tried = wrong or sorted(words, key=len, reverse=True)[:NEAR_WORDS_TRIED_MAX]
            if len(wrong) > 1:
                return
            for word in tried:
                if len(word) >= NEAR_WORD_LETTERS_MIN and not word.isdigit():
                    yield from self._with_near_word(word, [other for other in words if other != word])

    def _with_near_word(self, word: str, others: Sequence[str]) -> Iterator[int]:
        spellings = {near: span.start for near in one_letter_away(word) if (span := self._names.span(near))}
        likeliest = sorted(spellings, key=spellings.__getitem__)
        if not others:
            for spelling in likeliest[:NEAR_SPELLINGS_MAX]:
                yield from islice(self._in_name(spelling), NEAR_SPELLINGS_MAX)
            return
        for line in islice(self._anywhere(" ".join(others)), NEAR_LINES_MAX):
            start, tail = self._starts[line], self._tails[line]
            if any(self._text.find(" " + spelling, start, tail) >= 0 for spelling in likeliest):
                yield line

    # What is shown

    def _suggestion(self, line: int, readings: Sequence[str]) -> CommuneSuggestion:
        code, kind, name, postal_codes, _, aliases, _ = self._places[line].split("|")
        territory = self._territories[self._territory_of[line]]
        place = Place(code=code, type=PlaceType(int(kind)), cog_year=territory.cog_year)
        return CommuneSuggestion(
            place=place,
            label=_label(name, territory, place),
            postal_hint=", ".join(postal_codes.split(",")[:POSTAL_CODES_SHOWN]),
            known_as=_known_as(f"{name} {territory.code} {territory.name}", aliases, readings),
        )


def _population(place: tuple[int, str]) -> int:
    return int(place[1].split("|", 5)[4])


def _ends_before(lengths: Iterable[int]) -> "array[int]":
    """Where each line starts, and where the last one ends."""
    ends = array("I", [0])
    for length in lengths:
        ends.append(ends[-1] + length)
    return ends


def _biggest(limit: int, sources: Iterable[Iterator[int]]) -> list[int]:
    return sorted({line for source in sources for line in islice(source, limit)})


def _typographic(name: str) -> str:
    return name.replace("'", "’")


def _label(name: str, territory: _Territory, place: Place) -> str:
    # « Paris 15e (Paris) » says nothing more; any other name may be a homonym.
    if place.type is PlaceType.ARRONDISSEMENT_MUNICIPAL and name.startswith(territory.name):
        return _typographic(name)
    return f"{_typographic(name)} ({_typographic(territory.name)})"


def _known_as(shown: str, aliases: str, readings: Sequence[str]) -> str:
    """The alias that was typed: it has every typed word that what is shown has not."""
    if not aliases:
        return ""
    missing = [_words_missing(reading, shown) for reading in readings]
    if not all(missing):
        return ""
    return next(
        (
            _typographic(alias)
            for alias in aliases.split(",")
            for words in missing
            if not _words_missing(words, alias)
        ),
        "",
    )


def _words_missing(words: str, name: str) -> str:
    """Those of the folded words that begin no word of the name; numbers apart, they are postal codes."""
    folded = f" {fold(name)}"
    return " ".join(word for word in words.split() if not word.isdigit() and f" {word}" not in folded)
