"""Narrowing the work list: what may be asked, how many each answer leaves, and the rows of an answer.

It is kept in the address, so it never holds a name. Questions to the database do not grow with the rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from procuration.domain.validity import Rounds
from server.config.centre import Tables
from server.dossiers.listing import ANSWER_AWAITED
from server.dossiers.models import Procuration
from server.dossiers.selectors import held_of_row, holds
from server.pages.elections import scrutin_words
from server.texts_fr import text

PERIOD: Final = "periode"
_ANSWERS: Final = {"attendu": ANSWER_AWAITED, "donne": "DONNEE"}
_HELD: Final = (2, 3)
_SERVES: Final = {
    "1": (Rounds.FIRST.value, Rounds.BOTH.value),
    "2": (Rounds.SECOND.value, Rounds.BOTH.value),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a filter, with how many it leaves of the whole list."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One question about the list. `name`: in the address."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What the address asks for; each is empty for all.

    Attributes:
        vote: "<scrutin id>:<round>", or PERIOD.
        voie, connexion: numbers of the channel and of the authentication (R-27).
        avis: "attendu" or "donne" (R-72).
        mandataire: "2" or "3": those whose mandataire has that many procurations, or more.
    """

    vote: str = ""
    voie: str = ""
    connexion: str = ""
    avis: str = ""
    mandataire: str = ""

    @property
    def query(self) -> str:
        """As the address carries it, empty when nothing is asked."""
        return urlencode({name: value for name in NAMES if (value := getattr(self, name))})

    def rows(self, waiting: QuerySet[Procuration]) -> QuerySet[Procuration]:
        """Those of the list that answer all of it."""
        for name in NAMES:
            if value := getattr(self, name):
                waiting = _NARROWED[name](waiting, value)
        return waiting


NAMES: Final = tuple(field.name for field in fields(Criteria))


def _of_vote(rows: QuerySet[Procuration], value: str) -> QuerySet[Procuration]:
    if value == PERIOD:
        return rows.filter(scrutin_id="")
    scrutin, _, number = value.rpartition(":")
    return rows.filter(scrutin_id=scrutin, rounds__in=_SERVES[number])


def _of_holders(rows: QuerySet[Procuration], value: str) -> QuerySet[Procuration]:
    return rows.filter(holds(int(value)))


_NARROWED: Final[Mapping[str, Callable[[QuerySet[Procuration], str], QuerySet[Procuration]]]] = {
    "vote": _of_vote,
    "voie": lambda rows, value: rows.filter(channel=int(value)),
    "connexion": lambda rows, value: rows.filter(authentication=int(value)),
    "avis": lambda rows, value: rows.filter(answer=_ANSWERS[value]),
    "mandataire": _of_holders,
}


def filters_of(
    waiting: QuerySet[Procuration], asked: Mapping[str, str], tables: Tables
) -> tuple[Criteria, list[Filter], int]:
    """What an address asks of this list, every filter that can tell its rows apart, and how many rows answer
    all that is asked. A value that is not among the answers asks nothing: an old address shows the whole
    list, never an error.

    Args:
        asked: the query of the address, hostile.
    """
    alike = _alike(waiting)
    counts: dict[str, dict[str, int]] = {name: {} for name in NAMES}
    for answers, number in alike:
        for name, value in answers:
            counts[name][value] = counts[name].get(value, 0) + number
    total = sum(number for _, number in alike)
    known = {name: str(asked.get(name, "")) for name in NAMES}
    criteria = Criteria(**{name: value for name, value in known.items() if value in counts[name]})
    filters = [
        Filter(name, text(f"mairie.filter.{name}"), _options(name, counts[name], criteria, tables))
        for name in NAMES
        if getattr(criteria, name) or any(0 < count < total for count in counts[name].values())
    ]
    wanted = {(name, value) for name in NAMES if (value := getattr(criteria, name))}
    return criteria, filters, sum(number for answers, number in alike if wanted <= answers)


def _options(name: str, counts: Mapping[str, int], criteria: Criteria, tables: Tables) -> tuple[Option, ...]:
    chosen = getattr(criteria, name)
    return tuple(
        Option(value, _label(name, value, tables), count, value == chosen)
        for value, count in sorted(counts.items())
        if count
    )


def _alike(waiting: QuerySet[Procuration]) -> list[tuple[set[tuple[str, str]], int]]:
    """The rows by what filters ask of them, and how many stand under the same answers: one question."""
    columns = ("scrutin_id", "rounds", "channel", "authentication", "answer", "held")
    rows = waiting.order_by().annotate(held=held_of_row()).values(*columns).annotate(n=Count("pk"))
    return [(set(_answers_of(row)), row["n"]) for row in rows]


def _answers_of(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Under which answers a row stands."""
    scrutin = row["scrutin_id"]
    votes = [f"{scrutin}:{n}" for n, rounds in _SERVES.items() if row["rounds"] in rounds]
    answers = [value for value, code in _ANSWERS.items() if row["answer"] == code]
    return [
        *(("vote", vote) for vote in (votes if scrutin else [PERIOD])),
        ("voie", str(row["channel"])),
        ("connexion", str(row["authentication"])),
        *(("avis", answer) for answer in answers),
        *(("mandataire", str(number)) for number in _HELD if row["held"] >= number),
    ]


def _label(name: str, value: str, tables: Tables) -> str:
    if name != "vote" or value == PERIOD:
        return text(f"channel.{value}" if name == "voie" else f"mairie.filter.{name}.{value}")
    scrutin, _, number = value.rpartition(":")
    return f"{scrutin_words(scrutin, tables.calendar)}, {text(f'validity.rounds.{number}')}"
