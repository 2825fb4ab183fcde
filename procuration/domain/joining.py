"""How far the request of a tablet that nobody enrolled yet is on its way by network."""

from dataclasses import dataclass
from enum import Enum


class Step(Enum):
    """As far as the agent noted: nobody believes more of it than the page that says it."""

    NOT_SENT = "not_sent"
    LEAVING = "leaving"
    WAITING = "waiting"
    REFUSED = "refused"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Sending:
    """A step; `code`: why the centre refused, empty for the others."""

    step: Step
    code: str = ""
