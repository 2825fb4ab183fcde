"""The registers of the coming polls as files in the store's folder: when the program does not start any
more on polling day, the last one is there to be printed, without a code.

What they say is public by law: any elector may read it, polling day included (R-56). Nothing else is in them.
"""

import hashlib
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import write_durably
from procuration.domain.people import Place
from procuration.domain.register import Registered
from server.commune import hall as halls
from server.config.centre import Centre
from server.registers import selectors
from server.registers.pdf_file import pdf_file
from server.registers.polls import Poll, polls_of
from server.registers.sheet import Kind
from server.registers.town_hall_sheets import TownHallRegisters

FOLDER: Final = "registres"
_FOR_ITS_OWNER: Final = 0o600
_KEPT_AFTER: Final = timedelta(days=2)


class RegisterFiles:
    """Writes them again when what they say changed; one object for the life of a process."""

    def __init__(self) -> None:
        self._written: dict[Poll, bytes] = {}

    def __call__(self, hall: Centre, *, always: bool = False) -> list[Path]:
        """Args: always: also those that say the same as the last time.

        Returns: the files written.
        """
        place, now = halls.place(), hall.clock.now()
        written: list[Path] = []
        for poll in polls_of(place, hall.tables.calendar):
            if poll.closes_at + _KEPT_AFTER < now:
                continue
            entries = selectors.registered(selectors.rows_of(place, poll), poll, hall.tables)
            digest = hashlib.sha256(repr([astuple(one) for one in entries]).encode()).digest()
            if entries and (always or self._written.get(poll) != digest):
                written += _write(hall, place, poll, entries)
                self._written[poll] = digest
        return written


def _write(hall: Centre, place: Place, poll: Poll, entries: list[Registered]) -> list[Path]:
    registers = TownHallRegisters(
        place=place, poll=poll, entries=entries, tables=hall.tables, now=hall.clock.now()
    )
    folder = hall.home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    written = []
    for number, part in enumerate(registers.sheet(Kind.PUBLIC).parts(), start=1):
        tail = "" if number == 1 else f"-{number}"
        path = folder / f"registre-{poll.day.isoformat()}-tour-{poll.number}{tail}.pdf"
        write_durably(path, pdf_file(part), _FOR_ITS_OWNER)
        written.append(path)
    return written
