"""O6: what has left the station and what has not."""

from kiosk_app.presenters import transmission
from kiosk_app.presenters.desk import Desk, PlainJob
from kiosk_app.presenters.pages import Answers, Message


class TransferJob(PlainJob):
    """Shows the three states, and sends at once when asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def act(self, command: str, answers: Answers) -> bool:
        say = self._desk.say
        match command:
            case "transfer":
                self._page()
            case "transmit":
                self._desk.parts.transmit()
                self._page(Message(tone="info", title=say("transfer.asked"), text=say("transfer.asked.text")))
            case _:
                return False
        return True

    def _page(self, message: Message | None = None) -> None:
        desk = self._desk
        desk.show(lambda: transmission.transfer(desk.say, desk.parts, message))
