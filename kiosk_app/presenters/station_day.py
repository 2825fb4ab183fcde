"""« Aujourd'hui »: what this officer decided today, printed again when asked; and the end of the shift."""

from collections.abc import Callable, Sequence

from kiosk_app.presenters import day_pages
from kiosk_app.presenters.act_paper import NO_PRINTER
from kiosk_app.presenters.day_ports import ActListed
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.pages import Answers, Message
from kiosk_app.presenters.questions import text_of
from procuration.errors import ProcurationError


class DayJob(PlainJob):
    """Shows the day; holds nothing of it after `forget`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.forget()

    def forget(self) -> None:
        self._acts: Sequence[ActListed] = ()
        self._first = 0
        self._turn = getattr(self, "_turn", 0) + 1

    def act(self, command: str, answers: Answers) -> bool:
        if self._desk.parts.day is None:
            return False
        match command:
            case "day":
                self._first = 0
                self._list()
            case "day.older":
                self._first += day_pages.SHOWN
                self._list()
            case "day.print":
                self._print_again(text_of(answers, "act"))
            case "day.end":
                self._end()
            case "day.end.print":
                self._print(self._desk.parts.day.print_end, self._end)
            case _:
                return False
        return True

    def chosen(self, answers: Answers) -> ActListed | None:
        """The act of the list that was chosen."""
        wanted = text_of(answers, "act")
        return next((act for act in self._acts if str(act.seq) == wanted), None)

    def ask_to_choose(self) -> None:
        """Nothing was chosen."""
        self._list(error=self._desk.say("day.choose"))

    def say_above(self, message: Message) -> None:
        """The list with a message above it."""
        self._list(message=message)

    def _list(self, *, message: Message | None = None, error: str = "") -> None:
        self._acts = self._read()
        desk, acts, first = self._desk, self._acts, self._first
        desk.show(
            lambda: day_pages.today(
                desk.say, desk.bar(), acts, first, desk.parts.zone, message=message, error=error
            )
        )

    def _read(self) -> Sequence[ActListed]:
        assert self._desk.parts.day is not None, "`act` has looked"
        return self._desk.parts.day.listed()

    def _end(self, message: Message | None = None) -> None:
        self._acts = self._read()
        desk, acts = self._desk, self._acts
        desk.show(lambda: day_pages.end(desk.say, desk.bar(), desk.parts, acts, message))

    def _print_again(self, seq: str) -> None:
        found = next((act for act in self._acts if str(act.seq) == seq), None)
        if found is None:
            self.ask_to_choose()
            return
        self._print(lambda: self._desk.parts.print_act(found.seq), self.say_above)

    def _print(self, work: Callable[[], object], shows: Callable[[Message], None]) -> None:
        """Aside; whoever has gone on meanwhile is not called back."""
        turn = self._turn

        def done(outcome: object) -> None:
            if turn == self._turn:
                shows(self._printed(outcome))

        self._desk.run(work, done)

    def _printed(self, outcome: object) -> Message:
        say = self._desk.say
        if not isinstance(outcome, ProcurationError):
            return Message(tone="info", title=say("paper.printed"))
        if outcome.code == NO_PRINTER:
            return Message(tone="warn", title=say("paper.none"), text=say("paper.none.plug"))
        if say.has(f"error.{outcome.code}"):
            return Message(tone="warn", title=say.of_error(outcome))
        return Message(tone="warn", title=say("paper.failed"), text=say("paper.failed.safe"))
