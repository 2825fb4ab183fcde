"""What mandants are told when their town hall withdraws a fact that it recorded by mistake (R-51, R-59)."""

from datetime import date

import pytest

from procuration.domain.facts import FactCode
from server.dossiers import mentions
from server.dossiers.facts import record_fact, withdraw_fact
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.notices.enums import MessageKind, NoticeState
from server.notices.models import Notice
from server.notices.services import was_told
from tests.builders import NOW
from tests.server.notices.conftest import Relay
from tests.server.notices.test_flips import last_text, subjects
from tests.server.townhall import NOUMEA, Story, account_of

WHY = "Homonyme."


def accepted(story: Story, **changes: object) -> str:
    rid = story.established(1, **changes)
    decide(rid, account_of(), True, None)
    return rid


def recorded(rid: str, code: FactCode = FactCode.MANDATAIRE_DEAD) -> str:
    """Returns: the hash of the fact."""
    record_fact(rid, account_of(), code, date(2027, 4, 1))
    return mentions.in_force(Procuration.objects.get(rid=rid))[-1].hash


def test_r_51_the_mandant_who_was_told_is_told_that_it_stands_again(story: Story, relay: Relay):
    rid = accepted(story)
    fact = recorded(rid)
    subjects(story, relay)
    withdraw_fact(rid, account_of(), fact, WHY)
    (subject,) = subjects(story, relay)
    assert "de nouveau valable" in subject
    assert "valid again" in last_text(relay)


def test_r_51_nobody_is_told_of_a_mistake_that_nobody_was_told(story: Story, relay: Relay):
    rid = accepted(story)
    subjects(story, relay)
    fact = recorded(rid)
    withdraw_fact(rid, account_of(), fact, WHY)
    assert subjects(story, relay) == []


@pytest.mark.parametrize("told", [True, False])
def test_r_59_an_elector_without_an_address_is_told_by_the_mayor_when_they_were_before(
    story: Story, told: bool
):
    rid = accepted(story, email=None)
    fact = recorded(rid)
    if told:
        was_told(rid, NOUMEA.code, NOUMEA.type, NOW)
    withdraw_fact(rid, account_of(), fact, WHY)
    waiting = Notice.objects.filter(rid=rid, state=NoticeState.TO_TELL).values_list("kind", flat=True)
    assert list(waiting) == ([MessageKind.AGAIN] if told else [])


def test_r_52_nobody_is_told_that_the_mandant_is_not_dead(story: Story, relay: Relay):
    rid = accepted(story)
    subjects(story, relay)
    withdraw_fact(rid, account_of(), recorded(rid, FactCode.MANDANT_DEAD), WHY)
    assert subjects(story, relay) == []
