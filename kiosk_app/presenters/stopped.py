"""A tablet whose log signs no more (SECURITY-DESIGN 6): what happened, what is safe, what to do."""

from kiosk_app.presenters.pages import Command, Message, TextPage
from kiosk_app.presenters.ports import Stopped
from kiosk_app.presenters.wording import Wording


def is_stop(say: Wording, code: str) -> bool:
    """Whether a code of the store says that only a new enrolment leads on."""
    return say.has(f"stopped.{code}")


def page(say: Wording, stopped: Stopped, bar: str) -> TextPage:
    """X5, the same on both tablets."""
    sending: tuple[str, ...] = (say("stopped.sent"),)
    if stopped.waiting:
        sending = (say.counted("stopped.waiting", stopped.waiting), say("stopped.leave_on"))
    return TextPage(
        name="X5-stopped",
        bar=bar,
        bar_commands=(Command(key="display", text=say("bar.display")),),
        title=say("stopped.title"),
        message=Message(tone="error", title=say(f"stopped.{stopped.code}"), text=say("stopped.safe")),
        paragraphs=(
            say("stopped.call"),
            say("stopped.renew"),
            say("stopped.paper"),
            *sending,
        ),
        commands=(Command(key="stopped", text=say("stopped.look")),),
    )
