"""One tablet establishes, another ends, neither on line: the order of the acts decides, never the order in
which the centre heard of them (R-46, R-48; DOMAIN 9.3, 9.16)."""

import pytest

from kiosk_app.use_cases.withdraw_request import WithdrawalAsked
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import OneScrutin, Rounds
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.queue import withdrawals_without_object
from server.dossiers.rebuilding import rebuild_all
from server.ledger.verifying import verify_ledger
from server.notices.enums import MessageKind
from server.notices.models import Notice
from tests import builders
from tests.kiosk.world import CHECKED, OFFICER_CODE, draft

EVERYTHING = WithdrawalAsked(mandant=builders.ANGELA, vote_place=builders.NOUMEA)
FIRST_ROUND = WithdrawalAsked(
    mandant=builders.ANGELA,
    vote_place=builders.NOUMEA,
    validity=OneScrutin(scrutin_id=builders.SCRUTIN_ID, rounds=Rounds.FIRST),
)
ORDERS = pytest.mark.parametrize("heard_first", ["the établissement", "the résiliation"])


class Night:
    """Two brigades without network, and the paper of one kiosk."""

    def __init__(self, scene):
        self.scene, self.one, self.other = scene, scene.brigade("one"), scene.brigade("other")
        scene.syncs(self.one)  # both clocks are proved just before the line goes down
        scene.syncs(self.other)
        self.paper = scene.office.file(draft())

    def passes(self, **duration):
        self.scene.clock.pass_(**duration)
        return self

    def establishes(self):
        found = self.one.find.by_qr(self.paper.qr_text)
        self.one.validate(found.rid, CHECKED, OFFICER_CODE)
        return self

    def ends(self, asked=EVERYTHING):
        self.other.withdraw(asked, CHECKED, OFFICER_CODE)
        return self

    def ends_by_the_paper(self):
        found = self.other.find.by_qr(self.paper.qr_text)
        self.other.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
        return self

    def network_returns(self, heard_first):
        tablets = [self.one, self.other]
        for tablet in tablets if heard_first == "the établissement" else reversed(tablets):
            self.passes(minutes=10)
            self.scene.syncs(tablet)
        return self

    @property
    def dossier(self):
        return Procuration.objects.get(rid=self.paper.rid.hex())

    def told(self):
        return [MessageKind(kind) for kind in Notice.objects.order_by("id").values_list("kind", flat=True)]


@pytest.fixture
def night(scene):
    return Night(scene)


@ORDERS
@pytest.mark.parametrize("by", ["identity", "paper"])
def test_r_46_a_procuration_ended_on_another_tablet_is_ended_whoever_is_heard_first(night, heard_first, by):
    night.establishes().passes(hours=2)
    night.ends() if by == "identity" else night.ends_by_the_paper()
    night.passes(hours=1).network_returns(heard_first)
    assert (night.dossier.status, night.dossier.rule) == (Status.RESILIEE, "R-46")
    assert MessageKind.M7 in night.told()
    assert withdrawals_without_object().count() == 0


@ORDERS
def test_r_48_a_procuration_given_after_the_resiliation_stands_whoever_is_heard_first(night, heard_first):
    night.ends().passes(hours=2).establishes().passes(hours=1).network_returns(heard_first)
    assert night.dossier.status == Status.TRANSMISE
    assert MessageKind.M7 not in night.told()


@ORDERS
def test_r_43_two_clocks_that_cannot_be_told_apart_are_left_to_a_person(night, heard_first):
    night.establishes().passes(seconds=3).ends().passes(hours=1).network_returns(heard_first)
    assert night.dossier.status == Status.EN_ATTENTE_HUMAINE
    assert night.dossier.code == Doubt.RESILIATION_INCERTAINE
    assert MessageKind.M7 not in night.told()


@ORDERS
def test_r_46_the_resiliation_of_one_round_leaves_the_other(night, heard_first):
    night.establishes().passes(hours=2).ends(FIRST_ROUND).passes(hours=1).network_returns(heard_first)
    assert night.dossier.status == Status.TRANSMISE
    assert [one["effect"] for one in night.dossier.effects] == ["RESILIEE", "STANDS"]


def test_r_46_a_resiliation_whose_procuration_is_unknown_waits_and_is_listed(night):
    night.establishes().passes(hours=2).ends().passes(hours=1)
    night.scene.syncs(night.other)
    assert [row.seq for row in withdrawals_without_object()] == [Withdrawal.objects.get().seq]
    night.passes(hours=1)
    night.scene.syncs(night.one)
    assert night.dossier.status == Status.RESILIEE
    assert withdrawals_without_object().count() == 0


@ORDERS
def test_a_rebuild_from_the_ledger_alone_says_the_same(night, heard_first):
    night.establishes().passes(hours=2).ends(FIRST_ROUND).passes(hours=1).network_returns(heard_first)
    before = Procuration.objects.values().get(rid=night.paper.rid.hex())
    assert rebuild_all(night.scene.centre, lambda _: None).differed == 0
    assert Procuration.objects.values().get(rid=night.paper.rid.hex()) == before
    assert verify_ledger(night.scene.centre, lambda _: None).faults == []


def test_the_brigade_that_established_learns_that_another_one_ended_it(night):
    night.establishes().passes(hours=2)
    night.scene.syncs(night.one)
    night.ends().passes(hours=1)
    night.scene.syncs(night.other)
    night.one.exchange.ask_again()
    night.scene.syncs(night.one)
    assert night.one.store.requests.state(night.paper.rid).status is Status.RESILIEE
    assert not night.one.withdraw.is_in_force(night.paper.rid)


def test_the_brigade_that_ended_it_by_its_paper_learns_that_it_is_ended(night):
    night.establishes().passes(hours=2)
    night.scene.syncs(night.one)
    found = night.other.find.by_qr(night.paper.qr_text)
    done = night.other.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
    night.passes(hours=1)
    night.scene.syncs(night.other)
    night.other.exchange.ask_again()
    night.scene.syncs(night.other)
    state = night.other.withdraw.state(done)
    assert (state.received_at is not None, state.decided) == (True, True)
