"""A vote that a town hall withdrew stands in no case of the human queue (R-50)."""

from procuration.domain.facts import FactCode
from procuration.domain.status import Doubt, Status
from server.dossiers import mentions
from server.dossiers.facts import withdraw_fact
from tests.server.queue.stories import Doubts
from tests.server.queue.test_rulings import case, row
from tests.server.townhall import account_of


def test_r_50_a_case_shows_the_votes_that_count_and_ends_when_one_side_is_gone(doubts: Doubts):
    rid = doubts.two_votes()
    doubts.votes(1, FactCode.MANDANT_VOTED)
    first, second = (one for one in mentions.in_force(row(rid)) if one.code is FactCode.MANDANT_VOTED)
    assert len(case(doubts.world, rid).votes) == 3
    withdraw_fact(rid, account_of(), first.hash, "Mauvaise ligne.")
    assert row(rid).code == Doubt.VOTES_CONTRAIRES
    shown = {one.hash.hex() for one in case(doubts.world, rid).votes}
    assert shown == {one.hash for one in mentions.in_force(row(rid))}
    withdraw_fact(rid, account_of(), second.hash, "Mauvaise ligne.")
    assert row(rid).status != Status.EN_ATTENTE_HUMAINE
    assert row(rid).effects[0]["effect"] == "UTILISEE"
