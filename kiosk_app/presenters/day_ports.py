"""What the page of the day asks of the rest of the tablet. Nothing here is implemented."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from procuration.domain.acts import ActDecision
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode


class ActListed(Protocol):
    """One decision of today, by the officer at work."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def decision(self) -> ActDecision: ...
    @property
    def reference(self) -> Reference | None: ...
    @property
    def received_at(self) -> datetime | None: ...
    @property
    def decided(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class DayParts:
    """What the day needs.

    Attributes:
        listed: the newest first.
        print_end: the paper of the end of the shift. Raises: CarrierUnavailable IMPRESSION,
            IMPRIMANTE_ABSENTE.
        may_undo: whether an act may be taken back. Raises: RuleViolated, as `correct_act.CorrectAct.check`.
        undo: takes it back, signed under the code. Raises: the same, then as any act.
        undo_reasons: those it takes.
    """

    listed: Callable[[], Sequence[ActListed]]
    print_end: Callable[[], object]
    may_undo: Callable[[int], None]
    undo: Callable[[int, RefusalCode, str], object]
    undo_reasons: Sequence[RefusalCode]
