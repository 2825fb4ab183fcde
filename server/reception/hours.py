"""The hours of a place as people read them."""

from datetime import date
from itertools import groupby

from procuration.domain.places import Hours, Week
from server.pages.french import DAYS, NO_BREAK, plain_date
from server.texts_fr import text


def week_in_words(week: Week) -> tuple[str, ...]:
    """« lundi à vendredi : 8 h à 12 h »: days of the same hours that follow each other are one line, days
    without hours none; no line when the hours are not known."""
    lines = []
    for hours, group in groupby(enumerate(week), key=lambda day: day[1]):
        days = [number for number, _ in group]
        if hours:
            lines.append(f"{_days(days[0], days[-1])}{NO_BREAK}: {', '.join(map(_span, hours))}")
    return tuple(lines)


def closures_in_words(closures: tuple[tuple[date, date], ...]) -> str:
    """« le 25 décembre 2026, du 2 août 2027 au 13 août 2027 »; "" for none."""
    return ", ".join(
        text("reception.closed.day", day=plain_date(first))
        if first == last
        else text("reception.closed.days", first=plain_date(first), last=plain_date(last))
        for first, last in closures
    )


def _days(first: int, last: int) -> str:
    if first == last:
        return DAYS[first]
    return f"{DAYS[first]} {'et' if last == first + 1 else 'à'} {DAYS[last]}"


def _span(hours: Hours) -> str:
    return f"{_time(hours.opens)} à {_time(hours.closes)}"


def _time(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    return NO_BREAK.join((str(hour), "h", f"{rest:02}")) if rest else f"{hour}{NO_BREAK}h"
