"""A request filed again from its receipt, folded whole, in every order (SECURITY-DESIGN 9)."""

from datetime import timedelta
from itertools import permutations

import pytest

from procuration.domain.acts import ActDecision
from procuration.domain.fold import fold
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from tests import builders
from tests.histories import CALENDAR, LAW, History

FIRST, AGAIN = builders.rid(1), builders.rid(2)
LATER = builders.NOW + timedelta(hours=1)
ACTS = {
    "established": {"decision": ActDecision.ESTABLISHED},
    "refused": {"decision": ActDecision.REFUSED, "refusal_code": RefusalCode.ABANDON},
    "collected": {"decision": ActDecision.COLLECTED},
}


def story(**act):
    """The first request, the second that names it and, if any, the act on the second."""
    history = History(builders.NOW)
    history.files(1, builders.NOW)
    again = history.files(2, LATER, taken_over=FIRST)
    if act:
        history.acts(again, LATER, **act)
    return history


def statuses(events):
    settled = fold(events, LAW, CALENDAR).settled
    return settled[FIRST].status, settled[FIRST].code


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_any_act_on_the_second_closes_the_first_in_every_order(act):
    found = {statuses(order) for order in permutations(story(**act).events)}
    assert found == {(Status.REFUSEE, RefusalCode.REPRISE_AU_POSTE)}


def test_without_an_act_nothing_is_closed():
    assert statuses(story().events) == (Status.DEMANDE, None)


def test_an_act_on_the_first_is_never_undone():
    history = story(**ACTS["established"])
    history.acts(history.log("kiosk").events[0], LATER, tablet="other", **ACTS["refused"])
    assert statuses(history.events) == (Status.REFUSEE, RefusalCode.ABANDON)


def test_a_request_that_names_itself_is_only_itself():
    history = History(builders.NOW)
    request = history.files(1, builders.NOW, taken_over=FIRST)
    history.acts(request, LATER)
    assert statuses(history.events)[0] is Status.ETABLIE
