"""« Lots »: what became of each bundle, how long after the acts, and the filters of the list."""

from datetime import timedelta

import pytest

from server.console.batches import times_of
from server.ledger.models import Bundle
from tests.builders import NOW
from tests.server.townhall import Story, administrator


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_the_delay_is_that_of_the_act_in_the_middle_and_of_the_oldest(story: Story):
    for number in range(1, 6):
        story.kiosk.files(number)
    story.world.clock.at += timedelta(days=2, hours=3)
    story.world.hears(story.kiosk)
    bundle = Bundle.objects.get()
    times = times_of([bundle.pk])[bundle.pk]
    assert times.acts == 5
    assert times.oldest == times.first
    assert times.first <= times.median <= times.last
    assert abs(times.first - int(NOW.timestamp())) < 3600
    page = plain(administrator().get("/console/lots/"))
    assert "2 j 3 h au plus" in page or "2 j 2 h au plus" in page
    assert "5 événements, rangs 0 à 4" in page
    assert "5 acceptés" in page


def test_a_bundle_without_an_act_has_no_delay(story: Story):
    story.proves_the_clock(story.kiosk)
    story.world.hears(story.kiosk)
    bundle = Bundle.objects.get()
    times = times_of([bundle.pk])[bundle.pk]
    assert (times.acts, times.oldest, times.median) == (0, None, None)
    assert "pour la moitié" not in plain(administrator().get("/console/lots/"))


def test_what_waits_for_an_earlier_bundle_is_said_until_it_has_joined(story: Story):
    story.filed(1)
    story.kiosk.files(2)
    story.kiosk.files(3)
    story.world.hears(story.kiosk, first=len(story.kiosk.pairs) - 1)
    browser = administrator()
    assert "1 attend un lot antérieur" in plain(browser.get("/console/lots/?suite=EN_ATTENTE"))
    story.world.hears(story.kiosk, first=1)
    page = plain(browser.get("/console/lots/?suite=EN_ATTENTE"))
    assert "rejoints depuis" in page
    assert "1 attend un lot antérieur" not in page


def test_a_bundle_sent_again_says_that_it_was_received(story: Story):
    story.filed(1)
    story.world.hears(story.kiosk, first=0)
    assert Bundle.objects.count() == 2
    assert "Déjà reçu" in plain(administrator().get("/console/lots/?suite=DEJA_RECU"))


def test_bundles_are_filtered_by_tablet_unit_and_day(story: Story):
    story.filed(1)
    browser = administrator()
    log_id = story.kiosk.log_id.hex()
    day = NOW.date().isoformat()
    for asked, seen in (
        (f"poste={log_id}", True),
        ("poste=essai", True),
        ("poste=ailleurs", False),
        (f"jour={day}", True),
        ("jour=2026-01-01", False),
        ("jour=hier&suite=%27--", True),
    ):
        assert (log_id in plain(browser.get(f"/console/lots/?{asked}")).partition("<table")[2]) is seen, asked


def test_only_the_newest_are_listed_and_the_page_says_so(story: Story, monkeypatch):
    monkeypatch.setattr("server.console.selectors.LISTED_MAX", 2)
    for number in range(1, 4):
        story.filed(number)
    browser = administrator()
    page = browser.get("/console/lots/")
    newest = Bundle.objects.order_by("-received_at", "-pk")[:2]
    assert [row["bundle"].pk for row in page.context["rows"]] == [one.pk for one in newest]
    assert "derniers lots sont listés" in plain(page)
    monkeypatch.undo()
    assert "derniers lots sont listés" not in plain(browser.get("/console/lots/"))


def test_the_page_comes_again_by_itself_only_when_asked(story: Story):
    browser = administrator()
    assert "Refresh" not in browser.get("/console/lots/").headers
    answer = browser.get("/console/lots/?suivre=1&suite=REFUSE")
    assert answer.headers["Refresh"] == "30"
    assert "Ne plus actualiser seule" in plain(answer)


@pytest.mark.parametrize("words", ["%00", "a" * 500, "%25_%5C", "&lt;script&gt;", "é" * 90])
def test_a_filter_takes_whatever_is_typed(story: Story, words: str):
    assert administrator().get(f"/console/lots/?poste={words}").status_code == 200
