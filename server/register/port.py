"""What the centre asks of a register, whatever stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from procuration.domain.people import Person, Place
from procuration.domain.refusal import RefusalCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One established procuration, as the register is asked about it (R. 75-III).

    Attributes:
        rid: hexadecimal; the answer names it.
        vote_place: where the mandant says to be enrolled.
    """

    rid: str
    mandant: Person = field(repr=False)
    vote_place: Place
    mandataire: Person = field(repr=False)


class Register(Protocol):
    """Knows who is enrolled, who may vote, and who holds as many procurations as the law allows."""

    def ask(self, questions: Sequence[Question]) -> Mapping[str, RefusalCode | None]:
        """For each request why not, None when it is accepted. One that is missing is asked again later.

        Raises: CarrierUnavailable, when it does not answer; RecordRejected, when what it says is unreadable.
        """
        ...
