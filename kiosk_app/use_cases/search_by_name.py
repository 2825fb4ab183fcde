"""An officer looks for a request by the name of the mandant, among those that they may already see here.

These are the requests filed at this station that wait for an act, those opened in this session, and those
that the officer decided today. Locked copies are left out by design: they open to a reference and a birth
date only, one at a time, and hold no list of names (SECURITY-DESIGN 9).
"""

from collections.abc import Iterator
from typing import Final

from kiosk_app.station import Session, Station
from kiosk_app.store.requests import HeldRequest
from kiosk_app.use_cases.find_request import FoundRequest, found_request
from kiosk_app.use_cases.list_day import own_acts_today
from kiosk_app.use_cases.own_acts import request_of
from procuration.domain.events import Kind
from procuration.domain.identifiers import Rid
from procuration.domain.near_names import folded_words, words_answer
from procuration.domain.people import NAME_LENGTH_MAX
from procuration.errors import RuleViolated

LETTERS_MIN: Final = 2
FOUND_MAX: Final = 6


class SearchByName:
    """Searches, and opens what was found."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def __call__(self, typed: str) -> tuple[FoundRequest, ...]:
        """What answers every word, in any order, marks and hyphens apart, one letter of a word forgiven; the
        nearest first.

        Raises: RuleViolated NOM_TROP_COURT, NOM_TROP_LONG (ids: maximum), AGENT_SANS_HABILITATION,
            SESSION_FERMEE.
        """
        if len(typed) > NAME_LENGTH_MAX:
            raise RuleViolated("NOM_TROP_LONG", maximum=NAME_LENGTH_MAX)
        words = folded_words(typed)
        if len("".join(words)) < LETTERS_MIN:
            raise RuleViolated("NOM_TROP_COURT")
        ranked = []
        for place, held in enumerate(self._seen(self._station.officer).values()):
            mandant = held.filed.mandant
            names = folded_words(mandant.birth_name, mandant.given_names, mandant.used_name)
            if (forgiven := words_answer(words, names)) is not None:
                ranked.append((forgiven, place, held))
        ranked.sort(key=lambda one: one[:2])
        return tuple(found_request(self._station, held) for _, _, held in ranked[:FOUND_MAX])

    def open(self, rid: Rid) -> FoundRequest:
        """One that the search gave. Raises: RuleViolated DEMANDE_INTROUVABLE."""
        officer = self._station.officer
        held = self._seen(officer).get(rid)
        if held is None:
            raise RuleViolated("DEMANDE_INTROUVABLE")
        officer.opened[rid] = held
        return found_request(self._station, held)

    def _seen(self, officer: Session) -> dict[Rid, HeldRequest]:
        """Each once, the last seen first."""
        seen: dict[Rid, HeldRequest] = {}
        for held in self._in_order(officer):
            seen.setdefault(held.rid, held)
        return seen

    def _in_order(self, officer: Session) -> Iterator[HeldRequest]:
        yield from reversed(officer.opened.values())
        yield from self._station.store.requests.filed_here_undecided()
        yield from (request_of(event) for event in own_acts_today(self._station) if event.kind is Kind.ACT)
