"""The paper of an act just signed: printed by itself, again as often as asked, and what became of it. The act
is on the disk before: a printer that fails loses nothing.
"""

from collections.abc import Callable

from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.desk import Desk
from kiosk_app.presenters.pages import Message
from kiosk_app.presenters.paper_trouble import next_step
from procuration.errors import ProcurationError

NO_PRINTER = "IMPRIMANTE_ABSENTE"


class ActPaper:
    """Prints the récépissé of one act, aside: the officer goes on meanwhile.

    Attributes:
        notice: what became of the last print; None while it runs.
    """

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        """Args: changed: `notice` is another one; shows it."""
        self._desk, self._changed = desk, changed
        self.notice: Message | None = None
        self._seq: int | None = None
        self._sent = self._by_message = False
        self._turn = 0

    def of(self, seq: int, *, by_message: bool) -> None:
        """The act just signed.

        Args: by_message: the mandant gave an address, to which the centre sends the same récépissé (R-24).
        """
        self._seq, self._by_message = seq, by_message
        self.print()

    def print(self) -> None:
        """Once more, unless the last one is still being printed."""
        seq, turn = self._seq, self._turn
        if seq is None or self._sent:
            return
        self._sent, self.notice = True, None

        def done(outcome: object) -> None:
            if turn == self._turn:
                self._printed(outcome)

        parts = self._desk.parts
        run = parts.print_aside or parts.run_in_background
        run(attempted(lambda: parts.print_act(seq)), done)

    def forget(self) -> None:
        """The screen is emptied."""
        self._turn += 1
        self._seq, self._sent, self.notice = None, False, None

    def _printed(self, outcome: object) -> None:
        say, self._sent = self._desk.say, False
        if not isinstance(outcome, ProcurationError):
            self.notice = Message(tone="info", title=say("paper.printed"))
        elif outcome.code == NO_PRINTER:
            said = say("paper.none.message" if self._by_message else "paper.none.plug")
            self.notice = Message(tone="warn", title=say("paper.none"), text=said)
        else:
            said = next_step(say, outcome, "paper.failed.check")
            safe = f"{say('paper.failed.safe')} {said}"
            self.notice = Message(tone="warn", title=say("paper.failed"), text=safe)
        self._changed()
