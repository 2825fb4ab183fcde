"""What a purge leaves of a procuration, in whatever order its events are told."""

from dataclasses import replace
from itertools import permutations

import pytest

from procuration.domain.acts import ActDecision
from procuration.domain.events import RecordedEvent
from procuration.domain.fold import fold
from procuration.domain.law import Law
from procuration.domain.purge import Purge, PurgedRun, PurgeReason, in_order, runs_of
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Standing, Status, standing_of
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.contents import content_value, read_content
from procuration.record.event import parse_event
from procuration.record.limits import BODY_BYTES_MAX
from tests.builders import NOW, Device, act, filed, key, log_id, records_act, rid
from tests.domain.test_status import content_of_act

PURGEE_OF_A_REQUEST = Standing(status=Status.PURGEE, rule="R-64")


def recorded(pair, content, drawn_up=None):
    return RecordedEvent(hash=pair.hash, envelope=parse_event(pair.sign1)[1], content=content, act=drawn_up)


class Story:
    """One request, and what an officer, then the centre, did."""

    def __init__(self):
        self.kiosk, self.server = Device("kiosk"), Device("server")
        self.request = self.kiosk.records(filed(), rid())
        self.filed = recorded(self.request, filed())

    def acted(self, name="brigade", **changes):
        brigade = Device(name)
        drawn_up = act(brigade, self.request, rid=rid(), **changes)
        return recorded(
            records_act(brigade, self.request, drawn_up, key("officer")), content_of_act(), drawn_up
        )

    def purged(self, *events, reason=PurgeReason.NOT_ESTABLISHED):
        places = [(event.envelope.log_id, event.envelope.seq) for event in events]
        content = Purge(reason=reason, article="R. 76", runs=runs_of(places))
        return recorded(self.server.records(content, rid()), content)


def refused(story):
    return story.acted(decision=ActDecision.REFUSED, refusal_code=RefusalCode.MANDANT_ABSENT)


def in_every_order(*events):
    (only,) = {standing_of(order) for order in permutations(events)}
    return only


def test_after_a_purge_nothing_is_known_but_that_it_was():
    story = Story()
    assert in_every_order(story.filed, story.purged(story.filed)) == PURGEE_OF_A_REQUEST


def test_copies_that_still_say_what_was_purged_change_nothing():
    story = Story()
    acted = story.acted()
    purge = story.purged(story.filed, acted, reason=PurgeReason.ESTABLISHED)
    assert standing_of([purge]) == in_every_order(story.filed, acted, purge)
    assert standing_of([purge]) == Standing(status=Status.PURGEE, rule="R-63")


def test_a_request_heard_after_its_purge_does_not_come_back():
    story = Story()
    acted = refused(story)
    purge = story.purged(acted)
    assert in_every_order(purge, acted, story.filed) == PURGEE_OF_A_REQUEST


def test_an_act_drawn_up_in_time_and_heard_after_the_purge_of_its_request_stands():
    story = Story()
    purge, acted = story.purged(story.filed), story.acted()
    standing = in_every_order(purge, acted, story.filed)
    assert standing.status is Status.ETABLIE
    assert standing.filed == filed()


def test_a_refusal_heard_after_the_purge_of_its_request_changes_nothing():
    story = Story()
    assert in_every_order(story.purged(story.filed), refused(story), story.filed) == PURGEE_OF_A_REQUEST


def test_a_refusal_that_was_purged_does_not_quarrel_with_an_act_heard_later():
    story = Story()
    said_no = refused(story)
    purge, acted = story.purged(story.filed, said_no), story.acted("another brigade")
    assert in_every_order(purge, acted, said_no, story.filed).status is Status.ETABLIE
    assert standing_of([purge, acted, story.filed]).status is Status.ETABLIE


def test_a_procuration_purged_after_its_validity_does_not_come_back_with_a_second_act():
    story = Story()
    first, second = story.acted(), story.acted("another brigade")
    purge = story.purged(story.filed, first, reason=PurgeReason.ESTABLISHED)
    assert in_every_order(purge, second, story.filed).status is Status.PURGEE


def test_an_act_that_stood_after_a_first_purge_goes_with_the_second():
    story = Story()
    first = story.purged(story.filed)
    acted = story.acted()
    second = story.purged(acted, reason=PurgeReason.ESTABLISHED)
    assert in_every_order(first, second, acted, story.filed).status is Status.PURGEE


def test_the_fold_of_everything_does_not_wait_for_a_purged_request():
    story = Story()
    folded = fold([story.purged(story.filed)], Law(()), ())
    assert folded.standings[rid()].status is Status.PURGEE
    assert folded.waiting == ()
    assert dict(folded.settled) == {}


def test_places_become_runs_in_order():
    one, other = sorted((log_id("a"), log_id("b")))
    assert runs_of([(other, 3), (one, 7), (one, 5), (one, 6), (one, 6), (one, 9)]) == (
        PurgedRun(one, 5, 7),
        PurgedRun(one, 9, 9),
        PurgedRun(other, 3, 3),
    )
    purge = Purge(reason=PurgeReason.TRACE, article="", runs=runs_of([(one, 5), (one, 6)]))
    assert [purge.covers(one, seq) for seq in (4, 5, 6, 7)] == [False, True, True, False]
    assert not purge.covers(other, 5)


def test_the_largest_purge_fits_its_body():
    runs = tuple(PurgedRun(log_id("a"), 2**40 + 2 * place, 2**40 + 2 * place) for place in range(256))
    purge = Purge(reason=PurgeReason.ESTABLISHED, article="é" * 200, runs=runs)
    assert len(canonical.encode([bytes(16), content_value(purge)])) <= BODY_BYTES_MAX
    assert read_content(9, content_value(purge)) == purge


RUN = [log_id("a"), 5, 7]


@pytest.mark.parametrize(
    "changes",
    [
        {3: []},
        {3: [RUN, RUN]},
        {3: [[log_id("a"), 8, 9], RUN]},
        {3: [[log_id("a"), 7, 5]]},
        {3: [RUN, [log_id("a"), 7, 9]]},
        {3: [[b"short", 5, 7]]},
        {3: [[log_id("a"), n, n] for n in range(0, 514, 2)]},
        {1: 0},
        {1: 6},
        {2: "a" * 201},
        {2: None},
        {4: 1},
    ],
)
def test_a_purge_that_is_not_well_formed_is_refused(changes):
    value = {0: 1, 1: 4, 2: "R. 76", 3: [RUN]}
    assert read_content(9, value).runs == (PurgedRun(log_id("a"), 5, 7),)
    with pytest.raises(RecordRejected):
        read_content(9, {**value, **changes})


def test_runs_that_overlap_are_not_in_order():
    assert in_order((PurgedRun(log_id("a"), 1, 2), PurgedRun(log_id("a"), 3, 3)))
    assert not in_order((PurgedRun(log_id("a"), 1, 3), PurgedRun(log_id("a"), 3, 4)))


def test_the_earliest_purge_is_the_one_that_counts():
    story = Story()
    later = story.purged(story.filed, reason=PurgeReason.ESTABLISHED)
    earlier = story.purged(story.filed)
    earlier = replace(earlier, envelope=replace(earlier.envelope, wall=NOW.replace(year=2026)))
    assert in_every_order(later, earlier).rule == "R-64"
