"""A date and an hour as somebody types them to correct a clock, and the instant they mean at a place."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk_app.presenters.pages import DateAsked, TextAsked
from kiosk_app.presenters.typed_date import NOTHING, TypedDate
from kiosk_app.presenters.wording import Wording

HOUR_DIGITS: Final = 4


def parse_instant(say: Wording, date: TypedDate, time: str, zone: ZoneInfo) -> datetime | dict[str, str]:
    """The instant; or a sentence for each of « date » and « time » that is none."""
    errors: dict[str, str] = {}
    digits = "".join(sign for sign in time if sign.isdigit())
    hour, minute = digits[:2], digits[2:]
    if len(digits) != HOUR_DIGITS or int(hour) > 23 or int(minute) > 59:
        errors["time"] = say("error.CLOCK_TIME")
    day, month, year = date
    try:
        midnight = datetime(int(year), int(month), int(day), tzinfo=zone)
    except ValueError:
        errors["date"] = say("error.CLOCK_DATE")
    return errors or midnight.replace(hour=int(hour), minute=int(minute))


def instant_asked(
    say: Wording, date_label: str, errors: dict[str, str], date: TypedDate = NOTHING, time: str = ""
) -> tuple[DateAsked, TextAsked]:
    """The boxes « date » and « time »."""
    return (
        DateAsked(
            key="date",
            label=date_label,
            labels=(say("date.day"), say("date.month"), say("date.year")),
            values=date,
            error=errors.get("date", ""),
        ),
        TextAsked(
            key="time",
            label=say("clock.time"),
            hint=say("clock.time.hint"),
            value=time,
            layout="digits",
            chars_max=HOUR_DIGITS,
            error=errors.get("time", ""),
        ),
    )
