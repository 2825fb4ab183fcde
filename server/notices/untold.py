"""A tick beside an elector who was not told after all: the notice goes back to the list of the town hall
(R. 77, R. 80; R-59). For a day, and only while it still says what is so.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from server.dossiers.models import Procuration
from server.notices.enums import NoticeState
from server.notices.models import Notice
from server.notices.outbox import is_still_to_say

TAKEN_BACK_FOR: Final = timedelta(days=1)
SHOWN_MAX: Final = 50


def lately_told(place_code: str, place_type: int, now: datetime) -> list[tuple[Notice, Procuration]]:
    """Whom the town hall of one place ticked since yesterday, the last one first, each elector once; without
    those of whom something newer is to be told, or true."""
    mine = Procuration.objects.filter(place_code=place_code, place_type=place_type)
    told = _told(mine, now).order_by("-sent_at", "-id")[:SHOWN_MAX]
    last: dict[str, Notice] = {}
    for notice in told:
        last.setdefault(notice.rid, notice)
    rows = {one.rid: one for one in mine.filter(rid__in=list(last))}
    waiting = set(
        Notice.objects.filter(rid__in=list(last), state=NoticeState.TO_TELL).values_list("rid", flat=True)
    )
    found = [(notice, rows[rid]) for rid, notice in last.items() if rid not in waiting]
    return [(notice, one) for notice, one in found if is_still_to_say(notice, one)]


def back_to_the_list(rid: str, place_code: str, place_type: int, now: datetime) -> int:
    """The elector was not told. Returns: how many messages are to be told again; none for another place's
    (I-8), for a tick older than a day, and for what is not so any more."""
    with transaction.atomic():
        mine = Procuration.objects.filter(rid=rid, place_code=place_code, place_type=place_type)
        one = mine.first()
        last = _told(mine, now).select_for_update().order_by("-sent_at", "-id").first()
        if one is None or last is None or not is_still_to_say(last, one):
            return 0
        ticked = Notice.objects.filter(rid=rid, state=NoticeState.TOLD, sent_at=last.sent_at)
        again = [notice.pk for notice in ticked if is_still_to_say(notice, one)]
        return Notice.objects.filter(pk__in=again).update(state=NoticeState.TO_TELL, sent_at=None)


def _told(mine: QuerySet[Procuration], now: datetime) -> QuerySet[Notice]:
    """`next_attempt_at` is when it was ticked: the index by state and time finds the few of a day."""
    told = Notice.objects.filter(state=NoticeState.TOLD, next_attempt_at__gte=now - TAKEN_BACK_FOR)
    return told.filter(rid__in=mine.values("rid"))
