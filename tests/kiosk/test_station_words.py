"""What the officer reads of the signed tables follows the language of the station; in French it is what the
paper says.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk_app.languages import wording
from kiosk_app.presenters.said_again import said_again
from kiosk_app.presenters.wording import Language
from kiosk_app.receipt import validity_in_words
from kiosk_app.station_words import StationWords
from procuration.domain.sites import Opening
from procuration.domain.validity import OneScrutin, Period, Rounds
from tests.kiosk.presenters.fakes import PRESIDENTIELLE, PROVINCIALES

PERIOD = Period(first_day=date(2026, 12, 1), last_day=date(2027, 6, 30))
OPENS = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def chosen(scrutin, rounds):
    return OneScrutin(scrutin_id=scrutin.id, rounds=rounds), scrutin


@pytest.fixture
def say():
    return wording()


@pytest.fixture
def words(say):
    return StationWords(say)


@pytest.mark.parametrize(
    ("asked", "english"),
    [
        ((PERIOD, None), "From 1 December 2026 to 30 June 2027"),
        (chosen(PRESIDENTIELLE, Rounds.BOTH), "Presidential election, both rounds, 11 and 25 April 2027"),
        (chosen(PRESIDENTIELLE, Rounds.SECOND), "Presidential election, the second round, 25 April 2027"),
        (chosen(PROVINCIALES, Rounds.FIRST), "Provincial elections, 13 December 2026"),
    ],
)
def test_what_a_procuration_is_for_is_said_as_on_the_paper_and_again_in_english(say, words, asked, english):
    said = words.validity(*asked)
    assert said == ", ".join(validity_in_words(*asked))
    say.speak(Language.EASY)
    assert said_again(said) == said
    say.speak(Language.ENGLISH)
    again = said_again(said)
    assert again.replace("\u00a0", " ") == english
    say.speak(Language.FRENCH)
    assert said_again(again) == said


def test_a_ballot_that_no_table_knows_is_shown_by_its_identifier(words):
    assert words.validity(OneScrutin(scrutin_id="2031-x/988", rounds=Rounds.FIRST), None) == "2031-x/988"


def test_the_hours_of_a_place_are_said_again(say, words):
    day = date(2026, 11, 22)
    openings = [
        Opening(day=day, opens_at=OPENS, closes_at=OPENS + timedelta(hours=3)),
        Opening(day=day, opens_at=OPENS + timedelta(hours=5), closes_at=OPENS + timedelta(hours=8)),
    ]
    said = words.hours(iter(openings), ZoneInfo("Pacific/Noumea"))
    assert said.replace("\u00a0", " ") == "de 9 h 00 à 12 h 00, de 14 h 00 à 17 h 00"
    say.speak(Language.ENGLISH)
    assert said_again(said).replace("\u00a0", " ") == "from 9:00 to 12:00, from 14:00 to 17:00"
