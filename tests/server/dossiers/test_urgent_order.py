"""The database sorts as `domain.deadlines` does, whatever the rows."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procuration.domain.deadlines import most_urgent_first
from procuration.domain.people import Place, PlaceType
from procuration.domain.status import Status
from server.dossiers.fold import COLUMNS
from server.dossiers.models import Procuration
from server.dossiers.urgency import deadline_at
from server.dossiers.urgent_order import most_urgent_rids
from server.ledger.rows import insert_rows
from tests.builders import NOUMEA
from tests.server.townhall import LIFOU, Story

FIRST, SECOND = datetime(2027, 4, 11, 8, tzinfo=UTC), datetime(2027, 4, 25, 8, tzinfo=UTC)
LAON = (datetime(2027, 4, 11, 17, tzinfo=UTC), datetime(2027, 4, 25, 17, tzinfo=UTC))
PARIS_15 = Place(code="75115", type=PlaceType.ARRONDISSEMENT_MUNICIPAL, cog_year=2026)
PLACES = ((NOUMEA, (FIRST, SECOND)), (LIFOU, (FIRST, SECOND)), (PARIS_15, LAON))
STATUSES = (
    Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.EN_ATTENTE_HUMAINE, Status.VALIDEE,
    Status.RESILIEE,
)  # fmt: skip


def several(rid: str, number: int, seed: int) -> None:
    """Rows of three places: for one round, for both, for a period, for no poll that the calendar knows."""
    dice, like, rows = Random(seed), Procuration.objects.get(rid=rid), []
    for _ in range(number):
        place, closings = dice.choice(PLACES)
        served = dice.choice((closings[:1], closings[1:], closings, closings, ()))
        period = dice.random() < 0.5
        own = {
            "rid": f"{dice.getrandbits(128):032x}",
            "reference": None,
            "status": dice.choice(STATUSES).value,
            "place_code": place.code,
            "place_type": int(place.type),
            "period_first": date(2027, 4, 1) if period else None,
            "period_last": date(2027, 4, 30) if period else None,
            "first_closing": served[0] if served else None,
            "last_closing": served[-1] if served else None,
            "established_at": like.established_at + timedelta(minutes=dice.randint(0, 3)),
            "to_take_in": dice.random() < 0.2,
            "answer": dice.choice(("", "ATTENDUE", "DONNEE")),
        }
        rows.append([own.get(name, getattr(like, name)) for name in COLUMNS])
    insert_rows(Procuration, COLUMNS, rows)


@pytest.mark.parametrize("now", [FIRST - timedelta(days=1), FIRST, FIRST + timedelta(days=3), SECOND])
def test_r_55_the_database_sorts_in_the_order_of_the_domain(story: Story, now):
    several(story.established(1), 300, seed=3)
    tables = story.world.centre.tables
    every = [deadline_at(row, tables, now) for row in Procuration.objects.all()]
    expected = [one.rid.hex() for one in most_urgent_first(every)]
    assert list(most_urgent_rids(Procuration.objects.all(), tables, now)) == expected


def test_r_35_between_three_polls_the_calendar_says_which_comes_next(story: Story):
    """The columns of a period know its first and its last closing only: the second round lies between."""
    rid = story.established(1)
    several(rid, 40, seed=5)
    third, now = SECOND + timedelta(days=70), FIRST + timedelta(days=5)
    Procuration.objects.filter(period_first__isnull=False).update(
        first_closing=FIRST, last_closing=third, period_last=date(2027, 7, 31)
    )
    tables = story.world.centre.tables
    every = [deadline_at(row, tables, now) for row in Procuration.objects.all()]
    assert {one.closing for one in every} > {SECOND}
    assert third not in {one.closing for one in every}
    expected = [one.rid.hex() for one in most_urgent_first(every)]
    assert list(most_urgent_rids(Procuration.objects.all(), tables, now)) == expected


def test_the_places_of_a_list_are_asked_for_unless_they_are_known(story: Story):
    rid, now = story.established(1), FIRST + timedelta(days=3)
    several(rid, 30, seed=9)
    Procuration.objects.exclude(place_code=NOUMEA.code).delete()
    tables, asked = story.world.centre.tables, []
    for places in (None, [NOUMEA]):
        with CaptureQueriesContext(connection) as queries:
            asked.append(list(most_urgent_rids(Procuration.objects.all(), tables, now, places)))
        asked.append(len(queries))
    assert asked[0] == asked[2]
    assert (asked[1], asked[3]) == (2, 1)
