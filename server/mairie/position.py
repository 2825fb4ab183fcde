"""Where a procuration stands among those of its mandataire (L. 73): rank, ceiling, which ones stand.

The town hall of the mandant reads its own electors' names. Of an elector of another commune it reads a rank
and a date, what the law decides by, and no name (I-8); but for the question that R-72 puts to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from procuration.domain.scrutin import scrutins_of
from procuration.domain.status import Status
from server.config.centre import Tables
from server.dossiers.models import Procuration
from server.dossiers.selectors import held_by_the_same_mandataire, place_of
from server.mairie.sheet import Sheet, status_words
from server.texts_fr import counted, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One procuration of the mandataire, at its rank.

    Attributes:
        mandant: a name that this town hall may read, else that it is another commune's elector.
        where: whether it was drawn up in France: L. 73 counts those apart.
        link: its page, empty when it has none here; this: the procuration of the page.
    """

    rid: str
    rank: int
    established: str
    where: str
    mandant: str = field(repr=False)
    worth: str
    link: str
    this: bool
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """`rank`: of this procuration, in words; `ceilings`: of the ballots that it serves."""

    rank: str
    ceilings: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]

    @property
    def alone(self) -> bool:
        """Whether the centre knows no other of this mandataire for these ballots."""
        return len(self.neighbours) == 1


def position_of(one: Procuration, tables: Tables) -> Position | None:
    """The position of an established procuration; None before it is established."""
    if one.established_at is None or one.mandataire_key is None:
        return None
    held = held_by_the_same_mandataire(one)
    neighbours = tuple(_neighbour(number, other, one, tables) for number, other in enumerate(held, 1))
    rank = next(other.rank for other in neighbours if other.this)
    return Position(
        rank=text("mairie.position.rank", rank=rank, total=len(neighbours)),
        ceilings=tuple(_ceilings(one, tables)),
        neighbours=neighbours,
    )


def names_read(position: Position | None) -> Sequence[str]:
    """Rids of the others whose mandants the page names."""
    return [one.rid for one in position.neighbours if one.named] if position else []


def _neighbour(rank: int, other: Procuration, one: Procuration, tables: Tables) -> Neighbour:
    sheet = Sheet(other, tables)
    link = _link(other, one)
    in_france = other.own is None or bool(other.own["in_france"])
    return Neighbour(
        rid=other.rid,
        rank=rank,
        established=sheet.established,
        where=text("mairie.position.in_france" if in_france else "mairie.position.abroad"),
        mandant=sheet.mandant if link else text("mairie.position.elsewhere"),
        worth=status_words(other, Status(other.status)),
        link="" if other.rid == one.rid else link,
        this=other.rid == one.rid,
        named=bool(link) and other.rid != one.rid,
    )


def _link(other: Procuration, one: Procuration) -> str:
    """Where this town hall may read more of it: its own elector's page, or the question that it was asked."""
    mine = (one.place_code, one.place_type)
    if (other.place_code, other.place_type) == mine:
        return reverse("mairie:procuration", kwargs={"rid": other.rid})
    if other.answer and (other.mandataire_place_code, other.mandataire_place_type) == mine:
        return reverse("mairie:answer", kwargs={"rid": other.rid})
    return ""


def _ceilings(one: Procuration, tables: Tables) -> Iterable[str]:
    """How many a mandataire may hold for each ballot served, in words, each once (R-38, R-41)."""
    served = {effect["ballot"] for effect in one.effects}
    scrutins = [
        scrutin for scrutin in scrutins_of(place_of(one), tables.calendar) if scrutin.ballot in served
    ]
    limits = dict.fromkeys((scrutin.max_total, scrutin.max_france) for scrutin in scrutins)
    for total, in_france in limits:
        yield counted("mairie.position.ceiling", total, france=in_france)
