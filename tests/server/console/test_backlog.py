"""What a tablet announced is shown, exported, counted; with silence in the week of a ballot it is urgent."""

import csv
import io
from datetime import timedelta

import pytest

from procuration.errors import RecordRejected
from procuration.record.backlog import Backlog
from server.console.departements import fleet, total_of
from server.console.pressing import is_ballot_week
from server.console.selectors import overview
from server.console.tablets import State, Wanted, in_state, listed
from server.console.thresholds import thresholds
from server.ledger.models import Device
from tests.builders import NOW
from tests.server.townhall import Story, administrator

WEEK = NOW + timedelta(hours=72)
"""A round of the calendar of the demonstration closes seven days later, and every tablet is silent."""
BEFORE = NOW + timedelta(hours=50)


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def announces(story: Story, tablet, left: int, oldest=NOW - timedelta(days=2)) -> None:
    """The tablet sends what it has and says that more stands behind it."""
    length = len(tablet.pairs) + left
    sealed = tablet.sealed(backlog=Backlog(length=length, oldest=oldest if left else None))
    tablet.reads(sealed, story.world.takes(sealed))
    tablet.sent = len(tablet.pairs)


def row(tablet) -> Device:
    return Device.objects.get(log_id=tablet.log_id.hex())


def state_at(story: Story, tablet, at) -> State:
    found = [
        state
        for state in State
        if in_state(state, story.world.centre.tables, at, thresholds()).filter(pk=row(tablet).pk)
    ]
    (state,) = found
    return state


def test_silence_with_a_backlog_is_urgent_only_in_the_week_of_a_ballot(story: Story):
    story.established(1)
    announces(story, story.kiosk, 3)
    tables = story.world.centre.tables
    assert (is_ballot_week(tables, BEFORE), is_ballot_week(tables, WEEK)) == (False, True)
    assert state_at(story, story.kiosk, NOW) is State.OK
    assert state_at(story, story.kiosk, BEFORE) is State.SILENT
    assert state_at(story, story.kiosk, WEEK) is State.URGENT
    assert state_at(story, story.brigade, WEEK) is State.SILENT, "it announced nothing"
    first = listed(Wanted(), tables, WEEK, thresholds())[0]
    assert first.log_id == story.kiosk.log_id.hex(), "what is urgent comes first"


def test_no_ballot_week_begins_after_the_last_closing(story: Story):
    tables = story.world.centre.tables
    last = max(one.closes_at for held in tables.calendar for one in held.rounds)
    assert is_ballot_week(tables, last - timedelta(seconds=1))
    assert not is_ballot_week(tables, last)
    assert is_ballot_week(tables, last - timedelta(days=7))
    assert not is_ballot_week(tables, NOW)


def test_the_pages_say_what_is_urgent_and_how_much_it_is(story: Story):
    story.established(1)
    announces(story, story.kiosk, 3)
    story.world.clock.at = WEEK
    browser = administrator()
    first = plain(browser.get("/console/"))
    assert "Poste silencieux qui garde un arriéré, un vote est proche" in first
    assert "etat=urgent" in first
    urgent = plain(browser.get("/console/postes/?etat=urgent"))
    assert "Urgent : silencieux, arriéré, vote proche" in urgent
    assert "3 annoncés, pas encore reçus" in urgent
    assert "le plus ancien du 30 mars 2027 à 11 h 30" in urgent
    assert story.brigade.log_id.hex() not in urgent
    assert story.kiosk.log_id.hex() not in plain(browser.get("/console/postes/?etat=silencieux"))
    seen = overview(story.world.centre.tables, WEEK, thresholds())
    assert (seen.silent, seen.silent_with_backlog) == (1, 1)


def test_the_fleet_and_the_export_count_what_was_announced(story: Story):
    story.established(1)
    announces(story, story.kiosk, 3)
    announces(story, story.brigade, 1)
    rows = fleet(story.world.centre.tables, WEEK, thresholds())
    assert (rows[0].code, rows[0].announced, rows[0].silent, total_of(rows).announced) == ("988", 4, 2, 4)
    browser = administrator()
    assert "Annoncés, pas reçus" in plain(browser.get("/console/parc/"))
    table = b"".join(browser.get("/console/exports/postes.csv").streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert {line["poste"]: line["annonces_non_recus"] for line in lines} == {
        story.kiosk.log_id.hex(): "3",
        story.brigade.log_id.hex(): "1",
    }


def test_what_comes_is_no_longer_lacking_and_an_older_announcement_changes_nothing(story: Story):
    story.filed(1)
    story.kiosk.files(2)
    old = story.kiosk.sealed(backlog=Backlog(length=9, oldest=NOW - timedelta(days=3)))
    announces(story, story.kiosk, 10, oldest=NOW - timedelta(days=1))
    story.world.takes(old)
    assert row(story.kiosk).announced_length == len(story.kiosk.pairs) + 10
    assert row(story.kiosk).announced_oldest == NOW - timedelta(days=1)
    for number in range(3, 13):
        story.kiosk.files(number)
    announces(story, story.kiosk, 0)
    assert row(story.kiosk).announced_length == row(story.kiosk).head_seq + 1
    assert "annoncé" not in plain(administrator().get("/console/postes/"))


def test_an_event_kept_before_a_gap_is_not_announced_a_second_time(story: Story):
    story.filed(1)
    for number in (2, 3, 4):
        story.kiosk.files(number)
    sealed = story.kiosk.sealed(
        first=len(story.kiosk.pairs) - 1, backlog=Backlog(length=len(story.kiosk.pairs), oldest=NOW)
    )
    story.world.takes(sealed)
    page = plain(administrator().get(f"/console/postes/{story.kiosk.log_id.hex()}/"))
    assert "1 événement gardé à part, 2 annoncés, pas encore reçus" in page


def test_a_clock_that_is_ahead_does_not_make_what_waits_younger_than_its_arrival(story: Story):
    story.filed(1)
    announces(story, story.kiosk, 2, oldest=NOW + timedelta(days=400))
    assert row(story.kiosk).announced_oldest == NOW


def test_a_bundle_whose_announcement_is_nonsense_is_refused_whole(story: Story):
    story.filed(1)
    story.kiosk.files(2)
    before = row(story.kiosk)
    sealed = story.kiosk.sealed(backlog=Backlog(length=0, oldest=None))
    with pytest.raises(RecordRejected, match="MANIFESTE"):
        story.world.takes(sealed)
    after = row(story.kiosk)
    assert (after.head_seq, after.announced_length) == (before.head_seq, 0)
