"""« Aujourd'hui » and « Fin de service », from the catalogue and from what is proved of each decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from kiosk_app.presenters import transmission
from kiosk_app.presenters.brigade_pages import bar_commands, code_again, reason_asked
from kiosk_app.presenters.brigade_parts import BrigadeParts
from kiosk_app.presenters.day_ports import ActListed
from kiosk_app.presenters.formats import reference_in_groups, time_in_words
from kiosk_app.presenters.pages import (
    ChoiceAsked,
    Command,
    Message,
    Option,
    QuestionPage,
    Row,
    TransmissionPage,
)
from kiosk_app.presenters.wording import Wording
from procuration.domain.acts import ActDecision
from procuration.domain.refusal import RefusalCode

SHOWN: Final = 12
"""Acts on one page of the list; the others are one touch away."""
COUNTED: Final = (ActDecision.ESTABLISHED, ActDecision.REFUSED, ActDecision.REVOKED)


def today(
    say: Wording,
    bar_text: str,
    acts: Sequence[ActListed],
    first: int,
    zone: ZoneInfo,
    *,
    message: Message | None = None,
    error: str = "",
) -> QuestionPage:
    """The list, newest first, from one place on; one of them may be printed again."""
    shown = acts[first : first + SHOWN]
    options = tuple(
        Option(key=str(act.seq), text=_named(say, act, zone), detail=_state(say, act, zone)) for act in shown
    )
    asked = (ChoiceAsked(key="act", label=say("day.which"), options=options, error=error),) if acts else ()
    older = (Command(key="day.older", text=say("day.older")),) if first + SHOWN < len(acts) else ()
    again = (Command(key="day.print", text=say("paper.again")),) if acts else ()
    return QuestionPage(
        name="O8-today",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say.counted("day.title", len(acts)) if acts else say("day.none"),
        message=message,
        asked=asked,
        extra=(*older, *((Command(key="day.undo", text=say("day.undo")),) if acts else ())),
        summary=say.counted("errors", 1) if error else "",
        commands=(
            Command(key="search", text=say("go.return")),
            Command(key="day.end", text=say("day.end")),
            *again,
        ),
    )


def _named(say: Wording, act: ActListed, zone: ZoneInfo) -> str:
    reference = reference_in_groups(act.reference) if act.reference else say("transfer.no_reference")
    return f"{time_in_words(say, act.at, zone)} · {reference} · {say(f'day.kind.{act.decision.value}')}"


def _state(say: Wording, act: ActListed, zone: ZoneInfo) -> str:
    """Only what is proved."""
    if act.decided:
        return say("result.decided")
    if act.received_at is not None:
        return say("result.received", time=time_in_words(say, act.received_at, zone))
    return say("result.kept")


def end(
    say: Wording, bar_text: str, parts: BrigadeParts, acts: Sequence[ActListed], message: Message | None
) -> TransmissionPage:
    """What was done, what is not transmitted, and what to do about it."""
    counts = Counter(act.decision for act in acts)
    waiting, status = sum(act.received_at is None for act in acts), parts.status()
    rows = [(say(f"day.count.{one.value}"), str(counts[one])) for one in COUNTED]
    rows.append((say("day.count.waiting"), str(waiting)))
    others = status.kept - waiting
    if others > 0:
        rows.append((say("day.count.others"), str(others)))
    urgent, note = transmission.pressing_rows(say, parts)
    return TransmissionPage(
        name="O8-end",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("day.end"),
        rows=tuple(Row(label=label, value=value) for label, value in rows),
        urgent_title=say("transfer.urgent"),
        urgent=urgent,
        urgent_note=note,
        promise=say("day.promise"),
        message=message or _to_do(say, status.kept),
        extra=(
            Command(key="transfer", text=say("search.transfer")),
            Command(key="day.end.print", text=say("day.end.print")),
        ),
        commands=(Command(key="day", text=say("go.return")), Command(key="lock", text=say("bar.lock"))),
    )


def _to_do(say: Wording, kept: int) -> Message:
    if not kept:
        return Message(tone="ok", title=say("day.all_received"))
    return Message(tone="warn", title=say.counted("station.waiting", kept), text=say("day.to_do"))


def undo_reason(
    say: Wording,
    bar_text: str,
    act: ActListed,
    reasons: Sequence[RefusalCode],
    zone: ZoneInfo,
    error: str = "",
) -> QuestionPage:
    """Why the act should not have been signed."""
    return QuestionPage(
        name="O8-undo",
        bar=bar_text,
        bar_commands=bar_commands(say),
        title=say("day.undo.title"),
        hint=_named(say, act, zone) + "\n" + say("day.undo.what"),
        asked=(reason_asked(say, reasons, error),),
        summary=say.counted("errors", 1) if error else "",
        commands=(
            Command(key="day", text=say("go.return")),
            Command(key="day.undo.reason", text=say("refuse.go_on")),
        ),
    )


def undo_confirm(
    say: Wording,
    bar_text: str,
    act: ActListed,
    reason: RefusalCode,
    zone: ZoneInfo,
    *,
    error: str = "",
    busy: bool = False,
    message: Message | None = None,
) -> QuestionPage:
    """The code again: it is an act like any other."""
    lines = (say("confirm.reason", reason=say(f"refusal.{reason.value}")), say("day.undo.what"))
    commands = (
        Command(key="day", text=say("go.return")),
        Command(key="day.undo.sign", text=say("day.undo.sign")),
    )
    title = say("day.undo.confirm")
    page = code_again(
        say,
        bar_text,
        title,
        "\n".join(lines),
        commands,
        error,
        busy=busy,
        message=message,
        whose=_named(say, act, zone),
    )
    return replace(page, name="O8-undo-confirm")
