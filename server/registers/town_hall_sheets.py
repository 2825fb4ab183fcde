"""The three lists of a town hall for one round: the public register, its own, and what to write on the liste
d'émargement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from procuration.domain.people import Place, PlaceType
from procuration.domain.reference import Reference, grouped
from procuration.domain.register import (
    MarkingRow,
    Names,
    PublicRow,
    Registered,
    internal_register,
    marking_list,
    public_register,
)
from server.config.centre import Tables
from server.pages.elections import elections_words
from server.pages.french import long_date, moment, plain_date
from server.pages.places import place_name
from server.registers.polls import Poll
from server.registers.selectors import zone_of_place
from server.registers.sheet import (
    Cell,
    Column,
    Kind,
    Line,
    Sheet,
    authority_words,
    birth_field,
    edited_words,
    local_field,
    names_words,
    person_cell,
    place_words,
    reason_words,
    validity_words,
)
from server.texts_fr import counted, text

TOWN_HALL_KINDS = (Kind.PUBLIC, Kind.INTERNAL, Kind.MARKING)


def poll_words(poll: Poll) -> str:
    """ "dimanche 7 juillet 2024, 2e tour"."""
    return text("register.poll", day=long_date(poll.day), round=text(f"register.round.{poll.number}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TownHallRegisters:
    """What the sheets of one place and round are made from.

    Attributes:
        entries: every procuration of the round; or those of one page of a list. Then `first` is the rank of
            the first of them, and `total` how many lines the whole list has.
    """

    place: Place
    poll: Poll
    entries: Sequence[Registered]
    tables: Tables
    now: datetime
    first: int = 1
    total: int | None = None

    def sheet(self, kind: Kind) -> Sheet:
        """One of the three lists."""
        lines, columns, fields = {
            Kind.PUBLIC: (self._public_lines, _PUBLIC_COLUMNS, _PUBLIC_FIELDS),
            Kind.INTERNAL: (self._internal_lines, _INTERNAL_COLUMNS, _INTERNAL_FIELDS),
            Kind.MARKING: (self._marking_lines, _MARKING_COLUMNS, _MARKING_FIELDS),
        }[kind]
        found = tuple(lines())
        elections = elections_words(self.poll.elections)
        when = text(
            "register.poll.elections",
            day=long_date(self.poll.day),
            round=text(f"register.round.{self.poll.number}"),
            elections=elections,
        )
        day, number = self.poll.day.isoformat(), self.poll.number
        return Sheet(
            kind=kind,
            title=text(f"register.kind.{kind.value}"),
            about=(place_words(self.tables, self.place.code, int(self.place.type)), when),
            notes=self._notes(kind),
            edited=edited_words(self.now, self.zone),
            edited_at=self.now,
            count=counted("register.count", len(found) if self.total is None else self.total),
            empty=text("register.empty"),
            columns=tuple(
                Column(text(f"register.column.{key}"), width, key == "mandant") for key, width in columns
            ),
            headers=tuple(text(f"register.csv.{key}") for key in (*_COMMON_FIELDS, *fields)),
            lines=found,
            first=self.first,
            stem=f"registre-{kind.value}-{self.place.code}-{day}-tour-{number}",
        )

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the commune of vote."""
        return zone_of_place(self.place.code, self.tables, self.place.type)

    def _notes(self, kind: Kind) -> tuple[str, ...]:
        notes = [text(f"register.law.{kind.value}")]
        if kind is Kind.MARKING and self.place.in_nouvelle_caledonie:
            notes.append(text("register.law.emargement.nc"))
        return tuple(notes)

    def _common(self, rank: int) -> tuple[str, ...]:
        return self._name(self.place), self.poll.day.isoformat(), str(self.poll.number), str(rank)

    def _name(self, place: Place) -> str:
        return place_name(self.tables, place.code, int(place.type))

    def _public_lines(self) -> list[Line]:
        rows = public_register(self.entries)
        return [self._public_line(rank, row) for rank, row in enumerate(rows, start=self.first)]

    def _public_line(self, rank: int, row: PublicRow) -> Line:
        where = place_name(self.tables, row.established_in, PlaceType.COMMUNE)
        validity = validity_words(row.validity, self.tables.calendar)
        authority = authority_words(row.authority_nom, row.authority_prenoms, "")
        cells = (
            Cell(lines=(str(rank),)),
            _names_cell(row.mandant),
            _names_cell(row.mandataire),
            Cell(lines=(authority, row.authority_qualite)),
            Cell(lines=(plain_date(row.established_on),)),
            Cell(lines=(where,)),
            Cell(lines=(validity,)),
        )
        fields = (
            row.mandant.nom, row.mandant.prenoms, row.mandataire.nom, row.mandataire.prenoms,
            row.authority_nom, row.authority_prenoms, row.authority_qualite,
            row.established_on.isoformat(), where, validity,
        )  # fmt: skip
        return Line(cells, (*self._common(rank), *fields))

    def _internal_lines(self) -> list[Line]:
        entries = internal_register(self.entries)
        return [self._internal_line(rank, entry) for rank, entry in enumerate(entries, start=self.first)]

    def _internal_line(self, rank: int, entry: Registered) -> Line:
        mandant, mandataire, authority = entry.mandant, entry.mandataire, entry.authority
        where = place_name(self.tables, entry.established_in, PlaceType.COMMUNE)
        kind = text(f"place.{int(entry.place_kind)}")
        validity = validity_words(entry.validity, self.tables.calendar)
        state, reason = text(f"register.state.{entry.state.value}"), reason_words(entry.code)
        decided = self._decided(entry)
        cells = (
            Cell(lines=(str(rank),)),
            person_cell(mandant, self.tables),
            person_cell(mandataire, self.tables),
            Cell(
                lines=(
                    moment(entry.established_at, self.zone),
                    f"{where}, {kind}",
                    authority_words(authority.nom, authority.prenoms, authority.qualite),
                    authority.unit_name,
                )
            ),
            Cell(lines=tuple(part for part in (validity, _reference(entry)) if part)),
            Cell(state, tuple(part for part in (reason, decided) if part)),
        )
        enrolment = "" if mandataire.enrolment is None else self._name(mandataire.enrolment)
        fields = (
            mandant.birth_name or "", mandant.used_name or "", mandant.given_names or "",
            birth_field(mandant.birth_date), mandant.elector_number or "",
            mandataire.birth_name or "", mandataire.used_name or "", mandataire.given_names or "",
            birth_field(mandataire.birth_date), mandataire.elector_number or "", enrolment,
            authority.nom, authority.prenoms, authority.qualite, authority.unit_name,
            entry.established_on.isoformat(), local_field(entry.established_at, self.zone), where, kind,
            validity, entry.reference or "", state, entry.code, reason,
            local_field(entry.decided_at, self.zone), _who(entry),
        )  # fmt: skip
        return Line(cells, (*self._common(rank), *fields))

    def _decided(self, entry: Registered) -> str:
        if entry.decided_at is None:
            return ""
        return text("register.decided", when=moment(entry.decided_at, self.zone), who=_who(entry))

    def _marking_lines(self) -> list[Line]:
        rows = marking_list(self.entries)
        return [self._marking_line(rank, row) for rank, row in enumerate(rows, start=self.first)]

    def _marking_line(self, rank: int, row: MarkingRow) -> Line:
        mark = text("register.mark.both" if row.electoral_list_too else "register.mark.emargement")
        validity = validity_words(row.validity, self.tables.calendar)
        cells = (
            Cell(lines=(str(rank),)),
            person_cell(row.mandant, self.tables),
            person_cell(row.mandataire, self.tables),
            Cell(lines=(validity,)),
            Cell(lines=(mark,)),
        )
        fields = (
            row.mandant.birth_name or "", row.mandant.used_name or "", row.mandant.given_names or "",
            birth_field(row.mandant.birth_date), row.mandant.elector_number or "",
            row.mandataire.birth_name or "", row.mandataire.used_name or "", row.mandataire.given_names or "",
            birth_field(row.mandataire.birth_date), row.mandataire.elector_number or "", validity, mark,
        )  # fmt: skip
        return Line(cells, (*self._common(rank), *fields))


