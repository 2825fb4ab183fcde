"""The page of a copy to a USB key: how far it is, its end, and what to do when it failed. For the officer's
station and for the agent's menu of a kiosk alike: whoever shows it gives the bar and the way back.
"""

from collections.abc import Callable
from typing import Final, Protocol

from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.pages import Command, Message, TextPage
from kiosk_app.presenters.ports import RunInBackground
from kiosk_app.presenters.wording import Wording
from procuration.errors import ProcurationError

STOP: Final = "stick.stop"
AGAIN: Final = "stick"
_TOLD: Final = frozenset(
    {"STICK_ABSENT", "STICK_FULL", "STICK_GONE", "STICK_READ_ONLY", "STICK_OBSTRUCTED", "STICK_NOT_SET",
     "AGENT_SILENT", "AGENT_STOPPED", "DISK"}
)  # fmt: skip


class Progress(Protocol):
    """How far a copy is; see `use_cases.copy_to_stick.StickProgress`."""

    @property
    def ended(self) -> bool: ...
    @property
    def stopped(self) -> bool: ...
    @property
    def reading(self) -> bool: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def read(self) -> int: ...
    @property
    def copied(self) -> int: ...
    @property
    def code(self) -> str | None: ...


class Copy(Protocol):
    """The copy itself; see `use_cases.copy_to_stick.CopyToStick`."""

    def start(self) -> None: ...
    def cancel(self) -> None: ...
    def follow(self) -> Progress: ...


class CopyFollower:
    """Starts a copy and shows each step of it, until its end or until nobody looks any more."""

    def __init__(
        self,
        copy: Copy,
        run_in_background: RunInBackground,
        show: Callable[[Progress | ProcurationError | None], None],
    ) -> None:
        """Args:
        show: puts the page of a state on the screen; None: it was just asked for.
        """
        self._copy, self._run, self._show = copy, run_in_background, show
        self._turn = 0

    def start(self) -> None:
        """Ask for a copy and follow it."""
        self._turn += 1
        self._show(None)
        turn = self._turn
        self._run(attempted(self._begun), lambda outcome: self._told(outcome, turn))

    def cancel(self) -> None:
        """Ask to stop; what follows is shown by the follower that runs already."""
        self._run(attempted(self._copy.cancel), lambda _: None)

    def leave(self) -> None:
        """Nobody looks any more; the copy goes on."""
        self._turn += 1

    def _begun(self) -> Progress:
        self._copy.start()
        return self._copy.follow()

    def _told(self, outcome: object, turn: int) -> None:
        if turn != self._turn:
            return
        assert isinstance(outcome, ProcurationError) or hasattr(outcome, "ended"), "a copy answers so"
        self._show(outcome)  # type: ignore[arg-type]  # a Progress, by its shape
        if not isinstance(outcome, ProcurationError) and not outcome.ended:
            self._run(attempted(self._copy.follow), lambda one: self._told(one, turn))


def page(
    say: Wording,
    state: Progress | ProcurationError | None,
    *,
    bar: str,
    bar_commands: tuple[Command, ...],
    back: Command,
) -> TextPage:
    """O6 and KA, « Copier sur une clé USB ».

    Args:
        back: the way back to where the copy was asked for.
    """
    message, sentences, commands = _content(say, state, back)
    return TextPage(
        name="O6-stick",
        bar=bar,
        bar_commands=bar_commands,
        title=say("stick.title"),
        message=message,
        paragraphs=sentences,
        commands=commands,
    )


def _content(
    say: Wording, state: Progress | ProcurationError | None, back: Command
) -> tuple[Message, tuple[str, ...], tuple[Command, ...]]:
    again = Command(key=AGAIN, text=say("stick.again"))
    if isinstance(state, ProcurationError):
        message = Message(tone="error", title=say("stick.failed"), text=say.of_error(state))
        return message, (), (back, again)
    if state is None or not state.ended:
        return _going_on(say, state), (say("stick.wait"),), (Command(key=STOP, text=say("stick.stop")),)
    if state.code is not None:
        key = state.code if state.code in _TOLD else "other"
        message = Message(
            tone="error", title=say(f"stick.failed.{key}"), text=say(f"stick.failed.{key}.text")
        )
        return message, (*_counts(say, state), say("stick.nothing_lost")), (back, again)
    if state.stopped:
        title = say("stick.stopped")
        return Message(tone="info", title=title, text=say("stick.remove")), _counts(say, state), (back, again)
    message = Message(tone="ok", title=say("stick.remove"), text=say("stick.give"))
    return message, _counts(say, state), (back,)


def _going_on(say: Wording, state: Progress | None) -> Message:
    if state is None or not state.total:
        return Message(tone="info", title=say("stick.looking"), text=say("stick.keep"))
    key = "stick.reading" if state.reading else "stick.copying"
    return Message(tone="info", title=say(key, done=state.done, total=state.total), text=say("stick.keep"))


def _counts(say: Wording, state: Progress) -> tuple[str, ...]:
    found = [say.counted("stick.copied", state.copied)] if state.copied or state.code is None else []
    return (*found, say.counted("stick.read", state.read)) if state.read or found else ()
