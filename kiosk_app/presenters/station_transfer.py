"""O6: what has left the station and what has not."""

from kiosk_app.presenters import stick_copy, transmission
from kiosk_app.presenters.brigade_pages import bar_commands
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.pages import Answers, Command, Message
from procuration.errors import ProcurationError


class TransferJob(PlainJob):
    """Shows the three states; sends at once, or copies to a USB key, when asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        parts = desk.parts
        self._follower = stick_copy.CopyFollower(parts.stick, parts.run_in_background, self._stick)

    def act(self, command: str, answers: Answers) -> bool:
        say = self._desk.say
        match command:
            case "transfer":
                self._follower.leave()
                self._page()
            case stick_copy.AGAIN:
                self._follower.start()
            case stick_copy.STOP:
                self._follower.cancel()
            case "transmit":
                self._desk.parts.transmit()
                self._page(Message(tone="info", title=say("transfer.asked"), text=say("transfer.asked.text")))
            case _:
                return False
        return True

    def forget(self) -> None:
        """The copy goes on, its page is gone."""
        self._follower.leave()

    def _stick(self, state: stick_copy.Progress | ProcurationError | None) -> None:
        desk = self._desk
        back = Command(key="transfer", text=desk.say("go.return"))
        desk.show(
            lambda: stick_copy.page(
                desk.say, state, bar=desk.bar(), bar_commands=bar_commands(desk.say), back=back
            )
        )

    def _page(self, message: Message | None = None) -> None:
        desk = self._desk
        desk.show(lambda: transmission.transfer(desk.say, desk.parts, message))
