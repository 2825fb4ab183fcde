"""How long an established procuration has before the polls that it serves close, and what it still lacks.

A procuration that the mayor has not received cannot be used, receipt or not (Code électoral, R. 76-1; R-54).
So everything that waits is ranked by the local closing of the next poll that it serves (R-37, R-55). Closings
come from the calendar as UTC instants: no time-zone file is read here. What is done about it, and by whom, is
decided elsewhere; urgency never refuses anybody (DESIGN, decision 14).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Final

from procuration.domain.identifiers import Rid
from procuration.domain.status import Status
from procuration.errors import RuleViolated

STANDING: Final = frozenset({Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.EN_ATTENTE_HUMAINE})
"""Statuses in which an established procuration still lacks something."""


class Lack(IntEnum):
    """What an established procuration still needs, in the order in which it comes."""

    TRANSMISSION = 1
    """The centre has no proof of it."""
    RECEPTION = 2
    """The town hall or the register has not got it (R-54)."""
    ANSWER = 3
    """The town hall of the mandataire has not said whether the ceiling is kept (R-72)."""
    DECISION = 4
    """Nobody has decided."""


class Urgency(IntEnum):
    """How much a deadline presses, least first."""

    COMPLETE = 0
    """Nothing lacks."""
    OVER = 1
    """Every poll that it serves has closed."""
    NO_POLL = 2
    """The calendar knows no poll that it serves: a period may still get one."""
    LATER = 3
    SOON = 4
    """« À acheminer »."""
    URGENT = 5
    """« À acheminer d’urgence »."""
    CRITICAL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyPolicy:
    """From how long before the closing a procuration that lacks something is called what (R-55).

    The law gives no figure: these are the defaults of this project. Three days leave time for a stick and a
    plane; one day, for a car; six hours, for a telephone call.

    Raises: RuleViolated SEUILS_D_URGENCE, when they do not get shorter.
    """

    soon: timedelta = timedelta(hours=72)
    urgent: timedelta = timedelta(hours=24)
    critical: timedelta = timedelta(hours=6)

    def __post_init__(self) -> None:
        if not timedelta(0) < self.critical <= self.urgent <= self.soon:
            raise RuleViolated("SEUILS_D_URGENCE")

    def level(self, left: timedelta) -> Urgency:
        """What a time left is called; the threshold itself is inside."""
        if left <= self.critical:
            return Urgency.CRITICAL
        if left <= self.urgent:
            return Urgency.URGENT
        return Urgency.SOON if left <= self.soon else Urgency.LATER


DEFAULT_POLICY: Final = UrgencyPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One established procuration and the next closing that it serves.

    Attributes:
        rid: only the last resort of the order.
        established_at: when it was drawn up, aware UTC.
        closing: of the next poll that it serves; when all have closed, of the last; None when the calendar
            knows none.
        left: until then; zero or less once it has closed, None without a closing.
        lacks: in the order in which it comes; empty when nothing lacks.
        missed: polls that closed before it was received: for them it was worthless (R-54).
    """

    rid: Rid
    established_at: datetime
    closing: datetime | None
    left: timedelta | None
    lacks: tuple[Lack, ...]
    level: Urgency
    missed: int

    @property
    def is_late(self) -> bool:
        """Every poll that it serves closed and nobody had received it: it served nothing (R-54)."""
        return self.level is Urgency.OVER and self.missed > 0

    @property
    def order(self) -> tuple[int, datetime, int, datetime, Rid]:
        """Key that puts the most urgent first: what still can be saved by closing, then what lacks, then
        establishment, then rid; after it what has no poll yet, what is over, what is complete."""
        lack = self.lacks[0] if self.lacks else 0
        return _group(self.level), self.closing or _NEVER, lack, self.established_at, self.rid


_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def _group(level: Urgency) -> int:
    """Three groups behind the one in which the closing alone ranks: the levels follow from it."""
    return max(0, Urgency.LATER - level)


def lacks_of(status: Status, *, transmitted: bool, answer_awaited: bool = False) -> tuple[Lack, ...]:
    """What a procuration still lacks, given what is known of it here.

    Args:
        status: as folded here, or as the centre last said; a status that does not stand lacks nothing.
        transmitted: whether there is proof that the centre has it.
        answer_awaited: whether the mandataire's town hall must still answer (R-72); the caller knows.
    """
    if status not in STANDING:
        return ()
    lacks = [] if transmitted else [Lack.TRANSMISSION]
    if status in (Status.ETABLIE, Status.TRANSMISE):
        lacks.append(Lack.RECEPTION)
    if answer_awaited:
        lacks.append(Lack.ANSWER)
    return (*lacks, Lack.DECISION)


def deadline_of(
    rid: Rid,
    established_at: datetime,
    closings: Iterable[datetime],
    lacks: tuple[Lack, ...],
    now: datetime,
    policy: UrgencyPolicy = DEFAULT_POLICY,
) -> Deadline:
    """The deadline of one established procuration at an instant.

    Args:
        closings: of all the rounds that it covers (`validity.rounds_covered`), in any order: a period serves
            many, and the next one counts. A poll that closes now has closed.

    Raises: RuleViolated HEURE_SANS_FUSEAU, for a time without zone.
    """
    known = tuple(closings)
    if any(time.tzinfo is None for time in (established_at, now, *known)):
        raise RuleViolated("HEURE_SANS_FUSEAU")
    closing = next_closing(known, now)
    closed = sum(one <= now for one in known)
    left = None if closing is None else closing - now
    return Deadline(
        rid=rid,
        established_at=established_at,
        closing=closing,
        left=left,
        lacks=lacks,
        level=_level(left, lacks, policy),
        missed=closed if Lack.RECEPTION in lacks else 0,
    )


def _level(left: timedelta | None, lacks: tuple[Lack, ...], policy: UrgencyPolicy) -> Urgency:
    if not lacks:
        return Urgency.COMPLETE
    if left is None:
        return Urgency.NO_POLL
    return Urgency.OVER if left <= timedelta(0) else policy.level(left)


def next_closing(closings: Iterable[datetime], now: datetime) -> datetime | None:
    """The first closing still to come; when there is none, the last one; None without any."""
    known = sorted(closings)
    return next((one for one in known if one > now), known[-1] if known else None)


def most_urgent_first(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """The order in which they should travel, be received, be decided: total, whatever order they came in."""
    return sorted(deadlines, key=lambda one: one.order)
