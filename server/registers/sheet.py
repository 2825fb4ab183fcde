"""A register ready to be read: titles, columns, lines. Screen, PDF and CSV are three views of one sheet."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from procuration.domain.people import PartialDate, Person
from procuration.domain.scrutin import Scrutin
from procuration.domain.validity import Period, Validity
from server.config.centre import Tables
from server.mairie.sheet import reason_of
from server.pages.elections import scrutin_words
from server.pages.french import city_of, full_name, moment, partial_date, plain_date
from server.pages.places import place_name
from server.texts_fr import TEXTS, text

ROWS_PER_PDF: Final = 1_000
"""A line takes some 15 ms and a third of a mebibyte to lay out: a larger register comes in several files."""


class Kind(StrEnum):
    """Which register. The values stand in addresses and file names."""

    PUBLIC = "public"
    INTERNAL = "interne"
    MARKING = "emargement"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a printed line: a name or a state in bold, then smaller lines."""

    strong: str = field(default="", repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)

    @property
    def rest(self) -> str:
        """The smaller lines as one text: new lines are kept by the style sheets."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Column:
    """Title of a column, its share of the width in percent, and whether its cells name the line."""

    title: str
    width: int
    names_line: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line, printed and as fields of a file."""

    cells: tuple[Cell, ...]
    fields: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One register of one round, or of one unit.

    Attributes:
        about: of which commune or unit; for which poll.
        notes: what the law says of it.
        edited: when it was drawn from the dossiers, in local time.
        edited_at: the same, aware UTC.
        count: how many lines, in words.
        stem: of file names: codes and dates only, no name.
        first: rank of the first line, from 1; more than 1 in a later part.
        part: "Partie 2 sur 3…", empty when the sheet is whole.
    """

    kind: Kind
    title: str
    about: tuple[str, ...]
    notes: tuple[str, ...]
    edited: str
    edited_at: datetime
    count: str
    empty: str
    columns: tuple[Column, ...]
    headers: tuple[str, ...]
    lines: tuple[Line, ...]
    stem: str
    first: int = 1
    part: str = ""

    @property
    def heading(self) -> str:
        """The title in one line, for the document's own title and the top of each page."""
        return " – ".join((self.title, *self.about))

    @property
    def rows(self) -> list[list[tuple[Column, Cell]]]:
        """The printed lines, each cell beside its column."""
        return [list(zip(self.columns, line.cells, strict=True)) for line in self.lines]

    def parts(self, rows_max: int = ROWS_PER_PDF) -> "list[Sheet]":
        """The sheet in pieces that can each be laid out at once; itself when it is short."""
        total = max(1, -(-len(self.lines) // rows_max))
        if total == 1:
            return [self]
        return [self._part(number, total, rows_max) for number in range(total)]

    def _part(self, number: int, total: int, rows_max: int) -> "Sheet":
        first = number * rows_max
        lines = self.lines[first : first + rows_max]
        words = text("register.part", n=number + 1, total=total, first=first + 1, last=first + len(lines))
        stem = f"{self.stem}-partie-{number + 1}"
        return replace(self, lines=lines, first=first + 1, part=words, stem=stem)


def edited_words(at: datetime, zone: ZoneInfo) -> str:
    """When the register was drawn, and on which clock."""
    return text("register.edited", when=moment(at, zone), city=city_of(zone))


def place_words(tables: Tables, code: str, kind: int) -> str:
    """Name and code of a commune: "Nouméa (98818)"."""
    return text("register.place", name=place_name(tables, code, kind), code=code)


def validity_words(validity: Validity, calendar: Sequence[Scrutin]) -> str:
    """One scrutin with its rounds, or a period (R-34)."""
    if isinstance(validity, Period):
        first, last = plain_date(validity.first_day), plain_date(validity.last_day)
        return text("validity.period", first=first, last=last)
    rounds = text(f"validity.rounds.{int(validity.rounds)}")
    return f"{scrutin_words(validity.scrutin_id, calendar)}, {rounds}"


def birth_words(date: PartialDate) -> str:
    """A birth date in words."""
    return partial_date(birth_field(date))


def birth_field(date: PartialDate) -> str:
    """A birth date as files have it: "1962-08-24", unknown parts "00"."""
    return f"{date.year:04}-{date.month:02}-{date.day:02}"


def local_field(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant as files have it: "2027-04-01 20:30" on the clock of the commune."""
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def person_cell(person: Person, tables: Tables) -> Cell:
    """Everything a town hall knows of a person: names, nom d'usage, birth, number, commune."""
    lines = [text("register.born", date=birth_words(person.birth_date))]
    if person.used_name:
        lines.insert(0, text("register.used_name", name=person.used_name.upper()))
    if person.elector_number:
        lines.append(text("register.number", number=person.elector_number))
    if person.enrolment is not None:
        name = place_name(tables, person.enrolment.code, int(person.enrolment.type))
        lines.append(text("register.enrolled", place=name))
    return Cell(names_words(person.given_names, person.birth_name), tuple(lines))


def names_words(given_names: str | None, birth_name: str | None) -> str:
    """NOM then prénoms, as registers are looked up; a sentence when only a number identifies the person."""
    both = (birth_name or "").upper(), given_names or ""
    return " ".join(part for part in both if part) or text("register.number_only")


def authority_words(nom: str, prenoms: str, qualite: str) -> str:
    """Prénoms NOM, qualité (R-23)."""
    return ", ".join(part for part in (full_name(prenoms, nom), qualite) if part)


def reason_words(code: str) -> str:
    """Why, for staff: a refusal of DOMAIN 2.9, or a doubt of the centre; empty when there is no code."""
    if not code:
        return ""
    reason = reason_of(code)
    if reason:
        return reason[0]
    return TEXTS.get(f"register.doubt.{code}") or TEXTS.get(f"console.code.{code}", code)
