"""What the console counts of the events as they come, once each; findings inform, they never refuse."""

from datetime import UTC, date, datetime, timedelta

import pytest

from procuration.domain.acts import (
    REQUIRED_AT_HOME,
    REQUIRED_TO_ESTABLISH,
    ActPlace,
    ActPlaceKind,
)
from procuration.domain.status import Status
from server.config.options import Options
from server.console import following
from server.console.charts import day_chart, nice_top, shares, thousands
from server.console.figures import Measure, bucket_of, day_of
from server.console.findings import Sort
from server.console.following import follow, follow_all
from server.console.models import ActsOfDay, DayCount, Finding
from server.console.thresholds import thresholds_of
from server.dossiers import services
from server.dossiers.models import Procuration
from tests.builders import JEAN_CLAUDE, NOW
from tests.server.console.test_fleet import plain
from tests.server.townhall import Story, account_of, administrator

LATER = timedelta(minutes=3)


def followed(story: Story) -> None:
    story.world.clock.at += LATER
    follow_all(story.world.centre)


def total(measure: Measure) -> int:
    return sum(DayCount.objects.filter(measure=measure).values_list("count", flat=True))


@pytest.fixture
def low(monkeypatch, tmp_path):
    """Thresholds that a test can pass."""
    options = Options(
        home=tmp_path, alert_acts_per_day=2, alert_same_place=2, alert_same_mandataire=2, alert_home_alone=2
    )
    monkeypatch.setattr(following, "thresholds", lambda: thresholds_of(options))


def test_each_event_is_counted_once_however_often_it_is_followed(story: Story):
    story.established(1)
    followed(story)
    followed(story)
    story.filed(2)
    followed(story)
    assert (total(Measure.FILED), total(Measure.ESTABLISHED), total(Measure.DECIDED)) == (2, 1, 0)


def test_chunks_add_up_to_the_same_figures(story: Story, monkeypatch):
    monkeypatch.setattr(following, "CHUNK", 1)
    for number in (1, 2, 3):
        story.established(number)
    story.world.clock.at += LATER
    while follow(story.world.centre, story.world.clock.now()):
        pass
    assert (total(Measure.FILED), total(Measure.ESTABLISHED)) == (3, 3)


def test_what_came_just_now_waits_for_what_may_still_be_committed(story: Story):
    story.filed(1)
    assert follow_all(story.world.centre) == 0
    story.world.clock.at += LATER
    assert follow_all(story.world.centre) == 1


