"""The hours of a place as people read them."""

from datetime import date
from itertools import groupby

from procuration.domain.places import Hours, Week
from server.usagers.speaking import words_of
from server.usagers.wording import FRENCH, Wording


def week_in_words(week: Week, language: str = FRENCH) -> tuple[str, ...]:
    """« lundi à vendredi : 8 h à 12 h »: days of the same hours that follow each other are one line, days
    without hours none; no line when the hours are not known."""
    lines = []
    for hours, group in groupby(enumerate(week), key=lambda day: day[1]):
        days = [number for number, _ in group]
        if hours:
            spans = ", ".join(_span(one, language) for one in hours)
            said = _days(days[0], days[-1], language)
            lines.append(words_of(language, "reception.hours", days=said, hours=spans))
    return tuple(lines)


def closures_in_words(closures: tuple[tuple[date, date], ...], language: str = FRENCH) -> str:
    """« le 25 décembre 2026, du 2 août 2027 au 13 août 2027 »; "" for none."""
    say = Wording(language)
    return ", ".join(
        words_of(language, "reception.closed.day", day=say.day(first))
        if first == last
        else words_of(language, "reception.closed.days", first=say.day(first), last=say.day(last))
        for first, last in closures
    )


def _days(first: int, last: int, language: str) -> str:
    say = Wording(language)
    if first == last:
        return say.weekday(first)
    key = "reception.days.two" if last == first + 1 else "reception.days.many"
    return words_of(language, key, first=say.weekday(first), last=say.weekday(last))


def _span(hours: Hours, language: str) -> str:
    opens, closes = (_time(minute, language) for minute in (hours.opens, hours.closes))
    return words_of(language, "reception.hours.span", opens=opens, closes=closes)


def _time(minute: int, language: str) -> str:
    hour, rest = divmod(minute, 60)
    if not rest:
        return words_of(language, "reception.hours.whole", hour=hour)
    return words_of(language, "reception.hours.time", hour=hour, minutes=f"{rest:02}")
