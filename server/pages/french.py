"""Dates, durations and lists as French people read them. Local time is for people only; everything else is
aware UTC."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from server.texts_fr import text

NO_BREAK: Final = "\u00a0"
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_CITIES: Final = {
    "America/Cayenne": "Cayenne",
    "America/Guadeloupe": "la Guadeloupe",
    "America/Marigot": "Saint-Martin",
    "America/Martinique": "la Martinique",
    "America/Miquelon": "Saint-Pierre",
    "America/St_Barthelemy": "Saint-Barthélemy",
    "Europe/Paris": "Paris",
    "Indian/Mayotte": "Mayotte",
    "Indian/Reunion": "La Réunion",
    "Pacific/Gambier": "Gambier",
    "Pacific/Marquesas": "les Marquises",
    "Pacific/Noumea": "Nouméa",
    "Pacific/Tahiti": "Tahiti",
    "Pacific/Wallis": "Wallis",
}


def city_of(zone: ZoneInfo) -> str:
    """How a clock is named in a sentence: "heure de Nouméa"."""
    return _CITIES.get(zone.key, zone.key)


def long_date(day: date) -> str:
    """ "dimanche 7 juillet 2024", with no-break spaces; the first of a month is "1er"."""
    number = "1er" if day.day == 1 else str(day.day)
    return NO_BREAK.join((DAYS[day.weekday()], number, _MONTHS[day.month - 1], str(day.year)))


def plain_date(day: date) -> str:
    """ "7 juillet 2024", with no-break spaces."""
    return long_date(day).partition(NO_BREAK)[2]


def partial_date(written: str) -> str:
    """A birth date kept as "1962-08-24", whose unknown parts are "00": "24 août 1962", "août 1962",
    "1962"."""
    year, month, day = (int(part) for part in written.split("-"))
    words = [
        ("1er" if day == 1 else str(day)) if day and month else "",
        _MONTHS[month - 1] if month else "",
        f"{year:04d}",
    ]
    return NO_BREAK.join(word for word in words if word)


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """ "18 h 05" with no-break spaces."""
    local = instant.astimezone(zone)
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local.minute:02d}"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """ "7 juillet 2024 à 18 h 05"."""
    return f"{plain_date(instant.astimezone(zone).date())} à {clock_time(instant, zone)}"


def remaining(left: timedelta) -> str:
    """How long is left, in the two largest units that matter: "2 j 4 h", "3 h 20 min", "5 h", "45 min"."""
    minutes = max(0, int(left.total_seconds()) // 60)
    days, hours = minutes // (24 * 60), minutes // 60
    if days:
        return text("time.days_hours" if hours % 24 else "time.days", days=days, hours=hours % 24)
    if hours:
        return text("time.hours_minutes" if minutes % 60 else "time.hours", hours=hours, minutes=minutes % 60)
    return text("time.minutes", minutes=minutes)


def full_name(given_names: str, birth_name: str) -> str:
    """Prénoms then NOM in capitals, as UX writes them; either may be missing."""
    return " ".join(part for part in (given_names, birth_name.upper()) if part)


def inside(title: str) -> str:
    """A title as it stands inside a sentence, after a colon: its first letter small."""
    return title[:1].lower() + title[1:]


def listed(words: Iterable[str]) -> str:
    """ "a, b et c"."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} et {last}" if first else last
