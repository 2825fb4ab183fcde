"""What to send now."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_agent.plan import (
    BACK_OFF_MAX_MS,
    LONG_AGO,
    POLL_AT_NIGHT_MS,
    POLL_MS,
    RETRY_AFTER_MAX_MS,
    TURN_OF_THE_OLDEST,
    Past,
    back_off_max_ms,
    most_urgent_first,
    next_to_send,
    poll_every_ms,
    wait_ms,
)

NOW = 10_000_000
OLD, MIDDLE, NEWEST = "0" * 32 + ".prb", "1" * 32 + ".prb", "2" * 32 + ".prb"
ENROL = "3" * 32 + ".enrol"
A_MINUTE_AGO, JUST_NOW = NOW - POLL_MS, NOW - 1_000


@pytest.mark.parametrize(
    ("story", "waiting", "past", "sent"),
    [
        ("nothing waits", [], Past(), None),
        ("a new bundle", [NEWEST], Past(), NEWEST),
        ("three new bundles", [OLD, MIDDLE, NEWEST], Past(), OLD),
        ("one answered, one new", [OLD, NEWEST], Past({OLD: JUST_NOW}), NEWEST),
        ("an enrolment before the bundles", [OLD, ENROL, NEWEST], Past(), ENROL),
        ("the newest was answered a moment ago", [OLD, NEWEST], Past({OLD: 0, NEWEST: JUST_NOW}), None),
        ("the newest was answered a minute ago", [OLD, NEWEST], Past({OLD: 0, NEWEST: A_MINUTE_AGO}), NEWEST),
        ("the newest was answered before this boot", [NEWEST], Past({NEWEST: LONG_AGO}), NEWEST),
        ("only an older one was answered", [OLD, NEWEST], Past({OLD: LONG_AGO, NEWEST: JUST_NOW}), None),
        ("a new one during a back-off", [NEWEST], Past(retry_at_ms=NOW + 1), None),
        ("a new one at the end of a back-off", [NEWEST], Past(retry_at_ms=NOW), NEWEST),
        ("the centre stumbles on the oldest", [OLD, NEWEST], Past({}, {OLD: 1}), NEWEST),
        ("it stumbles on both", [OLD, NEWEST], Past({}, {OLD: 1, NEWEST: 1}), OLD),
        ("it stumbles on the enrolment", [ENROL, NEWEST], Past({}, {ENROL: 1}), NEWEST),
        ("a refused enrolment, a minute ago", [ENROL], Past({ENROL: A_MINUTE_AGO}), ENROL),
        ("a refused enrolment, a moment ago", [ENROL], Past({ENROL: JUST_NOW}), None),
        ("the one asked longest ago", [ENROL, NEWEST], Past({ENROL: A_MINUTE_AGO, NEWEST: 0}), NEWEST),
    ],
)
def test_the_plan_follows_the_story(story, waiting, past, sent):
    assert next_to_send(waiting, past, NOW, POLL_MS) == sent


SUNDAY = datetime(2027, 4, 11, 8, 0, tzinfo=UTC)
SATURDAY = SUNDAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("story", "closings", "past", "sent"),
    [
        ("the nearest closing goes first", {MIDDLE: SATURDAY, NEWEST: SUNDAY}, Past(), MIDDLE),
        ("one that has a closing before one that has none", {NEWEST: SUNDAY}, Past(), NEWEST),
        ("the same closing: the oldest", {OLD: SUNDAY, MIDDLE: SUNDAY, NEWEST: SUNDAY}, Past(), OLD),
        ("a closing of a file that is not there", {ENROL: SATURDAY}, Past(), OLD),
        ("the urgent one was answered", {NEWEST: SATURDAY}, Past({NEWEST: JUST_NOW}), OLD),
        ("the centre stumbles on the urgent one", {NEWEST: SATURDAY}, Past({}, {NEWEST: 1}), OLD),
        ("during a back-off nothing is urgent", {NEWEST: SATURDAY}, Past(retry_at_ms=NOW + 1), None),
        ("the turn of the oldest", {NEWEST: SATURDAY}, Past(turns=TURN_OF_THE_OLDEST - 1), OLD),
        ("the turn after it", {NEWEST: SATURDAY}, Past(turns=TURN_OF_THE_OLDEST), NEWEST),
    ],
)
def test_r_55_what_the_nearest_closing_depends_on_goes_first(story, closings, past, sent):
    assert next_to_send([OLD, MIDDLE, NEWEST], past, NOW, POLL_MS, closings=closings) == sent


def test_r_55_an_enrolment_goes_before_any_closing():
    waiting = [OLD, NEWEST, ENROL]
    assert next_to_send(waiting, Past(), NOW, POLL_MS, closings={NEWEST: SATURDAY}) == ENROL
    assert most_urgent_first(waiting, {NEWEST: SATURDAY}) == [ENROL, NEWEST, OLD]


def test_between_two_polls_only_a_new_file_travels():
    answered = Past({OLD: LONG_AGO})
    assert next_to_send([OLD], answered, NOW, POLL_MS, may_poll=False) is None
    assert next_to_send([OLD, NEWEST], answered, NOW, POLL_MS, may_poll=False) == NEWEST


def test_at_night_news_is_asked_for_every_quarter_of_an_hour():
    ten_minutes_ago = Past({NEWEST: NOW - 600_000})
    assert next_to_send([NEWEST], ten_minutes_ago, NOW, POLL_AT_NIGHT_MS) is None
    assert next_to_send([NEWEST], Past({NEWEST: NOW - 900_000}), NOW, POLL_AT_NIGHT_MS) == NEWEST


@pytest.mark.parametrize(
    ("hour", "interval"),
    [(6, POLL_MS), (12, POLL_MS), (21, POLL_MS)] + [(h, POLL_AT_NIGHT_MS) for h in (22, 23, 0, 5)],
)
def test_the_night_lasts_from_ten_to_six(hour, interval):
    assert poll_every_ms(hour) == interval


@pytest.mark.parametrize(
    ("failures", "bound"), [(1, 5_000), (2, 10_000), (3, 20_000), (4, 40_000), (5, 40_000), (10**9, 40_000)]
)
def test_the_wait_doubles_from_5_to_40_seconds(failures, bound):
    assert back_off_max_ms(failures) == bound


@given(st.integers(0, 10**12), st.integers(0, BACK_OFF_MAX_MS))
def test_what_the_centre_asks_for_is_obeyed_up_to_ten_minutes(asked, draw):
    wait = wait_ms(asked, draw)
    assert min(asked, RETRY_AFTER_MAX_MS) <= wait <= RETRY_AFTER_MAX_MS + BACK_OFF_MAX_MS


names = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from([".prb", ".prb", ".prb", ".enrol"])).map(
        lambda pair: f"{pair[0]:032x}{pair[1]}"
    ),
    max_size=12,
    unique=True,
)


@st.composite
def situations(draw):
    waiting = draw(names)
    answered = {name: draw(st.integers(LONG_AGO, NOW)) for name in waiting if draw(st.booleans())}
    stumbles = {name: draw(st.integers(1, 9)) for name in waiting if draw(st.booleans())}
    return waiting, Past(answered, stumbles, draw(st.integers(NOW - 100_000, NOW + 100_000)))


@given(situations(), st.booleans(), st.sampled_from([POLL_MS, POLL_AT_NIGHT_MS]))
def test_an_answered_bundle_that_is_not_the_newest_never_goes_again(situation, may_poll, poll_ms):
    waiting, past = situation
    sent = next_to_send(waiting, past, NOW, poll_ms, may_poll=may_poll)
    if sent in past.answered and sent.endswith(".prb"):
        assert sent == [name for name in waiting if name.endswith(".prb")][-1]


@given(situations(), st.booleans())
def test_nothing_goes_during_a_wait_and_something_new_goes_after_it(situation, may_poll):
    waiting, past = situation
    sent = next_to_send(waiting, past, NOW, POLL_MS, may_poll=may_poll)
    if past.retry_at_ms > NOW:
        assert sent is None
    elif set(waiting) - set(past.answered):
        assert sent not in past.answered


lies = st.dictionaries(
    st.integers(0, 10**6).map(lambda number: f"{number:032x}.prb"),
    st.integers(-20_000, 2_000_000).map(lambda days: SUNDAY + timedelta(days=days)),
)


@given(situations(), st.booleans(), st.data())
def test_whatever_is_said_of_closings_only_the_order_changes(situation, may_poll, data):
    waiting, past = situation
    closings = {name: data.draw(st.sampled_from([SATURDAY, SUNDAY])) for name in waiting} | data.draw(lies)
    sent = next_to_send(waiting, past, NOW, POLL_MS, may_poll=may_poll, closings=closings)
    quiet = next_to_send(waiting, past, NOW, POLL_MS, may_poll=may_poll)
    assert (sent is None) is (quiet is None)
    assert sorted(most_urgent_first(waiting, closings)) == sorted(waiting)
    if quiet is not None and quiet in past.answered:
        assert sent == quiet


@given(st.integers(0, 9))
def test_a_file_that_waits_is_sent_even_if_more_urgent_ones_never_stop_coming(behind):
    """The closings lie: each new file claims to be more urgent than all before it."""
    waiting = [f"{number:032x}.prb" for number in range(behind + 1)]
    closings, answered, turns = {}, {}, 0
    mine = waiting[-1]
    while mine not in answered:
        waiting.append(f"{len(waiting):032x}.prb")
        closings[waiting[-1]] = SUNDAY - timedelta(minutes=len(waiting))
        sent = next_to_send(waiting, Past(answered, {}, 0, turns), turns, POLL_MS, closings=closings)
        answered[sent], turns = turns, turns + 1
        assert turns <= TURN_OF_THE_OLDEST * (behind + 1)


@given(names, st.data())
def test_no_file_starves_whatever_the_centre_stumbles_on(waiting, data):
    bad = {name for name in waiting if data.draw(st.booleans())}
    past, answered, stumbles = Past(), {}, {}
    for turn in range(2 * len(waiting)):
        sent = next_to_send(waiting, past, turn, POLL_MS, may_poll=False)
        if sent in bad:
            stumbles[sent] = stumbles.get(sent, 0) + 1
        elif sent is not None:
            answered[sent] = turn
        past = Past(answered, stumbles)
    assert set(answered) == set(waiting) - bad
    tries = [stumbles.get(name, 0) for name in bad]
    assert not tries or max(tries) - min(tries) <= 1
