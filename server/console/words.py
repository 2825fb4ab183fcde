"""How every page of the console writes an instant and the nature of an event."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from server.pages.french import moment, remaining
from server.texts_fr import TEXTS, text

ZONE: Final = ZoneInfo("Europe/Paris")
"""The console is one, for all territories: its clock is named on each page."""
_CLOCK_PLAY: Final = 60
"""Seconds by which a tablet's clock may be ahead without anybody being told."""


def moment_words(instant: datetime | None) -> str:
    """The instant by the console's clock; "Jamais" for none."""
    return moment(instant, ZONE) if instant else text("time.never")


def kind_words(kind: int) -> str:
    """What an event is."""
    return TEXTS.get(f"console.kind.{kind}") or text("console.kind.other", n=kind)


def code_words(code: str) -> str:
    """What a code means, in a sentence; empty for none, or one that only programs know."""
    return TEXTS.get(f"console.code.{code}", "")


def span_words(seconds: int) -> str:
    """How long something lasted; a negative span is a clock that runs ahead, and says so."""
    if seconds < -_CLOCK_PLAY:
        return text("console.span.ahead", span=remaining(timedelta(seconds=-seconds)))
    return remaining(timedelta(seconds=max(0, seconds))) if seconds >= 60 else text("console.span.soon")
