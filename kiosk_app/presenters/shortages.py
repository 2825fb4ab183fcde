"""What will soon be missing on a tablet, said early, in the order in which it would stop somebody.

Pure: the use case counts, this decides what is worth a sentence. A shortage never refuses anybody here.
"""

from datetime import datetime
from typing import Final, Protocol

from kiosk_app.presenters.formats import room_in_words
from kiosk_app.presenters.pages import Message
from kiosk_app.presenters.wording import Wording
from procuration.record.directory import FRESHNESS_WARNING

REFERENCES_FEW: Final = 50
"""A quarter of a lot, about a morning of electors; a new one is asked for below 100 (SECURITY-DESIGN 9)."""
ROOM_LITTLE: Final = 5
"""Times the room that must stay free."""


class SuppliesSeen(Protocol):
    """See `use_cases.take_stock.Supplies`."""

    @property
    def references_left(self) -> int | None: ...
    @property
    def last_contact(self) -> datetime | None: ...
    @property
    def directory_age_days(self) -> int: ...
    @property
    def directory_days_max(self) -> int: ...
    @property
    def free_bytes(self) -> int: ...
    @property
    def free_bytes_min(self) -> int: ...


def of_disk(say: Wording, supplies: SuppliesSeen) -> str:
    """« Il reste 400 Mo sur ce poste », then that nothing new can be recorded; "" while there is room."""
    if supplies.free_bytes < supplies.free_bytes_min:
        return say("short.disk.full")
    if supplies.free_bytes < ROOM_LITTLE * supplies.free_bytes_min:
        return say("short.disk", room=room_in_words(say, supplies.free_bytes))
    return ""


def of_references(say: Wording, supplies: SuppliesSeen) -> str:
    """Few references, or none: filing goes on, the reference follows by message."""
    left = supplies.references_left
    if left is None or left >= REFERENCES_FEW:
        return ""
    return say.counted("short.references", left) if left else say("short.references.none")


def of_directory(say: Wording, supplies: SuppliesSeen) -> str:
    """News of the centre grow old: filing goes on, but revoked tablets and new ballots are not known here."""
    days = supplies.directory_age_days
    return say("short.directory", n=days) if days >= FRESHNESS_WARNING.days else ""


def listed(say: Wording, supplies: SuppliesSeen, *, paper_failed: bool) -> tuple[str, ...]:
    """Every shortage, the gravest first."""
    paper = say("short.paper") if paper_failed else ""
    found = (of_disk(say, supplies), paper, of_references(say, supplies), of_directory(say, supplies))
    return tuple(sentence for sentence in found if sentence)


def disk_message(say: Wording, supplies: SuppliesSeen) -> Message | None:
    """For the officer’s station, where the directory and the transmission have their own messages."""
    sentence = of_disk(say, supplies)
    return Message(tone="warn", title=sentence, text=say("short.call")) if sentence else None
