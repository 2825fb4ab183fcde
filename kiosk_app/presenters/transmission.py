"""What has left the officer's station and what has not: the top bar and page O6, made from the catalogue."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk_app.presenters.brigade_pages import bar_commands
from kiosk_app.presenters.brigade_parts import BrigadeParts
from kiosk_app.presenters.connection import ONLINE_WITHIN
from kiosk_app.presenters.formats import (
    age_in_words,
    moment_in_words,
    near_moment_in_words,
    reference_in_groups,
    time_in_words,
)
from kiosk_app.presenters.pages import Command, Message, Row, TransmissionPage
from kiosk_app.presenters.ports import ToConfirm, ToForward, TransferStatus
from kiosk_app.presenters.wording import Wording, joined
from procuration.domain.deadlines import Deadline, Lack, Urgency
from procuration.record.directory import FRESHNESS_WARNING

LISTED_MAX: Final = 20


def bar(say: Wording, parts: BrigadeParts) -> str:
    """« Poste de contrôle · Hors connexion depuis 3 h · 4 décisions à transmettre », whose last part becomes
    « 2 à acheminer d’urgence avant 18 h 00 » when a poll presses: a low screen has no room for both.
    """
    status, now, zone = parts.status(), parts.now(), parts.zone
    if status.last_contact is None:
        contact = say("station.never")
    elif now - status.last_contact < ONLINE_WITHIN:
        contact = say("station.online", time=time_in_words(say, status.last_contact, zone))
    else:
        contact = say("station.offline", age=age_in_words(say, now - status.last_contact))
    said = [say("station.bar"), contact]
    if pressing := _pressing(say, parts.to_forward(), now, zone):
        said.append(pressing)
    elif status.set_aside:
        said.append(say.counted("station.aside", len(status.set_aside)))
    elif timedelta(days=status.directory_age_days) >= FRESHNESS_WARNING:
        said.append(say.counted("station.directory", status.directory_age_days))
    elif status.kept:
        said.append(say.counted("station.waiting", status.kept))
    return " · ".join(said)


def _pressing(say: Wording, listed: Sequence[ToForward], now: datetime, zone: ZoneInfo) -> str:
    """How many acts that never left this tablet a poll waits for, and until when: the officer can still
    act on these; of the others the town hall must be asked."""
    here = [one.deadline for one in listed if Lack.TRANSMISSION in one.deadline.lacks]
    for key, least in (("station.urgent", Urgency.URGENT), ("station.soon", Urgency.SOON)):
        closings = [one.closing for one in here if one.level >= least and one.closing is not None]
        if closings:
            return say(key, n=len(closings), moment=near_moment_in_words(say, min(closings), now, zone))
    return ""


def ageing(say: Wording, status: TransferStatus) -> Message | None:
    """Acts that do not count first; then, from a week on, the age of the directory, before the fortnight
    after which nobody may act (SECURITY-DESIGN 4)."""
    days = status.directory_age_days
    if status.set_aside:
        title = say.counted("station.aside.title", len(status.set_aside))
        named = [reference_in_groups(one) for one in status.set_aside if one is not None][:LISTED_MAX]
        lines = [say("station.aside.text")]
        if named:
            lines.append(say("station.aside.references", references=", ".join(named)))
        return Message(tone="warn", title=title, text=joined("\n", lines))
    if days < min(FRESHNESS_WARNING.days, status.directory_days_max):
        return None
    limit = status.directory_days_max
    title, text = say("station.ageing", n=days), say("station.ageing.text", limit=limit)
    return Message(tone="warn", title=title, text=text)


def to_confirm(say: Wording, acts: Sequence[ToConfirm]) -> Message | None:
    """Acts that a copied log had, by reference: only their officer can give them an effect again."""
    if not acts:
        return None
    named = [
        reference_in_groups(one.reference) if one.reference else say("transfer.no_reference")
        for one in acts[:LISTED_MAX]
    ]
    title = say.counted("transfer.confirm", len(acts), references=joined(", ", named))
    return Message(tone="warn", title=title, text=say("transfer.confirm.text"))


def restored(say: Wording, status: TransferStatus, zone: ZoneInfo) -> Message | None:
    """The centre came back from a backup: it stays said, for whoever must know whether that was meant."""
    if status.restored_at is None:
        return None
    moment = moment_in_words(say, status.restored_at, zone)
    text = say("transfer.restored.text", moment=moment)
    return Message(tone="info", title=say("transfer.restored"), text=text)


def _standing(say: Wording, parts: BrigadeParts, status: TransferStatus) -> Message | None:
    """What stays said until it is over, the most urgent of it."""
    return to_confirm(say, parts.to_confirm()) or ageing(say, status) or restored(say, status, parts.zone)


def transfer(say: Wording, parts: BrigadeParts, message: Message | None) -> TransmissionPage:
    """O6."""
    status, zone = parts.status(), parts.zone
    last = moment_in_words(say, status.last_contact, zone) if status.last_contact else say("transfer.never")
    rows = (
        ("transfer.kept", str(status.kept)),
        ("transfer.received", str(status.received)),
        ("transfer.decided", str(status.decided)),
        ("transfer.last", last),
    )
    urgent, note = pressing_rows(say, parts)
    return TransmissionPage(
        name="O6-transfer",
        bar=bar(say, parts),
        bar_commands=bar_commands(say),
        title=say("transfer.title"),
        rows=tuple(Row(label=say(label), value=value) for label, value in rows),
        urgent_title=say("transfer.urgent"),
        urgent=urgent,
        urgent_note=note,
        promise=say("transfer.promise"),
        message=message or _standing(say, parts, status),
        extra=(Command(key="stick", text=say("transfer.stick")),),
        commands=(
            Command(key="search", text=say("go.return")),
            Command(key="transmit", text=say("transfer.now")),
        ),
    )


def pressing_rows(say: Wording, parts: BrigadeParts) -> tuple[tuple[Row, ...], str]:
    """What presses, and the sentence below it."""
    now, zone, listed = parts.now(), parts.zone, parts.to_forward()
    rows = tuple(_urgent_row(say, one, now, zone) for one in listed[:LISTED_MAX])
    return rows, _note(say, len(listed), len(listed) - LISTED_MAX)


def _note(say: Wording, listed: int, unlisted: int) -> str:
    if unlisted > 0:
        return say.counted("transfer.urgent.more", unlisted)
    return say("transfer.urgent.clock") if listed else say("transfer.urgent.none")


def _urgent_row(say: Wording, one: ToForward, now: datetime, zone: ZoneInfo) -> Row:
    """One act: its reference and what it needs next, then the time left. No name."""
    reference = reference_in_groups(one.reference) if one.reference else say("transfer.no_reference")
    lack = say(f"transfer.lack.{one.deadline.lacks[0].value}")
    return Row(label=f"{reference} · {lack}", value=_time_left(say, one.deadline, now, zone))


def _time_left(say: Wording, deadline: Deadline, now: datetime, zone: ZoneInfo) -> str:
    assert deadline.closing is not None, "only what has a poll is listed"
    if deadline.level is Urgency.OVER:
        return say("transfer.over", moment=moment_in_words(say, deadline.closing, zone))
    left, moment = (
        age_in_words(say, deadline.closing - now),
        near_moment_in_words(say, deadline.closing, now, zone),
    )
    return say("transfer.closes", left=left, moment=moment)
