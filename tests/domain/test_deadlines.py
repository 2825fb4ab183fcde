"""How long a procuration has, what it lacks, and which one goes first, in every territory that votes."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.deadlines import (
    DEFAULT_POLICY,
    STANDING,
    Lack,
    Urgency,
    UrgencyPolicy,
    deadline_of,
    lacks_of,
    most_urgent_first,
    next_closing,
)
from procuration.domain.people import Place, PlaceType
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds, rounds_covered
from procuration.errors import RuleViolated
from procuration.record.tables import read_calendar, read_table
from tests.builders import LAON, rid

REFERENCE_DATA = Path(__file__).resolve().parents[2] / "provisioning" / "reference_data"
CALENDAR = read_calendar(read_table((REFERENCE_DATA / "calendar-demo.cbor").read_bytes()))
PARIS = ZoneInfo("Europe/Paris")
FIRST, SECOND = datetime(2024, 6, 30, 16, tzinfo=UTC), datetime(2024, 7, 7, 16, tzinfo=UTC)
DRAWN_UP = datetime(2024, 6, 25, 9, tzinfo=UTC)
UNSENT = (Lack.TRANSMISSION, Lack.RECEPTION, Lack.DECISION)
AT_THE_CENTRE, RECEIVED = UNSENT[1:], UNSENT[2:]


def place(code: str) -> Place:
    return Place(code=code, type=PlaceType.COMMUNE, cog_year=2026)


def closings_of(code: str, ballot: str, rounds: Rounds) -> list[datetime]:
    """The closings that a procuration for one ballot serves, from the shipped calendar."""
    chosen = next(
        one.id
        for one in CALENDAR
        if one.ballot == ballot
        and rounds_covered(OneScrutin(scrutin_id=one.id, rounds=rounds), CALENDAR, place(code))
    )
    covered = rounds_covered(OneScrutin(scrutin_id=chosen, rounds=rounds), CALENDAR, place(code))
    return [round_.closes_at for round_ in covered]


def deadline(now: datetime, *closings: datetime, lacks=UNSENT, number: int = 1, at=DRAWN_UP, **changes):
    return deadline_of(rid(number), at, closings, lacks, now, **changes)


@pytest.mark.parametrize(
    ("territory", "code", "zone", "local_closing", "paris_closing"),
    [
        ("Nouvelle-Calédonie, Sunday", "98818", "Pacific/Noumea", "dim 19:00", "dim 10:00"),
        ("Wallis-et-Futuna, Sunday", "98611", "Pacific/Wallis", "dim 19:00", "dim 09:00"),
        ("Tahiti, Saturday", "98735", "Pacific/Tahiti", "sam 19:00", "dim 07:00"),
        ("Marquises, Saturday, -9:30", "98731", "Pacific/Marquesas", "sam 19:00", "dim 06:30"),
        ("Gambier, Saturday", "98719", "Pacific/Gambier", "sam 19:00", "dim 06:00"),
        ("Guadeloupe, Saturday", "97105", "America/Guadeloupe", "sam 19:00", "dim 01:00"),
        ("Martinique, Saturday", "97209", "America/Martinique", "sam 19:00", "dim 01:00"),
        ("Saint-Barthélemy, Saturday", "97701", "America/St_Barthelemy", "sam 19:00", "dim 01:00"),
        ("Saint-Martin, Saturday", "97801", "America/Marigot", "sam 19:00", "dim 01:00"),
        ("Guyane, Saturday", "97302", "America/Cayenne", "sam 19:00", "dim 00:00"),
        ("Saint-Pierre-et-Miquelon, Saturday", "97502", "America/Miquelon", "sam 19:00", "sam 23:00"),
        ("La Réunion, Sunday", "97411", "Indian/Reunion", "dim 19:00", "dim 17:00"),
        ("Mayotte, Sunday", "97608", "Indian/Mayotte", "dim 19:00", "dim 18:00"),
        ("Laon, Sunday", "02408", "Europe/Paris", "dim 19:00", "dim 19:00"),
    ],
)
def test_r_37_the_deadline_is_the_closing_of_the_territory_of_the_mandant(
    territory, code, zone, local_closing, paris_closing
):
    """The first round of the presidential ballot of April 2027, on the local day of each territory."""
    closings = closings_of(code, "2027-04-presidentielle", Rounds.FIRST)
    closing = deadline(datetime(2027, 4, 1, tzinfo=UTC), *closings).closing
    assert (said(closing, ZoneInfo(zone)), said(closing, PARIS)) == (local_closing, paris_closing), territory


def said(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{('lun', 'mar', 'mer', 'jeu', 'ven', 'sam', 'dim')[local.weekday()]} {local:%H:%M}"


def test_r_37_noumea_has_nine_hours_less_than_paris_for_the_same_sunday():
    now = datetime(2027, 4, 10, 21, 0, tzinfo=UTC)  # Saturday 23:00 in Paris: the polls open in Nouméa
    ballot = "2027-04-presidentielle"
    left = [deadline(now, *closings_of(code, ballot, Rounds.FIRST)).left for code in ("98818", "02408")]
    assert left == [timedelta(hours=11), timedelta(hours=20)]


def test_r_37_the_hours_left_are_the_same_whatever_clock_asks():
    now = datetime(2024, 6, 30, 10, 0, tzinfo=UTC)
    asked = [deadline(now.astimezone(ZoneInfo(zone)), FIRST) for zone in ("Pacific/Noumea", "Europe/Paris")]
    assert {one.left for one in asked} == {timedelta(hours=6)}
    assert {one.level for one in asked} == {Urgency.CRITICAL}


def test_r_37_a_time_without_zone_is_refused():
    naive = FIRST.replace(tzinfo=None)
    for ask in (
        lambda: deadline(naive, FIRST),
        lambda: deadline(FIRST, naive, SECOND),
        lambda: deadline(FIRST, SECOND, at=naive),
    ):
        with pytest.raises(RuleViolated, match="HEURE_SANS_FUSEAU"):
            ask()


@pytest.mark.parametrize(
    ("now", "closing", "missed"),
    [
        (FIRST - timedelta(seconds=1), FIRST, 0),
        (FIRST, SECOND, 1),
        (FIRST + timedelta(days=1), SECOND, 1),
        (SECOND - timedelta(seconds=1), SECOND, 1),
        (SECOND, SECOND, 2),
    ],
)
def test_r_54_between_two_rounds_the_second_counts_and_the_first_is_lost(now, closing, missed):
    found = deadline(now, SECOND, FIRST)
    assert (found.closing, found.missed) == (closing, missed)
    assert found.is_late is (now >= SECOND)


def test_r_54_a_poll_that_closed_before_reception_made_the_procuration_worthless():
    late = deadline(SECOND, FIRST, SECOND)
    assert late.is_late
    assert (late.level, late.left) == (Urgency.OVER, timedelta(0))


@pytest.mark.parametrize("lacks", [RECEIVED, ()])
def test_r_54_what_was_received_is_never_late(lacks):
    found = deadline(SECOND, FIRST, SECOND, lacks=lacks)
    assert not found.is_late
    assert found.missed == 0


def test_r_54_an_unreceived_procuration_lacks_each_step_to_the_town_hall():
    assert lacks_of(Status.ETABLIE, transmitted=False) == UNSENT
    assert lacks_of(Status.ETABLIE, transmitted=True) == AT_THE_CENTRE
    assert lacks_of(Status.TRANSMISE, transmitted=True) == AT_THE_CENTRE
    assert lacks_of(Status.RECUE, transmitted=True) == RECEIVED


def test_r_72_the_answer_of_the_other_town_hall_is_said_to_lack_before_the_decision():
    found = lacks_of(Status.RECUE, transmitted=True, answer_awaited=True)
    assert found == (Lack.ANSWER, Lack.DECISION)


@pytest.mark.parametrize("status", sorted(set(Status) - STANDING))
def test_r_45_what_does_not_stand_or_is_decided_lacks_nothing(status):
    assert lacks_of(status, transmitted=False, answer_awaited=True) == ()
    assert deadline(FIRST, SECOND, lacks=()).level is Urgency.COMPLETE


def test_r_43_what_waits_for_a_person_lacks_a_decision():
    assert lacks_of(Status.EN_ATTENTE_HUMAINE, transmitted=True) == (Lack.DECISION,)


def test_r_35_a_period_counts_to_the_next_of_its_polls():
    year = Period(first_day=date(2024, 1, 1), last_day=date(2024, 12, 31))
    closings = [round_.closes_at for round_ in rounds_covered(year, CALENDAR, LAON)]
    assert len(closings) >= 3
    for position, closing in enumerate(closings[1:], start=1):
        found = deadline(closings[position - 1], *reversed(closings))
        assert (found.closing, found.missed) == (closing, position)


def test_r_35_a_period_without_a_known_poll_waits_behind_those_that_have_one():
    found = deadline(FIRST)
    assert (found.closing, found.left, found.level, found.is_late) == (None, None, Urgency.NO_POLL, False)
    assert most_urgent_first([found, deadline(FIRST, SECOND, number=2)])[-1] is found


def test_r_32_two_elections_of_one_day_have_one_deadline():
    assert len(closings_of("02408", "2021-06-departementales-regionales", Rounds.FIRST)) == 1


@pytest.mark.parametrize(
    ("left", "level"),
    [
        (timedelta(hours=72, seconds=1), Urgency.LATER),
        (timedelta(hours=72), Urgency.SOON),
        (timedelta(hours=24, seconds=1), Urgency.SOON),
        (timedelta(hours=24), Urgency.URGENT),
        (timedelta(hours=6, seconds=1), Urgency.URGENT),
        (timedelta(hours=6), Urgency.CRITICAL),
        (timedelta(seconds=1), Urgency.CRITICAL),
        (timedelta(0), Urgency.OVER),
        (timedelta(hours=-1), Urgency.OVER),
    ],
)
def test_r_55_the_urgency_grows_as_the_closing_comes_near(left, level):
    assert deadline(FIRST - left, FIRST).level is level


def test_r_55_the_thresholds_are_parameters_and_get_shorter():
    week = UrgencyPolicy(soon=timedelta(days=7))
    assert deadline(FIRST - timedelta(days=5), FIRST, policy=week).level is Urgency.SOON
    for wrong in ({"soon": timedelta(hours=1)}, {"critical": timedelta(0)}, {"urgent": timedelta(hours=1)}):
        with pytest.raises(RuleViolated, match="SEUILS_D_URGENCE"):
            UrgencyPolicy(**wrong)


def test_r_55_the_list_is_by_closing_then_by_what_lacks_then_by_establishment_then_by_rid():
    now = FIRST - timedelta(hours=20)
    later = DRAWN_UP + timedelta(hours=1)
    expected = [
        deadline(now, FIRST - timedelta(hours=9), lacks=RECEIVED, number=9, at=later),
        deadline(now, FIRST, SECOND, number=8, at=later),
        deadline(now, FIRST, lacks=AT_THE_CENTRE, number=7),
        deadline(now, FIRST, lacks=AT_THE_CENTRE, number=6, at=later),
        deadline(now, SECOND, number=5),
        deadline(now, number=4),
        deadline(now, now - timedelta(days=7), number=3),
        deadline(now, FIRST, lacks=(), number=2),
    ]
    for order in islice(permutations(expected), 0, None, 97):
        assert most_urgent_first(order) == expected
    twins = [deadline(now, FIRST, number=number) for number in range(4)]
    assert [one.rid for one in most_urgent_first(twins)] == sorted(one.rid for one in twins)


hours = st.integers(-100, 100).map(lambda number: FIRST + timedelta(hours=number))
every_deadline = st.builds(
    lambda number, at, closings, lacks, now: deadline_of(rid(number), at, closings, lacks, now),
    st.integers(0, 5),
    hours,
    st.lists(hours, max_size=4),
    st.sampled_from([UNSENT, AT_THE_CENTRE, RECEIVED, (Lack.ANSWER, Lack.DECISION), ()]),
    st.just(FIRST),
)


@given(st.lists(every_deadline, max_size=12), st.randoms(use_true_random=False))
def test_r_55_the_order_is_total_whatever_order_the_facts_come_in(deadlines, random):
    expected = most_urgent_first(deadlines)
    random.shuffle(deadlines)
    assert [one.order for one in most_urgent_first(deadlines)] == [one.order for one in expected]


@given(every_deadline, every_deadline)
def test_r_55_two_deadlines_have_the_same_rank_only_when_they_are_one_procuration(one, other):
    if one.order == other.order:
        assert (one.rid, one.established_at, one.closing) == (other.rid, other.established_at, other.closing)


@given(every_deadline, every_deadline)
def test_r_55_what_presses_more_never_comes_behind_what_presses_less(one, other):
    if one.level > other.level:
        assert one.order < other.order


@given(st.lists(hours, max_size=5), hours, hours)
def test_r_54_as_time_goes_by_urgency_only_grows_until_the_next_poll_counts(closings, one, other):
    earlier, later = sorted((one, other))
    if next_closing(closings, earlier) == next_closing(closings, later) and closings:
        before, after = deadline(earlier, *closings), deadline(later, *closings)
        assert after.level >= before.level or after.level is Urgency.OVER
        assert after.missed >= before.missed


@given(every_deadline)
def test_r_54_only_what_nobody_received_can_be_late(found):
    assert not found.is_late or (Lack.RECEPTION in found.lacks and found.closing <= FIRST)


def test_the_default_thresholds_are_three_days_one_day_and_six_hours():
    assert (DEFAULT_POLICY.soon.days, DEFAULT_POLICY.urgent.days) == (3, 1)
    assert DEFAULT_POLICY.critical == timedelta(hours=6)
