"""Counts kept for a minute: the same as counted now, and counted now when nothing fresh is kept."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.console import kept, selectors
from server.console.departements import waiting_now
from server.console.models import Kept
from server.console.selectors import notices
from server.dossiers import urgency
from server.ledger.models import Bundle
from server.notices.enums import NoticeState
from server.notices.models import Notice
from tests.server.townhall import LIFOU, Story

FIRST_CLOSING = datetime(2027, 4, 11, 8, tzinfo=UTC)


def test_what_is_kept_reads_as_what_is_counted(story: Story):
    story.established(1)
    story.established(2, vote_place=LIFOU)
    tables, now = story.world.centre.tables, FIRST_CLOSING - timedelta(hours=5)
    counted = urgency.places_that_press(tables, now)
    kept.refresh(tables, now)
    assert set(Kept.objects.values_list("name", flat=True)) == set(kept.REFRESHED)
    places, late = kept.pressing(tables, now)
    assert [kept.place_of(one) for one in places] == counted
    assert (len(counted), late, kept.urgent_count(tables, now)) == (2, 0, 2)
    assert kept.waiting(now) == waiting_now(now)


def test_messages_bundles_and_answers_are_kept_as_they_are_counted(story: Story):
    story.established(1)
    story.filed(2)
    tables, now = story.world.centre.tables, story.world.clock.now()
    counted = kept.messages(now), kept.bundles(now), kept.register_answers(now)
    kept.refresh(tables, now)
    with CaptureQueriesContext(connection) as asked:
        assert (kept.messages(now), kept.bundles(now), kept.register_answers(now)) == counted
    assert len(asked) == 3
    assert sum(counted[0].values()) == Notice.objects.count() > 1
    assert counted[1] == {"ACCEPTE": Bundle.objects.count()}
    story.filed(3)
    assert kept.messages(now) == counted[0]
    assert kept.messages(now + timedelta(minutes=4)) != counted[0]


def test_what_is_old_is_counted_again(story: Story):
    tables, now = story.world.centre.tables, FIRST_CLOSING - timedelta(hours=5)
    kept.refresh(tables, now)
    story.established(1)
    assert kept.urgent_count(tables, now + timedelta(minutes=1)) == 0
    assert kept.urgent_count(tables, now + timedelta(minutes=4)) == 1
    kept.refresh(tables, now + timedelta(minutes=2))
    assert kept.urgent_count(tables, now + timedelta(minutes=3)) == 1


def test_a_closing_that_has_passed_since_is_not_shown(story: Story):
    story.established(1)
    tables, now = story.world.centre.tables, FIRST_CLOSING - timedelta(minutes=1)
    kept.refresh(tables, now)
    assert len(kept.pressing(tables, now)[0]) == 1
    assert kept.pressing(tables, now + timedelta(minutes=2))[0] == []


def test_messages_are_listed_failed_first_then_waiting_then_the_newest(story: Story):
    for number in range(1, 5):
        story.filed(number)
    failed, waiting, *sent = Notice.objects.order_by("pk")
    Notice.objects.exclude(pk=waiting.pk).update(state=NoticeState.SENT)
    Notice.objects.filter(pk=failed.pk).update(state=NoticeState.FAILED)
    page = notices(1)
    found = [one.pk for one in page.object_list]
    assert found == [failed.pk, waiting.pk, *(one.pk for one in reversed(sent))]
    assert page.paginator.count == 4


def test_a_page_may_begin_in_one_list_and_end_in_another(story: Story, monkeypatch):
    monkeypatch.setattr(selectors, "ROWS_PER_PAGE", 2)
    for number in range(1, 6):
        story.filed(number)
    every = list(Notice.objects.order_by("pk").values_list("pk", flat=True))
    Notice.objects.filter(pk__in=every[1:]).update(state=NoticeState.SENT)
    Notice.objects.filter(pk=every[0]).update(state=NoticeState.FAILED)
    pages = [[one.pk for one in selectors.notices(number).object_list] for number in (1, 2, 3)]
    assert pages == [[every[0], every[4]], [every[3], every[2]], [every[1]]]
