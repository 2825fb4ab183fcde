"""« Où aller ? »: the nearest places, how far they are, when they are open. Nothing of the elector is on
it."""

from datetime import date, timedelta

from kiosk_app.presenters.formats import DAYS_IN_A_WEEK, day_in_words
from kiosk_app.presenters.pages import Command, TextPage
from kiosk_app.presenters.ports import NearPlace
from kiosk_app.presenters.wording import Wording
from procuration.domain.people import Place, PlaceType

HERE, THERE = "places", "places.vote"


def page(say: Wording, found: tuple[NearPlace, ...], *, near_vote: str = "", there: str = "") -> TextPage:
    """The list, or why there is none.

    Args:
        near_vote: the commune of vote that the list is about; "" when it is about this tablet.
        there: the commune of vote that may be asked about instead; "" when it is this one.
    """
    lead = say("places.near.vote", place=near_vote) if near_vote else say("places.near")
    listed = tuple(place_in_words(say, one) for one in found)
    return TextPage(
        name="K7-places",
        personal=bool(near_vote),
        bar=say("bar.welcome"),
        bar_commands=(Command(key="display", text=say("bar.display")),),
        title=say("places.title"),
        paragraphs=(lead, *listed, say("places.before")) if found else (say("places.none"),),
        commands=(
            Command(key="filed", text=say("go.return")),
            *((Command(key=HERE, text=say("places.here")),) if near_vote else ()),
            *((Command(key=THERE, text=say("places.there", place=there), personal=True),) if there else ()),
        ),
    )


def is_elsewhere(vote: Place, here: str) -> bool:
    """Whether the commune of vote has places of its own to show: a consulate has none."""
    return vote.type is not PlaceType.CIRCONSCRIPTION_CONSULAIRE and vote.code != here


def place_in_words(say: Wording, near: NearPlace) -> str:
    """Name and distance, address, hours of today and whether it is open: a line each."""
    name = near.name if near.metres is None else f"{near.name} – {distance_in_words(say, near.metres)}"
    today = ", ".join(
        say("places.span", opens=_minute(say, one.opens), closes=_minute(say, one.closes))
        for one in near.hours
    )
    hours = (say("places.today", hours=today),) if near.hours else ()
    call = (say("places.phone", number=near.phone),) if near.phone else ()
    return "\n".join((name, ", ".join(near.address), _standing(say, near), *hours, *call))


def _standing(say: Wording, near: NearPlace) -> str:
    standing = near.standing
    if not near.hours_known:
        return say("places.unknown")
    if standing.open_until is not None:
        return say("places.open", time=_minute(say, standing.open_until))
    if standing.opens_on is None or standing.opens_at is None:
        return say("places.closed")
    time = _minute(say, standing.opens_at)
    if standing.opens_on == near.today:
        return say("places.opens.today", time=time)
    return say("places.opens", day=_day(say, standing.opens_on, near.today), time=time)


def _day(say: Wording, day: date, today: date) -> str:
    """« lundi » within a week, « le 4 janvier 2027 » later: a name would then mean another day."""
    if day - today < timedelta(days=DAYS_IN_A_WEEK):
        return say.one_of("when.weekdays", day.weekday())
    return say("places.on", day=day_in_words(say, day))


def _minute(say: Wording, minute: int) -> str:
    """« 8 h », « 17 h 30 »."""
    hour, rest = divmod(minute, 60)
    return say("when.time", hour=hour, minute=f"{rest:02}") if rest else say("places.hour", hour=hour)


def distance_in_words(say: Wording, metres: int) -> str:
    """« 1,2 km » below ten, « 34 km » above: as the crow flies, so no more digits."""
    if metres < 10_000:
        tenths = max(1, round(metres / 100))
        return say("places.km.tenth", km=tenths // 10, tenth=tenths % 10)
    return say("places.km", km=round(metres / 1000))
