"""How many procurations a mandataire holds, as the rows say it: after each change, and in older rows."""

from datetime import date

import pytest

from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import OneScrutin, Period, Rounds
from server.dossiers import services
from server.dossiers.models import Procuration
from server.dossiers.selectors import held_of_row, holds
from server.ledger.models import InboxEntry
from server.notices.models import Notice
from tests.builders import SCRUTIN_ID, people
from tests.server.townhall import LIFOU, Story, account_of, agent_of

HELD = people(9)["mandataire"]
SERVED = (
    OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST),
    OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.SECOND),
    Period(first_day=date(2027, 6, 1), last_day=date(2027, 6, 20)),
    Period(first_day=date(2027, 7, 1), last_day=date(2027, 7, 20)),
)
"""None of them is in the way of another (L. 73)."""


def gives(story: Story, number: int, **changes: object) -> str:
    """Another elector gives procuration to the same mandataire."""
    mandant, validity = people(number)["mandant"], SERVED[number - 1]
    return story.established(number, mandant=mandant, mandataire=HELD, validity=validity, **changes)


def held() -> dict[str, int]:
    return dict(Procuration.objects.values_list("rid", "mandataire_held"))


def at_least(number: int) -> set[str]:
    return set(Procuration.objects.filter(holds(number)).values_list("rid", flat=True))


@pytest.fixture
def four(story: Story) -> list[str]:
    """Four of one mandataire, one of them of another commune, and a fifth of somebody else."""
    rids = [gives(story, number) for number in (1, 2, 3)]
    rids.append(gives(story, 4, vote_place=LIFOU))
    return [*rids, story.established(5, mandant=people(5)["mandant"])]


def test_each_row_says_how_many_and_three_for_more(story: Story):
    rids = []
    for number, counted in ((1, 1), (2, 2), (3, 3), (4, 3)):
        rids.append(gives(story, number))
        assert held() == dict.fromkeys(rids, counted)


def test_one_that_no_longer_stands_is_counted_no_more_and_nobody_is_told_of_that(story: Story):
    first, second = gives(story, 1), gives(story, 2)
    agent_of().get("/mairie/")  # they are received
    told = Notice.objects.filter(rid=second).count(), InboxEntry.objects.count()
    services.decide(first, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    assert held() == {first: 0, second: 1}, "a refused one is compared with none"
    mine = InboxEntry.objects.count() - told[1]
    assert mine > 0, "the one that was decided is told"
    assert Notice.objects.filter(rid=second).count() == told[0]
    assert mine == len({story.kiosk.log_id, story.brigade.log_id}), "an entry for each of its tablets alone"


def test_a_request_that_nobody_has_established_holds_nothing(story: Story):
    rid = story.filed(1)
    story.world.hears(story.kiosk)
    assert held() == {rid: 0}
    assert at_least(2) == set()


@pytest.mark.parametrize("silent", [(), (0, 4), (0, 1, 2, 3, 4)])
def test_a_row_that_an_earlier_version_wrote_looks_its_key_up(four: list[str], silent: tuple[int, ...]):
    Procuration.objects.filter(rid__in=[four[number] for number in silent]).update(mandataire_held=None)
    assert at_least(2) == at_least(3) == set(four[:4])
    shown = dict(Procuration.objects.annotate(held=held_of_row()).values_list("rid", "held"))
    assert shown == {**dict.fromkeys(four[:4], 3), four[4]: 1}


def test_the_rows_are_read_alone_when_they_say_it(four: list[str], django_assert_num_queries):
    with django_assert_num_queries(1):
        assert at_least(3) == set(four[:4])
