"""Procurations that are compared with one another go together: without one of them, another would be worth
something else (L. 73, R-39), and a late comparison must say what the first one said (I-2).

Two are compared while they share a person and a round, a person of whom a death or a loss of rights is known,
or an officer's second.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q

from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.dossiers.terms import COLUMNS, Row, Term

_PEOPLE: Final = ("mandant_key", "mandataire_key")


def without_those_compared(due: Sequence[Row], term: Callable[[Row], Term], today: date) -> list[Row]:
    """The rows that may go: nobody with whom they are compared, directly or through others, is still kept.
    After two years nothing holds them back any more (R. 76).

    Args:
        due: rows whose own term is over.
        term: of any row.
    """
    rows = _component(due)
    kept = {rid for rid, row in rows.items() if not term(row).is_over(today)}
    links = _links(rows.values())
    waiting = list(kept)
    while waiting:
        for other in links.get(waiting.pop(), ()):
            if other not in kept:
                kept.add(other)
                waiting.append(other)
    return [row for row in due if row["rid"] not in kept or today > term(row).last_day]


def _component(due: Sequence[Row]) -> dict[str, Row]:
    """These rows and every stored one that is compared with them, directly or through others."""
    found: dict[str, Row] = {str(row["rid"]): row for row in due}
    fresh: list[Row] = list(due)
    while fresh:
        people = {key for row in fresh for name in _PEOPLE if (key := row[name])}
        moments = {row["moment_key"] for row in fresh if row["moment_key"]}
        if not people and not moments:
            break
        related = Q(mandant_key__among=people) | Q(mandataire_key__among=people)
        if moments:
            related |= Q(moment_key__among=moments)
        others = Procuration.objects.filter(related).exclude(status=Status.PURGEE).values(*COLUMNS)
        new = [row for row in others if row["rid"] not in found]
        new = [row for row in new if any(_are_compared(row, one) for one in fresh)]
        found |= {str(row["rid"]): row for row in new}
        fresh = list(new)
    return found


def _links(rows: Iterable[Row]) -> Mapping[str, set[str]]:
    """Who is compared with whom."""
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        for key in {row[name] for name in (*_PEOPLE, "moment_key") if row[name]}:
            by_key.setdefault(key, []).append(row)
    links: dict[str, set[str]] = {}
    for together in by_key.values():
        for place, one in enumerate(together):
            for other in together[place + 1 :]:
                if _are_compared(one, other):
                    links.setdefault(one["rid"], set()).add(other["rid"])
                    links.setdefault(other["rid"], set()).add(one["rid"])
    return links


def _are_compared(one: Row, other: Row) -> bool:
    if one["moment_key"] and one["moment_key"] == other["moment_key"]:
        return True
    if not {one[name] for name in _PEOPLE if one[name]} & {other[name] for name in _PEOPLE if other[name]}:
        return False
    return bool(set(one["polling_days"]) & set(other["polling_days"])) or _tells(one) or _tells(other)


def _tells(row: Row) -> bool:
    """Whether it holds a fact about a person that ends other procurations too (L. 77)."""
    own: Any = row["own"]
    return bool(own and own["facts"])
