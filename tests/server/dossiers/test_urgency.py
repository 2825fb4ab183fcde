"""What presses at the centre: which procurations, in which places, until when, and what they lack."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procuration.domain.deadlines import Lack, Urgency
from procuration.domain.people import PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from server.dossiers.models import Procuration
from server.dossiers.services import Account, decide, taken_in_by_town_hall
from server.dossiers.urgency import (
    deadline_at,
    late,
    places_that_press,
    pressing,
    urgent_count,
)
from server.dossiers.urgent_order import most_urgent_rids
from tests import builders
from tests.builders import LAON, SCRUTIN_ID
from tests.server.townhall import LIFOU, Story

FIRST, SECOND = datetime(2027, 4, 11, 8, tzinfo=UTC), datetime(2027, 4, 25, 8, tzinfo=UTC)
LAON_FIRST = datetime(2027, 4, 11, 17, tzinfo=UTC)
FIRST_ROUND = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST)
AT_LAON = {
    "vote_place": LAON,
    "mandataire": replace(builders.JEAN_CLAUDE, birth_name="LAONNAIS", enrolment=LAON),
    "validity": OneScrutin(scrutin_id="2027-04-presidentielle/metropole", rounds=Rounds.BOTH),
}
TOWN_HALL = Account(
    pseudonym="agent-1", role="agent", place_code="98818", place_type=PlaceType.COMMUNE, place_cog_year=2026
)


def tables(story: Story):
    return story.world.centre.tables


def at(story: Story, instant):
    story.world.clock.at = instant
    return instant


def places(story: Story, now):
    return [
        (one.place.code, one.closing, one.level, one.total) for one in places_that_press(tables(story), now)
    ]


def lacks(story: Story, rid: str, now):
    return deadline_at(Procuration.objects.get(rid=rid), tables(story), now).lacks


def test_r_55_nothing_presses_until_three_days_before_the_closing(story: Story):
    story.established(1)
    assert places(story, FIRST - timedelta(hours=72, seconds=1)) == []
    for left, level in ((72, Urgency.SOON), (24, Urgency.URGENT), (6, Urgency.CRITICAL)):
        assert places(story, FIRST - timedelta(hours=left)) == [("98818", FIRST, level, 1)]


def test_r_37_each_place_presses_by_its_own_local_closing(story: Story):
    story.established(1, **AT_LAON)
    story.established(2)
    story.established(3, vote_place=LIFOU)
    now = FIRST - timedelta(hours=5)
    assert places(story, now) == [
        ("98814", FIRST, Urgency.CRITICAL, 1),
        ("98818", FIRST, Urgency.CRITICAL, 1),
        ("02408", LAON_FIRST, Urgency.URGENT, 1),
    ]
    assert [one.place.code for one in pressing(tables(story), now, 10)][2:] == ["02408"]


def test_r_54_after_the_first_round_the_second_presses_in_its_turn(story: Story):
    story.established(1)
    assert places(story, FIRST) == []
    assert places(story, SECOND - timedelta(hours=2)) == [("98818", SECOND, Urgency.CRITICAL, 1)]
    assert places(story, SECOND) == []


def test_r_54_what_nobody_received_when_its_last_poll_closed_is_counted_for_a_week(story: Story):
    story.established(1)
    story.established(2, validity=FIRST_ROUND)
    assert late(FIRST) == late(FIRST, "98818") == 1
    assert late(FIRST, "02408") == 0
    assert (late(SECOND - timedelta(seconds=1)), late(SECOND)) == (0, 1)
    assert late(SECOND + timedelta(days=7)) == 0


def test_r_54_what_the_town_hall_received_is_never_late(story: Story):
    taken_in_by_town_hall(story.established(1), TOWN_HALL)
    assert late(SECOND) == 0


def test_r_54_r_72_what_lacks_follows_the_procuration_step_by_step(story: Story):
    rid, now = story.established(1), FIRST - timedelta(hours=2)
    assert lacks(story, rid, now) == (Lack.RECEPTION, Lack.DECISION)
    taken_in_by_town_hall(rid, TOWN_HALL)
    assert lacks(story, rid, now) == (Lack.DECISION,)
    decide(rid, TOWN_HALL, accepted=True, code=None)
    assert lacks(story, rid, now) == ()
    assert places(story, now) == []


@pytest.mark.parametrize("accepted", [True, False])
def test_what_is_decided_or_refused_presses_no_more(story: Story, accepted):
    rid = story.established(1)
    decide(rid, TOWN_HALL, accepted=accepted, code=None if accepted else RefusalCode.PLAFOND_DEPASSE)
    story.filed(2)
    story.brigade.refuses(story.requests[2], story.officer, RefusalCode.MANDANT_ABSENT, 2)
    story.world.hears(story.brigade)
    assert places(story, FIRST - timedelta(hours=2)) == []
    assert pressing(tables(story), FIRST - timedelta(hours=2), 10) == []


def test_a_request_that_nobody_established_does_not_press(story: Story):
    story.filed(1)
    assert places(story, FIRST - timedelta(hours=2)) == []


def test_r_72_the_answer_of_the_mandataire_s_town_hall_lacks_in_nouvelle_caledonie(story: Story):
    elsewhere = replace(builders.JEAN_CLAUDE, enrolment=LIFOU)
    rid, now = story.established(1, mandataire=elsewhere), FIRST - timedelta(hours=2)
    assert lacks(story, rid, now) == (Lack.RECEPTION, Lack.ANSWER, Lack.DECISION)
    row = Procuration.objects.get(rid=rid)
    row.answer = "DONNEE"
    assert deadline_at(row, tables(story), now).lacks == (Lack.RECEPTION, Lack.DECISION)


def test_r_72_in_the_register_s_regime_no_other_town_hall_is_asked(story: Story):
    rid = story.established(1, **AT_LAON)
    assert Procuration.objects.get(rid=rid).regime == "REU"
    assert lacks(story, rid, LAON_FIRST - timedelta(hours=2)) == (Lack.RECEPTION, Lack.DECISION)


def test_r_43_what_waits_for_a_person_lacks_a_decision(story: Story):
    rid, now = story.established(1), FIRST - timedelta(hours=2)
    Procuration.objects.filter(rid=rid).update(status=Status.EN_ATTENTE_HUMAINE)
    assert lacks(story, rid, now) == (Lack.DECISION,)
    (one,) = places_that_press(tables(story), now)
    assert (one.unreceived, one.undecided) == (0, 1)


def test_r_35_between_two_of_three_polls_a_period_counts_to_the_next_one(story: Story):
    """From the second round of the presidential ballot to the summer: the columns know the first and the
    last closing only."""
    period = Period(first_day=date(2027, 4, 1), last_day=date(2028, 3, 31))
    rid = story.established(1, validity=period)
    row = Procuration.objects.get(rid=rid)
    third = row.last_closing + timedelta(days=70)
    Procuration.objects.filter(rid=rid).update(last_closing=third)
    now = SECOND - timedelta(hours=3)
    assert places(story, now) == [("98818", SECOND, Urgency.CRITICAL, 1)]
    assert [one.deadline.closing for one in pressing(tables(story), now, 10)] == [SECOND]
    between = FIRST + timedelta(days=5)
    assert places(story, between) == []
    assert (urgent_count(tables(story), now), urgent_count(tables(story), between)) == (1, 0)
    assert pressing(tables(story), between, 10) == []


def test_r_55_the_list_is_in_the_order_of_the_domain(story: Story):
    received = story.established(1)
    taken_in_by_town_hall(received, TOWN_HALL)
    story.world.clock.at += timedelta(hours=1)
    unreceived = [story.established(number) for number in (2, 3)]
    laon = story.established(4, **AT_LAON)
    now = at(story, FIRST - timedelta(hours=2))
    found = pressing(tables(story), now, 10)
    assert [one.rid for one in found] == [*sorted(unreceived), received, laon]
    assert found == sorted(found, key=lambda one: one.deadline.order)
    assert pressing(tables(story), now, 2) == found[:2]
    assert pressing(tables(story), now, 10, "02408") == found[3:]
    assert list(most_urgent_rids(Procuration.objects.all(), tables(story), now)) == [one.rid for one in found]


def test_a_place_is_one_line_with_its_counts_by_level_and_by_what_lacks(story: Story):
    taken_in_by_town_hall(story.established(1), TOWN_HALL)
    for number in (2, 3):
        story.established(number, validity=FIRST_ROUND)
    Procuration.objects.filter(rid=builders.rid(3).hex()).update(
        first_closing=FIRST + timedelta(hours=10),
        last_closing=FIRST + timedelta(hours=10),
        place_cog_year=2025,
    )
    (one,) = places_that_press(tables(story), FIRST - timedelta(hours=2))
    assert one.counts == {Urgency.CRITICAL: 2, Urgency.URGENT: 1}
    assert (one.total, one.unreceived, one.undecided) == (3, 2, 1)
    assert urgent_count(tables(story), FIRST - timedelta(hours=2)) == 3
    assert urgent_count(tables(story), FIRST - timedelta(hours=20)) == 2


def test_the_questions_do_not_grow_with_the_rows(story: Story):
    counts, now = [], FIRST - timedelta(hours=2)
    for numbers in (range(1, 2), range(2, 8)):
        for number in numbers:
            story.established(number)
        with CaptureQueriesContext(connection) as asked:
            places_that_press(tables(story), now)
            pressing(tables(story), now, 100)
            list(most_urgent_rids(Procuration.objects.all(), tables(story), now))
        counts.append(len(asked))
    assert counts == [6, 6]


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("urgent", *arguments, stdout=out)
    return out.getvalue().replace("\u202f", " ").replace("\xa0", " ")


def test_the_command_lists_references_closings_and_what_lacks(story: Story):
    story.established(1)
    story.established(2, reference=None)
    at(story, FIRST - timedelta(hours=5, minutes=10))
    first, place, *lines = told().splitlines()
    assert first == "2 procurations pressent."
    assert place == (
        "Nouméa (98818) : Ferme dans 5 h 10 min, 11 avril 2027 à 19 h 00 (heure de Nouméa) ; 2 : 2 réceptions"
    )
    lacking = "Nouméa · Ferme dans 5 h 10 min · il manque : la réception et la décision"
    assert sorted(lines) == [f"XBQ 7V3 · {lacking}", f"sans référence · {lacking}"]
    assert told("--limit", "1").splitlines()[-1] == "Et 1 autre"
    assert told("--place", "02408").splitlines() == ["0 procuration presse."]


def test_the_command_speaks_to_scripts(story: Story):
    rid = story.established(1)
    at(story, FIRST - timedelta(hours=5))
    assert json.loads(told("--json", "--place", "98818")) == {
        "at": "2027-04-11T03:00:00+00:00",
        "total": 1,
        "late": 0,
        "places": [
            {
                "code": "98818",
                "type": 1,
                "closing": "2027-04-11T08:00:00+00:00",
                "level": "CRITICAL",
                "counts": {"CRITICAL": 1},
                "unreceived": 1,
                "undecided": 0,
            }
        ],
        "procurations": [
            {
                "rid": rid,
                "reference": "XBQ7V3",
                "place": "98818",
                "closing": "2027-04-11T08:00:00+00:00",
                "seconds_left": 18000,
                "level": "CRITICAL",
                "lacks": ["RECEPTION", "DECISION"],
            }
        ],
    }


def test_the_command_says_what_was_worthless_and_names_nobody(story: Story):
    story.established(1)
    at(story, SECOND)
    assert told().splitlines() == [
        "0 procuration presse.",
        "1 procuration n’était pas reçue à la clôture de son dernier vote.",
    ]
    at(story, SECOND - timedelta(hours=1))
    for arguments in ((), ("--json",)):
        said = told(*arguments)
        assert "XBQ" in said
        assert not any(word in said for word in ("DUBOIS", "DUPONT", "exemple.fr", "1962"))


@pytest.mark.parametrize(
    ("arguments", "state"), [(("--place", "99999"), 1), (("--limit", "0"), 2), (("--limit", "10001"), 2)]
)
def test_a_command_that_cannot_be_done_says_why(story: Story, arguments, state):
    error = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("urgent", *arguments, stdout=StringIO(), stderr=error)
    assert caught.value.code == state
    assert error.getvalue()
