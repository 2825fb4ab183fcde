"""Days, hours, ages and references as people write them in each language."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk_app.languages import wording
from kiosk_app.presenters import formats
from kiosk_app.presenters.questions_election import scrutin_in_words
from kiosk_app.presenters.wording import Language
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.domain.sites import Opening
from tests.kiosk.presenters.fakes import DOUBLE, PRESIDENTIELLE, PROVINCIALES

NOUMEA = ZoneInfo("Pacific/Noumea")
NOW = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)  # a Sunday, five past two in the afternoon at Nouméa
FIRST = date(2024, 6, 1)


@pytest.fixture(params=["fr", "en"])
def say(request):
    spoken = wording()
    spoken.speak(Language(request.param))
    return spoken


def plain(text):
    """With spaces that may break."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def told(say, french, english):
    return french if say.language is Language.FRENCH else english


def test_a_day(say):
    assert plain(formats.day_in_words(say, FIRST)) == told(say, "1er juin 2024", "1 June 2024")
    assert plain(formats.day_in_words(say, date(1962, 8, 24))) == told(say, "24 août 1962", "24 August 1962")


def test_a_day_stays_on_one_line(say):
    assert " " not in formats.day_in_words(say, FIRST)


def test_a_day_in_full(say):
    said = plain(formats.day_in_full(say, date(2026, 8, 24)))
    assert said == told(say, "lundi 24 août 2026", "Monday 24 August 2026")


@pytest.mark.parametrize(
    ("born", "french", "english"),
    [
        (PartialDate(1962, 8, 24), "24 août 1962", "24 August 1962"),
        (PartialDate(1962, 8), "août 1962", "August 1962"),
        (PartialDate(1962), "1962", "1962"),
    ],
)
def test_a_date_of_birth_of_which_a_part_is_unknown(say, born, french, english):
    assert plain(formats.birth_date_in_words(say, born)) == told(say, french, english)


@pytest.mark.parametrize(
    ("days", "french", "english"),
    [
        ((date(2027, 4, 11), date(2027, 4, 25)), "11 et 25 avril 2027", "11 and 25 April 2027"),
        ((date(2024, 6, 30), date(2024, 7, 7)), "30 juin et 7 juillet 2024", "30 June and 7 July 2024"),
        (
            (date(2026, 12, 27), date(2027, 1, 3)),
            "27 décembre 2026 et 3 janvier 2027",
            "27 December 2026 and 3 January 2027",
        ),
        ((date(2027, 4, 11),), "11 avril 2027", "11 April 2027"),
    ],
)
def test_the_days_of_two_rounds(say, days, french, english):
    assert plain(formats.days_in_words(say, days)) == told(say, french, english)


def test_a_time_of_the_place(say):
    assert plain(formats.time_in_words(say, NOW, NOUMEA)) == told(say, "14 h 05", "14:05")


def test_opening_hours(say):
    opening = Opening(day=date(2026, 11, 22), opens_at=NOW, closes_at=NOW + timedelta(hours=2, minutes=55))
    said = plain(formats.hours_in_words(say, [opening], NOUMEA))
    assert said == told(say, "de 14 h 05 à 17 h 00", "from 14:05 to 17:00")


@pytest.mark.parametrize(
    ("later", "french", "english"),
    [
        (timedelta(hours=4), "18 h 05", "18:05"),
        (timedelta(days=1), "lundi à 14 h 05", "Monday at 14:05"),
        (timedelta(days=6), "samedi à 14 h 05", "Saturday at 14:05"),
        (timedelta(days=7), "29 novembre 2026 à 14 h 05", "29 November 2026 at 14:05"),
    ],
)
def test_a_moment_that_is_near(say, later, french, english):
    assert plain(formats.near_moment_in_words(say, NOW + later, NOW, NOUMEA)) == told(say, french, english)


@pytest.mark.parametrize(
    ("age", "french", "english"),
    [
        (timedelta(seconds=3), "1 min", "1 min"),
        (timedelta(minutes=59), "59 min", "59 min"),
        (timedelta(hours=3), "3 h", "3 h"),
        (timedelta(hours=48), "2 jours", "2 days"),
    ],
)
def test_how_long_something_has_lasted(say, age, french, english):
    assert plain(formats.age_in_words(say, age)) == told(say, french, english)


@pytest.mark.parametrize(
    ("room", "french", "english"),
    [
        (0, "0 Mo", "0 MB"),
        (999_999_999, "999 Mo", "999 MB"),
        (1_000_000_000, "1 Go", "1 GB"),
        (21_474_836_480, "21 Go", "21 GB"),
    ],
)
def test_room_on_a_disk_in_the_units_that_people_know(say, room, french, english):
    assert plain(formats.room_in_words(say, room)) == told(say, french, english)


def test_a_reference_is_spelled_with_the_names_that_officers_know(say):
    said = plain(formats.reference_spelled(say, Reference("XB7")))
    assert said == told(say, "X comme Xavier, B comme Berthe, 7", "X as in Xavier, B as in Berthe, 7")


def test_the_names_of_elections(say):
    assert scrutin_in_words(say, PRESIDENTIELLE) == told(
        say, "Élection présidentielle", "Presidential election"
    )
    assert scrutin_in_words(say, PROVINCIALES) == told(say, "Élections provinciales", "Provincial elections")
    assert scrutin_in_words(say, DOUBLE) == told(
        say, "Élections départementales et régionales", "Departmental and regional elections"
    )


@pytest.mark.parametrize(
    ("n", "french", "english"),
    [
        (0, "0 décision à transmettre", "0 decisions to send"),
        (1, "1 décision à transmettre", "1 decision to send"),
        (2, "2 décisions à transmettre", "2 decisions to send"),
    ],
)
def test_nothing_is_singular_in_french_only(say, n, french, english):
    assert plain(say.counted("station.waiting", n)) == told(say, french, english)
