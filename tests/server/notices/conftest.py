"""A real mail relay on loopback that can be told to misbehave."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Relay:
    """What the relay received, and what it answers.

    Attributes:
        answers: next answers to RCPT or DATA, by command; "drop" closes the line instead, after storing for
            DATA.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, list[str]] = {"RCPT": [], "DATA": []}

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list
    ) -> str:
        if self.answers["RCPT"]:
            return self.answers["RCPT"].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers["DATA"].pop(0) if self.answers["DATA"] else "250 OK"
        if answer in ("250 OK", "drop"):
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
        if answer == "drop":
            server.transport.abort()
        return answer if answer != "drop" else "250 OK"


class OnAnyFreePort(Controller):
    """Listens on the port that the system gives, then knocks there as the original does."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def relay(settings) -> Iterator[Relay]:
    """A relay that listens on a free port of loopback."""
    handler = Relay()
    controller = OnAnyFreePort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield handler
    controller.stop()
