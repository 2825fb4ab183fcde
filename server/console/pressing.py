"""The worst silence: a tablet announced events which never came, says nothing more, and a ballot is near.

A procuration that the town hall has not received when the poll closes serves nothing (R. 76-1): somebody
must go there while there is still time. Which ballots the events are about, nobody here can know; any ballot
of the calendar counts.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from server.config.centre import Tables
from server.console.thresholds import Thresholds
from server.ledger.announced import announces

BALLOT_WEEK: Final = timedelta(days=7)
"""Before the closing of a round."""


def is_ballot_week(tables: Tables, now: datetime) -> bool:
    """Whether a round of some ballot closes in the next seven days."""
    rounds = (one for held in tables.calendar for one in held.rounds)
    return any(now < one.closes_at <= now + BALLOT_WEEK for one in rounds)


def silent_by(limits: Thresholds, now: datetime) -> Q:
    """The condition that a tablet should have spoken since."""
    silent = Q(last_contact__isnull=True)
    for role, span in limits.silence.items():
        silent |= Q(role=role, last_contact__lt=now - span)
    return silent


def urgently_silent(limits: Thresholds, tables: Tables, now: datetime) -> Q:
    """The condition that a tablet is silent, with a backlog, in the week of a ballot."""
    if not is_ballot_week(tables, now):
        return Q(pk__in=())
    return silent_by(limits, now) & announces()
