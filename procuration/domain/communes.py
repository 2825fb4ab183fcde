"""The search of the commune page: what the elector types, and the places it may mean.

Decides which places of the signed table (docs/reference-data.md) answer a few typed letters, in which order:
the place of that very name; names with the words side by side, biggest first; then words in any order, with
former names, département and postal code; then near spellings. It never guesses: a number is a département or
a postal code, never an INSEE code, for in Nouvelle-Calédonie the two cross, and every answer shows its name.

The whole table is one folded text scanned by `str.find`, and one run of bytes for what is shown: 35,000
objects would cost the tablet its memory.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Final

from procuration.domain.commune_words import Vocabulary, fold, fold_lines, one_letter_away, readings_of
from procuration.domain.people import Place, PlaceType
from procuration.errors import RecordRejected

NEAR_WORD_LETTERS_MIN: Final = 4
NEAR_WORD_LETTERS_MAX: Final = 24
NEAR_WORDS_TRIED_MAX: Final = 3
NEAR_SPELLINGS_MAX: Final = 4
NEAR_LINES_MAX: Final = 200
NEAR_OFFERED_MAX: Final = 2
"""Near spellings offered below true answers; alone, they may fill the list."""
PLACES_MAX: Final = 60_000
TERRITORIES_MAX: Final = 200
POSTAL_CODES_SHOWN: Final = 3

_PLACE_TYPES: Final = (f"{PlaceType.COMMUNE:d}", f"{PlaceType.ARRONDISSEMENT_MUNICIPAL:d}")
_ARTICLES: Final = ("le ", "la ", "les ", "l ")
# A folded line: " noumea | alias , alias | 98800 988 nouvelle caledonie \n"; a space before every word.
_COLUMN, _ITEM, _END = "|", ",", "\n"


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

    def __init__(self, territories: Sequence[_Territory], places: Iterable[str]) -> None:
        """Build the index of the places, each as the table writes it; its text begins with its code."""
        self._territories = {territory.code: territory for territory in territories}
        sorted_places = sorted(places)
        populations = [int(place.split(_COLUMN, 3)[2]) for place in sorted_places]
        biggest_first = sorted(range(len(populations)), key=populations.__getitem__, reverse=True)
        self._place_of_line = array("I", biggest_first)
        self._text = fold_lines("".join(self._lines(sorted_places)))
        for separator in (_COLUMN, _ITEM):
            self._text = self._text.replace(separator, f" {separator} ")
        self._starts = array("I", accumulate(map(len, self._text.splitlines(keepends=True)), initial=0))
        places_of = Counter(map(_territory_code, sorted_places))
        self._territory_words = [
            (f" {fold(f'{entry.code} {entry.name}')}", places_of[entry.code]) for entry in territories
        ]
        self._place_starts = array(
            "I", accumulate((len(place.encode()) for place in sorted_places), initial=0)
        )
        self._places = "".join(sorted_places).encode()
        sorted_places.clear()  # the words that stay would else be scattered among the places that leave
        self._names = Vocabulary(map(self._name_and_aliases, range(len(self))))

    @classmethod
    def from_table(cls, rows: Sequence[object]) -> "CommuneIndex":
        """The index of the rows of `communes.cbor`.

        Raises: RecordRejected COMMUNE_TABLE, when the rows do not have the documented columns.
        """
        if len(rows) > TERRITORIES_MAX:
            raise RecordRejected("COMMUNE_TABLE")
        territories: list[_Territory] = []
        blocks: list[str] = []
        for number, row in enumerate(rows):
            match row:
                case [str(code), str(name), int(year), str(), str(), str(block)]:
                    territories.append(_Territory(code, name, year))
                    blocks.append(block)
                case _:
                    raise RecordRejected("COMMUNE_TABLE", row=number)
        if sum(block.count(";") + 1 for block in blocks) > PLACES_MAX:
            raise RecordRejected("COMMUNE_TABLE")
        try:
            return cls(territories, (place for block in blocks for place in block.split(";")))
        except (ValueError, LookupError) as error:
            raise RecordRejected("COMMUNE_TABLE") from error

    def __len__(self) -> int:
        return len(self._place_of_line)

    def search(self, query: str, limit: int = 5) -> list[CommuneSuggestion]:
        """The places the query may mean, the likeliest first; none below two characters."""
        readings = readings_of(query)
        found: dict[int, None] = {}
        for lines in self._groups(readings, limit):
            found.update(dict.fromkeys(lines))
            if len(found) >= limit:
                break
        places = (self._place(self._place_of_line[line]) for line in islice(found, limit))
        return [self._suggestion(place, readings) for place in places]

    def named(self, place: Place) -> CommuneSuggestion | None:
        """The label of a place a request holds, or None when this millésime does not have it."""
        return self.at(place.code, f"{place.type:d}")

    def at(self, code: str, kind: str) -> CommuneSuggestion | None:
        """The place of that code and type, both as the table writes them; None when it does not list one."""
        beginning = f"{code}|{kind}|"
        position = bisect_left(range(len(self)), beginning, key=self._place)
        if position < len(self) and (found := self._place(position)).startswith(beginning):
            return self._suggestion(found, [])
        return None

    def _place(self, position: int) -> str:
        """One place as the table writes it; they are in the order of their codes."""
        return self._places[self._place_starts[position] : self._place_starts[position + 1]].decode()

    def _name_and_aliases(self, line: int) -> str:
        return self._text[self._starts[line] : self._tail(line)].rstrip(f" {_COLUMN}")

    def _lines(self, places: Sequence[str]) -> Iterator[str]:
        endings = {code: f" {code} {entry.name} {_END}" for code, entry in self._territories.items()}
        for place in map(places.__getitem__, self._place_of_line):
            code, kind, _, _, searched = place.split(_COLUMN, 4)
            if kind not in _PLACE_TYPES or searched.count(_COLUMN) != 2:
                raise ValueError("a place does not have the seven columns")
            yield f" {searched}{endings[_territory_code(code)]}"

    # Groups of line numbers, the likeliest first; a lower line number is a bigger commune.

    def _groups(self, readings: Sequence[str], limit: int) -> Iterator[Iterable[int]]:
        known = [reading for reading in readings if all(self._span(word) for word in reading.split())]
        named = sorted({line for reading in known[:1] for line in self._whole_names(reading)})
        yield named
        yield (in_name := _biggest(limit, [self._in_name(reading) for reading in known]))
        yield (anywhere := _biggest(limit, [self._anywhere(reading) for reading in known]))
        if not named:
            yield islice(self._near(readings), NEAR_OFFERED_MAX if in_name or anywhere else limit)

    def _span(self, words: str) -> range:
        """The lines between which these words may stand side by side; empty when one is no word at all."""
        span = range(len(self))
        for word in words.split():
            if not word.isdigit() and not self._in_territories(word):
                names = self._names.span(word)
                span = range(max(span.start, names.start), min(span.stop, names.stop))
        return span

    def _likely_frequency(self, word: str) -> int:
        """About how many places have a word beginning so: the rarest of several is looked for first."""
        if word.isdigit():
            return len(self) // max(1, len(self._territories))
        return self._names.frequency(word) + self._in_territories(word)

    def _in_territories(self, word: str) -> int:
        """How many places have a département with a word beginning so."""
        return sum(places for words, places in self._territory_words if f" {word}" in words)

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

    def _tail(self, line: int) -> int:
        """Where names and aliases end in a line, postal codes and département begin."""
        return self._text.rfind(_COLUMN, self._starts[line], self._starts[line + 1])

    def _whole_names(self, reading: str) -> Iterator[int]:
        """Lines where this is a whole name or alias, its article apart: « havre » is « Le Havre »."""
        if reading.isdigit() or not all(word in self._names for word in reading.split()):
            return
        for separator in (_COLUMN, _ITEM):
            for line, position in self._hits(reading, " " + separator):
                before = self._text[self._starts[line] : position + 1].replace(_ITEM, _COLUMN)
                article = before.rpartition(_COLUMN)[2].lstrip()
                if position < self._tail(line) and article in ("", *_ARTICLES):
                    yield line

    def _in_name(self, reading: str) -> Iterator[int]:
        """Lines whose name, not an alias, has these words side by side. A number alone is not a name."""
        if reading.isdigit():
            return
        for line, position in self._hits(reading):
            if self._text.find(_COLUMN, self._starts[line], position) < 0:
                yield line

    def _anywhere(self, reading: str) -> Iterator[int]:
        """Lines with every word, in any order, in name, aliases, département or postal codes."""
        words = reading.split()
        rarest = min(words, key=self._likely_frequency)
        others = [" " + word for word in words if word != rarest]
        for line, _ in self._hits(rarest):
            start, end = self._starts[line], self._starts[line + 1]
            if reading.isdigit():  # « 13 » is Bouches-du-Rhône, not Paris 13e
                start, others = self._tail(line), [" " + rarest]
            if all(self._text.find(word, start, end) >= 0 for word in others):
                yield line

    # Near spellings

    def _near(self, readings: Sequence[str]) -> Iterator[int]:
        """Lines that answer once one letter of one word is put right."""
        for reading in readings[:1]:
            words = reading.split()
            wrong = [word for word in words if not self._span(word)]
            tried = wrong or sorted(words, key=len, reverse=True)[:NEAR_WORDS_TRIED_MAX]
            if len(wrong) > 1:
                return
            for word in tried:
                if NEAR_WORD_LETTERS_MIN <= len(word) <= NEAR_WORD_LETTERS_MAX and not word.isdigit():
                    yield from self._with_near_word(word, [other for other in words if other != word])

    def _with_near_word(self, word: str, others: Sequence[str]) -> Iterator[int]:
        spellings = {near: span.start for near in one_letter_away(word) if (span := self._names.span(near))}
        likeliest = sorted(spellings, key=spellings.__getitem__)
        if not others:
            for spelling in likeliest[:NEAR_SPELLINGS_MAX]:
                yield from islice(self._in_name(spelling), NEAR_SPELLINGS_MAX)
            return
        for line in islice(self._anywhere(" ".join(others)), NEAR_LINES_MAX):
            start, tail = self._starts[line], self._tail(line)
            if any(self._text.find(" " + spelling, start, tail) >= 0 for spelling in likeliest):
                yield line

    # What is shown

    def _suggestion(self, text: str, readings: Sequence[str]) -> CommuneSuggestion:
        code, kind, _, _, name, aliases, postal_codes = text.split(_COLUMN)
        territory = self._territories[_territory_code(code)]
        place = Place(code=code, type=PlaceType(int(kind)), cog_year=territory.cog_year)
        return CommuneSuggestion(
            place=place,
            label=_label(name, territory, place),
            postal_hint=", ".join(postal_codes.split(",")[:POSTAL_CODES_SHOWN]),
            known_as=_known_as(f"{name} {territory.code} {territory.name}", aliases, readings),
        )


def _territory_code(place_code: str) -> str:
    """Code of the département or territory: three characters overseas, else two."""
    return place_code[:3] if place_code.startswith(("97", "98")) else place_code[:2]


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
