"""What a run keeps for the oracle: every acknowledgement, as the person has it."""

from collections import Counter
from dataclasses import dataclass, field

from procuration.domain.events import Kind


@dataclass(frozen=True)
class Said:
    """Something acknowledged to a person: a receipt handed out, or an act confirmed on the screen."""

    tablet: int
    log_id: bytes
    seq: int
    hash: bytes
    rid: bytes
    kind: Kind
    reference: str | None = None


@dataclass
class Told:
    """What the oracle knows besides the ledger.

    Attributes:
        tried: (log, request) of everything that an honest officer tried to decide.
        clones, clones_found: second histories that reached the centre, and those it found at that moment.
        deceived: numbers of the tablets that held proof of what the centre then left out of its history.
        faults: what the invariants say.
        counts: how often each kind of thing happened.
    """

    said: list[Said] = field(default_factory=list)
    tried: set[tuple[bytes, bytes]] = field(default_factory=set)
    clones: int = 0
    clones_found: int = 0
    deceived: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)

    def fault(self, code: str, **where) -> None:
        """An invariant that does not hold."""
        self.faults.append(" ".join((code, *(f"{name}={value}" for name, value in where.items()))))
