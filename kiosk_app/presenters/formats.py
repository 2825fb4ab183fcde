"""How dates, times and references are written for people, in French."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference, grouped, spelled
from procuration.domain.sites import Opening

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NBSP = "\u00a0"


def day_in_words(day: date) -> str:
    """« 1er juin 2024 », « 24 août 1962 »; no-break spaces keep it on one line."""
    return NBSP.join(("1er" if day.day == 1 else str(day.day), MONTHS[day.month - 1], str(day.year)))


def day_in_full(day: date) -> str:
    """« jeudi 24 août 2026 »: a date that somebody reads aloud and confirms. In large letters the day of the
    week may stand on a line of its own."""
    return f"{DAYS[day.weekday()]} {day_in_words(day)}"


def birth_date_in_words(birth_date: PartialDate) -> str:
    """The same for a date whose day or month may be unknown: « août 1962 », « 1962 »."""
    if not birth_date.month:
        return str(birth_date.year)
    if not birth_date.day:
        return f"{MONTHS[birth_date.month - 1]}{NBSP}{birth_date.year}"
    return day_in_words(birth_date.earliest)


def days_in_words(days: tuple[date, ...]) -> str:
    """« 30 juin et 7 juillet 2024 »: the month and the year once when they are the same."""
    if len(days) == 2 and (days[0].year, days[0].month) == (days[1].year, days[1].month):
        return f"{'1er' if days[0].day == 1 else days[0].day} et {day_in_words(days[1])}"
    if len(days) == 2 and days[0].year == days[1].year:
        first = NBSP.join(("1er" if days[0].day == 1 else str(days[0].day), MONTHS[days[0].month - 1]))
        return f"{first} et {day_in_words(days[1])}"
    return " et ".join(day_in_words(day) for day in days)


def time_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """« 14 h 05 » at the place where the tablet stands."""
    local = moment.astimezone(zone)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}"


def hours_in_words(openings: Iterable[Opening], zone: ZoneInfo) -> str:
    """« de 9 h 00 à 12 h 00, de 14 h 00 à 17 h 00 »."""
    return ", ".join(
        f"de{NBSP}{time_in_words(one.opens_at, zone)} à{NBSP}{time_in_words(one.closes_at, zone)}"
        for one in openings
    )


def moment_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """« 24 août 2026 à 14 h 05 »."""
    return f"{day_in_words(moment.astimezone(zone).date())} à{NBSP}{time_in_words(moment, zone)}"


def near_moment_in_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """« 18 h 00 » today, « dimanche à 18 h 00 » within six days, the whole date otherwise."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return time_in_words(moment, zone)
    if abs((local - today).days) < len(DAYS):
        return f"{DAYS[local.weekday()]} à{NBSP}{time_in_words(moment, zone)}"
    return moment_in_words(moment, zone)


def age_in_words(age: timedelta) -> str:
    """How long something has lasted, in the largest unit: « 3 h », « 2 jours », « 5 min »."""
    minutes = max(1, int(age.total_seconds()) // 60)
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    if minutes < 48 * 60:
        return f"{minutes // 60}{NBSP}h"
    return f"{minutes // (24 * 60)}{NBSP}jours"


def reference_spelled(reference: Reference) -> str:
    """« X comme Xavier, B comme Berthe, 7 »."""
    return ", ".join(
        f"{letter}{NBSP}comme{NBSP}{word}" if word else letter for letter, word in spelled(reference)
    )


def reference_in_groups(reference: Reference) -> str:
    """« XBQ 7V3 »."""
    return grouped(reference)
