"""A request filed again at a brigade from its receipt: the first one is closed, in whatever order they arrive
(SECURITY-DESIGN 9)."""

from itertools import permutations

import pytest

from procuration.domain.events import Channel
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.record.inbox import State
from server.dossiers.auditing import Requests, audit_requests
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.auditing import Audit
from server.notices.models import Notice
from tests import builders
from tests.builders import rid

FIRST, AGAIN = 1, 2


def row(number: int) -> Procuration:
    return Procuration.objects.get(rid=rid(number).hex())


def standing(number: int) -> tuple[Status, str]:
    return Status(row(number).status), row(number).code


def files_again(brigade, **changes):
    return brigade.files(
        AGAIN, **{**builders.people(FIRST), "taken_over": rid(FIRST), "channel": Channel.BRIGADE, **changes}
    )


@pytest.fixture
def taken(world, kiosk, brigade, officer):
    """The kiosk’s request, and the brigade’s with the act on it; nothing has been sent."""
    kiosk.files(FIRST)
    brigade.acts(files_again(brigade), officer, AGAIN)  # the act carries it, and stands on its own
    return world, kiosk, brigade


def same_when_folded_again(world) -> bool:
    audit = Audit()
    audit_requests(world.centre, Requests("", "g"), audit)
    return not list(audit.faults) and rebuild_all(world.centre, lambda _: None).differed == 0


CLOSED = (Status.REFUSEE, RefusalCode.REPRISE_AU_POSTE.value)


ORDERS = [
    order for order in permutations(("kiosk", "filed", "act")) if order.index("filed") < order.index("act")
]


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_the_first_request_is_closed_once_an_officer_acted_on_the_second(taken, order):
    world, kiosk, brigade = taken
    sent = {
        "kiosk": lambda: world.hears(kiosk),
        "filed": lambda: world.hears(brigade, None, len(brigade.pairs) - 1),
        "act": lambda: world.hears(brigade),
    }
    for step in order:
        sent[step]()
    assert standing(FIRST) == CLOSED
    assert Status(row(AGAIN).status) is Status.TRANSMISE
    assert same_when_folded_again(world)


def test_a_request_that_only_names_a_receipt_closes_nothing(world, kiosk, brigade):
    kiosk.files(FIRST)
    files_again(brigade)
    world.hears(kiosk)
    world.hears(brigade)
    assert standing(FIRST) == (Status.DEMANDE, "")
    assert same_when_folded_again(world)


def test_the_kiosk_learns_it_and_no_mail_troubles_the_elector_who_was_there(taken):
    world, kiosk, brigade = taken
    world.hears(kiosk)
    world.hears(brigade)
    world.hears(kiosk)
    told = [entry for entry in kiosk.inbox if isinstance(entry, State) and entry.rid == rid(FIRST)]
    assert [(one.status, one.code) for one in told] == [(Status.REFUSEE, RefusalCode.REPRISE_AU_POSTE)]
    assert Notice.objects.filter(rid=rid(FIRST).hex()).count() == 1  # that it was filed


def test_r_49_an_act_on_the_first_keeps_it_and_both_are_compared(taken, officer):
    world, kiosk, brigade = taken
    other = world.brigade("other")
    other.enrols(officer)
    other.acts(kiosk.pairs[-1], officer, FIRST)
    for tablet in (kiosk, brigade, other):
        world.hears(tablet)
    assert [Status(row(number).status) for number in (FIRST, AGAIN)] == [Status.EN_ATTENTE_HUMAINE] * 2
    assert same_when_folded_again(world)


def test_nobody_closes_a_request_that_nobody_filed(world, brigade, officer):
    brigade.acts(files_again(brigade), officer, AGAIN)
    world.hears(brigade)
    assert not Procuration.objects.filter(rid=rid(FIRST).hex()).exists()
    assert same_when_folded_again(world)
