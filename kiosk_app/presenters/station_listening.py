"""A hand-held reader listens as soon as O1 is shown: the officer pulls its trigger, and touches nothing.

Only where a person aims it. A camera films nobody unasked; a reader that stands for a keyboard types into
whatever has the focus, and is not for this.
"""

from collections.abc import Callable

from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.brigade_parts import ListenParts
from procuration.errors import CarrierUnavailable, ProcurationError


class Listening:
    """One reading after another while O1 stands."""

    def __init__(self, parts: ListenParts | None, heard: Callable[[object], None]) -> None:
        """Args: heard: the text of a receipt, or why what was shown is none."""
        self._parts, self._heard = parts, heard
        self._turn, self._listens = 0, False

    def begin(self) -> None:
        """O1 is shown, perhaps once more."""
        if self._parts is not None and not self._listens:
            self._turn += 1
            self._listens = True
            self._read(self._parts)

    def end(self) -> None:
        """O1 is left, or a button was pressed: the reader is free for whatever comes."""
        if self._listens:
            assert self._parts is not None, "it listens"
            self._listens = False
            self._turn += 1
            self._parts.stop()

    def _read(self, parts: ListenParts) -> None:
        turn = self._turn

        def work() -> str:
            if turn != self._turn:
                raise CarrierUnavailable("RIEN_LU")
            return parts.read()

        def done(outcome: object) -> None:
            if turn != self._turn:
                return
            if isinstance(outcome, CarrierUnavailable) and outcome.code == "RIEN_LU":
                self._read(parts)
                return
            self._listens = False
            if isinstance(outcome, ProcurationError) and not _was_shown(outcome):
                return  # no reader: « Scanner le reçu » says it to who wants one
            self._heard(outcome)

        parts.run(attempted(work), done)


def _was_shown(error: ProcurationError) -> bool:
    return not isinstance(error, CarrierUnavailable)
