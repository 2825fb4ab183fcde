"""The voice as the presenters see it: a port, and the two settings of a person."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol


class Rate(StrEnum):
    """How fast the voice speaks."""

    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"


class Volume(StrEnum):
    """How loud the voice speaks."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Voice(Protocol):
    """Says texts aloud, and is silent at once when told to. It never raises: a silent tablet goes on."""

    @property
    def available(self) -> bool:
        """Whether this tablet can speak now."""

    def speak(self, texts: Sequence[str], language: str, rate: Rate, volume: Volume) -> None:
        """Say these texts in the place of what is being said. `language`: as in `wording.Language`."""

    def stop(self) -> None:
        """Be silent at once, and forget what was being said."""


class Headset(Protocol):
    """Whether a headset is plugged in; what is not known is no headset."""

    def __call__(self) -> bool: ...


def no_headset() -> bool:
    """A tablet whose jack nobody can ask."""
    return False
