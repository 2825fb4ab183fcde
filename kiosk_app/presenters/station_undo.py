"""« Corriger une erreur… »: an officer takes back an act of today, with a reason and the code.

What was signed does not vanish: a second act stands beside it, and a person at the centre decides.
"""

from collections.abc import Callable

from kiosk_app.presenters import day_pages
from kiosk_app.presenters.brigade_pages import not_recorded
from kiosk_app.presenters.day_ports import ActListed, DayParts
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.pages import Answers, Message
from kiosk_app.presenters.questions import text_of
from kiosk_app.presenters.station_day import DayJob
from procuration.domain.refusal import RefusalCode
from procuration.errors import ProcurationError


class UndoJob(PlainJob):
    """Takes back one act that was chosen in the list of the day."""

    def __init__(self, desk: Desk, day: DayJob, lock: Callable[[], None]) -> None:
        """Args: lock: the code was refused too often."""
        self._desk, self._day, self._lock = desk, day, lock
        self.forget()

    def forget(self) -> None:
        self._act: ActListed | None = None
        self._reason: RefusalCode | None = None

    def act(self, command: str, answers: Answers) -> bool:
        parts = self._desk.parts.day
        if parts is None:
            return False
        match command:
            case "day.undo":
                self._begin(parts, self._day.chosen(answers))
            case "day.undo.reason":
                self._reason_chosen(parts, text_of(answers, "reason"))
            case "day.undo.sign":
                self._sign(parts, text_of(answers, "code"))
            case _:
                return False
        return True

    def _begin(self, parts: DayParts, act: ActListed | None) -> None:
        if act is None:
            self._day.ask_to_choose()
            return
        try:
            parts.may_undo(act.seq)
        except ProcurationError as error:
            self._day.say_above(Message(tone="info", title=self._desk.say.of_error(error)))
            return
        self._act = act
        self._ask_reason(parts)

    def _ask_reason(self, parts: DayParts, error: str = "") -> None:
        desk, act = self._desk, self._act
        if act is not None:
            desk.show(
                lambda: day_pages.undo_reason(
                    desk.say, desk.bar(), act, parts.undo_reasons, desk.parts.zone, error
                )
            )

    def _reason_chosen(self, parts: DayParts, reason: str) -> None:
        found = next((code for code in parts.undo_reasons if code.value == reason), None)
        if found is None:
            self._ask_reason(parts, self._desk.say("error.RAISON_MANQUANTE"))
            return
        self._reason = found
        self._confirm()

    def _confirm(self, error: str = "", *, busy: bool = False, message: Message | None = None) -> None:
        desk, act, reason = self._desk, self._act, self._reason
        if act is not None and reason is not None:
            desk.show(
                lambda: day_pages.undo_confirm(
                    desk.say,
                    desk.bar(),
                    act,
                    reason,
                    desk.parts.zone,
                    error=error,
                    busy=busy,
                    message=message,
                )
            )

    def _sign(self, parts: DayParts, code: str) -> None:
        act, reason = self._act, self._reason
        if act is None or reason is None:
            return
        if not code:
            self._confirm(self._desk.say("error.CODE_MANQUANT"))
            return
        self._confirm(busy=True)
        self._desk.run(lambda: parts.undo(act.seq, reason, code), self._signed)

    def _signed(self, outcome: object) -> None:
        say = self._desk.say
        if not isinstance(outcome, ProcurationError):
            self.forget()
            self._day.say_above(Message(tone="ok", title=say("day.undo.done"), text=say("day.undo.next")))
        elif outcome.code in ("CODE_INCORRECT", "ATTENDRE"):
            self._confirm(say.of_error(outcome))
        elif outcome.code == "ACCES_BLOQUE":
            self._lock()
        else:
            self._confirm(message=not_recorded(say, outcome))
