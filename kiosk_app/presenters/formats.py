"""How dates, times and references are written for people, in the language that is spoken."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk_app.presenters.wording import Wording
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference, grouped, spelled
from procuration.domain.sites import Opening

DAYS_IN_A_WEEK: Final = 7
MEGABYTE, GIGABYTE = 10**6, 10**9


def day_in_words(say: Wording, day: date) -> str:
    """« 1er juin 2024 », « 24 août 1962 »; no-break spaces keep it on one line."""
    return say("when.day", day=_number(say, day), month=_month(say, day.month), year=day.year)


def day_in_full(say: Wording, day: date) -> str:
    """« jeudi 24 août 2026 »: a date that somebody reads aloud and confirms. In large letters the day of the
    week may stand on a line of its own."""
    return say("when.full", weekday=_weekday(say, day), day=day_in_words(say, day))


def birth_date_in_words(say: Wording, birth_date: PartialDate) -> str:
    """The same for a date whose day or month may be unknown: « août 1962 », « 1962 »."""
    if not birth_date.month:
        return str(birth_date.year)
    if not birth_date.day:
        return say("when.month", month=_month(say, birth_date.month), year=birth_date.year)
    return day_in_words(say, birth_date.earliest)


def days_in_words(say: Wording, days: tuple[date, ...]) -> str:
    """« 30 juin et 7 juillet 2024 »: the month and the year once when they are the same."""
    if len(days) == 2 and days[0].year == days[1].year:
        first, number = days[0], _number(say, days[0])
        shared = first.month == days[1].month
        short = number if shared else say("when.day_month", day=number, month=_month(say, first.month))
        return say("when.and", first=short, last=day_in_words(say, days[1]))
    if len(days) == 2:
        return say("when.and", first=day_in_words(say, days[0]), last=day_in_words(say, days[1]))
    return ", ".join(day_in_words(say, day) for day in days)


def time_in_words(say: Wording, moment: datetime, zone: ZoneInfo) -> str:
    """« 14 h 05 » at the place where the tablet stands."""
    local = moment.astimezone(zone)
    return say("when.time", hour=local.hour, minute=f"{local.minute:02}")


def hours_in_words(say: Wording, openings: Iterable[Opening], zone: ZoneInfo) -> str:
    """« de 9 h 00 à 12 h 00, de 14 h 00 à 17 h 00 »."""
    return ", ".join(
        say(
            "when.hours",
            opens=time_in_words(say, one.opens_at, zone),
            closes=time_in_words(say, one.closes_at, zone),
        )
        for one in openings
    )


def moment_in_words(say: Wording, moment: datetime, zone: ZoneInfo) -> str:
    """« 24 août 2026 à 14 h 05 »."""
    day = day_in_words(say, moment.astimezone(zone).date())
    return say("when.at", day=day, time=time_in_words(say, moment, zone))


def near_moment_in_words(say: Wording, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """« 18 h 00 » today, « dimanche à 18 h 00 » within six days, the whole date otherwise."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return time_in_words(say, moment, zone)
    if abs((local - today).days) < DAYS_IN_A_WEEK:
        return say("when.at", day=_weekday(say, local), time=time_in_words(say, moment, zone))
    return moment_in_words(say, moment, zone)


def age_in_words(say: Wording, age: timedelta) -> str:
    """How long something has lasted, in the largest unit: « 3 h », « 2 jours », « 5 min »."""
    minutes = max(1, int(age.total_seconds()) // 60)
    if minutes < 60:
        return say("when.age.minutes", n=minutes)
    if minutes < 48 * 60:
        return say("when.age.hours", n=minutes // 60)
    return say("when.age.days", n=minutes // (24 * 60))


def room_in_words(say: Wording, free_bytes: int) -> str:
    """« 21 Go », « 314 Mo »: room on a disk in the units that people know, by thousands, rounded down."""
    if free_bytes >= GIGABYTE:
        return say("room.large", n=free_bytes // GIGABYTE)
    return say("room.small", n=free_bytes // MEGABYTE)


def reference_spelled(say: Wording, reference: Reference) -> str:
    """« X comme Xavier, B comme Berthe, 7 »: always with the first names that officers know."""
    return ", ".join(
        say("reference.letter", letter=letter, word=word) if word else letter
        for letter, word in spelled(reference)
    )


def reference_in_groups(reference: Reference) -> str:
    """« XBQ 7V3 »."""
    return grouped(reference)


def _number(say: Wording, day: date) -> str:
    return say("when.first") if day.day == 1 else str(day.day)


def _weekday(say: Wording, day: date) -> str:
    return say.one_of("when.weekdays", day.weekday())


def _month(say: Wording, number: int) -> str:
    return say.one_of("when.months", number - 1)