def test_a_decision_is_counted_with_the_time_since_the_reception(story: Story):
    rid = story.established(1)
    story.world.clock.at += timedelta(hours=8)
    services.decide(rid, account_of(), True, None)
    followed(story)
    row = DayCount.objects.get(measure=Measure.DECIDED)
    assert (row.count, row.departement, row.bucket) == (1, "988", bucket_of(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("hours", "bucket"), [(-1, 0), (0, 0), (0.99, 0), (1, 1), (6, 2), (24, 3), (71, 3), (72, 4)]
)
def test_a_duration_has_one_class(hours: float, bucket: int):
    assert bucket_of(timedelta(hours=hours)) == bucket


def test_a_day_is_that_of_the_clock_of_the_console():
    assert day_of(datetime(2027, 4, 10, 22, 30, tzinfo=UTC)) == date(2027, 4, 11)


def test_many_acts_of_one_officer_in_one_day_are_told_of(story: Story, low):
    story.established(1)
    followed(story)
    assert not Finding.objects.filter(kind=Sort.VOLUME).exists()
    story.established(2)
    followed(story)
    found = Finding.objects.get(kind=Sort.VOLUME)
    assert (found.count, found.threshold, len(found.rids)) == (2, 2, 2)
    assert ActsOfDay.objects.get(log_id=story.brigade.log_id.hex()).acts == 2
    assert set(Procuration.objects.values_list("status", flat=True)) == {Status.TRANSMISE}, (
        "nothing is refused"
    )


def test_a_finding_that_grows_is_to_be_looked_at_again(story: Story, low):
    for number in (1, 2):
        story.established(number)
    followed(story)
    Finding.objects.update(seen_at=NOW, seen_by="x" * 16)
    story.established(3)
    followed(story)
    found = Finding.objects.get(kind=Sort.VOLUME)
    assert (found.count, found.seen_at) == (3, None)


def test_procurations_for_one_mandataire_are_told_of_together(story: Story, low):
    for number in (1, 2):
        story.established(number, mandataire=JEAN_CLAUDE)
    followed(story)
    assert Finding.objects.get(kind=Sort.MANDATAIRE).count == 2


def at_home(story: Story, number: int) -> None:
    story.filed(number)
    place = ActPlace(kind=ActPlaceKind.HOME, site_id=None, insee_code="98805")
    story.brigade.acts(
        story.requests[number],
        story.officer,
        number,
        place=place,
        declarations=REQUIRED_TO_ESTABLISH | REQUIRED_AT_HOME,
    )
    story.world.hears(story.brigade)


def test_homes_visited_alone_and_one_place_are_told_of(story: Story, low):
    for number in (1, 2):
        at_home(story, number)
    followed(story)
    home, place = Finding.objects.get(kind=Sort.HOME), Finding.objects.get(kind=Sort.PLACE)
    assert (home.count, place.count, place.subject) == (2, 2, "2:98805")


def test_homes_visited_with_another_officer_that_day_are_not_told_of(story: Story, low):
    at_home(story, 1)
    followed(story)
    mine = ActsOfDay.objects.get(log_id=story.brigade.log_id.hex())
    ActsOfDay.objects.create(
        subject="another", log_id=mine.log_id, day=mine.day, acts=1, night=0, home=1, rids=[]
    )
    at_home(story, 2)
    followed(story)
    assert not Finding.objects.filter(kind=Sort.HOME).exists()


def test_the_night_is_that_of_the_place_of_the_act(story: Story, monkeypatch, tmp_path):
    limits = thresholds_of(Options(home=tmp_path, alert_night_from=20, alert_night_acts=1))
    monkeypatch.setattr(following, "thresholds", lambda: limits)
    story.established(1)
    followed(story)
    assert NOW.hour < 20, "the day at Greenwich"
    assert Finding.objects.get(kind=Sort.NIGHT).count == 1


def test_the_page_of_figures_shows_bars_and_the_same_numbers_as_a_table(story: Story):
    browser = administrator()
    assert "Aucun chiffre pour ces jours" in plain(browser.get("/console/chiffres/"))
    for number in (1, 2):
        story.established(number)
    followed(story)
    page = plain(browser.get("/console/chiffres/"))
    row = page[page.index('<th scope="row">1er avril 2027') :].partition("</tr>")[0]
    assert row.count('<td class="number">2</td>') == 2
    assert row.count('<td class="number">0</td>') == 1
    assert page.count('role="img"') == 3
    assert "style=" not in page
    assert "Aucun chiffre" in plain(browser.get("/console/chiffres/?departement=02"))
    assert "Aucun chiffre" in plain(browser.get("/console/chiffres/?canal=3&jours=30"))
    assert browser.get("/console/chiffres/?canal=%27&jours=9999&departement=%27--").status_code == 200


def test_bars_stand_on_their_line_and_none_passes_the_top():
    days = [(date(2027, 4, day), number) for day, number in ((1, 0), (2, 50), (3, 100))]
    chart = day_chart(days, ["1", "2", "3"], ["a", "b", "c"])
    heights = [float(bar.height) for bar in chart.bars]
    assert heights == [0, heights[2] / 2, heights[2]]
    assert {float(bar.y) + float(bar.height) for bar in chart.bars} == {144.0}
    assert chart.total == 150


@pytest.mark.parametrize(
    ("largest", "top"), [(1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (999_999, 1_000_000)]
)
def test_the_top_of_a_scale_is_a_round_number(largest: int, top: int):
    assert nice_top(largest) == top


def test_shares_of_nothing_are_not_divided():
    assert [(one.bar, one.percent) for one in shares([("a", 0)])] == [("0", "–")]
    assert [(one.bar, one.percent) for one in shares([("a", 3), ("b", 1)])] == [
        ("100", "75\u00a0%"),
        ("33.3", "25\u00a0%"),
    ]
    assert thousands(1_234_567) == "1\u202f234\u202f567"


def test_who_looked_at_a_finding_is_an_account_that_people_know(story: Story, low):
    for number in (1, 2):
        story.established(number)
    followed(story)
    browser, found = administrator(), Finding.objects.get(kind=Sort.VOLUME)
    page = f"/console/constats/{found.pk}/"
    browser.post(page, {"note": "Permanence du samedi."})
    for where in (page, "/console/constats/?suite=vus"):
        assert "par supervision" in browser.get(where).content.decode(), where
