"""The pages of a résiliation, after its questions: the check of the person, the code, what is proved (O7)."""

from zoneinfo import ZoneInfo

from kiosk_app.presenters.brigade_pages import bar_commands, code_again, progress_of, result_commands
from kiosk_app.presenters.pages import Asked, CheckPage, Command, Message, QuestionPage, ResultPage, Row
from kiosk_app.presenters.ports import ActState
from kiosk_app.presenters.wording import Wording


def check(
    say: Wording,
    bar_text: str,
    rows: tuple[Row, ...],
    asked: tuple[Asked, ...],
    *,
    focus: str = "",
    summary: str = "",
    message: Message | None = None,
) -> CheckPage:
    """Who ends what, and the boxes of O2."""
    return CheckPage(
        name="O7-check",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("revoke.title"),
        rows=rows,
        lead=say("revoke.lead"),
        boxes_title=say("check.boxes"),
        asked=asked,
        message=message,
        summary=summary,
        focus=focus,
        commands=(
            Command(key="revoke.back", text=say("go.return")),
            Command(key="revoke.confirm", text=say("revoke.go")),
        ),
    )


def confirm(
    say: Wording,
    bar_text: str,
    title: str,
    error: str,
    *,
    busy: bool,
    message: Message | None,
) -> QuestionPage:
    """The code again: a résiliation is signed as any act."""
    commands = (
        Command(key="revoke.check", text=say("go.return")),
        Command(key="revoke.sign", text=say("revoke.sign")),
    )
    return code_again(say, bar_text, title, say("confirm.text"), commands, error, busy=busy, message=message)


def result(
    say: Wording, bar_text: str, state: ActState, *, named: bool, zone: ZoneInfo, notice: Message | None
) -> ResultPage:
    """What is proved. `named`: the request was at hand, and the centre tells what becomes of it."""
    return ResultPage(
        name="O5-result",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("revoke.done"),
        message=Message(tone="ok", title=say("revoke.done"), text=say("revoke.done.tell")),
        progress_title=say("result.progress"),
        progress=progress_of(say, state, zone, "revoke.decided" if named else ""),
        notice=notice,
        commands=result_commands(say),
    )
