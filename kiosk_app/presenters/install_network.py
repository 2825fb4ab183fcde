"""« Installer ce poste » by network: the page that stays while the supervisor signs, and what it asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk_app.presenters.install_pages import answer, bar_commands
from kiosk_app.presenters.pages import Command, Message, QuestionPage, TextPage
from kiosk_app.presenters.wording import Wording
from procuration.domain.joining import Sending, Step

LOOK_SECONDS = 2.0
"""How often the page looks for news."""


class Become(Protocol):
    """The unit and profile that the signed answer names."""

    @property
    def unit_name(self) -> str: ...
    @property
    def profile(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkParts:
    """What the presenter is given once.

    Attributes:
        send: also again, after a refusal or a worthless answer. Raises: CarrierUnavailable.
        take_back: the person prefers the stick.
        read_answer: under a code of the tablet; raises as the reading of a stick.
    """

    send: Callable[[], None]
    sending: Callable[[], Sending]
    take_back: Callable[[], None]
    read_answer: Callable[[str], Become]


def sending(say: Wording, fingerprint: str, now: Sending, message: Message | None = None) -> TextPage:
    """Where the request is, what the supervisor must be told, and the way back to the stick."""
    step = now.step.value
    if now.step is Step.REFUSED and message is None:
        message = _refused(say, now.code)
    key = say("install.request.fingerprint", fingerprint=fingerprint)
    first, then = say(f"install.network.{step}"), say(f"install.network.{step}.then")
    paragraphs: tuple[str, ...] = (first, key, then)
    if now.step is Step.ANSWERED:
        paragraphs = (key,) if message is not None else (first, then)
    return TextPage(
        name=f"I-network-{step}",
        bar=say("install.bar"),
        bar_commands=bar_commands(say),
        title=say("install.network"),
        paragraphs=paragraphs,
        message=message,
        commands=_commands(say, may_read=now.step is Step.ANSWERED and message is None),
    )


def _commands(say: Wording, *, may_read: bool) -> tuple[Command, ...]:
    """Sending again asks the centre at once, instead of in some minutes."""
    stick = Command(key="network.stick", text=say("install.network.stick"))
    again = Command(key="network.again", text=say("install.network.again"))
    read = Command(key="network.answer", text=say("install.to_answer"))
    return (stick, read if may_read else again)


def _refused(say: Wording, code: str) -> Message:
    key = f"install.network.refused.{code}"
    text = say(key) if say.has(key) else say("install.network.refused.other", code=code)
    return Message(tone="error", title=say("install.network.refused.title"), text=text)


def worthless(say: Wording) -> Message:
    """What came is not signed as it should be, or for another tablet."""
    return Message(tone="error", title=say("install.refused"), text=say("install.network.worthless"))


def network_answer(say: Wording, *, error: str = "", message: Message | None = None) -> QuestionPage:
    """The signed answer that came by network, read under a code of this tablet."""
    return answer(say, error=error, message=message, way="network")
