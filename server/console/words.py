"""How every page of the console writes an instant and the nature of an event."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from server.pages.french import moment
from server.texts_fr import TEXTS, text

ZONE: Final = ZoneInfo("Europe/Paris")
"""The console is one, for all territories: its clock is named on each page."""


def moment_words(instant: datetime | None) -> str:
    """The instant by the console's clock; "Jamais" for none."""
    return moment(instant, ZONE) if instant else text("time.never")


def kind_words(kind: int) -> str:
    """What an event is."""
    return TEXTS.get(f"console.kind.{kind}") or text("console.kind.other", n=kind)