def _names_cell(names: Names) -> Cell:
    return Cell(names_words(names.prenoms, names.nom))


def _reference(entry: Registered) -> str:
    if entry.reference is None:
        return ""
    return f"{text('register.column.reference')} {grouped(Reference(entry.reference))}"


def _who(entry: Registered) -> str:
    if entry.decided_at is None:
        return ""
    if not entry.decided_by:
        return text("register.by_register")
    return text("register.by_account", pseudonym=entry.decided_by)


_COMMON_FIELDS = ("place", "day", "round", "rank")
_PUBLIC_COLUMNS = (
    ("rank", 5), ("mandant", 21), ("mandataire", 21), ("authority", 20), ("established_on", 10), ("where", 9),
    ("validity", 14),
)  # fmt: skip
_PUBLIC_FIELDS = (
    "mandant_nom", "mandant_prenoms", "mandataire_nom", "mandataire_prenoms", "authority_nom",
    "authority_prenoms", "authority_qualite", "established_on", "where", "validity",
)  # fmt: skip
_INTERNAL_COLUMNS = (
    ("rank", 5), ("mandant", 20), ("mandataire", 20), ("established", 23), ("validity", 14), ("state", 18),
)  # fmt: skip
_INTERNAL_FIELDS = (
    "mandant_nom", "mandant_used", "mandant_prenoms", "mandant_birth", "mandant_number", "mandataire_nom",
    "mandataire_used", "mandataire_prenoms", "mandataire_birth", "mandataire_number", "mandataire_enrolment",
    "authority_nom", "authority_prenoms", "authority_qualite", "unit", "established_on", "established_at",
    "where", "place_kind", "validity", "reference", "state", "code", "reason", "decided_at", "decided_by",
)  # fmt: skip
_MARKING_COLUMNS = (("rank", 5), ("mandant", 28), ("mandataire", 28), ("validity", 20), ("mark", 19))
_MARKING_FIELDS = (
    "mandant_nom", "mandant_used", "mandant_prenoms", "mandant_birth", "mandant_number", "mandataire_nom",
    "mandataire_used", "mandataire_prenoms", "mandataire_birth", "mandataire_number", "validity", "mark",
)  # fmt: skip
