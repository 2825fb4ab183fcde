"""The ballots: which elections, on which local days, in which places, with which ceilings (R-31, R-37, R-41).

The domain reads no time-zone file: every round carries its opening and closing as UTC instants. Decides which
calendars cannot be (`calendar_fault`): a tablet or centre that was handed one keeps the one it has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from procuration.domain.people import Place, PlaceType

PlaceSelector = str | tuple[str, PlaceType]
"""A département or territory code, or one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One polling day (tour).

    Attributes:
        day: local date of the poll.
        opens_at, closes_at: aware UTC instants.
    """

    day: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrutin:
    """The elections held together on one pair of polling days in places that share their hours.

    Attributes:
        id: "<ballot>/<group>", e.g. "2024-06-legislatives/988".
        elections: codes, e.g. ("departementales", "regionales"): one procuration covers them all (R-31).
        places: where it is held.
        rounds: one or two.
        zone: IANA name, for screens and paper only.
        max_total, max_france: how many procurations one mandataire may hold (L. 73; R-38, R-41), and the
        article.
    """

    id: str
    elections: tuple[str, ...]
    places: tuple[PlaceSelector, ...]
    rounds: tuple[Round, ...]
    zone: str
    max_total: int
    max_france: int
    article: str

    @property
    def ballot(self) -> str:
        """The part of the id that the same ballot has everywhere."""
        return self.id.partition("/")[0]

    @property
    def last_closing(self) -> datetime:
        """When its last round closes."""
        return self.rounds[-1].closes_at


RoundKey = tuple[str, int]
"""A scrutin in the sense of L. 73: one ballot, everywhere it is held, and its round, 1 or 2 (R-40)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRound:
    """One round that a procuration serves, with the ceilings of its scrutin (R-41).

    Attributes:
        day: local polling day.
        closes_at: aware UTC.
    """

    key: RoundKey
    day: date
    closes_at: datetime
    max_total: int
    max_france: int


def scrutins_of(place: Place, calendar: Iterable[Scrutin]) -> tuple[Scrutin, ...]:
    """The scrutins of a place, by first polling day. A row that names the place itself beats its
    département's row."""
    by_ballot: dict[str, Scrutin] = {}
    itself, departement = (place.code, place.type), place.departement
    for scrutin in calendar:
        if itself in scrutin.places:
            by_ballot[scrutin.ballot] = scrutin
        elif departement in scrutin.places:
            by_ballot.setdefault(scrutin.ballot, scrutin)
    return tuple(sorted(by_ballot.values(), key=lambda scrutin: (scrutin.rounds[0].day, scrutin.id)))


def open_scrutins(place: Place, calendar: Iterable[Scrutin], now: datetime) -> tuple[Scrutin, ...]:
    """Those whose last round has not closed: what a person may still choose (R-36)."""
    return tuple(scrutin for scrutin in scrutins_of(place, calendar) if scrutin.last_closing > now)


POLL_LENGTH_MAX: Final = timedelta(hours=24)
_EARLIEST_OPENING: Final = timedelta(hours=-14)
_LATEST_OPENING: Final = timedelta(hours=24 + 12)
"""From the midnight UTC of the local day: zones lie between UTC+14 and UTC-12."""


def calendar_fault(calendar: Iterable[Scrutin]) -> str | None:
    """The code of the first thing that no calendar may say, or None.

    CALENDAR_DUPLICATE: two scrutins of one id. CALENDAR_NO_PLACE, CALENDAR_NO_ELECTION: held nowhere, or
    for nothing. CALENDAR_ROUNDS: no round or more than two, reversed, overlapping, or closing before they
    open. CALENDAR_DAY: open at an instant that is not of the local day. CALENDAR_CEILING: no procuration in
    all, or fewer than of those drawn up in France. CALENDAR_TWICE: two scrutins of one ballot name the same
    place, which would then have two (R-31, R-37).
    """
    ids: set[str] = set()
    named: set[tuple[str, PlaceSelector]] = set()
    for scrutin in calendar:
        if scrutin.id in ids:
            return "CALENDAR_DUPLICATE"
        ids.add(scrutin.id)
        fault = next(_faults_of(scrutin), None)
        if fault is not None:
            return fault
        places = {(scrutin.ballot, place) for place in scrutin.places}
        if len(places) != len(scrutin.places) or places & named:
            return "CALENDAR_TWICE"
        named |= places
    return None


def _faults_of(scrutin: Scrutin) -> Iterator[str]:
    rounds = scrutin.rounds
    if not scrutin.places:
        yield "CALENDAR_NO_PLACE"
    if not scrutin.elections:
        yield "CALENDAR_NO_ELECTION"
    if (
        not 1 <= len(rounds) <= 2
        or any(not timedelta(0) < one.closes_at - one.opens_at <= POLL_LENGTH_MAX for one in rounds)
        or any(later.day <= one.day or later.opens_at < one.closes_at for one, later in pairwise(rounds))
    ):
        yield "CALENDAR_ROUNDS"
    if not all(_opens_on_its_day(one) for one in rounds):
        yield "CALENDAR_DAY"
    if scrutin.max_total < 1 or not 0 <= scrutin.max_france <= scrutin.max_total:
        yield "CALENDAR_CEILING"


def _opens_on_its_day(round_: Round) -> bool:
    since_midnight = round_.opens_at - datetime.combine(round_.day, time(), UTC)
    return _EARLIEST_OPENING <= since_midnight < _LATEST_OPENING
